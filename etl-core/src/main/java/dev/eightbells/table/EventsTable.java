package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The events table of a pipeline: what a batch stages beside its main line, and the one commit that publishes it. Every
 * method may be called again after a crash or a lost answer.
 */
public final class EventsTable {
    private static final String TAG_PREFIX = "eightbells-";

    private static final String FIRST_STEP = "convert";
    private static final String SECOND_STEP = "validate";

    /** Keeps the staged snapshot's files when it expires: Iceberg sees that this commit took them over. */
    private static final String TAKEN_FROM = "source-snapshot-id";

    private static final int MOST_TAG_COMMITS = 50;

    private static final String JUDGED_AT = "eightbells.judged-at";

    private final LakeTable lakeTable;
    private final Table table;
    private final Partitioning partitioning;

    private EventsTable(LakeTable lakeTable, Partitioning partitioning) {
        this.lakeTable = lakeTable;
        this.table = lakeTable.table();
        this.partitioning = partitioning;
    }

    /** The published commit of a batch; {@code parent} is null when the table had no commit before. */
    public record Published(long snapshot, Long parent) {}

    /**
     * Opens the table, and creates it when there is none. A table in which nothing was ever staged that is still wanted
     * takes the columns of the pipeline file, so that a definition whose first batch went wrong can be mended.
     *
     * @throws Failure of kind INPUT when a table of this name lies in another lake or has other columns
     */
    public static EventsTable openOrCreate(Catalog catalog, Pipeline pipeline) {
        LakeTable.Form form = form(pipeline);
        LakeTable lakeTable = LakeTable.openOrCreate(
                catalog, pipeline, pipeline.table().name(), form, table -> !differences(table, pipeline)
                        .isEmpty());
        refuseOtherColumns(lakeTable, pipeline);
        return new EventsTable(lakeTable, Partitioning.of(pipeline.table()));
    }

    /**
     * Looks whether batches of this pipeline can go into the table that there is, if there is one that is in use.
     *
     * @throws Failure as {@link #openOrCreate} does
     */
    public static void requireFit(Catalog catalog, Pipeline pipeline) {
        LakeTable.open(catalog, pipeline, pipeline.table().name())
                .filter(LakeTable::isInUse)
                .ifPresent(table -> refuseOtherColumns(table, pipeline));
    }

    private static void refuseOtherColumns(LakeTable lakeTable, Pipeline pipeline) {
        List<String> differences = differences(lakeTable.table(), pipeline);
        if (!differences.isEmpty()) {
            throw Failure.input("Cannot use table " + pipeline.table().name()
                    + ": it does not have the columns of the pipeline file: " + String.join("; ", differences)
                    + ". Put the columns back as they were, or name another table, and abandon the batches that were"
                    + " planned with these columns, with --return.");
        }
    }

    /** Opens the table whatever columns it has, not to write into it; empty when there is none yet. */
    public static Optional<EventsTable> open(Catalog catalog, Pipeline pipeline) {
        return LakeTable.open(catalog, pipeline, pipeline.table().name())
                .map(table -> new EventsTable(table, Partitioning.of(pipeline.table())));
    }

    private static LakeTable.Form form(Pipeline pipeline) {
        Schema schema = TableSchema.of(pipeline.table());
        return new LakeTable.Form(
                schema, TableSchema.partitioning(pipeline.table(), schema), TableSchema.properties(pipeline.table()));
    }

    private static List<String> differences(Table table, Pipeline pipeline) {
        List<String> differences = TableSchema.differences(TableSchema.of(pipeline.table()), table.schema());
        if (!differences.isEmpty()) {
            return differences;
        }
        PartitionSpec spec = TableSchema.partitioning(pipeline.table(), table.schema());
        return spec.compatibleWith(table.spec())
                ? List.of()
                : List.of("it is partitioned by " + table.spec().fields() + ", not by " + spec.fields());
    }

    /** Iceberg's own table, for readers and writers of its files. */
    public Table table() {
        return table;
    }

    public Partitioning partitioning() {
        return partitioning;
    }

    /** The newest published snapshot, after a look at what others have committed; null when there is none. */
    public Long refreshedHead() {
        return lakeTable.refreshedHead();
    }

    /** The newest published snapshot as of the last look; null when there was none. */
    public Long head() {
        return lakeTable.head();
    }

    /**
     * Stages files in a snapshot beside the main line, held by the tag of the batch and the step. Called again by the same
     * attempt it finds its own snapshot.
     *
     * @param judgedAt the head at which the files' rows were judged; null when the table had none
     * @return the staged snapshot
     */
    public long stage(Provenance provenance, Long judgedAt, List<DataFile> files) {
        table.refresh();
        if (stagedBy(provenance).isEmpty()) {
            AppendFiles append = table.newFastAppend().stageOnly();
            files.forEach(append::appendFile);
            if (judgedAt != null) {
                append.set(JUDGED_AT, Long.toString(judgedAt));
            }
            try {
                provenance.sign(append).commit();
            } catch (RuntimeException e) {
                CatalogTrouble.requireLostAnswer(e);
                table.refresh();
                if (stagedBy(provenance).isEmpty()) {
                    throw e;
                }
            }
            table.refresh();
        }
        long snapshot = stagedBy(provenance).orElseThrow();
        hold(provenance.batch(), provenance.step(), snapshot);
        return snapshot;
    }

    private Optional<Long> stagedBy(Provenance provenance) {
        return StreamSupport.stream(table.snapshots().spliterator(), false)
                .filter(provenance::signed)
                .map(Snapshot::snapshotId)
                .findFirst();
    }

    /**
     * Holds the snapshot that a step of a batch has staged by a tag, so that it does not expire. What convert has staged
     * stays held while validate stages something else: until validate's marker is written it is what counts.
     */
    public void hold(String batch, String step, long snapshot) {
        String name = tag(batch, step);
        retried(() -> {
            SnapshotRef tag = table.refs().get(name);
            if (tag == null) {
                table.manageSnapshots().createTag(name, snapshot).commit();
            } else if (tag.snapshotId() != snapshot) {
                table.manageSnapshots().replaceTag(name, snapshot).commit();
            }
        });
    }

    /** Drops the batch's tags; nothing happens when there are none. */
    public void letGo(String batch) {
        for (String name : List.of(tag(batch, FIRST_STEP), tag(batch, SECOND_STEP))) {
            retried(() -> {
                if (table.refs().containsKey(name)) {
                    table.manageSnapshots().removeTag(name).commit();
                }
            });
        }
    }

    private static String tag(String batch, String step) {
        return TAG_PREFIX + batch + (step.equals(FIRST_STEP) ? "" : "-" + step);
    }

    /** Iceberg does not repeat a commit of tags that lost a race; looking again first, it can be. */
    private void retried(Runnable commit) {
        for (int attempt = 1; ; attempt++) {
            table.refresh();
            try {
                commit.run();
                return;
            } catch (CommitFailedException | IllegalArgumentException e) {
                if (attempt == MOST_TAG_COMMITS) {
                    throw e;
                }
            }
        }
    }

    /** The head at which the rows of a staged snapshot were judged; null when the table had none. */
    public Long judgedAt(long staged) {
        String head = snapshot(staged).summary().get(JUDGED_AT);
        return head == null ? null : Long.valueOf(head);
    }

    /**
     * The files that a snapshot added, published or staged, to be read.
     *
     * @throws Failure of kind DATA when the snapshot has expired
     */
    public List<FileScanTask> scanOf(long snapshot) {
        table.refresh();
        if (table.snapshot(snapshot) == null) {
            throw Failure.data("Cannot read commit " + snapshot + " of " + table.name()
                    + ": it has expired, and nobody knows any more which rows it added."
                    + " Keep a table's commits until all steps of their batches are done.");
        }
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newIncrementalAppendScan()
                .fromSnapshotInclusive(snapshot)
                .toSnapshot(snapshot)
                .planFiles()) {
            tasks.forEach(files::add);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }

    /** The files that a snapshot added, staged or published. */
    public List<DataFile> addedFiles(long snapshot) {
        List<DataFile> files = new ArrayList<>();
        snapshot(snapshot).addedDataFiles(table.io()).forEach(file -> files.add(file.copy()));
        return files;
    }

    private Snapshot snapshot(long id) {
        Snapshot snapshot = table.snapshot(id);
        if (snapshot == null) {
            throw Failure.data("Cannot read snapshot " + id + " of " + table.name()
                    + ": it has expired. Abandon its batch with --return, and run the pipeline again.");
        }
        return snapshot;
    }

    /** The partitions that files lie in. */
    public static Set<Integer> partitionsOf(List<DataFile> files) {
        Set<Integer> partitions = new TreeSet<>();
        for (DataFile file : files) {
            Integer partition = file.partition().get(0, Integer.class);
            partitions.add(partition == null ? Partitioning.NONE : partition);
        }
        return partitions;
    }

    /** The commit on the main line that published the batch; empty when there is none. */
    public Optional<Published> published(String batch) {
        return lakeTable.committed(batch).map(snapshot -> new Published(snapshot.snapshotId(), snapshot.parentId()));
    }

    /**
     * Publishes files in one commit, unless rows of the same partitions were published since they were judged.
     *
     * @param staged the snapshot that the files were staged in
     * @param judgedAt the head at which the files' rows were judged; null when the table had none
     * @return the commit; empty when others have published into these partitions since, and the rows must be judged again
     */
    public Optional<Published> publish(Provenance provenance, long staged, Long judgedAt, List<DataFile> files) {
        try {
            if (files.isEmpty()) {
                Optional<Published> already = published(provenance.batch());
                if (already.isPresent()) {
                    return already;
                }
                provenance.sign(table.newAppend()).commit();
            } else {
                OverwriteFiles overwrite = table.newOverwrite();
                files.forEach(overwrite::addFile);
                if (judgedAt != null) {
                    overwrite.validateFromSnapshot(judgedAt);
                }
                overwrite
                        .conflictDetectionFilter(partitioning.within(partitionsOf(files)))
                        .validateNoConflictingData()
                        .set(TAKEN_FROM, Long.toString(staged));
                provenance.sign(overwrite).commit();
            }
        } catch (ValidationException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            CatalogTrouble.requireLostAnswer(e);
            return Optional.of(published(provenance.batch())
                    .orElseThrow(() -> Failure.of(
                            Failure.Kind.UNKNOWN,
                            "Cannot tell whether batch " + provenance.batch() + " was published to " + table.name()
                                    + ": the catalog's answer was lost. Look at the table's history, then run it again.",
                            e)));
        }
        return published(provenance.batch());
    }

    /**
     * The live files that can hold rows of these partitions and were published after a snapshot.
     *
     * @param head the snapshot to look at; null means an empty table
     * @param after what is older is left out; null, or a snapshot that has expired, means everything
     */
    public List<DataFile> publishedFiles(Long head, Long after, Collection<Integer> partitions) {
        if (head == null || partitions.isEmpty()) {
            return List.of();
        }
        Snapshot since = after == null ? null : table.snapshot(after);
        long sequence = since == null ? -1 : since.sequenceNumber();
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan()
                .useSnapshot(head)
                .filter(partitioning.within(partitions))
                .planFiles()) {
            for (FileScanTask task : tasks) {
                if (!task.deletes().isEmpty()) {
                    throw Failure.input("Cannot judge duplicates in " + table.name() + ": its file "
                            + task.file().location()
                            + " has row-level deletes, which only a merge-on-read writer makes."
                            + " Rewrite the table's data files, and set write.delete.mode to copy-on-write.");
                }
                Long added = task.file().dataSequenceNumber();
                if (added == null || added > sequence) {
                    files.add(task.file().copy());
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }
}
