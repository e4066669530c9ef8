package dev.eightbells.steps;

import dev.eightbells.batch.Lease;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.ManifestObject;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.Turn;
import dev.eightbells.write.BatchInput;
import dev.eightbells.write.RecordSelection;
import java.time.Instant;

/**
 * What the steps up to publishing work with, in one attempt at one batch.
 *
 * @param definition the pipeline as it was frozen with the batch
 * @param table the events table
 */
record BatchWork(
        Workplace workplace,
        Manifest manifest,
        Pipeline definition,
        Lease lease,
        Markers markers,
        BatchInput input,
        EventsTable table) {

    /**
     * Begins to work on a batch.
     *
     * @throws dev.eightbells.Failure of kind INPUT when its rows cannot go into the tables that there are
     */
    static BatchWork begin(Workplace workplace, Manifest manifest, Lease lease) {
        Pipeline definition = workplace.definitionOf(manifest);
        // Once it is published, a batch whose sessions cannot be made has no way back.
        Turn turn = workplace.turnOf(manifest);
        workplace.requireFit(definition, turn);
        BatchInput input = new BatchInput(
                manifest.batch().toString(),
                lease.attempt().attempt(),
                definition,
                manifest.objects().stream().map(BatchWork::stored).toList(),
                RecordSelection.of(manifest),
                workplace.environment());
        return new BatchWork(
                workplace,
                manifest,
                definition,
                lease,
                workplace.ledger().markers(manifest.batch()),
                input,
                EventsTable.openOrCreate(workplace.catalog(), definition, turn));
    }

    private static StoredObject stored(ManifestObject object) {
        return new StoredObject(object.key(), object.etag(), object.bytes(), object.modified());
    }

    String batch() {
        return manifest.batch().toString();
    }

    /** Who makes the commits of a step. */
    Provenance provenance(Step step) {
        return new Provenance(batch(), lease.attempt().attempt(), step.text());
    }

    /**
     * Writes the marker of a step that stages; returns the one that holds. Whatever comes of it, what counts is held.
     *
     * @throws dev.eightbells.Failure of kind CONFLICT when another attempt has taken the batch over
     */
    Marker write(Marker marker) {
        try {
            lease.check();
            return markers.write(marker);
        } finally {
            holdWhatCounts(marker.step());
        }
    }

    /**
     * Holds what the marker of a step names, and nothing once the batch is published or abandoned: an attempt that was
     * superseded without noticing may have moved the tag to a snapshot of its own, or left one.
     */
    void holdWhatCounts(Step step) {
        markers.find(step)
                .filter(holding -> !hasEnded())
                .ifPresent(holding -> table.hold(batch(), step.text(), holding.snapshot()));
        if (hasEnded()) {
            table.letGo(batch());
        }
    }

    private boolean hasEnded() {
        return markers.published().isPresent() || markers.abandoned().isPresent();
    }

    Instant now() {
        return workplace.clock().instant();
    }
}
