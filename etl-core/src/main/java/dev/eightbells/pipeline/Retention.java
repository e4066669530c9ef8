package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.Duration;

/**
 * How old what the pipeline has made may become. Null means for ever.
 *
 * @param events rows of the events table, by the column that they are partitioned by
 * @param sessions sessions, by the day on which they started
 * @param quarantine quarantined records, since they were written
 * @param metrics what came of the rules: the history table and the batches' reports
 */
public record Retention(Duration events, Duration sessions, Duration quarantine, Duration metrics)
        implements Serializable {
    /** Nothing is deleted before it is as old as this, whatever the file says. */
    public static final Duration SHORTEST = Duration.ofDays(1);

    /** What holds when the file does not say: only quarantine ages. */
    public static final Retention USUAL = new Retention(null, null, Duration.ofDays(30), null);
}
