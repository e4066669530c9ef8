package dev.eightbells.table;

import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/**
 * Who made a commit; it stands in the commit's summary.
 *
 * @param batch the batch's id
 * @param attempt the number of the attempt, from 1
 * @param step the step's name, e.g. {@code convert}
 */
public record Provenance(String batch, int attempt, String step) {
    static final String BATCH = "eightbells.batch";
    static final String ATTEMPT = "eightbells.attempt";
    static final String STEP = "eightbells.step";

    /** Writes this into the summary of a commit that is to be made. */
    public <T> SnapshotUpdate<T> sign(SnapshotUpdate<T> update) {
        update.set(BATCH, batch);
        update.set(ATTEMPT, Integer.toString(attempt));
        update.set(STEP, step);
        return update;
    }

    boolean signed(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        return isOf(batch, snapshot)
                && Integer.toString(attempt).equals(summary.get(ATTEMPT))
                && step.equals(summary.get(STEP));
    }

    static boolean isOf(String batch, Snapshot snapshot) {
        return snapshot.summary() != null && batch.equals(snapshot.summary().get(BATCH));
    }
}
