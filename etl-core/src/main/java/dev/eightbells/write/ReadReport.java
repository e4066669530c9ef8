package dev.eightbells.write;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one reading task found; it travels with the task's rows, so that it counts exactly when they do.
 *
 * @param task the task's number in its plan
 * @param read records and malformed stretches, as the framing counted them
 * @param accepted rows sent on
 * @param coverage which bytes were read, by slice
 * @param quarantine the file of rejected records; null when there were none
 * @param partitions by partition, how much was sent on
 */
record ReadReport(
        int task,
        long read,
        long accepted,
        List<SliceCoverage> coverage,
        QuarantineFile quarantine,
        Map<Integer, Volume> partitions)
        implements Serializable {

    /** Whether the task read one of these objects. */
    boolean isOf(Set<Integer> ordinals) {
        return coverage.stream().anyMatch(slice -> ordinals.contains(slice.ordinal()));
    }

    /**
     * Where the reading of a slice began and ended, in bytes of the object; {@code last} is negative when it ended inside
     * a record.
     */
    record SliceCoverage(int ordinal, int part, long first, long last) implements Serializable {}
}
