package dev.eightbells.write;

import dev.eightbells.table.Partitioning;
import org.apache.spark.Partitioner;

/**
 * Where rows meet between reading and writing. A slot belongs to a row of the table's partitions and a column of their
 * keys: rows with equal keys in one partition always share a slot, and a slot is small enough to be judged in memory.
 * Slot 0 carries the reports of the reading tasks.
 */
public final class Slots extends Partitioner {
    private static final long serialVersionUID = 1L;

    static final int REPORTS = Shuffle.REPORTS;
    private static final int MOST_COLUMNS = 4096;

    // Partitions that share a row limit each other's files, so rows are many; but each slot costs an entry a task.
    private static final int FEWEST_ROWS = 32;
    private static final int MOST_ROWS = 1024;
    private static final int USUAL_SLOTS = 1 << 16;

    private final int rows;
    private final int columns;

    private Slots(int columns) {
        this.columns = columns;
        this.rows = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, USUAL_SLOTS / columns));
    }

    /**
     * @param bytes about how many bytes of rows there will be
     * @param slotBytes how many of them fit into memory at a time
     */
    public static Slots sizedFor(long bytes, long slotBytes) {
        return new Slots(Math.toIntExact(Math.min(MOST_COLUMNS, 1 + bytes / slotBytes)));
    }

    int columns() {
        return columns;
    }

    /** The row of a partition; neighbours in time never share one. */
    int rowOf(int partition) {
        return partition == Partitioning.NONE ? 0 : Math.floorMod(partition, rows);
    }

    int slot(int row, int column) {
        return 1 + row * columns + column;
    }

    /** Where the rows of a partition whose keys have this hash meet. */
    public int slotOf(int partition, int keyHash) {
        return slot(rowOf(partition), Math.floorMod(keyHash, columns));
    }

    @Override
    public int numPartitions() {
        return 1 + rows * columns;
    }

    @Override
    public int getPartition(Object slot) {
        return (Integer) slot;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Slots slots && slots.columns == columns;
    }

    @Override
    public int hashCode() {
        return columns;
    }
}
