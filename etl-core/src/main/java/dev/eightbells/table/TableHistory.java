package dev.eightbells.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/** What was committed to a table's main line, as of one look at it, and which files that added and removed. */
public final class TableHistory {
    private final Table table;
    private final List<Commit> commits;

    private TableHistory(Table table, List<Commit> commits) {
        this.table = table;
        this.commits = commits;
    }

    /**
     * A commit.
     *
     * @param batch the batch that made it; null when no batch did
     * @param step the step that made it; null when none did
     * @param rowsThen how many rows the table had from then on; 0 when the commit does not say
     * @param removal which rows it took away; null when it does not say
     */
    public record Commit(long snapshot, Kind kind, String batch, String step, long rowsThen, Removal removal) {}

    /** What a commit did to the table's rows. */
    public enum Kind {
        /** It added rows, and took none away. */
        ADDED,
        /** It took rows away, and may have added others. */
        CHANGED,
        /** It laid the same rows out anew. */
        COMPACTED
    }

    /**
     * A file of the table.
     *
     * @param location its full name
     * @param partition its partition's number; {@link Partitioning#NONE} for rows without a value, and when the table
     *     was partitioned otherwise at that time
     */
    public record File(String location, long bytes, long rows, int partition) {}

    /** Looks at a table, asking its catalog again. */
    public static TableHistory of(Table table) {
        table.refresh();
        List<Commit> commits = new ArrayList<>();
        if (table.currentSnapshot() != null) {
            SnapshotUtil.currentAncestors(table).forEach(snapshot -> commits.add(commit(snapshot)));
        }
        return new TableHistory(table, List.copyOf(commits));
    }

    private static Commit commit(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary() == null ? Map.of() : snapshot.summary();
        return new Commit(
                snapshot.snapshotId(),
                kind(snapshot, summary),
                summary.get(Provenance.BATCH),
                summary.get(Provenance.STEP),
                Long.parseLong(summary.getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0")),
                Removal.of(summary).orElse(null));
    }

    private static Kind kind(Snapshot snapshot, Map<String, String> summary) {
        String operation = String.valueOf(snapshot.operation());
        if (operation.equals(DataOperations.REPLACE)) {
            return Kind.COMPACTED;
        }
        boolean removes = summary.containsKey(SnapshotSummary.DELETED_FILES_PROP)
                || summary.containsKey(SnapshotSummary.ADDED_DELETE_FILES_PROP);
        return operation.equals(DataOperations.APPEND) && !removes ? Kind.ADDED : Kind.CHANGED;
    }

    /** Its commits, the newest first, back to the table's first one or the oldest that has not expired. */
    public List<Commit> commits() {
        return commits;
    }

    /** Iceberg's own table. */
    public Table table() {
        return table;
    }

    /** The table's columns as they were when it was committed; as they are now where a commit does not say. */
    public Schema schema(Commit commit) {
        Integer schema = table.snapshot(commit.snapshot()).schemaId();
        return schema == null ? table.schema() : table.schemas().getOrDefault(schema, table.schema());
    }

    /** The files that a commit added. */
    public List<File> added(Commit commit) {
        List<File> files = new ArrayList<>();
        table.snapshot(commit.snapshot()).addedDataFiles(table.io()).forEach(file -> files.add(file(file)));
        return files;
    }

    /** The partitions from which a commit removed files, or to which it added some. */
    public Set<Integer> partitionsOf(Commit commit) {
        Snapshot snapshot = table.snapshot(commit.snapshot());
        Set<Integer> partitions = new TreeSet<>();
        snapshot.addedDataFiles(table.io()).forEach(file -> partitions.add(partition(file)));
        snapshot.removedDataFiles(table.io()).forEach(file -> partitions.add(partition(file)));
        return partitions;
    }

    /** The files that hold the table's rows as of a commit. */
    public List<FileScanTask> live(Commit commit) {
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(commit.snapshot()).planFiles()) {
            List<FileScanTask> files = new ArrayList<>();
            tasks.forEach(files::add);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, by the commits that added the files; null stands for those that have expired. */
    public Map<Commit, List<FileScanTask>> liveByCommit(Commit commit) {
        Map<Long, Commit> bySequence = new HashMap<>();
        commits.forEach(added -> bySequence.put(table.snapshot(added.snapshot()).sequenceNumber(), added));
        Map<Commit, List<FileScanTask>> files = new LinkedHashMap<>();
        for (FileScanTask task : live(commit)) {
            files.computeIfAbsent(bySequence.get(task.file().fileSequenceNumber()), added -> new ArrayList<>())
                    .add(task);
        }
        return files;
    }

    /** A file that is to be read. */
    public File file(FileScanTask task) {
        return file(task.file());
    }

    private File file(DataFile file) {
        return new File(file.location(), file.fileSizeInBytes(), file.recordCount(), partition(file));
    }

    private int partition(DataFile file) {
        if (file.specId() != table.spec().specId()) {
            return Partitioning.NONE;
        }
        Integer partition = file.partition().get(0, Integer.class);
        return partition == null ? Partitioning.NONE : partition;
    }
}
