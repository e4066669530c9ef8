package dev.eightbells.session;

import dev.eightbells.batch.Marker;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.Reach;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.write.ColumnStatistics;
import dev.eightbells.write.PartitionFiles;
import dev.eightbells.write.Shuffle;
import dev.eightbells.write.Slots;
import dev.eightbells.write.Volume;
import dev.eightbells.write.WritePlan;
import dev.eightbells.write.WriteReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A batch's events, as sessions that know nothing of the table yet. They have been read and sent to where their visitors
 * meet; meeting the stored sessions can be repeated for another state of the table.
 */
public final class BatchSessions {
    /** About as large as a row is in Spark's form. */
    private static final long USUAL_ROW = 200;

    /** What one task merges. */
    private static final long TASK_BYTES = 64L << 20;

    private final Engine engine;
    private final SessionShape shape;
    private final VisitorSlots visitors;
    private final JavaPairRDD<Integer, byte[]> sessions;
    private final CombineStage.Report report;
    private final Reach reach;
    private final Gone gone;

    /**
     * @param gone stored sessions that count no more; null when all do
     */
    BatchSessions(
            Engine engine,
            SessionShape shape,
            VisitorSlots visitors,
            JavaPairRDD<Integer, byte[]> sessions,
            CombineStage.Report report,
            Gone gone) {
        this.engine = engine;
        this.shape = shape;
        this.visitors = visitors;
        this.sessions = sessions;
        this.report = report;
        this.reach = Reach.of(report.hours(), shape.gap());
        this.gone = gone;
    }

    /**
     * Stored sessions that count no more.
     *
     * @param ids with their ids in the column {@link Sessions#ID}
     * @param days those that they begin on
     */
    record Gone(Dataset<Row> ids, Set<Integer> days) {
        Dataset<Row> takenFrom(Dataset<Row> stored) {
            return stored.join(ids, stored.col(Sessions.ID).equalTo(ids.col(Sessions.ID)), "left_anti");
        }
    }

    /**
     * What the sessions become in the table.
     *
     * @param columns by column, what was measured over all rows of the replaced days
     */
    public record Merged(
            SessionsTable.Replacement replacement, Marker.Sessions counts, Map<String, ColumnStatistics> columns) {}

    /**
     * Merges them with the stored sessions as of a commit, and writes the days that change.
     *
     * @param head the commit; null when there is none
     */
    public Merged mergedInto(SessionsTable table, Long head) {
        return engine.within(() -> merge(table, head));
    }

    private Merged merge(SessionsTable table, Long head) {
        Set<Integer> days = table.daysWithin(head, reach);
        report.hours().forEach(hour -> days.add(table.days().partitionOf(hour * Reach.HOUR)));
        if (gone != null) {
            days.addAll(gone.days());
        }
        List<FileScanTask> stored = table.filesOf(head, days);
        List<FileScanTask> near =
                stored.stream().filter(task -> table.meets(task.file(), reach)).toList();
        Slots slots = Slots.sizedFor(
                (report.events() + rows(stored)) * USUAL_ROW, engine.memory().forSlot());
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), table.table(), near)) {
            JavaPairRDD<Integer, byte[]> merged = new Shuffle(engine.context(), slots)
                    .bySlot(Engine.rows(byVisitor(counting(scanned.rows()), tasks(near)))
                            .mapPartitionsToPair(new MergeStage(shape, table.days(), slots)));
            MergeStage.Report made = touching(MergeStage.Report.all(Shuffle.reports(merged, MergeStage.Report.class)));
            List<FileScanTask> replaced = stored.stream()
                    .filter(task -> made.touched().contains(SessionsTable.day(task.file())))
                    .toList();
            List<WriteReport> written = write(merged, made, replaced, slots, table);
            return merged(made, near, replaced, written);
        }
    }

    private Dataset<Row> counting(Dataset<Row> stored) {
        return gone == null ? stored : gone.takenFrom(stored);
    }

    private MergeStage.Report touching(MergeStage.Report made) {
        return gone == null ? made : made.touching(gone.days());
    }

    private static long rows(List<FileScanTask> files) {
        return files.stream().mapToLong(task -> task.file().recordCount()).sum();
    }

    private int tasks(List<FileScanTask> near) {
        long wanted = (report.events() + rows(near)) * USUAL_ROW / TASK_BYTES;
        return Math.toIntExact(Math.max(engine.context().defaultParallelism(), Math.min(Integer.MAX_VALUE, wanted)));
    }

    /** Of each visitor everything in reach, new and stored, in the order in which it is merged. */
    private Dataset<Row> byVisitor(Dataset<Row> near, int tasks) {
        JavaPairRDD<Integer, byte[]> stored = new Shuffle(engine.context(), visitors)
                .bySlot(Engine.rows(shape.ofTable(near)).mapPartitionsToPair(new NearStage(shape, reach, visitors)));
        JavaRDD<byte[]> all = Shuffle.grouped(sessions.union(stored).values(), visitors.groups(tasks));
        return engine.dataset(all, shape.onTheWay())
                .sortWithinPartitions(MergeStage.order(shape.onTheWay().fieldNames()[SessionShape.VISITOR]));
    }

    /** Writes the days that change: what was merged, and what is not in reach. */
    private List<WriteReport> write(
            JavaPairRDD<Integer, byte[]> merged,
            MergeStage.Report made,
            List<FileScanTask> replaced,
            Slots slots,
            SessionsTable table) {
        Map<Integer, Volume> changed = volumes(made, replaced);
        if (changed.isEmpty()) {
            return List.of();
        }
        WritePlan plan = WritePlan.of(changed, slots, WritePlan.fileBytesPerByte(table.table(), changed));
        Set<Integer> days = Set.copyOf(changed.keySet());
        Partitioning partitioning = table.days();
        int width = shape.onTheWay().length();
        Broadcast<Table> shared = engine.context().broadcast(SerializableTableWithSize.copyOf(table.table()));
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), table.table(), replaced)) {
            JavaPairRDD<Integer, byte[]> rest = new Shuffle(engine.context(), slots)
                    .bySlot(Engine.rows(shape.ofTable(counting(scanned.rows())))
                            .mapPartitionsToPair(new RestStage(shape, reach, partitioning, slots)));
            // What was merged can lie on days in which nothing changes.
            JavaRDD<byte[]> rows = Shuffle.grouped(merged.union(rest).values(), plan.groups())
                    .filter(bytes -> days.contains(
                            partitioning.partitionOf(Engine.row(bytes, width).getLong(SessionShape.START))));
            SessionWriteStage stage = new SessionWriteStage(
                    shape,
                    shared,
                    partitioning,
                    slots,
                    UUID.randomUUID().toString(),
                    new PartitionFiles.Sizes(
                            plan.partitionsByRow(), engine.memory().forFiles()));
            return Engine.rows(shape.toTable(engine.dataset(rows, shape.onTheWay())))
                    .mapPartitions(stage)
                    .collect();
        } finally {
            shared.destroy();
        }
    }

    /** About how much the days that change will hold. */
    private static Map<Integer, Volume> volumes(MergeStage.Report made, List<FileScanTask> replaced) {
        Map<Integer, Volume> volumes = new HashMap<>(made.days());
        volumes.keySet().retainAll(made.touched());
        for (FileScanTask task : replaced) {
            long rows = task.file().recordCount();
            volumes.merge(SessionsTable.day(task.file()), new Volume(rows, rows * USUAL_ROW), Volume::plus);
        }
        return volumes;
    }

    private Merged merged(
            MergeStage.Report made, List<FileScanTask> near, List<FileScanTask> replaced, List<WriteReport> written) {
        long daysRead = Stream.concat(near.stream(), replaced.stream())
                .map(task -> SessionsTable.day(task.file()))
                .distinct()
                .count();
        List<DataFile> removed = replaced.stream().map(FileScanTask::file).toList();
        return new Merged(
                new SessionsTable.Replacement(
                        new TreeSet<>(made.touched()), removed, WriteReport.files(written), reach),
                Marker.Sessions.of(
                        report.events(),
                        report.withoutVisitor(),
                        report.withoutTime(),
                        made.created(),
                        made.extended(),
                        made.bridged(),
                        daysRead,
                        made.touched().size()),
                WriteReport.statistics(shape.table(), written));
    }
}
