package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Abandoned;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Published;
import dev.eightbells.table.EventsTable;
import dev.eightbells.write.BatchWriter;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;

/**
 * Makes visible what a marker has staged: commit, mark. It is the last act of validate, or of convert in a pipeline
 * without rules.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before the commit: the staged snapshot that the marker names; it is published;
 *   <li>after it, before {@code published.json}: the commit names the batch and is found;
 *   <li>after {@code published.json}: only the tags of the staged snapshots are left to drop.
 * </ul>
 */
final class Publishing {
    /** Each round lost means that another batch was published; this many in a row is a storm worth waiting out. */
    private static final int MOST_ROUNDS = 50;

    private final BatchWork work;
    private final BatchWriter writer;
    private final EventsTable table;

    Publishing(BatchWork work, BatchWriter writer) {
        this.work = work;
        this.writer = writer;
        this.table = work.table();
    }

    /**
     * Does what is left to do.
     *
     * @param staged the marker of the last step before
     */
    Published publish(Marker staged) {
        table.hold(work.batch(), staged.step().text(), staged.snapshot());
        EventsTable.Published commit = table.published(work.batch()).orElseGet(() -> commit(staged));
        List<DataFile> files = table.addedFiles(commit.snapshot());
        long rows = files.stream().mapToLong(DataFile::recordCount).sum();
        Marker.Records records = staged.records();
        // What was published meanwhile by others made more of our rows duplicates.
        long duplicates = records.read() - records.quarantined() - rows;
        return work.markers()
                .write(Published.of(
                        work.lease().attempt(),
                        work.now(),
                        commit.snapshot(),
                        commit.parent(),
                        Marker.Records.published(records.read(), rows, duplicates, records.quarantined()),
                        TableFiles.of(work.definition().lake(), files)));
    }

    private void goOn() {
        Optional<Abandoned> abandoned = work.markers().abandoned();
        if (abandoned.isPresent()) {
            table.letGo(work.batch());
            throw Failure.conflict("Cannot publish batch " + work.batch() + ": somebody abandoned it meanwhile ("
                    + abandoned.get().reason() + "). Run the pipeline for its objects, if they were returned.");
        }
        work.lease().check();
    }

    private EventsTable.Published commit(Marker staged) {
        List<DataFile> files = table.addedFiles(staged.snapshot());
        Long judgedAt = table.judgedAt(staged.snapshot());
        for (int round = 0; round < MOST_ROUNDS; round++) {
            goOn();
            Optional<EventsTable.Published> commit =
                    table.publish(work.provenance(staged.step()), staged.snapshot(), judgedAt, files);
            if (commit.isPresent()) {
                return commit.get();
            }
            Optional<EventsTable.Published> byAnother = table.published(work.batch());
            if (byAnother.isPresent()) {
                return byAnother.get();
            }
            // Of the metadata that was just asked: a head seen later could hold this batch already.
            Long head = table.head();
            files = writer.rejudge(work.input(), table, files, judgedAt, head).files();
            judgedAt = head;
        }
        throw Failure.of(
                Failure.Kind.TRANSIENT,
                "Cannot publish batch " + work.batch() + ": other batches were published into its partitions "
                        + MOST_ROUNDS + " times while it tried. Run it again.",
                null);
    }
}
