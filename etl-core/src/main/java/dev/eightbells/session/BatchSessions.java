package dev.eightbells.session;

import dev.eightbells.batch.Marker;
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
    private static final long USUAL_ROW = 200;

    private final Engine engine;
    private final SessionShape shape;
    private final VisitorSlots visitors;
    private final JavaPairRDD<Integer, byte[]> sessions;
    private final CombineStage.Report report;
    private final Reach reach;

    BatchSessions(
            Engine engine,
            SessionShape shape,
            VisitorSlots visitors,
            JavaPairRDD<Integer, byte[]> sessions,
            CombineStage.Report report) {
        this.engine = engine;
        this.shape = shape;
        this.visitors = visitors;
        this.sessions = sessions;
        this.report = report;
        this.reach = Reach.of(report.hours(), shape.gap());
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
        Set<Integer> candidates = table.daysWithin(head, reach);
        report.hours().forEach(hour -> candidates.add(table.days().partitionOf(hour * Reach.HOUR)));
        List<FileScanTask> stored = table.filesOf(head, candidates);
        Slots days = Slots.sizedFor(bytes(stored), engine.memory().forSlot());
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), table.table(), stored)) {
            JavaPairRDD<Integer, byte[]> merged = new Shuffle(engine.context(), days)
                    .bySlot(Engine.rows(byVisitor(scanned.rows()))
                            .mapPartitionsToPair(new MergeStage(shape, table.days(), days)));
            MergeStage.Report report = Shuffle.reports(merged, MergeStage.Report.class).stream()
                    .reduce(MergeStage.Report.NONE, MergeStage.Report::plus);
            List<WriteReport> written = write(merged, days, report, table);
            return merged(stored, report, written);
        }
    }

    private long bytes(List<FileScanTask> stored) {
        long rows = report.events()
                + stored.stream().mapToLong(task -> task.file().recordCount()).sum();
        return rows * USUAL_ROW;
    }

    /** Of each visitor everything, new and stored, in the order in which they are merged. */
    private Dataset<Row> byVisitor(Dataset<Row> stored) {
        JavaPairRDD<Integer, byte[]> old = new Shuffle(engine.context(), visitors)
                .bySlot(Engine.rows(shape.ofTable(stored)).mapPartitionsToPair(new StoredStage(shape, visitors)));
        JavaRDD<byte[]> all = Shuffle.grouped(sessions.union(old).values(), visitors.groups());
        return engine.dataset(all, shape.onTheWay())
                .sortWithinPartitions(MergeStage.order(shape.onTheWay().fieldNames()[SessionShape.VISITOR]));
    }

    private List<WriteReport> write(
            JavaPairRDD<Integer, byte[]> merged, Slots slots, MergeStage.Report report, SessionsTable table) {
        Map<Integer, Volume> changed = new HashMap<>(report.days());
        changed.keySet().retainAll(report.touched());
        if (changed.isEmpty()) {
            return List.of();
        }
        WritePlan plan = WritePlan.of(changed, slots, WritePlan.fileBytesPerByte(table.table(), changed));
        Set<Integer> days = Set.copyOf(changed.keySet());
        Partitioning partitioning = table.days();
        int width = shape.onTheWay().length();
        // A slot can hold sessions of other days, too.
        JavaRDD<byte[]> rows = Shuffle.grouped(merged.values(), plan.groups())
                .filter(bytes -> days.contains(
                        partitioning.partitionOf(Engine.row(bytes, width).getLong(SessionShape.START))));
        Broadcast<Table> shared = engine.context().broadcast(SerializableTableWithSize.copyOf(table.table()));
        try {
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

    private Merged merged(List<FileScanTask> stored, MergeStage.Report merge, List<WriteReport> written) {
        List<DataFile> removed = stored.stream()
                .map(FileScanTask::file)
                .filter(file -> merge.touched().contains(SessionsTable.day(file)))
                .toList();
        long daysRead = stored.stream()
                .map(task -> SessionsTable.day(task.file()))
                .distinct()
                .count();
        return new Merged(
                new SessionsTable.Replacement(
                        new TreeSet<>(merge.touched()), removed, WriteReport.files(written), reach),
                Marker.Sessions.of(
                        report.events(),
                        report.withoutVisitor(),
                        report.withoutTime(),
                        merge.created(),
                        merge.extended(),
                        merge.bridged(),
                        daysRead,
                        merge.touched().size()),
                WriteReport.statistics(shape.table(), written));
    }
}
