package dev.eightbells.job;

import java.time.Duration;
import java.time.Instant;

/** EMR's clock, which need not agree with ours. */
final class EmrClock {
    private static final Duration SKEW = Duration.ofMinutes(5);

    private EmrClock() {}

    /** A time by EMR's clock that is not after this one by ours. */
    static Instant before(Instant ours) {
        return ours.minus(SKEW);
    }
}
