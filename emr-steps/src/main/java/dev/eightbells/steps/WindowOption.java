package dev.eightbells.steps;

import java.time.Clock;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The options that say for which window to plan, and from where. */
public final class WindowOption {
    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            converter = InstantConverter.class,
            description = "Work for the newest window that ended at or before this; by default now.")
    private Instant at;

    @Option(
            names = "--from",
            paramLabel = "INSTANT",
            converter = InstantConverter.class,
            description = "Reach back to this instant, for a backfill.")
    private Instant from;

    /** For which instant to plan; now when nobody said. */
    public Instant at(Clock clock) {
        return at == null ? clock.instant() : at;
    }

    boolean isGiven() {
        return at != null || from != null;
    }

    /** Null when nobody asked to reach back. */
    public Instant from() {
        return from;
    }
}
