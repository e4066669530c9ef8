package dev.eightbells.write;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/**
 * Judges one slot: of the batch's rows with equal keys the first by place stays, unless its key is published. The rows of
 * a slot fit into memory, one for each key; the published keys stream by.
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
    private final Noting noting;

    /** What is told of the rows that are dropped, besides how many they are. */
    enum Noting {
        NOTHING,
        /** Which of them were dropped for a row of the batch that stays. */
        LOSERS
    }

    Deduplication(RowShape shape, Noting noting) {
        this.shape = shape;
        this.noting = noting;
    }

    @Override
    public Iterator<Judged> call(Iterator<Tuple2<Integer, byte[]>> rows, Iterator<Tuple2<Integer, byte[]>> published) {
        if (!rows.hasNext()) {
            return java.util.Collections.emptyIterator();
        }
        RowShape.Keys keys = shape.keys();
        UnsafeRow reusable = new UnsafeRow(shape.columns().length());
        Map<Key, EventRow> first = new HashMap<>();
        Losers losers = null;
        long dropped = 0;
        while (rows.hasNext()) {
            EventRow row = EventRow.of(rows.next()._2());
            Key key = Key.of(row.partition(), keys.of(row.columns(reusable)));
            EventRow earlier = first.putIfAbsent(key, row);
            if (earlier != null) {
                dropped++;
                boolean isFirst = row.isBefore(earlier);
                if (isFirst) {
                    first.put(key, row);
                }
                if (noting == Noting.LOSERS) {
                    losers = losers == null ? new Losers(Deduplication::fileOfTask) : losers;
                    losers.add(key, isFirst ? earlier : row);
                }
            }
        }
        while (published.hasNext()) {
            if (first.remove(Key.ofBytes(published.next()._2())) != null) {
                dropped++;
            }
        }
        Stream<Judged> rowsAndCount = Stream.concat(
                first.values().stream().sorted(ORDER).map(Judged.Kept::new), Stream.of(new Judged.Dropped(dropped)));
        return losers == null
                ? rowsAndCount.iterator()
                : Stream.concat(rowsAndCount, StreamSupport.stream(inOrder(losers.against(first)), false))
                        .iterator();
    }

    private static Spliterator<Judged> inOrder(Iterator<? extends Judged> judged) {
        return Spliterators.spliteratorUnknownSize(judged, Spliterator.ORDERED);
    }

    /** A file on the disk that Spark itself uses. */
    private static File fileOfTask(Losers user) {
        File file = SparkEnv.get()
                .blockManager()
                .diskBlockManager()
                .createTempLocalBlock()
                ._2();
        TaskContext.get().addTaskCompletionListener(context -> {
            try {
                user.close();
                Files.deleteIfExists(file.toPath());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot delete " + file, e);
            }
        });
        return file;
    }
}
