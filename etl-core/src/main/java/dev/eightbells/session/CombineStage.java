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
 * The first task: events in, slotted by their visitors, and at the end a report. Events of a session that come close to
 * each other are merged on the way, since any order is right; as long as that makes them much fewer.
 */
final class CombineStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    /** Where more than this share of the rows is left, merging them here costs more than sending them. */
    private static final double WORTHWHILE = 0.5;

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
        /** What all tasks found together. */
        static Report all(List<Report> reports) {
            Set<Long> hours = new HashSet<>();
            reports.forEach(report -> hours.addAll(report.hours));
            return new Report(
                    hours,
                    reports.stream().mapToLong(Report::events).sum(),
                    reports.stream().mapToLong(Report::withoutVisitor).sum(),
                    reports.stream().mapToLong(Report::withoutTime).sum());
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
        private boolean gathers = true;
        private long gatheredRows;
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
            noteHour(Math.floorDiv(row.getLong(SessionShape.START), Reach.HOUR));
            if (gathers) {
                gather((UnsafeRow) row.copy());
            } else {
                send(new Tuple2<>(slots.slotOf(rows.visitor(row)), Engine.bytes((UnsafeRow) row)));
            }
        }

        private void noteHour(long hour) {
            if (hour != lastHour) {
                hours.add(hour);
                lastHour = hour;
            }
        }

        private void gather(UnsafeRow row) {
            Session event = rows.session(row);
            List<Session> sessions = gathered.computeIfAbsent(rows.visitor(row), any -> new ArrayList<>(1));
            int last = sessions.size() - 1;
            if (last >= 0 && algebra.touch(sessions.get(last), event)) {
                sessions.set(last, algebra.merge(sessions.get(last), event));
            } else {
                sessions.add(event);
            }
            gatheredRows++;
            gatheredBytes += row.getSizeInBytes();
            if (gatheredBytes > bytes) {
                long sent = sendGathered();
                gathers = sent <= WORTHWHILE * gatheredRows;
                gatheredRows = 0;
                gatheredBytes = 0;
            }
        }

        /** Sends what is gathered; returns in how many rows. */
        private long sendGathered() {
            long sent = 0;
            for (Map.Entry<Object, List<Session>> entry : gathered.entrySet()) {
                int slot = slots.slotOf(entry.getKey());
                for (Session session : algebra.mergeAll(entry.getValue())) {
                    send(new Tuple2<>(slot, Engine.bytes(rows.row(entry.getKey(), session))));
                    sent++;
                }
            }
            gathered.clear();
            return sent;
        }

        @Override
        void end() {
            sendGathered();
            send(Shuffle.report(new Report(hours, events, withoutVisitor, withoutTime)));
        }
    }
}
