package dev.eightbells.steps;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.Location;
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

    QuarantinedRecords(Workplace workplace) {
        this(workplace.ledger());
    }

    QuarantinedRecords(Ledger ledger) {
        this.ledger = ledger;
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

    /** The files that hold what a batch rejected. */
    List<Marker.QuarantineFile> files(BatchId batch) {
        Markers markers = ledger.markers(batch);
        return Stream.of(Step.CONVERT, Step.VALIDATE)
                .flatMap(step -> markers.find(step).stream())
                .flatMap(marker -> marker.quarantine().stream())
                .toList();
    }

    /** Where the raw objects of a batch lie. */
    Location source(Manifest manifest) {
        String sha256 = manifest.definition();
        return PipelineFile.parse(ledger.definition(sha256), "definitions/" + sha256 + ".yaml", Map.of())
                .source()
                .location();
    }
}
