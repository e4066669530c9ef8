package dev.eightbells.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history that lives as long as its process; as a {@link MetricHistory}, that of all batches. */
public final class MemoryHistory implements QualityHistory, MetricHistory {
    private final List<Evaluation> evaluations = new ArrayList<>();

    @Override
    public synchronized void append(Evaluation evaluation) {
        boolean isThere = evaluations.stream()
                .anyMatch(other -> other.batch().equals(evaluation.batch()) && other.attempt() == evaluation.attempt());
        if (!isThere) {
            evaluations.add(evaluation);
        }
    }

    @Override
    public MetricHistory before(int number) {
        return baselinesBefore(number)::newest;
    }

    @Override
    public Map<String, List<Double>> newest(Set<String> metrics, int batches) {
        return baselinesBefore(Integer.MAX_VALUE).newest(metrics, batches);
    }

    private synchronized Baselines baselinesBefore(int number) {
        Baselines baselines = new Baselines();
        evaluations.stream()
                .filter(evaluation -> evaluation.number() < number)
                .flatMap(evaluation -> EvaluationRow.of(evaluation).stream())
                .forEach(baselines::add);
        return baselines;
    }
}
