package dev.eightbells.session;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What sessions of one visitor are: two of them that touch are one. Merging is associative and commutative, so sessions
 * may be made of events in any order and in any groups: of a task, of a batch, of all batches before.
 */
final class SessionAlgebra implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long gap;
    private final Comparator<Object> keys;
    private final Aggregate[] aggregates;

    /**
     * @param gap how far apart two events of a session may follow each other, in microseconds; exactly this far still is
     *     one session
     * @param keys the order of the events' keys; not asked in a table without a key
     * @param aggregates one for each value of a session
     */
    SessionAlgebra(long gap, Comparator<Object> keys, List<Aggregate> aggregates) {
        this.gap = gap;
        this.keys = keys;
        this.aggregates = aggregates.toArray(Aggregate[]::new);
    }

    /** Whether two sessions are one, because no more than the gap lies between them. */
    boolean touch(Session one, Session other) {
        return isWithinGap(one.end, other.start) && isWithinGap(other.end, one.start);
    }

    private boolean isWithinGap(long end, long start) {
        long between = start - end;
        // Where the distance overflows, it is negative although the start lies behind the end.
        return start <= end || (between >= 0 && between <= gap);
    }

    /** The session that two sessions are together. That they touch is the caller's to know. */
    Session merge(Session one, Session other) {
        int earlier = thenByKey(Long.compare(one.start, other.start), one.firstKey, other.firstKey);
        int later = thenByKey(Long.compare(other.end, one.end), one.lastKey, other.lastKey);
        Object[] values = new Object[aggregates.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = aggregates[i].merge(one.values[i], other.values[i], earlier, later);
        }
        return new Session(
                Math.min(one.start, other.start),
                Math.max(one.end, other.end),
                one.events + other.events,
                earlier <= 0 ? one.firstKey : other.firstKey,
                later <= 0 ? one.lastKey : other.lastKey,
                values);
    }

    private int thenByKey(int byTime, Object key, Object otherKey) {
        return byTime != 0 || key == null || otherKey == null ? byTime : keys.compare(key, otherKey);
    }

    /** Merges until nothing touches; returns what is left in the order of time. */
    List<Session> mergeAll(Collection<Session> sessions) {
        List<Session> byStart = new ArrayList<>(sessions);
        byStart.sort(Comparator.comparingLong(session -> session.start));
        List<Session> left = new ArrayList<>();
        for (Session next : byStart) {
            int last = left.size() - 1;
            if (last >= 0 && touch(left.get(last), next)) {
                left.set(last, merge(left.get(last), next));
            } else {
                left.add(next);
            }
        }
        return left;
    }
}
