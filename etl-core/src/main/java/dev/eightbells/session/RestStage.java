package dev.eightbells.session;

import dev.eightbells.table.Partitioning;
import dev.eightbells.table.Reach;
import dev.eightbells.write.Slots;
import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/** The task that sends the other stored sessions of days that change to where these days are written. */
final class RestStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final Reach reach;
    private final Partitioning days;
    private final Slots slots;

    RestStage(SessionShape shape, Reach reach, Partitioning days, Slots slots) {
        this.shape = shape;
        this.reach = reach;
        this.days = days;
        this.slots = slots;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<InternalRow> stored) {
        SessionRows rows = new SessionRows(shape);
        return new Relay<>(stored) {
            @Override
            void take(InternalRow row) {
                long start = row.getLong(SessionShape.START);
                if (!reach.meets(start, row.getLong(SessionShape.END))) {
                    int slot = slots.slotOf(
                            days.partitionOf(start), rows.visitor(row).hashCode());
                    send(new Tuple2<>(slot, Engine.bytes((UnsafeRow) row)));
                }
            }
        };
    }
}
