package dev.eightbells.write;

import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.exchange.ShuffleExchangeLike;
import scala.reflect.ClassTag$;

/**
 * Takes the rows that fail rules out of staged files: those that pass go to new files of the same partitions, in the order
 * in which they lay, and those that fail to quarantine. Commits nothing; a call that fails leaves at most files that nobody
 * refers to.
 */
public final class RowRemoval {
    /** The column with the texts of the rules that a row fails, an array of strings; none, or null, when it fails none. */
    public static final String FAILED_RULES = "__failed_rules";

    private final SparkSession session;
    private final JavaSparkContext context;
    private final BatchInput batch;
    private final EventsTable events;
    private final RowShape shape;

    /**
     * @param session in which rows are read and marked
     */
    public RowRemoval(SparkSession session, BatchInput batch, EventsTable events) {
        this.session = session;
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.batch = batch;
        this.events = events;
        this.shape = RowShape.of(batch.pipeline().table(), events);
    }

    /**
     * What files became.
     *
     * @param files the new files, with the rows that pass
     * @param kept how many rows are in them
     * @param quarantine the files of the rows that fail
     * @param nulls by column, how many of the rows that fail have no value
     */
    public record Removed(List<DataFile> files, long kept, List<QuarantineFile> quarantine, Map<String, Long> nulls) {
        public Removed {
            files = List.copyOf(files);
            quarantine = List.copyOf(quarantine);
        }

        /** How many rows went to quarantine. */
        public long moved() {
            return quarantine.stream().mapToLong(QuarantineFile::records).sum();
        }
    }

    /**
     * Writes files anew without the rows that fail.
     *
     * @param files those in which there are such rows
     * @param marking adds {@link #FAILED_RULES} to rows with the definition's columns, {@link ScannedFiles#FILE} and
     *     {@link ScannedFiles#PLACE}, and keeps these
     */
    public Removed from(List<FileScanTask> files, UnaryOperator<Dataset<Row>> marking) {
        Broadcast<Table> table = context.broadcast(SerializableTableWithSize.copyOf(events.table()));
        try (ScannedFiles scanned = ScannedFiles.whole(session, events.table(), files)) {
            String operation = batch.batch() + "-" + batch.attempt() + "-" + UUID.randomUUID();
            RemovalStage stage = new RemovalStage(
                    batch,
                    shape,
                    table,
                    operation,
                    new PartitionFiles.Sizes(Map.of(), CoreMemory.of(context).forFiles()));
            List<RemovalStage.Report> reports = rows(
                            marking.apply(events.columns()
                                    .of(scanned.placedRows(), events.table().schema())),
                            files.size())
                    .mapPartitions(stage)
                    .collect();
            return checked(removed(reports), files);
        } finally {
            table.destroy();
        }
    }

    /** The rows, as the stage takes them, each file's together and in their order. */
    private JavaRDD<InternalRow> rows(Dataset<Row> marked, int files) {
        Dataset<Row> rows = isShuffled(marked)
                ? marked.repartition(Math.min(files, 4 * context.defaultParallelism()), marked.col(ScannedFiles.FILE))
                        .sortWithinPartitions(ScannedFiles.FILE, ScannedFiles.PLACE)
                : marked;
        List<Column> columns = new ArrayList<>();
        Arrays.stream(shape.columns().fieldNames()).forEach(name -> columns.add(rows.col("`" + name + "`")));
        columns.add(rows.col(TableSchema.SOURCE_OBJECT));
        columns.add(rows.col(TableSchema.SOURCE_OFFSET));
        columns.add(rows.col(FAILED_RULES));
        return JavaRDD.fromRDD(
                rows.select(columns.toArray(Column[]::new)).queryExecution().toRdd(),
                ClassTag$.MODULE$.apply(InternalRow.class));
    }

    /** Whether marking may have sent rows elsewhere; a plan that adapts itself does not tell. */
    private static boolean isShuffled(Dataset<Row> marked) {
        SparkPlan plan = marked.queryExecution().executedPlan();
        return plan.find(node -> node instanceof ShuffleExchangeLike || node instanceof AdaptiveSparkPlanExec)
                .isDefined();
    }

    private Removed removed(List<RemovalStage.Report> reports) {
        List<WriteReport> written =
                reports.stream().map(RemovalStage.Report::written).toList();
        Map<String, Long> nulls = new LinkedHashMap<>();
        String[] names = shape.columns().fieldNames();
        for (int i = 0; i < names.length; i++) {
            int column = i;
            nulls.put(
                    names[i],
                    reports.stream().mapToLong(report -> report.nulls()[column]).sum());
        }
        return new Removed(
                WriteReport.files(written),
                written.stream().mapToLong(WriteReport::rows).sum(),
                reports.stream()
                        .map(RemovalStage.Report::quarantine)
                        .filter(Objects::nonNull)
                        .toList(),
                nulls);
    }

    private Removed checked(Removed removed, List<FileScanTask> files) {
        long before =
                files.stream().mapToLong(task -> task.file().recordCount()).sum();
        if (removed.kept() + removed.moved() != before) {
            throw new IllegalStateException("Cannot account for batch " + batch.batch() + ": of " + before
                    + " rows in files with rows that fail, " + removed.kept() + " were kept and " + removed.moved()
                    + " moved to quarantine.");
        }
        return removed;
    }
}
