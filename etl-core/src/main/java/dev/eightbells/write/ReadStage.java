package dev.eightbells.write;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.read.RecordReader;
import dev.eightbells.read.RecordSource;
import dev.eightbells.read.Rejection;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.ReadPlan.Slice;
import dev.eightbells.write.ReadPlan.Task;
import dev.eightbells.write.ReadReport.SliceCoverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.iceberg.Table;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.Tuple2;

/** The reading task: records in, slotted rows out, rejected records into a quarantine file, and a report at the end. */
final class ReadStage implements PairFlatMapFunction<Iterator<Task>, Integer, byte[]> {
    private static final long serialVersionUID = 1L;

    private final BatchInput batch;
    private final RowShape shape;
    private final Slots slots;
    private final Broadcast<Table> table;
    private final Broadcast<RecordSelection> selection;

    ReadStage(
            BatchInput batch,
            RowShape shape,
            Slots slots,
            Broadcast<Table> table,
            Broadcast<RecordSelection> selection) {
        this.batch = batch.withoutObjects();
        this.shape = shape;
        this.slots = slots;
        this.table = table;
        this.selection = selection;
    }

    @Override
    public Iterator<Tuple2<Integer, byte[]>> call(Iterator<Task> tasks) {
        return tasks.hasNext() ? new Rows(tasks.next()) : java.util.Collections.emptyIterator();
    }

    /** The rows of one task, read as they are asked for. */
    private final class Rows implements Iterator<Tuple2<Integer, byte[]>> {
        private final Task task;
        private final Iterator<Slice> slices;
        private final Pipeline pipeline = batch.pipeline();
        private final ObjectStore store;
        private final QuarantineWriter quarantine;
        private final UnsafeProjection projection = shape.projection();
        private final RowShape.Keys keys = shape.keys();
        private final RecordSelection selected = selection.value();
        private final List<SliceCoverage> coverage = new ArrayList<>();
        private final Map<Integer, long[]> volumes = new HashMap<>();

        private Slice slice;
        private RecordReader reader;
        private long taken;
        private long read;
        private long accepted;
        private Tuple2<Integer, byte[]> next;
        private boolean reported;

        Rows(Task task) {
            this.task = task;
            this.slices = task.slices().iterator();
            this.store = ObjectStores.open(pipeline.source().location(), batch.environment());
            this.quarantine = new QuarantineWriter(
                    table.value().io(), batch, task.number(), TaskContext.get().taskAttemptId());
            TaskContext.get().addTaskCompletionListener(context -> {
                closeAll();
            });
            advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Tuple2<Integer, byte[]> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Tuple2<Integer, byte[]> current = next;
            advance();
            return current;
        }

        private void advance() {
            try {
                next = nextRow();
                if (next == null && !reported) {
                    reported = true;
                    next = Shuffle.report(report());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot read "
                                + pipeline.source()
                                        .location()
                                        .resolve(slice.object().key()),
                        e);
            }
        }

        private Tuple2<Integer, byte[]> nextRow() throws IOException {
            while (reader != null || slices.hasNext()) {
                if (reader == null) {
                    slice = slices.next();
                    reader = open(slice);
                }
                while (nextTaken()) {
                    Rejection rejection = reader.rejection();
                    if (rejection == null) {
                        return accept(reader.values());
                    }
                    quarantine.add(
                            pipeline.source().location().resolve(slice.object().key()),
                            reader.offset(),
                            reader.length(),
                            rejection);
                }
                finishSlice();
            }
            return null;
        }

        private boolean nextTaken() throws IOException {
            while (reader.next()) {
                if (selected.takes(slice.object().key(), reader.offset())) {
                    taken++;
                    return true;
                }
            }
            return false;
        }

        private RecordReader open(Slice next) throws IOException {
            StoredObject object = next.object();
            return RecordReader.open(
                    new RecordSource(
                            pipeline.source().location().resolve(object.key()),
                            offset -> store.open(object.key(), object.etag(), offset),
                            object.bytes()),
                    next.split(),
                    pipeline.table(),
                    pipeline.source().maxRecord());
        }

        private Tuple2<Integer, byte[]> accept(Object[] values) {
            GenericInternalRow row = new GenericInternalRow(values);
            int partition = shape.partitionOf(row);
            int hash = shape.hasKey() ? keys.of(row).hashCode() : (int) accepted;
            UnsafeRow columns = projection.apply(row);
            byte[] bytes = EventRow.encode(partition, slice.ordinal(), reader.offset(), columns);
            long[] volume = volumes.computeIfAbsent(partition, any -> new long[2]);
            volume[0]++;
            volume[1] += bytes.length;
            accepted++;
            return new Tuple2<>(slots.slotOf(partition, hash), bytes);
        }

        private void finishSlice() throws IOException {
            read += selected.isOfAll() ? reader.read() : taken;
            taken = 0;
            coverage.add(new SliceCoverage(
                    slice.ordinal(),
                    slice.part(),
                    reader.coverage().first(),
                    reader.coverage().last()));
            reader.close();
            reader = null;
        }

        private ReadReport report() throws IOException {
            Map<Integer, Volume> partitions = new HashMap<>();
            volumes.forEach((partition, volume) -> partitions.put(partition, new Volume(volume[0], volume[1])));
            return new ReadReport(task.number(), read, accepted, coverage, quarantine.finish(), partitions);
        }

        private void closeAll() {
            try {
                if (reader != null) {
                    reader.close();
                }
                quarantine.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                store.close();
            }
        }
    }
}
