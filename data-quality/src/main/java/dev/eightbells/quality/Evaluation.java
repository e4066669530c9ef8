package dev.eightbells.quality;

import dev.eightbells.batch.BatchId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an attempt at a batch measured, and what was made of it.
 *
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of its manifest, from 1
 * @param attempt the number of the attempt, from 1
 * @param judgement what became of the batch
 * @param evaluated when its rules were evaluated; kept to the microsecond
 * @param metrics the finite values of metrics by their names, e.g. {@code Dataset.*.RowCount}; a metric that has no value
 *     is not in it
 */
public record Evaluation(
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Judgement judgement,
        Instant evaluated,
        Map<String, Double> metrics) {
    public Evaluation {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(batch, "batch");
        Objects.requireNonNull(judgement, "judgement");
        Objects.requireNonNull(evaluated, "evaluated");
        if (number < 1) {
            throw new IllegalArgumentException("Invalid manifest number: " + number + " (at least 1).");
        }
        if (attempt < 1) {
            throw new IllegalArgumentException("Invalid attempt: " + attempt + " (at least 1).");
        }
        metrics.forEach((metric, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("Invalid value of metric " + metric + ": " + value
                        + " (a finite number; a metric without a value is left out).");
            }
        });
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
}
