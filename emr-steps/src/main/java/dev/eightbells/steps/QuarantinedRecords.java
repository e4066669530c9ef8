package dev.eightbells.steps;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.Retention;
import dev.eightbells.store.Location;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The records in the quarantine of batches, read one at a time from the files that the markers of convert and validate
 * name. Other files that lie beside them count for nothing.
 */
final class QuarantinedRecords {
    private final Ledger ledger;
    private final Ages ages;

    QuarantinedRecords(Workplace workplace) {
        this(workplace.ledger(), Ages.of(workplace));
    }

    QuarantinedRecords(Ledger ledger, Ages ages) {
        this.ledger = ledger;
        this.ages = ages;
    }

    /**
     * Which markers' files care may have deleted; what is missing of others is lost.
     *
     * @param aged those of markers from before this, one by one; null when today's pipeline file keeps them for ever
     * @param ageable those of markers from before this, all of them, as the pipeline file may have said before
     */
    record Ages(Instant aged, Instant ageable) implements Serializable {
        static Ages of(Workplace workplace) {
            Instant now = workplace.clock().instant();
            Duration age = workplace.pipeline().retention().quarantine();
            return new Ages(age == null ? null : now.minus(age), now.minus(Retention.SHORTEST));
        }
    }

    Ledger ledger() {
        return ledger;
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
        List<Marker.QuarantineFile> files = files(manifest.batch());
        if (files.isEmpty()) {
            return;
        }
        Location source = source(manifest);
        for (Marker.QuarantineFile file : files) {
            try (QuarantineLines lines = new QuarantineLines(ledger.lake(), file.location(), source)) {
                while (lines.hasNext()) {
                    if (!goesOn.test(lines.next())) {
                        return;
                    }
                }
            }
        }
    }

    /** The files that hold what a batch rejected, without those that were deleted because of their age. */
    List<Marker.QuarantineFile> files(BatchId batch) {
        return writers(batch)
                .flatMap(writer -> {
                    List<Marker.QuarantineFile> expired = expired(writer);
                    return writer.quarantine().stream().filter(file -> !expired.contains(file));
                })
                .toList();
    }

    /** That a batch's records are not there because they were too old, in a sentence; empty when they are there. */
    Optional<String> expired(Manifest manifest) {
        return writers(manifest.batch()).anyMatch(writer -> !expired(writer).isEmpty())
                ? Optional.of("The quarantined records of batch " + manifest.batch()
                        + " were deleted because of their age, as the pipeline file's retention says.")
                : Optional.empty();
    }

    private Stream<Marker> writers(BatchId batch) {
        Markers markers = ledger.markers(batch);
        return Stream.of(Step.CONVERT, Step.VALIDATE).flatMap(step -> markers.find(step).stream());
    }

    private List<Marker.QuarantineFile> expired(Marker writer) {
        List<Marker.QuarantineFile> files = writer.quarantine();
        boolean isAged = ages.aged() != null && writer.finished().isBefore(ages.aged());
        boolean isAgeable = writer.finished().isBefore(ages.ageable());
        // Mostly all are there, and the first one tells so.
        if (files.isEmpty() || !(isAged || (isAgeable && isGone(files.get(0))))) {
            return List.of();
        }
        List<Marker.QuarantineFile> gone = files.stream().filter(this::isGone).toList();
        return isAged || gone.size() == files.size() ? gone : List.of();
    }

    private boolean isGone(Marker.QuarantineFile file) {
        return ledger.lake().find(file.location()).isEmpty();
    }

    /** Where the raw objects of a batch lie. */
    Location source(Manifest manifest) {
        String sha256 = manifest.definition();
        return PipelineFile.parse(ledger.definition(sha256), "definitions/" + sha256 + ".yaml", Map.of())
                .source()
                .location();
    }
}
