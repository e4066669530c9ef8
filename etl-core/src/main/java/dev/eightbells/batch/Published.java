package dev.eightbells.batch;

import java.io.Serializable;
import java.time.Instant;

/**
 * That a batch's events are visible, for ever.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param attempt which attempt wrote this
 * @param finished when
 * @param snapshot the commit on the table's main line
 * @param parent the commit before it; null when it is the table's first
 */
public record Published(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Instant finished,
        long snapshot,
        Long parent)
        implements Serializable {
    public static Published of(Attempt attempt, Instant finished, long snapshot, Long parent) {
        return new Published(
                LedgerJson.VERSION,
                attempt.pipeline(),
                attempt.batch(),
                attempt.number(),
                attempt.attempt(),
                finished,
                snapshot,
                parent);
    }
}
