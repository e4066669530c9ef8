package dev.eightbells.warehouse;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often something is tried again, and how long is waited before: twice as long each time, and never as long as
 * somebody else who waits.
 *
 * @param attempts how often in all; at least 1
 * @param first how long at most before the second attempt
 * @param longest how long at most before any
 * @param answer how long at most any answer may take; null for as long as it takes, once nobody else loads
 * @param lock how long at most is waited while somebody else loads, or for an answer about what is there
 */
public record Patience(int attempts, Duration first, Duration longest, Duration answer, Duration lock) {
    /** As much as a step of a pipeline has. */
    public static final Patience USUAL =
            new Patience(8, Duration.ofMillis(500), Duration.ofSeconds(30), null, Duration.ofMinutes(15));

    private static final int MOST_DOUBLINGS = 20;

    /** Waits after an attempt, counted from 1. */
    void pause(int attempt) {
        long doubled = first.toMillis() << Math.min(attempt - 1, MOST_DOUBLINGS);
        long most = Math.min(longest.toMillis(), doubled);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the warehouse", e);
        }
    }
}
