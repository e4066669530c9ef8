package dev.eightbells.session;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Comparator;

/**
 * How one column's values of two sessions become that of both. Each way is associative and commutative to the last bit,
 * which is why there is no sum of doubles.
 */
sealed interface Aggregate extends Serializable {

    /**
     * The value of both together; null where neither has one.
     *
     * @param earlier negative when the first session begins with the earlier event, positive when the second one does, 0
     *     when both begin with the same
     * @param later negative when the first session ends with the later event, positive when the second one does, 0 when
     *     both end with the same
     */
    Object merge(Object one, Object other, int earlier, int later);

    /** The sum of {@code Long}s or {@code BigDecimal}s; null is nothing. */
    record Sum() implements Aggregate {
        @Override
        public Object merge(Object one, Object other, int earlier, int later) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one instanceof Long whole
                    ? (Object) Math.addExact(whole, (Long) other)
                    : ((BigDecimal) one).add((BigDecimal) other);
        }
    }

    /** The least value; null is none. */
    record Least(Comparator<Object> order) implements Aggregate {
        @Override
        public Object merge(Object one, Object other, int earlier, int later) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return order.compare(one, other) <= 0 ? one : other;
        }
    }

    /** The greatest value; null is none. */
    record Greatest(Comparator<Object> order) implements Aggregate {
        @Override
        public Object merge(Object one, Object other, int earlier, int later) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return order.compare(one, other) >= 0 ? one : other;
        }
    }

    /** The value at the earliest event; null is a value, the smallest. */
    record First(Comparator<Object> order) implements Aggregate {
        @Override
        public Object merge(Object one, Object other, int earlier, int later) {
            return choose(one, other, earlier, order);
        }
    }

    /** The value at the latest event; null is a value, the smallest. */
    record Last(Comparator<Object> order) implements Aggregate {
        @Override
        public Object merge(Object one, Object other, int earlier, int later) {
            return choose(one, other, later, order);
        }
    }

    private static Object choose(Object one, Object other, int preference, Comparator<Object> order) {
        if (preference != 0) {
            return preference < 0 ? one : other;
        }
        if (one == null || other == null) {
            return null;
        }
        return order.compare(one, other) <= 0 ? one : other;
    }
}
