package dev.eightbells.quality;

import dev.eightbells.batch.BatchId;
import java.util.List;

/**
 * One metric of an evaluation; an evaluation without metrics has one row without.
 *
 * @param metric its name; null when the evaluation has none
 * @param value its value; null when there is no metric
 */
record EvaluationRow(BatchId batch, int number, int attempt, Judgement judgement, String metric, Double value) {
    static List<EvaluationRow> of(Evaluation evaluation) {
        if (evaluation.metrics().isEmpty()) {
            return List.of(row(evaluation, null, null));
        }
        return evaluation.metrics().entrySet().stream()
                .map(metric -> row(evaluation, metric.getKey(), metric.getValue()))
                .toList();
    }

    private static EvaluationRow row(Evaluation evaluation, String metric, Double value) {
        return new EvaluationRow(
                evaluation.batch(), evaluation.number(), evaluation.attempt(), evaluation.judgement(), metric, value);
    }

    boolean isOf(Evaluation evaluation) {
        return batch.equals(evaluation.batch()) && attempt == evaluation.attempt();
    }
}
