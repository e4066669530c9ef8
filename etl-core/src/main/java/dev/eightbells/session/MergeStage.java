package dev.eightbells.session;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import dev.eightbells.table.Partitioning;
import dev.eightbells.write.Shuffle;
import dev.eightbells.write.Slots;
import dev.eightbells.write.Volume;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.XxHash64Function;
import org.apache.spark.sql.types.DataType;
import scala.Tuple2;

/**
 * The second task: all sessions of some visitors in, visitor by visitor; those that are left when nothing touches any more
 * out, slotted by the day of their start. At the end a report.
 *
 * <p>Visitors come in the order of their hashes, which is much cheaper to sort by than the visitors themselves. All of
 * one visitor's sessions are in memory at a time; that no two of them touch makes them few.
 */
final class MergeStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    /** Of Spark's own hash function. */
    private static final long SEED = 42;

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
        /** What all tasks made together. */
        static Report all(List<Report> reports) {
            Map<Integer, Volume> days = new HashMap<>();
            Set<Integer> touched = new HashSet<>();
            for (Report report : reports) {
                report.days.forEach((day, volume) -> days.merge(day, volume, Volume::plus));
                touched.addAll(report.touched);
            }
            return new Report(
                    days,
                    touched,
                    reports.stream().mapToLong(Report::created).sum(),
                    reports.stream().mapToLong(Report::extended).sum(),
                    reports.stream().mapToLong(Report::bridged).sum());
        }

        /** The same with something changed on other days, too. */
        Report touching(Set<Integer> others) {
            Set<Integer> all = new HashSet<>(touched);
            all.addAll(others);
            return new Report(days, all, created, extended, bridged);
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

        private final Map<Object, VisitorSessions> visitors = new HashMap<>();
        private Object visitor;
        private VisitorSessions sessions;
        private long hash;

        Merging(Iterator<InternalRow> sessions) {
            super(sessions);
        }

        @Override
        void take(InternalRow reused) {
            UnsafeRow row = (UnsafeRow) reused.copy();
            Object next = rows.visitor(row);
            if (!next.equals(visitor)) {
                turnTo(next);
            }
            if (row.getBoolean(shape.stored())) {
                sessions.addStored(rows.session(row));
            } else {
                sessions.addNew(rows.session(row));
            }
        }

        /** Two visitors can have the same hash, and then come mixed. */
        private void turnTo(Object next) {
            long nextHash = hash(next, shape.visitorType());
            if (nextHash != hash) {
                finish();
                hash = nextHash;
            }
            visitor = next;
            sessions = visitors.computeIfAbsent(next, any -> new VisitorSessions(algebra));
        }

        private void finish() {
            visitors.forEach((finished, all) -> all.merge().forEach(merged -> finish(finished, merged)));
            visitors.clear();
        }

        private void finish(Object finished, VisitorSessions.Merged merged) {
            int day = days.partitionOf(merged.session().start);
            byte[] bytes = Engine.bytes(rows.row(finished, merged.session()));
            volumes.merge(day, new Volume(1, bytes.length), Volume::plus);
            if (merged.hasNewEvents()) {
                touched.add(day);
                merged.stored().forEach(stored -> touched.add(days.partitionOf(stored.start)));
                count(merged.stored().size());
            }
            send(new Tuple2<>(slots.slotOf(day, finished.hashCode()), bytes));
        }

        private void count(int stored) {
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

    /** What rows are sorted by before they come here. */
    static Column order(String visitor) {
        return xxhash64(col(visitor));
    }

    /** The same of one value. */
    static long hash(Object visitor, DataType type) {
        return XxHash64Function.hash(visitor, type, SEED);
    }
}
