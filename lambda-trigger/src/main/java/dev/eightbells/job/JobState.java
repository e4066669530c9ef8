package dev.eightbells.job;

/**
 * How a job goes, as its service tells it.
 *
 * @param phase in one word
 * @param said the service's own words: its state, and where it has them the reason, the failure's message and its log; never
 *     null
 */
public record JobState(Phase phase, String said) {

    /** Where a job is on its way. */
    public enum Phase {
        /** It has not begun. */
        WAITING,
        RUNNING,
        SUCCEEDED,
        /** It ended otherwise: failed, was cancelled or interrupted, or its cluster is gone. */
        FAILED,
        /** The service does not know it, which may be the wrong one: of another account or region. */
        GONE;

        public boolean isEnded() {
            return this == SUCCEEDED || this == FAILED || this == GONE;
        }
    }
}
