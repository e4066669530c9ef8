package dev.eightbells.write;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * The memory of one core of the cluster, and what of it is whose.
 *
 * @param bytes all of it
 */
public record CoreMemory(long bytes) {
    private static final long SMALLEST_SLOT = 8L << 20;
    private static final long LARGEST_SLOT = 128L << 20;

    public static CoreMemory of(JavaSparkContext context) {
        if (context.sc().isLocal()) {
            return new CoreMemory(Runtime.getRuntime().maxMemory() / context.defaultParallelism());
        }
        return new CoreMemory(context.getConf().getSizeAsBytes("spark.executor.memory", "1g")
                / context.getConf().getInt("spark.executor.cores", 1));
    }

    /** How many bytes of rows a slot may have, all of which are in memory at a time. */
    public long forSlot() {
        return Math.max(SMALLEST_SLOT, Math.min(LARGEST_SLOT, bytes / 24));
    }

    /** What the open files of a task may take. */
    public long forFiles() {
        return bytes / 4;
    }
}
