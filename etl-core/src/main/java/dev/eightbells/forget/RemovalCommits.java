package dev.eightbells.forget;

import dev.eightbells.Failure;
import dev.eightbells.table.Removal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The commits on a table's main line by which one removal was made; more than one when it was begun again.
 *
 * @param snapshots the newest first
 */
record RemovalCommits(Table table, List<Snapshot> snapshots) {

    /** Looks at the table anew. */
    static RemovalCommits of(Table table, Removal removal) {
        table.refresh();
        List<Snapshot> commits = new ArrayList<>();
        if (table.currentSnapshot() != null) {
            SnapshotUtil.currentAncestors(table).forEach(snapshot -> {
                if (Removal.of(snapshot).filter(removal::equals).isPresent()) {
                    commits.add(snapshot);
                }
            });
        }
        return new RemovalCommits(table, List.copyOf(commits));
    }

    boolean isEmpty() {
        return snapshots.isEmpty();
    }

    /** Their ids, the oldest first. */
    List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        snapshots.forEach(snapshot -> ids.add(0, snapshot.snapshotId()));
        return ids;
    }

    /** How many rows fewer the table had after them. */
    long rows() {
        return snapshots.stream()
                .mapToLong(snapshot -> count(snapshot, SnapshotSummary.DELETED_RECORDS_PROP)
                        - count(snapshot, SnapshotSummary.ADDED_RECORDS_PROP))
                .sum();
    }

    /** The sum of what their summaries say of something. */
    long sum(String note) {
        return snapshots.stream().mapToLong(snapshot -> count(snapshot, note)).sum();
    }

    private static long count(Snapshot snapshot, String name) {
        return Long.parseLong(snapshot.summary().getOrDefault(name, "0"));
    }

    /**
     * The files that they have removed, to be read.
     *
     * @throws Failure of kind DATA when the commit before one of them has expired
     */
    List<FileScanTask> removed() {
        List<FileScanTask> files = new ArrayList<>();
        for (Snapshot commit : snapshots) {
            Long parent = commit.parentId();
            if (parent == null || table.snapshot(parent) == null) {
                throw Failure.data("Cannot tell which rows commit " + commit.snapshotId() + " of " + table.name()
                        + " removed: the commit before it has expired. Name the session table otherwise in the pipeline"
                        + " file, and sessionize all batches with --today.");
            }
            files.addAll(files(parent, commit.removedDataFiles(table.io())));
        }
        return files;
    }

    /** The files that they have added. */
    List<FileScanTask> added() {
        List<FileScanTask> files = new ArrayList<>();
        snapshots.forEach(commit -> files.addAll(files(commit.snapshotId(), commit.addedDataFiles(table.io()))));
        return files;
    }

    private List<FileScanTask> files(long snapshot, Iterable<DataFile> wanted) {
        Set<String> locations = new HashSet<>();
        wanted.forEach(file -> locations.add(file.location()));
        List<FileScanTask> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot).planFiles()) {
            tasks.forEach(task -> {
                if (locations.contains(task.file().location())) {
                    files.add(task);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
