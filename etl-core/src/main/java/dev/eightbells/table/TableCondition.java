package dev.eightbells.table;

import java.util.List;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * What matters about a table to whoever takes care of it, as of one look.
 *
 * @param files its live files, by partition
 * @param isPartitioned whether its new files are kept apart by time
 * @param manifests how many manifests list them
 * @param manifestBytes how large those are
 */
public record TableCondition(
        List<FileGroup> files, SnapshotFacts snapshots, boolean isPartitioned, int manifests, long manifestBytes) {
    public TableCondition {
        files = List.copyOf(files);
    }

    /**
     * Looks at a table, asking its catalog again.
     *
     * @param timeColumn the column by which its rows age
     */
    public static TableCondition of(Table table, String timeColumn) {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        List<ManifestFile> manifests = head == null ? List.of() : head.allManifests(table.io());
        return new TableCondition(
                FileGroup.of(table, timeColumn),
                SnapshotFacts.of(table),
                table.spec().isPartitioned(),
                manifests.size(),
                manifests.stream().mapToLong(ManifestFile::length).sum());
    }

    /** How many live files there are. */
    public int fileCount() {
        return files.stream().mapToInt(FileGroup::files).sum();
    }

    /** How large they are. */
    public long bytes() {
        return files.stream().mapToLong(FileGroup::bytes).sum();
    }
}
