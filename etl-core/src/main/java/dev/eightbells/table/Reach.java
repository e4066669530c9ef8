package dev.eightbells.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The times in which a stored session can touch a batch's events: around the hours in which there are events, and not
 * between them, as far as they lie apart. In microseconds since 1970, both ends included.
 */
public final class Reach implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How long an hour is. */
    public static final long HOUR = 3_600_000_000L;

    /** An expression over more ranges than these costs more than it spares. */
    private static final int MOST_RANGES = 500;

    private final List<Range> ranges;

    private Reach(List<Range> ranges) {
        this.ranges = ranges;
    }

    private record Range(long from, long to) implements Serializable {}

    /**
     * The reach of events in these hours.
     *
     * @param hours counted from 1970
     * @param gap in microseconds
     */
    public static Reach of(Collection<Long> hours, long gap) {
        List<Range> ranges = new ArrayList<>();
        for (long hour : new TreeSet<>(hours)) {
            Range next = new Range(hour * HOUR - gap, (hour + 1) * HOUR - 1 + gap);
            Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && next.from() <= last.to()) {
                ranges.set(ranges.size() - 1, new Range(last.from(), next.to()));
            } else {
                ranges.add(next);
            }
        }
        return new Reach(List.copyOf(joined(ranges)));
    }

    /** The same, or too much where there are too many ranges: those that lie nearest to each other become one. */
    private static List<Range> joined(List<Range> ranges) {
        if (ranges.size() <= MOST_RANGES) {
            return ranges;
        }
        Set<Integer> kept = new HashSet<>(IntStream.range(1, ranges.size())
                .boxed()
                .sorted(Comparator.comparingLong(
                        i -> ranges.get(i - 1).to() - ranges.get(i).from()))
                .limit(MOST_RANGES - 1)
                .toList());
        List<Range> joined = new ArrayList<>();
        long from = ranges.get(0).from();
        for (int i = 1; i < ranges.size(); i++) {
            if (kept.contains(i)) {
                joined.add(new Range(from, ranges.get(i - 1).to()));
                from = ranges.get(i).from();
            }
        }
        joined.add(new Range(from, ranges.get(ranges.size() - 1).to()));
        return joined;
    }

    /** Whether nothing is in reach. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether something that lasts from one time to another can lie in reach. */
    public boolean meets(long start, long end) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).to() < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < ranges.size() && ranges.get(low).from() <= end;
    }

    /** The same of rows with a time in this column. */
    public Expression holds(String time) {
        return meets(time, time);
    }

    /** The same of rows with these two columns. */
    Expression meets(String start, String end) {
        return Partitioning.anyOf(
                ranges.stream().map(range -> meets(start, end, range)).toList());
    }

    /** The same, with all between the first and the last. */
    Expression mayMeet(String start, String end) {
        return meets(
                start,
                end,
                new Range(ranges.get(0).from(), ranges.get(ranges.size() - 1).to()));
    }

    private static Expression meets(String start, String end, Range range) {
        return Expressions.and(
                Expressions.lessThanOrEqual(start, range.to()), Expressions.greaterThanOrEqual(end, range.from()));
    }
}
