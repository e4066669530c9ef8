package dev.eightbells.write;

import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.EventsTable;
import dev.eightbells.write.ReadReport.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Writes batches with two stages of Spark tasks over plain rows, and commits nothing. */
public final class SparkBatchWriter implements BatchWriter {
    /** A gzip file is about this much larger when it is unpacked. */
    private static final int UNPACKED = 10;

    /** For the first batch of a table. Rather too little: large files are rolled, but small ones cannot be joined. */
    private static final double FIRST_GUESS = 0.02;

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
            SourceRows source = SourceRows.read(
                    context, batch, work.shape, work.slots, work.table, taskBytes.applyAsLong(batch.objects()));
            Map<Integer, Volume> partitions = source.partitions();
            List<DataFile> published =
                    work.shape.hasKey() ? events.publishedFiles(judgedAt, null, partitions.keySet()) : List.of();
            WritePlan plan = WritePlan.of(partitions, work.slots, fileBytesPerByte(events, partitions));
            return work.summary(source, work.write(source.rows(), published, plan));
        } finally {
            work.table.destroy();
        }
    }

    @Override
    public Rewritten rejudge(BatchInput batch, EventsTable events, List<DataFile> staged, Long judgedAt, Long head) {
        Work work = new Work(batch, events);
        try {
            List<DataFile> since = work.shape.hasKey()
                    ? events.publishedFiles(head, judgedAt, EventsTable.partitionsOf(staged))
                    : List.of();
            if (since.isEmpty()) {
                return new Rewritten(staged, 0);
            }
            Map<Integer, Volume> partitions = new HashMap<>();
            for (DataFile file : staged) {
                EventsTable.partitionsOf(List.of(file))
                        .forEach(partition -> partitions.merge(
                                partition, new Volume(file.recordCount(), file.fileSizeInBytes()), Volume::plus));
            }
            WritePlan plan = WritePlan.of(partitions, work.slots, 1.0);
            if (work.commonKeys(staged, since, plan) == 0) {
                return new Rewritten(staged, 0);
            }
            List<WriteReport> written = work.write(work.stagedRows(staged), since, plan);
            return new Rewritten(
                    written.stream().flatMap(report -> report.files().stream()).toList(),
                    written.stream().mapToLong(WriteReport::duplicates).sum());
        } finally {
            work.table.destroy();
        }
    }

    /** From what the table has: how many bytes of Parquet come from one byte in Spark's form. */
    private static double fileBytesPerByte(EventsTable events, Map<Integer, Volume> partitions) {
        Volume total = partitions.values().stream().reduce(new Volume(0, 0), Volume::plus);
        Snapshot head = events.table().currentSnapshot();
        if (head == null || total.bytes() == 0) {
            return FIRST_GUESS;
        }
        long files = Long.parseLong(head.summary().getOrDefault(SnapshotSummary.TOTAL_FILE_SIZE_PROP, "0"));
        long rows = Long.parseLong(head.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
        // Small files are mostly footers and say little about large ones.
        if (rows == 0 || files < 1 << 20) {
            return FIRST_GUESS;
        }
        return (double) files / rows * total.rows() / total.bytes();
    }

    /** What all stages of one call share. */
    private final class Work {
        private final BatchInput batch;
        private final RowShape shape;
        private final Slots slots;
        private final Shuffle shuffle;
        private final Broadcast<Table> table;
        private final String[] locations;

        Work(BatchInput batch, EventsTable events) {
            this.batch = batch;
            this.shape = RowShape.of(batch.pipeline().table());
            this.slots = Slots.sizedFor(unpackedBytes(batch.objects()), slotBytes());
            this.shuffle = new Shuffle(context, slots);
            this.table = context.broadcast(SerializableTableWithSize.copyOf(events.table()));
            this.locations = batch.objects().stream()
                    .map(object -> batch.pipeline().source().location().resolve(object.key()))
                    .toArray(String[]::new);
        }

        List<WriteReport> write(JavaPairRDD<Integer, byte[]> rows, List<DataFile> published, WritePlan plan) {
            if (plan.groups().isEmpty()) {
                return List.of();
            }
            String operation = batch.batch() + "-" + batch.attempt() + "-" + java.util.UUID.randomUUID();
            WriteStage.Sizes sizes = new WriteStage.Sizes(plan.partitionsByRow(), coreBytes() / 4);
            return Shuffle.grouped(judged(rows, published), plan)
                    .mapPartitions(new WriteStage(shape, slots, locations, table, operation, sizes))
                    .collect();
        }

        private JavaRDD<Judged> judged(JavaPairRDD<Integer, byte[]> rows, List<DataFile> published) {
            if (!shape.hasKey()) {
                return rows.map(row -> new Judged.Kept(EventRow.of(row._2())));
            }
            Deduplication deduplication = new Deduplication(shape);
            return published.isEmpty()
                    ? rows.mapPartitions(slot -> deduplication.call(slot, Collections.emptyIterator()))
                    : rows.zipPartitions(keys(published), deduplication);
        }

        JavaPairRDD<Integer, byte[]> keys(List<DataFile> files) {
            TableDefinition definition = batch.pipeline().table();
            return shuffle.bySlot(context.parallelize(files, tasks(files))
                    .mapPartitionsToPair(new TableRows(shape, slots, table)
                            .keys(definition.key(), definition.partitionBy().from())));
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
            return Shuffle.grouped(common, plan).reduce(Long::sum);
        }

        Written summary(SourceRows source, List<WriteReport> written) {
            Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
            StructField[] fields = shape.columns().fields();
            for (int i = 0; i < fields.length; i++) {
                long nulls = 0;
                long maxBytes = 0;
                for (WriteReport report : written) {
                    nulls += report.nulls()[i];
                    maxBytes = Math.max(maxBytes, report.maxBytes()[i]);
                }
                boolean text = fields[i].dataType() == DataTypes.StringType;
                columns.put(fields[i].name(), new ColumnStatistics(text ? maxBytes : null, nulls));
            }
            List<DataFile> files = new ArrayList<>();
            written.forEach(report -> files.addAll(report.files()));
            Written result = new Written(
                    source.read(),
                    written.stream().mapToLong(WriteReport::written).sum(),
                    written.stream().mapToLong(WriteReport::duplicates).sum(),
                    files,
                    source.quarantine(),
                    columns);
            long accounted = result.written() + result.duplicates() + result.quarantined();
            if (result.read() != accounted) {
                throw new IllegalStateException("Cannot account for batch " + batch.batch() + ": read " + result.read()
                        + ", but written " + result.written() + " + duplicates " + result.duplicates()
                        + " + quarantined " + result.quarantined() + " = " + accounted + ".");
            }
            return result;
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

    /** How many bytes of rows a slot may have: a small part of what one core has. */
    private long slotBytes() {
        return Math.max(8L << 20, Math.min(128L << 20, coreBytes() / 24));
    }

    /** The memory of one core. */
    private long coreBytes() {
        if (context.sc().isLocal()) {
            return Runtime.getRuntime().maxMemory() / context.defaultParallelism();
        }
        return context.getConf().getSizeAsBytes("spark.executor.memory", "1g")
                / context.getConf().getInt("spark.executor.cores", 1);
    }
}
