package dev.eightbells.quality;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was measured in earlier batches. */
@FunctionalInterface
public interface MetricHistory {
    /**
     * The values that metrics had in earlier batches: for each metric those of the newest batches that have it, the newest
     * first.
     *
     * @param metrics their names
     * @param batches from how many batches at most
     * @return the values of each metric; metrics without any may be absent
     */
    Map<String, List<Double>> newest(Set<String> metrics, int batches);

    /** No history. */
    static MetricHistory none() {
        return (metrics, batches) -> Map.of();
    }
}
