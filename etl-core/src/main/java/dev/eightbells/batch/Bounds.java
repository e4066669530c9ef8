package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.time.Instant;

/**
 * The folders that a listing went through, as a stretch of time.
 *
 * @param from where the first folder begins; null when the listing began with the first key there is
 * @param to where the last folder ends; null when the listing ended with the last key there is
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Bounds(Instant from, Instant to) implements Serializable {
    /** Every key there is. */
    public static final Bounds EVERYTHING = new Bounds(null, null);

    /** Whether no folder lies in these bounds. */
    boolean isEmpty() {
        return from != null && to != null && !from.isBefore(to);
    }

    /** Whether these bounds hold every folder of the others. */
    boolean covers(Bounds other) {
        boolean beginsInTime = from == null || (other.from != null && !from.isAfter(other.from));
        boolean endsInTime = to == null || (other.to != null && !to.isBefore(other.to));
        return beginsInTime && endsInTime;
    }

    /** The smallest bounds that hold every folder of both. */
    Bounds hull(Bounds other) {
        return new Bounds(earlier(from, other.from), later(to, other.to));
    }

    /** The earlier of two beginnings, of which null is the earliest; the first of equal ones. */
    static Instant earlier(Instant one, Instant other) {
        if (one == null || other == null) {
            return null;
        }
        return other.isBefore(one) ? other : one;
    }

    /** The later of two ends, of which null is the latest. */
    static Instant later(Instant one, Instant other) {
        if (one == null || other == null) {
            return null;
        }
        return other.isAfter(one) ? other : one;
    }

    @Override
    public String toString() {
        return (from == null ? "the beginning" : from) + " to " + (to == null ? "the end" : to);
    }
}
