package dev.eightbells.job;

import java.util.List;

/**
 * What a batch of some size is given. The services add executors as there is work for them and take them away again, so
 * the numbers are bounds.
 *
 * @param below the size of the batches that get this, in bytes of raw objects as they are stored
 * @param executors the most executors
 * @param executorCores the cores of each, one of those that EMR Serverless has
 * @param executorMemory the heap of each, in GB
 * @param driverCores the driver's cores, one of those that EMR Serverless has
 * @param driverMemory the driver's heap, in GB
 * @param coreUnits how many units of 4 vCPUs a batch's own cluster has on demand, beside its primary
 * @param units how many units of 4 vCPUs such a cluster grows to, those on demand included
 */
record Sizing(
        long below,
        int executors,
        int executorCores,
        int executorMemory,
        int driverCores,
        int driverMemory,
        int coreUnits,
        int units) {
    private static final long GB = 1L << 30;

    /**
     * By size, from small to large. An executor fits a unit: its heap and a fifth more are below what YARN has there. EMR
     * Serverless begins with three executors, so nothing gets fewer.
     */
    static final List<Sizing> TABLE = List.of(
            new Sizing(GB, 4, 4, 8, 2, 4, 2, 5),
            new Sizing(10 * GB, 8, 4, 8, 2, 4, 2, 9),
            new Sizing(100 * GB, 32, 4, 8, 4, 8, 4, 33),
            new Sizing(1024 * GB, 128, 4, 8, 4, 8, 8, 129),
            new Sizing(Long.MAX_VALUE, 400, 4, 8, 4, 8, 16, 401));

    /** What a batch gets whose raw objects have this many bytes. */
    static Sizing of(long bytes) {
        return TABLE.stream().filter(sizing -> bytes < sizing.below).findFirst().orElse(TABLE.get(TABLE.size() - 1));
    }
}
