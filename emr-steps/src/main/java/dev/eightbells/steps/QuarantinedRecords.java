package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The records in the quarantine of batches, read one at a time from the files that the markers of convert and validate
 * name. Other files that lie beside them count for nothing.
 */
final class QuarantinedRecords {
    private final Workplace workplace;

    QuarantinedRecords(Workplace workplace) {
        this.workplace = workplace;
    }

    /**
     * Hands on what lies in a batch's quarantine: what it rejected, without the records that a published replay has.
     *
     * @param taken what the replays of the batch have
     * @param goesOn hears each record, and says whether to go on
     */
    void lying(Manifest manifest, TakenRecords taken, Predicate<QuarantinedRecord> goesOn) {
        rejected(manifest, record -> {
            Optional<TakenRecords.Taker> taker = taken.taker(record.key(), record.offset());
            if (taker.isEmpty()) {
                return goesOn.test(record);
            }
            return taker.get().isPublished()
                    || goesOn.test(record.in(taker.get().batch()));
        });
    }

    /**
     * Hands on every record that a batch rejected.
     *
     * @param goesOn hears each record, and says whether to go on
     */
    void rejected(Manifest manifest, Predicate<QuarantinedRecord> goesOn) {
        List<Marker> writers = writers(manifest);
        if (writers.stream().allMatch(marker -> marker.quarantine().isEmpty())) {
            return;
        }
        Location source = workplace.definitionOf(manifest).source().location();
        for (Marker writer : writers) {
            for (Marker.QuarantineFile file : writer.quarantine()) {
                Optional<StoredObject> there = workplace.ledger().lake().find(file.location());
                if (there.isPresent() && !read(there.get(), source, goesOn)) {
                    return;
                }
                if (there.isEmpty() && !mayHaveExpired(writer)) {
                    throw unreadable(workplace.ledger().lake().location().resolve(file.location()), "it is gone", null);
                }
            }
        }
    }

    private boolean read(StoredObject file, Location source, Predicate<QuarantinedRecord> goesOn) {
        ObjectStore lake = workplace.ledger().lake();
        String key = file.key();
        String name = lake.location().resolve(key);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(lake.open(key, file.etag(), 0)), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String problem = "its line " + number + " tells of no record";
                QuarantinedRecord record =
                        QuarantinedRecord.parse(line, source).orElseThrow(() -> unreadable(name, problem, null));
                if (!goesOn.test(record)) {
                    return false;
                }
            }
            return true;
        } catch (ZipException | EOFException damaged) {
            throw unreadable(name, "it is damaged (" + damaged.getMessage() + ")", damaged);
        } catch (IOException notRead) {
            throw new UncheckedIOException("Cannot read " + name, notRead);
        }
    }

    /** That a batch's records are not there because they were too old, in a sentence; empty when they are there. */
    Optional<String> expired(Manifest manifest) {
        boolean isExpired = writers(manifest).stream()
                .filter(this::mayHaveExpired)
                .flatMap(marker -> marker.quarantine().stream())
                .anyMatch(
                        file -> workplace.ledger().lake().find(file.location()).isEmpty());
        return isExpired
                ? Optional.of("The quarantined records of batch " + manifest.batch()
                        + " were deleted because of their age, as the pipeline file's retention says.")
                : Optional.empty();
    }

    private List<Marker> writers(Manifest manifest) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        return Stream.of(Step.CONVERT, Step.VALIDATE)
                .flatMap(step -> markers.find(step).stream())
                .toList();
    }

    /** Care deletes what is older than it may become; what is missing before that is lost. */
    private boolean mayHaveExpired(Marker writer) {
        Duration age = workplace.pipeline().retention().quarantine();
        return age != null
                && writer.finished().isBefore(workplace.clock().instant().minus(age));
    }

    private static Failure unreadable(String name, String why, IOException cause) {
        return Failure.of(
                Failure.Kind.INPUT,
                "Cannot read " + name + ": " + why + ". Restore it; nothing but Eightbells may write there.",
                cause);
    }
}
