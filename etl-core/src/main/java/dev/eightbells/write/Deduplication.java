package dev.eightbells.write;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/**
 * Judges one slot: of the batch's rows with equal keys the first by place stays, unless its key is published. The rows of
 * a slot fit into memory; the published keys stream by.
 */
final class Deduplication
        implements FlatMapFunction2<Iterator<Tuple2<Integer, byte[]>>, Iterator<Tuple2<Integer, byte[]>>, Judged>,
                Serializable {
    private static final long serialVersionUID = 1L;

    /** Writing in the order of the source makes the files of a batch the same whenever it is written. */
    private static final Comparator<EventRow> ORDER = Comparator.comparingInt(EventRow::partition)
            .thenComparingInt(EventRow::ordinal)
            .thenComparingLong(EventRow::offset);

    private final RowShape shape;

    Deduplication(RowShape shape) {
        this.shape = shape;
    }

    @Override
    public Iterator<Judged> call(Iterator<Tuple2<Integer, byte[]>> rows, Iterator<Tuple2<Integer, byte[]>> published) {
        if (!rows.hasNext()) {
            return java.util.Collections.emptyIterator();
        }
        RowShape.Keys keys = shape.keys();
        UnsafeRow reusable = new UnsafeRow(shape.columns().length());
        Map<Key, EventRow> first = new HashMap<>();
        long dropped = 0;
        while (rows.hasNext()) {
            EventRow row = EventRow.of(rows.next()._2());
            Key key = Key.of(row.partition(), keys.of(row.columns(reusable)));
            EventRow earlier = first.putIfAbsent(key, row);
            if (earlier != null) {
                dropped++;
                if (row.isBefore(earlier)) {
                    first.put(key, row);
                }
            }
        }
        while (published.hasNext()) {
            if (first.remove(Key.ofBytes(published.next()._2())) != null) {
                dropped++;
            }
        }
        Stream<Judged> kept = first.values().stream().sorted(ORDER).map(Judged.Kept::new);
        return Stream.concat(kept, Stream.of(new Judged.Dropped(dropped))).iterator();
    }
}
