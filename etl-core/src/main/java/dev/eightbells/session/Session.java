package dev.eightbells.session;

import java.util.Arrays;
import java.util.Objects;

/**
 * What is kept of some events of one visitor, of which {@link SessionAlgebra} says how two become one. Nothing changes
 * it, as long as nobody changes the array of values.
 */
final class Session {
    /** When the earliest event happened, in microseconds since 1970. */
    final long start;

    /** When the latest event happened. */
    final long end;

    final long events;

    /** The smallest key of the earliest events; null in a table without a key. */
    final Object firstKey;

    /** The smallest key of the latest events; null in a table without a key. */
    final Object lastKey;

    /** One for each aggregate; null where it has none. */
    final Object[] values;

    Session(long start, long end, long events, Object firstKey, Object lastKey, Object[] values) {
        this.start = start;
        this.end = end;
        this.events = events;
        this.firstKey = firstKey;
        this.lastKey = lastKey;
        this.values = values;
    }

    /** An event is a session of length zero. */
    static Session ofEvent(long time, Object key, Object... values) {
        return new Session(time, time, 1, key, key, values);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Session other
                && start == other.start
                && end == other.end
                && events == other.events
                && Objects.equals(firstKey, other.firstKey)
                && Objects.equals(lastKey, other.lastKey)
                && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end, events, firstKey, lastKey, Arrays.hashCode(values));
    }

    @Override
    public String toString() {
        return "[" + start + ", " + end + "] of " + events + " from " + firstKey + " to " + lastKey + " "
                + Arrays.toString(values);
    }
}
