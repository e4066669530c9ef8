package dev.eightbells.quality;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The batches that a later one is compared with, each by its newest attempt that counts. Rows may come in any order, and
 * more than once.
 */
final class Baselines {
    /** How far back is looked for a metric that few batches have: fifty days of four-hour windows. */
    static final int FARTHEST = 300;

    private final NavigableMap<Integer, Baseline> newestFirst = new TreeMap<>(Comparator.reverseOrder());

    private record Baseline(int attempt, Map<String, Double> metrics) {}

    void add(EvaluationRow row) {
        if (!row.judgement().isBaseline() || BatchKind.of(row.batch()) != BatchKind.REGULAR) {
            return;
        }
        Baseline baseline = newestFirst.get(row.number());
        if (baseline == null || baseline.attempt() < row.attempt()) {
            baseline = new Baseline(row.attempt(), new HashMap<>());
            newestFirst.put(row.number(), baseline);
        }
        if (baseline.attempt() == row.attempt() && row.metric() != null && row.value() != null) {
            baseline.metrics().put(row.metric(), row.value());
        }
    }

    /** Whether rows of batches up to a number can change nothing any more in what {@link #newest} answers. */
    boolean areEnough(Set<String> metrics, int batches, int unread) {
        Collection<Baseline> settled = newestFirst.headMap(unread, false).values();
        return settled.size() >= reach(batches)
                || metrics.stream()
                        .allMatch(metric -> settled.stream()
                                        .filter(baseline -> baseline.metrics().containsKey(metric))
                                        .limit(batches)
                                        .count()
                                >= batches);
    }

    /** The values as {@link MetricHistory#newest} gives them. */
    Map<String, List<Double>> newest(Set<String> metrics, int batches) {
        Map<String, List<Double>> values = new HashMap<>();
        for (String metric : metrics) {
            List<Double> found = newestFirst.values().stream()
                    .limit(reach(batches))
                    .filter(baseline -> baseline.metrics().containsKey(metric))
                    .limit(batches)
                    .map(baseline -> baseline.metrics().get(metric))
                    .toList();
            if (!found.isEmpty()) {
                values.put(metric, found);
            }
        }
        return values;
    }

    private static int reach(int batches) {
        return Math.max(batches, FARTHEST);
    }
}
