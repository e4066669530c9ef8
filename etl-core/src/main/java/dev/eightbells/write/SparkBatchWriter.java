package dev.eightbells.write;

import dev.eightbells.Failure;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.EventsTable;
import dev.eightbells.write.Deduplication.Noting;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** Writes batches with two stages of Spark tasks over plain rows, and commits nothing. */
public final class SparkBatchWriter implements BatchWriter {
    /** A gzip file is about this much larger when it is unpacked. */
    private static final int UNPACKED = 10;

    private final JavaSparkContext context;
    private final ToLongFunction<List<StoredObject>> taskBytes;

    public SparkBatchWriter(SparkSession session) {
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.taskBytes = objects -> ReadPlan.taskBytes(objects, context.defaultParallelism());
    }

    /**
     * @param taskBytes about how many bytes one task reads; objects twice as large are split
     */
    SparkBatchWriter(SparkSession session, long taskBytes) {
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.taskBytes = objects -> taskBytes;
    }

    @Override
    public Written write(BatchInput batch, EventsTable events, Long judgedAt) {
        Work work = new Work(batch, events);
        try {
            SourceRows source = work.source(taskBytes.applyAsLong(batch.objects()));
            Map<Integer, Volume> partitions = source.partitions();
            List<DataFile> published =
                    work.shape.hasKey() ? events.publishedFiles(judgedAt, null, partitions.keySet()) : List.of();
            WritePlan plan =
                    WritePlan.of(partitions, work.slots, WritePlan.fileBytesPerByte(events.table(), partitions));
            return work.summary(source, work.write(source.rows(), published, plan, work.noting()));
        } finally {
            work.destroyBroadcasts();
        }
    }

    @Override
    public Rewritten rejudge(BatchInput batch, EventsTable events, List<DataFile> staged, Long judgedAt, Long head) {
        Work work = new Work(batch, events);
        try {
            List<DataFile> since = work.shape.hasKey()
                    ? events.publishedFiles(head, judgedAt, events.partitionsOf(staged))
                    : List.of();
            if (since.isEmpty()) {
                return new Rewritten(staged, 0);
            }
            Map<Integer, Volume> partitions = new HashMap<>();
            for (DataFile file : staged) {
                events.partitionsOf(List.of(file))
                        .forEach(partition -> partitions.merge(
                                partition, new Volume(file.recordCount(), file.fileSizeInBytes()), Volume::plus));
            }
            WritePlan plan = WritePlan.of(partitions, work.slots, 1.0);
            if (work.commonKeys(staged, since, plan) == 0) {
                return new Rewritten(staged, 0);
            }
            List<WriteStage.Report> written = work.write(work.stagedRows(staged), since, plan, Noting.NOTHING);
            return new Rewritten(WriteReport.files(reports(written)), duplicates(written));
        } finally {
            work.destroyBroadcasts();
        }
    }

    private static List<WriteReport> reports(List<WriteStage.Report> written) {
        return written.stream().map(WriteStage.Report::written).toList();
    }

    private static long duplicates(List<WriteStage.Report> written) {
        return written.stream().mapToLong(WriteStage.Report::duplicates).sum();
    }

    /** What all stages of one call share. */
    private final class Work {
        private final BatchInput batch;
        private final RowShape shape;
        private final Slots slots;
        private final Shuffle shuffle;
        private final Broadcast<Table> table;
        private final Broadcast<RecordSelection> selection;
        private final String[] locations;

        Work(BatchInput batch, EventsTable events) {
            this.batch = batch;
            this.shape = RowShape.of(batch.pipeline().table(), events);
            this.slots = Slots.sizedFor(
                    unpackedBytes(batch.objects()), CoreMemory.of(context).forSlot());
            this.shuffle = new Shuffle(context, slots);
            this.table = context.broadcast(SerializableTableWithSize.copyOf(events.table()));
            this.selection = context.broadcast(batch.selection());
            this.locations = batch.objects().stream()
                    .map(object -> batch.pipeline().source().location().resolve(object.key()))
                    .toArray(String[]::new);
        }

        SourceRows source(long taskBytes) {
            SourceRows source = SourceRows.read(context, batch, shape, slots, table, selection, taskBytes);
            if (!batch.selection().isOfAll()
                    && source.read() != batch.selection().size()) {
                throw Failure.input(String.format(
                        Locale.ROOT,
                        "Cannot replay the records of batch %s: of %,d only %,d begin where they were rejected."
                                + " Set source.maxRecord as it was then, abandon the batch, and replay again.",
                        batch.batch(),
                        batch.selection().size(),
                        source.read()));
            }
            return source;
        }

        /** Only rules can reject the winner of some records with equal keys, and make it matter who the others were. */
        Noting noting() {
            return batch.pipeline().quality() == null ? Noting.NOTHING : Noting.LOSERS;
        }

        List<WriteStage.Report> write(
                JavaPairRDD<Integer, byte[]> rows, List<DataFile> published, WritePlan plan, Noting noting) {
            if (plan.groups().isEmpty()) {
                return List.of();
            }
            String operation = batch.batch() + "-" + batch.attempt() + "-" + java.util.UUID.randomUUID();
            PartitionFiles.Sizes sizes = new PartitionFiles.Sizes(
                    plan.partitionsByRow(), CoreMemory.of(context).forFiles());
            return Shuffle.grouped(judged(rows, published, noting), plan.groups())
                    .mapPartitions(new WriteStage(batch, shape, slots, locations, table, operation, sizes))
                    .collect();
        }

        private JavaRDD<Judged> judged(JavaPairRDD<Integer, byte[]> rows, List<DataFile> published, Noting noting) {
            if (!shape.hasKey()) {
                return rows.map(row -> new Judged.Kept(EventRow.of(row._2())));
            }
            Deduplication deduplication = new Deduplication(shape, noting);
            return published.isEmpty()
                    ? rows.mapPartitions(slot -> deduplication.call(slot, Collections.emptyIterator()))
                    : rows.zipPartitions(keys(published), deduplication);
        }

        JavaPairRDD<Integer, byte[]> keys(List<DataFile> files) {
            return shuffle.bySlot(context.parallelize(files, tasks(files))
                    .mapPartitionsToPair(new TableRows(shape, slots, table).keys()));
        }

        JavaPairRDD<Integer, byte[]> stagedRows(List<DataFile> files) {
            return shuffle.bySlot(context.parallelize(files, tasks(files))
                    .mapPartitionsToPair(new TableRows(shape, slots, table).rows(locations)));
        }

        long commonKeys(List<DataFile> some, List<DataFile> others, WritePlan plan) {
            JavaRDD<Long> common = keys(some).zipPartitions(keys(others), (left, right) -> {
                Set<Key> keys = new HashSet<>();
                left.forEachRemaining(pair -> keys.add(Key.ofBytes(pair._2())));
                long found = 0;
                while (right.hasNext()) {
                    found += keys.contains(Key.ofBytes(right.next()._2())) ? 1 : 0;
                }
                return List.of(found).iterator();
            });
            return Shuffle.grouped(common, plan.groups()).reduce(Long::sum);
        }

        Written summary(SourceRows source, List<WriteStage.Report> written) {
            List<WriteReport> reports = reports(written);
            Written result = new Written(
                    source.read(),
                    reports.stream().mapToLong(WriteReport::rows).sum(),
                    duplicates(written),
                    WriteReport.files(reports),
                    source.quarantine(),
                    written.stream()
                            .map(WriteStage.Report::dropped)
                            .filter(Objects::nonNull)
                            .toList(),
                    WriteReport.statistics(shape.columns(), reports));
            long accounted = result.written() + result.duplicates() + result.quarantined();
            if (result.read() != accounted) {
                throw new IllegalStateException("Cannot account for batch " + batch.batch() + ": read " + result.read()
                        + ", but written " + result.written() + " + duplicates " + result.duplicates()
                        + " + quarantined " + result.quarantined() + " = " + accounted + ".");
            }
            return result;
        }

        void destroyBroadcasts() {
            table.destroy();
            selection.destroy();
        }

        private int tasks(List<DataFile> files) {
            return Math.max(1, Math.min(files.size(), 4 * context.defaultParallelism()));
        }
    }

    private static long unpackedBytes(List<StoredObject> objects) {
        return objects.stream()
                .mapToLong(object -> object.bytes() * (object.key().endsWith(".gz") ? UNPACKED : 1))
                .sum();
    }
}
