package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.ManifestObject;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.write.BatchInput;
import dev.eightbells.write.BatchWriter;
import dev.eightbells.write.RecordSelection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.iceberg.DataFile;

/**
 * Raw objects to published rows: write and stage, mark, publish, mark. Every effect may have happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before the staging commit: files that nobody refers to; everything is done again;
 *   <li>after it, before {@code convert.json}: a staged snapshot that no marker names; everything is done again;
 *   <li>after {@code convert.json}: the staged snapshot is published;
 *   <li>after the publishing commit, before {@code published.json}: the commit names the batch and is found;
 *   <li>after {@code published.json}: only the tag of the staged snapshot is left to drop.
 * </ul>
 */
final class ConvertStep {
    /** Each round lost means that another batch was published; this many in a row is a storm worth waiting out. */
    private static final int MOST_ROUNDS = 50;

    private final Workplace workplace;
    private final BatchWriter writer;

    ConvertStep(Workplace workplace, BatchWriter writer) {
        this.workplace = workplace;
        this.writer = writer;
    }

    /**
     * Does what is left to do of the step.
     *
     * @throws Failure of kind DATA when the batch is stopped, because not one record could be accepted
     */
    Published run(Manifest manifest, Lease lease) {
        Work work = new Work(manifest, lease);
        Optional<Published> published = work.markers.published();
        if (published.isEmpty()) {
            Marker converted = work.markers.find(Step.CONVERT).orElseGet(work::stage);
            work.stopUnlessSomethingWasAccepted(converted);
            published = Optional.of(work.publish(converted));
        }
        work.table.letGo(work.batch);
        return published.get();
    }

    /** One attempt at one batch. */
    private final class Work {
        private final Lease lease;
        private final Markers markers;
        private final String batch;
        private final Pipeline pipeline;
        private final BatchInput input;
        private final EventsTable table;
        private final Provenance provenance;

        Work(Manifest manifest, Lease lease) {
            this.lease = lease;
            this.markers = workplace.ledger().markers(manifest.batch());
            this.batch = manifest.batch().toString();
            this.pipeline = workplace.definitionOf(manifest);
            Run.refuseUnable(pipeline);
            // Once it is published, a batch whose sessions cannot be made has no way back.
            workplace.requireFit(pipeline);
            int attempt = lease.attempt().attempt();
            this.input = new BatchInput(
                    batch,
                    attempt,
                    pipeline,
                    manifest.objects().stream().map(Work::stored).toList(),
                    RecordSelection.of(manifest),
                    workplace.environment());
            this.table = EventsTable.openOrCreate(workplace.catalog(), pipeline);
            this.provenance = new Provenance(batch, attempt, Step.CONVERT.text());
        }

        private static StoredObject stored(ManifestObject object) {
            return new StoredObject(object.key(), object.etag(), object.bytes(), object.modified());
        }

        Marker stage() {
            Instant started = workplace.clock().instant();
            Long head = table.refreshedHead();
            BatchWriter.Written written = writer.write(input, table, head);
            lease.check();
            long snapshot = table.stage(provenance, head, written.files());
            return markers.write(marker(started, snapshot, written));
        }

        private Marker marker(Instant started, long snapshot, BatchWriter.Written written) {
            return Marker.of(
                    lease.attempt(),
                    Step.CONVERT,
                    started,
                    workplace.clock().instant(),
                    snapshot,
                    Marker.Records.converted(
                            written.read(), written.written(), written.duplicates(), written.quarantined()),
                    TableFiles.of(pipeline.lake(), written.files()),
                    written.quarantine().stream()
                            .map(file -> new Marker.QuarantineFile(file.location(), file.bytes(), file.records()))
                            .toList(),
                    TableFiles.measures(written.columns()));
        }

        void stopUnlessSomethingWasAccepted(Marker converted) {
            Marker.Records records = converted.records();
            if (records.read() == 0 || records.quarantined() < records.read()) {
                return;
            }
            String sentence = String.format(
                    Locale.ROOT,
                    "Stopped batch %s: %s in %s with the reasons. Mend the pipeline file or the source, then run:"
                            + " eightbells abandon --pipeline FILE --batch %s --reason TEXT --return.",
                    batch,
                    records.read() == 1
                            ? "its only record was rejected, and lies"
                            : String.format(
                                    Locale.ROOT, "all of its %,d records were rejected, and lie", records.read()),
                    pipeline.lake().resolve("quarantine/" + batch + "/" + converted.attempt() + "/"),
                    batch);
            Stopped stopped =
                    markers.write(Stopped.of(lease.attempt(), workplace.clock().instant(), Step.CONVERT, sentence));
            throw Failure.data(stopped.sentence());
        }

        Published publish(Marker converted) {
            table.hold(batch, converted.snapshot());
            EventsTable.Published commit = table.published(batch).orElseGet(() -> commit(converted.snapshot()));
            List<DataFile> files = table.addedFiles(commit.snapshot());
            long rows = files.stream().mapToLong(DataFile::recordCount).sum();
            Marker.Records records = converted.records();
            // What was published meanwhile by others made more of our rows duplicates.
            long duplicates = records.read() - records.quarantined() - rows;
            return markers.write(Published.of(
                    lease.attempt(),
                    workplace.clock().instant(),
                    commit.snapshot(),
                    commit.parent(),
                    Marker.Records.published(records.read(), rows, duplicates, records.quarantined()),
                    TableFiles.of(pipeline.lake(), files)));
        }

        private void goOn() {
            lease.check();
            if (markers.abandoned().isPresent()) {
                throw Failure.conflict("Cannot publish batch " + batch + ": somebody abandoned it meanwhile ("
                        + markers.abandoned().get().reason()
                        + "). Run the pipeline for its objects, if they were returned.");
            }
        }

        private EventsTable.Published commit(long staged) {
            List<DataFile> files = table.addedFiles(staged);
            Long judgedAt = table.judgedAt(staged);
            for (int round = 0; round < MOST_ROUNDS; round++) {
                goOn();
                Optional<EventsTable.Published> commit = table.publish(provenance, staged, judgedAt, files);
                if (commit.isPresent()) {
                    return commit.get();
                }
                Optional<EventsTable.Published> byAnother = table.published(batch);
                if (byAnother.isPresent()) {
                    return byAnother.get();
                }
                // Of the metadata that was just asked: a head seen later could hold this batch already.
                Long head = table.head();
                files = writer.rejudge(input, table, files, judgedAt, head).files();
                judgedAt = head;
            }
            throw Failure.of(
                    Failure.Kind.TRANSIENT,
                    "Cannot publish batch " + batch + ": other batches were published into its partitions "
                            + MOST_ROUNDS + " times while it tried. Run it again.",
                    null);
        }
    }
}
