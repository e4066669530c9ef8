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
        Markers markers = workplace.ledger().markers(manifest.batch());
        List<Marker.QuarantineFile> files = Stream.of(Step.CONVERT, Step.VALIDATE)
                .flatMap(step -> markers.find(step).stream())
                .flatMap(marker -> marker.quarantine().stream())
                .toList();
        if (files.isEmpty()) {
            return;
        }
        Location source = workplace.definitionOf(manifest).source().location();
        for (Marker.QuarantineFile file : files) {
            if (!read(file.location(), source, goesOn)) {
                return;
            }
        }
    }

    private boolean read(String key, Location source, Predicate<QuarantinedRecord> goesOn) {
        ObjectStore lake = workplace.ledger().lake();
        String name = lake.location().resolve(key);
        StoredObject file = lake.find(key).orElseThrow(() -> unreadable(name, "it is gone", null));
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

    private static Failure unreadable(String name, String why, IOException cause) {
        return Failure.of(
                Failure.Kind.INPUT,
                "Cannot read " + name + ": " + why + ". Restore it; nothing but Eightbells may write there.",
                cause);
    }
}
