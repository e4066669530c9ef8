package dev.eightbells.session;

import java.util.Iterator;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/** The task that sends stored sessions to where the new events of their visitors are. */
final class StoredStage implements PairFlatMapFunction<Iterator<InternalRow>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final VisitorSlots slots;

    StoredStage(SessionShape shape, VisitorSlots slots) {
        this.shape = shape;
        this.slots = slots;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<InternalRow> stored) {
        SessionRows rows = new SessionRows(shape);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return stored.hasNext();
            }

            @Override
            public Tuple2<Integer, byte[]> next() {
                UnsafeRow row = (UnsafeRow) stored.next();
                return new Tuple2<>(slots.slotOf(rows.visitor(row)), Engine.bytes(row));
            }
        };
    }
}
