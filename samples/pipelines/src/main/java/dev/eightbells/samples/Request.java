package dev.eightbells.samples;

import dev.eightbells.Failure;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is to be generated, checked. Everything happens and is delivered in {@code [from, from + hours)}. */
record Request(Path out, Instant from, int hours, long events, long seed) {
    static final long SECOND = 1_000_000L;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    Request {
        if (hours < 1) {
            throw Failure.input("Cannot generate " + hours + " hours of data: ask for 1 or more.");
        }
        if (events < 1) {
            throw Failure.input("Cannot generate " + events + " events: ask for 1 or more.");
        }
        if (from.isBefore(FIRST) || from.isAfter(END.minus(hours, ChronoUnit.HOURS))) {
            throw Failure.input("Cannot generate " + hours + " hours from " + from
                    + ": folders have room for the years 0001 to 9999. Choose an instant within them.");
        }
    }

    /** Microseconds since 1970. */
    long start() {
        return micros(from);
    }

    /** Microseconds since 1970; nothing is delivered at or after it. */
    long end() {
        return start() + hours * HOUR;
    }

    /** Microseconds since 1970; {@link ChronoUnit#MICROS} overflows 292 years from there. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano() / 1000);
    }
}
