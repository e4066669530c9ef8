package dev.eightbells.batch;

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
 */
public record Stopped(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Instant finished,
        Step step,
        String sentence)
        implements Serializable {
    public static Stopped of(Attempt attempt, Instant finished, Step step, String sentence) {
        return new Stopped(
                LedgerJson.VERSION,
                attempt.pipeline(),
                attempt.batch(),
                attempt.number(),
                attempt.attempt(),
                finished,
                step,
                sentence);
    }
}
