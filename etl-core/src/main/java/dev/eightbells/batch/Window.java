package dev.eightbells.batch;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time that one batch works for.
 *
 * @param start the first instant in it
 * @param end the first instant after it
 */
public record Window(Instant start, Instant end) implements Serializable {
    public Window {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("Invalid window: " + start + " to " + end + " (it has no length).");
        }
    }

    /**
     * The newest window that ended at or before an instant.
     *
     * @param at the instant
     * @param length the windows' length, whole minutes that divide 24 hours; windows start at 00:00 UTC
     */
    public static Window newestEndedBy(Instant at, Duration length) {
        long minutes = length.toMinutes();
        boolean isWhole = length.equals(Duration.ofMinutes(minutes));
        if (minutes <= 0 || !isWhole || Duration.ofDays(1).toMinutes() % minutes != 0) {
            throw new IllegalArgumentException(
                    "Invalid window: " + length + " (not whole minutes that divide 24 hours).");
        }
        long seconds = length.toSeconds();
        Instant end = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
        return new Window(end.minus(length), end);
    }

    @Override
    public String toString() {
        return start + " to " + end;
    }
}
