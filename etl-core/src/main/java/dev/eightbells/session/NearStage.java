package dev.eightbells.session;

import dev.eightbells.table.Reach;
import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/** The task that sends stored sessions in reach to where the new events of their visitors are. */
final class NearStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final Reach reach;
    private final VisitorSlots slots;

    NearStage(SessionShape shape, Reach reach, VisitorSlots slots) {
        this.shape = shape;
        this.reach = reach;
        this.slots = slots;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<InternalRow> stored) {
        SessionRows rows = new SessionRows(shape);
        return new Relay<>(stored) {
            @Override
            void take(InternalRow row) {
                if (reach.meets(row.getLong(SessionShape.START), row.getLong(SessionShape.END))) {
                    send(new Tuple2<>(slots.slotOf(rows.visitor(row)), Engine.bytes((UnsafeRow) row)));
                }
            }
        };
    }
}
