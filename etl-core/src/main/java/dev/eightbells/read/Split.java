package dev.eightbells.read;

import java.io.Serializable;

/**
 * A part of a plain object: the records that begin between the first line start at or after {@code start} and the first
 * clean boundary at or after {@code end}. A gzip object has only {@link #whole()}.
 *
 * @param start the first byte
 * @param end the byte after the last
 */
public record Split(long start, long end) implements Serializable {
    public Split {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("Invalid split: [" + start + ", " + end + ") (0 <= start <= end)");
        }
    }

    /** Everything. */
    public static Split whole() {
        return new Split(0, Long.MAX_VALUE);
    }
}
