package dev.eightbells.session;

import dev.eightbells.table.Partitioning;
import dev.eightbells.write.Shuffle;
import dev.eightbells.write.Slots;
import dev.eightbells.write.Volume;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * The second task: all sessions of some visitors in, by visitor and start; those that are left when nothing touches any
 * more out, slotted by the day of their start. At the end a report.
 */
final class MergeStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final Partitioning days;
    private final Slots slots;

    MergeStage(SessionShape shape, Partitioning days, Slots slots) {
        this.shape = shape;
        this.days = days;
        this.slots = slots;
    }

    /**
     * What one task made.
     *
     * @param days by day, how much there is of sessions
     * @param touched the days on which something changed
     * @param created the sessions of new events alone
     * @param extended the stored sessions that new events became part of
     * @param bridged the sessions of several stored ones that new events connect
     */
    record Report(Map<Integer, Volume> days, Set<Integer> touched, long created, long extended, long bridged)
            implements Serializable {
        static final Report NONE = new Report(Map.of(), Set.of(), 0, 0, 0);

        Report plus(Report other) {
            Map<Integer, Volume> allDays = new HashMap<>(days);
            other.days.forEach((day, volume) -> allDays.merge(day, volume, Volume::plus));
            Set<Integer> allTouched = new HashSet<>(touched);
            allTouched.addAll(other.touched);
            return new Report(
                    allDays, allTouched, created + other.created, extended + other.extended, bridged + other.bridged);
        }
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<InternalRow> sessions) {
        return new Merging(sessions);
    }

    private final class Merging extends Relay<InternalRow> {
        private final SessionRows rows = new SessionRows(shape);
        private final SessionAlgebra algebra = shape.algebra();
        private final Map<Integer, Volume> volumes = new HashMap<>();
        private final Set<Integer> touched = new HashSet<>();
        private long created;
        private long extended;
        private long bridged;

        private Object visitor;
        private Session session;
        private boolean hasNewEvents;
        private long stored;
        private final Set<Integer> storedDays = new HashSet<>();

        Merging(Iterator<InternalRow> sessions) {
            super(sessions);
        }

        @Override
        void take(InternalRow row) {
            Object nextVisitor = rows.visitor(row);
            Session next = rows.session(row);
            if (session != null && nextVisitor.equals(visitor) && algebra.touch(session, next)) {
                session = algebra.merge(session, next);
            } else {
                finish();
                visitor = nextVisitor;
                session = next;
            }
            if (row.getBoolean(shape.stored())) {
                stored++;
                storedDays.add(days.partitionOf(next.start));
            } else {
                hasNewEvents = true;
            }
        }

        private void finish() {
            if (session == null) {
                return;
            }
            int day = days.partitionOf(session.start);
            byte[] bytes = rows.row(visitor, session).getBytes();
            volumes.merge(day, new Volume(1, bytes.length), Volume::plus);
            if (hasNewEvents) {
                touched.add(day);
                touched.addAll(storedDays);
                count();
            }
            send(new Tuple2<>(slots.slotOf(day, visitor.hashCode()), bytes));
            hasNewEvents = false;
            stored = 0;
            storedDays.clear();
        }

        private void count() {
            if (stored == 0) {
                created++;
            } else if (stored == 1) {
                extended++;
            } else {
                bridged++;
            }
        }

        @Override
        void end() {
            finish();
            send(Shuffle.report(new Report(volumes, touched, created, extended, bridged)));
        }
    }
}
