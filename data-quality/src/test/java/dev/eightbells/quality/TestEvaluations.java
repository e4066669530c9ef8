package dev.eightbells.quality;

import dev.eightbells.batch.BatchId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Evaluations for tests. */
final class TestEvaluations {
    static final String ROWS = "Dataset.*.RowCount";
    static final Instant AT = Instant.parse("2026-11-22T08:20:00.123456Z");

    private TestEvaluations() {}

    /** Of the regular batch with this number, one every four hours. */
    static Evaluation evaluation(int number, int attempt, Judgement judgement, Map<String, Double> metrics) {
        Instant end = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(4L * number));
        return new Evaluation(
                "shop", new BatchId(end, 1, BatchId.Kind.OBJECTS), number, attempt, judgement, AT, metrics);
    }

    static Evaluation passed(int number, double rows) {
        return evaluation(number, 1, Judgement.PASSED, Map.of(ROWS, rows));
    }
}
