package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long the tables' past is kept, and how often they are taken care of.
 *
 * @param keep how long old snapshots stay readable
 * @param every after how many batches care is taken without being asked for; 0 means never
 */
public record Care(Duration keep, int every) implements Serializable {
    /** What holds when the file does not say: a week of snapshots; with windows of four hours, care once a day. */
    public static final Care USUAL = new Care(Duration.ofDays(7), 6);

    /** Whether care is due after the batch with this number. */
    public boolean isDueAfter(long number) {
        return every > 0 && number % every == 0;
    }
}
