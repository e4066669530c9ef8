package dev.eightbells.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * Which task writes which slots. A partition's slots are written by as few tasks as its size asks for, so that a batch
 * adds at most {@code ceil(bytes / 256 MB) + 1} files to it, unless the guess of its size is more than a quarter too
 * high; the slots of many small partitions share a task.
 *
 * @param groups one for each task, the slots it writes
 * @param partitionsByRow how many partitions share a row of slots, and so are written at the same time
 */
public record WritePlan(List<int[]> groups, Map<Integer, Integer> partitionsByRow) {
    static final long FILE_BYTES = 256L << 20;

    /** Sizes are guessed before they are known; guessing too few files is allowed, too many is not. */
    private static final double CAUTION = 0.8;

    /** For the first batch of a table. Rather too little: large files are rolled, but small ones cannot be joined. */
    private static final double FIRST_GUESS = 0.02;

    /** What is smaller than this in Spark's form is not worth a second task. */
    private static final long WORTH_SHARING = 32L << 20;

    /**
     * Plans the tasks.
     *
     * @param partitions how much each partition gets, in Spark's form
     * @param fileBytesPerByte how many bytes a Parquet file has for one byte in Spark's form
     */
    public static WritePlan of(Map<Integer, Volume> partitions, Slots slots, double fileBytesPerByte) {
        TreeMap<Integer, Row> rows = new TreeMap<>();
        partitions.forEach(
                (partition, volume) -> rows.merge(slots.rowOf(partition), Row.of(volume, fileBytesPerByte), Row::plus));
        List<int[]> groups = new ArrayList<>();
        int[] shared = new int[0];
        long sharedBytes = 0;
        for (Map.Entry<Integer, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            int tasks = Math.min(row.tasks(), slots.columns());
            if (tasks > 1) {
                groups.addAll(divide(slots, entry.getKey(), tasks));
                continue;
            }
            int[] all = divide(slots, entry.getKey(), 1).get(0);
            if (sharedBytes > 0 && sharedBytes + row.bytes() > WORTH_SHARING) {
                groups.add(shared);
                shared = new int[0];
                sharedBytes = 0;
            }
            int before = shared.length;
            shared = Arrays.copyOf(shared, before + all.length);
            System.arraycopy(all, 0, shared, before, all.length);
            sharedBytes += row.bytes();
        }
        if (shared.length > 0) {
            groups.add(shared);
        }
        Map<Integer, Integer> partitionsByRow = new HashMap<>();
        rows.forEach((number, row) -> partitionsByRow.put(number, row.partitions()));
        return new WritePlan(List.copyOf(groups), partitionsByRow);
    }

    /** From what the table has: how many bytes of Parquet come from one byte in Spark's form. */
    public static double fileBytesPerByte(Table table, Map<Integer, Volume> partitions) {
        Volume total = partitions.values().stream().reduce(new Volume(0, 0), Volume::plus);
        Snapshot head = table.currentSnapshot();
        if (head == null || total.bytes() == 0) {
            return FIRST_GUESS;
        }
        long files = Long.parseLong(head.summary().getOrDefault(SnapshotSummary.TOTAL_FILE_SIZE_PROP, "0"));
        long rows = Long.parseLong(head.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
        // Small files are mostly footers and say little about large ones.
        if (rows == 0 || files < 1 << 20) {
            return FIRST_GUESS;
        }
        return (double) files / rows * total.rows() / total.bytes();
    }

    /** One row of slots. Each of its tasks makes a file of each of its partitions, so the smallest one sets the limit. */
    private record Row(long bytes, int partitions, int wanted, int limit) {
        static Row of(Volume volume, double fileBytesPerByte) {
            int files = (int) (CAUTION * volume.bytes() * fileBytesPerByte / FILE_BYTES) + 2;
            // So many rows make no more files, however many tasks there are.
            int limit = volume.rows() <= 2 ? Integer.MAX_VALUE : files;
            return new Row(volume.bytes(), 1, volume.bytes() < WORTH_SHARING ? 1 : files, limit);
        }

        Row plus(Row other) {
            return new Row(
                    bytes + other.bytes,
                    partitions + other.partitions,
                    Math.max(wanted, other.wanted),
                    Math.min(limit, other.limit));
        }

        int tasks() {
            return Math.min(wanted, limit);
        }
    }

    private static List<int[]> divide(Slots slots, int row, int tasks) {
        List<int[]> groups = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            int from = (int) ((long) slots.columns() * task / tasks);
            int to = (int) ((long) slots.columns() * (task + 1) / tasks);
            int[] group = new int[to - from];
            for (int column = from; column < to; column++) {
                group[column - from] = slots.slot(row, column);
            }
            groups.add(group);
        }
        return groups;
    }
}
