package dev.eightbells.write;

import dev.eightbells.table.Partitioning;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.spark.data.SparkParquetReaders;
import org.apache.iceberg.types.Types;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/** Reads back what data files hold, slotted as the rows of a batch are: only the keys, or whole rows. */
final class TableRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowShape shape;
    private final Slots slots;
    private final Broadcast<Table> table;

    TableRows(RowShape shape, Slots slots, Broadcast<Table> table) {
        this.shape = shape;
        this.slots = slots;
        this.table = table;
    }

    /** The keys of all rows, reading only the columns of the key and the partition. */
    PairFlatMapFunction<Iterator<DataFile>, Integer, byte[]> keys() {
        int partitionColumn = shape.partitionAmongLooked();
        boolean dates = shape.looked().columns().get(partitionColumn).type().equals(Types.DateType.get());
        Partitioning partitioning = shape.partitioning();
        return files -> {
            RowShape.Keys keys = shape.keys();
            return new FileRows(files, shape.looked()) {
                @Override
                Tuple2<Integer, byte[]> slotted(InternalRow row) {
                    Object time = row.isNullAt(partitionColumn)
                            ? null
                            : dates ? (Object) row.getInt(partitionColumn) : (Object) row.getLong(partitionColumn);
                    int partition = partitioning.partitionOf(time);
                    UnsafeRow unsafe = keys.ofLooked(row);
                    int slot = slots.slotOf(partition, unsafe.hashCode());
                    return new Tuple2<>(slot, Key.of(partition, unsafe).bytes());
                }
            };
        };
    }

    /**
     * Whole rows.
     *
     * @param locations the full names of the manifest's objects, which the rows were read from
     */
    PairFlatMapFunction<Iterator<DataFile>, Integer, byte[]> rows(String[] locations) {
        Map<String, Integer> ordinals = new HashMap<>();
        for (int i = 0; i < locations.length; i++) {
            ordinals.put(locations[i], i);
        }
        int width = shape.columns().length();
        return files -> {
            RowShape.Keys keys = shape.keys();
            UnsafeProjection projection = shape.projection();
            return new FileRows(files, shape.all()) {
                @Override
                Tuple2<Integer, byte[]> slotted(InternalRow row) {
                    UnsafeRow columns = projection.apply(row);
                    int partition = shape.partitionOf(columns);
                    int ordinal = ordinals.get(row.getUTF8String(width).toString());
                    byte[] bytes = EventRow.encode(partition, ordinal, row.getLong(width + 1), columns);
                    return new Tuple2<>(slots.slotOf(partition, keys.of(columns).hashCode()), bytes);
                }
            };
        };
    }

    /** The rows of some files, one after the other. */
    private abstract class FileRows implements Iterator<Tuple2<Integer, byte[]>> {
        private final Iterator<DataFile> files;
        private final Schema projection;
        private CloseableIterator<InternalRow> rows = CloseableIterator.empty();

        FileRows(Iterator<DataFile> files, Schema projection) {
            this.files = files;
            this.projection = projection;
            TaskContext.get().addTaskCompletionListener(context -> {
                closeRows();
            });
        }

        abstract Tuple2<Integer, byte[]> slotted(InternalRow row);

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && files.hasNext()) {
                closeRows();
                DataFile file = files.next();
                CloseableIterable<InternalRow> iterable = Parquet.read(
                                table.value().io().newInputFile(file.location()))
                        .project(projection)
                        .createReaderFunc(message -> SparkParquetReaders.buildReader(projection, message))
                        .reuseContainers()
                        .build();
                rows = iterable.iterator();
            }
            return rows.hasNext();
        }

        @Override
        public Tuple2<Integer, byte[]> next() {
            return slotted(rows.next());
        }

        private void closeRows() {
            try {
                rows.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
