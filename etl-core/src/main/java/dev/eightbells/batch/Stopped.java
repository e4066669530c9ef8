package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.time.Instant;

/**
 * That a batch waits for a person's decision.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param attempt which attempt was stopped
 * @param finished when
 * @param step the step that stopped it
 * @param sentence why, as it was told; told again whenever the batch is run
 * @param report where the verdicts of all rules lie; null when no rule stopped it
 */
public record Stopped(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Instant finished,
        Step step,
        String sentence,
        @JsonInclude(JsonInclude.Include.NON_NULL) String report)
        implements Serializable {
    /** By a step that judges no rules. */
    public static Stopped of(Attempt attempt, Instant finished, Step step, String sentence) {
        return stopped(attempt, finished, step, sentence, null);
    }

    /** By the rules. */
    public static Stopped byRules(Attempt attempt, Instant finished, String sentence, String report) {
        return stopped(attempt, finished, Step.VALIDATE, sentence, report);
    }

    private static Stopped stopped(Attempt attempt, Instant finished, Step step, String sentence, String report) {
        return new Stopped(
                LedgerJson.VERSION,
                attempt.pipeline(),
                attempt.batch(),
                attempt.number(),
                attempt.attempt(),
                finished,
                step,
                sentence,
                report);
    }
}
