package dev.eightbells.session;

import dev.eightbells.table.Reach;
import dev.eightbells.write.Shuffle;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/**
 * The first task: events in, slotted by their visitors; those that touch each other and come close to each other are
 * merged already, since any order is right. At the end a report.
 */
final class CombineStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final VisitorSlots slots;
    private final long bytes;

    /**
     * @param bytes how many bytes of rows are gathered before they are sent on
     */
    CombineStage(SessionShape shape, VisitorSlots slots, long bytes) {
        this.shape = shape;
        this.slots = slots;
        this.bytes = bytes;
    }

    /**
     * What one task found.
     *
     * @param hours the hours since 1970 in which it has events
     * @param events those that have a visitor and a time
     * @param withoutVisitor those that have none
     * @param withoutTime those that have a visitor and no time
     */
    record Report(Set<Long> hours, long events, long withoutVisitor, long withoutTime) implements Serializable {
        static final Report NONE = new Report(Set.of(), 0, 0, 0);

        Report plus(Report other) {
            Set<Long> all = new HashSet<>(hours);
            all.addAll(other.hours);
            return new Report(
                    all, events + other.events, withoutVisitor + other.withoutVisitor, withoutTime + other.withoutTime);
        }
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<InternalRow> events) {
        return new Combining(events);
    }

    private final class Combining extends Relay<InternalRow> {
        private final SessionRows rows = new SessionRows(shape);
        private final SessionAlgebra algebra = shape.algebra();
        private final Map<Object, List<Session>> gathered = new HashMap<>();
        private final Set<Long> hours = new HashSet<>();
        private long gatheredBytes;
        private long lastHour = Long.MIN_VALUE;
        private long events;
        private long withoutVisitor;
        private long withoutTime;

        Combining(Iterator<InternalRow> events) {
            super(events);
        }

        @Override
        void take(InternalRow row) {
            if (row.isNullAt(SessionShape.VISITOR)) {
                withoutVisitor++;
                return;
            }
            if (row.isNullAt(SessionShape.START)) {
                withoutTime++;
                return;
            }
            events++;
            Session event = rows.session(row);
            noteHour(Math.floorDiv(event.start, Reach.HOUR));
            gather(rows.visitor(row), event);
            gatheredBytes += ((UnsafeRow) row).getSizeInBytes();
            if (gatheredBytes > bytes) {
                sendGathered();
            }
        }

        private void noteHour(long hour) {
            if (hour != lastHour) {
                hours.add(hour);
                lastHour = hour;
            }
        }

        private void gather(Object visitor, Session event) {
            List<Session> sessions = gathered.computeIfAbsent(visitor, any -> new ArrayList<>(1));
            int last = sessions.size() - 1;
            if (last >= 0 && algebra.touch(sessions.get(last), event)) {
                sessions.set(last, algebra.merge(sessions.get(last), event));
            } else {
                sessions.add(event);
            }
        }

        private void sendGathered() {
            gathered.forEach((visitor, sessions) -> {
                int slot = slots.slotOf(visitor);
                for (Session session : algebra.mergeAll(sessions)) {
                    send(new Tuple2<>(slot, rows.row(visitor, session).getBytes()));
                }
            });
            gathered.clear();
            gatheredBytes = 0;
        }

        @Override
        void end() {
            sendGathered();
            send(Shuffle.report(new Report(hours, events, withoutVisitor, withoutTime)));
        }
    }
}
