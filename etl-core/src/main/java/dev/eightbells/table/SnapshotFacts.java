package dev.eightbells.table;

import dev.eightbells.batch.Forgets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The snapshots of a table.
 *
 * @param main those of the main line, the newest first
 * @param beside those that were staged, published or not
 */
public record SnapshotFacts(List<Known> main, List<Known> beside) {
    public SnapshotFacts {
        main = List.copyOf(main);
        beside = List.copyOf(beside);
    }

    /**
     * One of them.
     *
     * @param batch the batch that made it; null when none did
     * @param forget what it took rows away for, as {@link dev.eightbells.batch.Forget#reference} gives it; null when it did not
     * @param isHeld whether a tag or another branch holds it
     */
    public record Known(long id, Instant committed, String batch, String forget, boolean isHeld) {}

    /** The snapshots of a table as it was last looked at. */
    static SnapshotFacts of(Table table) {
        Set<Long> held = new HashSet<>();
        table.refs().forEach((name, ref) -> {
            if (!name.equals(SnapshotRef.MAIN_BRANCH)) {
                held.add(ref.snapshotId());
            }
        });
        List<Known> main = new ArrayList<>();
        Set<Long> onMain = new HashSet<>();
        if (table.currentSnapshot() != null) {
            SnapshotUtil.currentAncestors(table).forEach(snapshot -> {
                onMain.add(snapshot.snapshotId());
                main.add(known(snapshot, held));
            });
        }
        List<Known> beside = new ArrayList<>();
        table.snapshots().forEach(snapshot -> {
            if (!onMain.contains(snapshot.snapshotId())) {
                beside.add(known(snapshot, held));
            }
        });
        return new SnapshotFacts(main, beside);
    }

    private static Known known(Snapshot snapshot, Set<Long> held) {
        return new Known(
                snapshot.snapshotId(),
                Instant.ofEpochMilli(snapshot.timestampMillis()),
                snapshot.summary() == null ? null : snapshot.summary().get(Provenance.BATCH),
                Removal.of(snapshot)
                        .map(Removal::predicate)
                        .filter(Forgets::isReference)
                        .orElse(null),
                held.contains(snapshot.snapshotId()));
    }

    /** How many there are. */
    public int size() {
        return main.size() + beside.size();
    }
}
