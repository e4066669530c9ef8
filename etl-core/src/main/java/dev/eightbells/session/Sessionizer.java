package dev.eightbells.session;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import dev.eightbells.write.Shuffle;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Makes sessions of a batch's events and the stored sessions in their reach, with Spark, and commits nothing. */
public final class Sessionizer {
    /** Of a core's memory; what a task gathers is several times as large in Java's form. */
    private static final int GATHERED_SHARE = 32;

    /** Of Parquet, which is several times as large in Spark's form. */
    private static final long SLOT_BYTES = 16L << 20;

    /** Stored sessions come along, whose number is not known yet. */
    private static final int FEWEST_SLOTS = 64;

    private static final int MOST_SLOTS = 4096;

    private final Pipeline pipeline;
    private final Turn turn;
    private final Engine engine;
    private SessionShape shape;

    /**
     * @param pipeline the batch's definition
     * @param turn when it has its turn to shape the table
     * @throws dev.eightbells.Failure of kind INPUT when a declared column cannot be computed
     */
    public Sessionizer(SparkSession spark, Pipeline pipeline, Turn turn) {
        this.pipeline = pipeline;
        this.turn = turn;
        this.shape = SessionShape.of(pipeline);
        this.engine = Engine.of(spark);
    }

    /** Opens the session table, and creates it when there is none. From then on sessions are made in its columns. */
    public SessionsTable open(Catalog catalog) {
        SessionShape defined = SessionShape.of(pipeline);
        SessionsTable table = SessionsTable.openOrCreate(catalog, pipeline, defined.form(pipeline, turn));
        this.shape = defined.in(table);
        return table;
    }

    /**
     * Looks whether sessions of a pipeline can go into the table that there is, if there is one.
     *
     * @throws dev.eightbells.Failure of kind INPUT when it holds sessions of another rule, or a declared column cannot be
     *     computed
     */
    public static void requireFit(Catalog catalog, Pipeline pipeline, Turn turn) {
        SessionsTable.requireFit(catalog, pipeline, SessionShape.of(pipeline).form(pipeline, turn));
    }

    /**
     * What becomes of the session table at the next batch under today's pipeline file, in clauses.
     *
     * @throws dev.eightbells.Failure as {@link #requireFit} does
     */
    public static List<String> foreseen(Catalog catalog, Pipeline pipeline) {
        return SessionsTable.foreseen(
                catalog, pipeline, SessionShape.of(pipeline).form(pipeline, Turn.NEXT));
    }

    /**
     * Looks whether an open table still holds sessions of this rule, as of the last look at it.
     *
     * @throws dev.eightbells.Failure of kind INPUT when it does not
     */
    public void requireRule(SessionsTable table) {
        table.requireForm(
                SessionShape.of(pipeline).form(pipeline, turn),
                pipeline.sessions().name());
    }

    /** Reads the events that a commit published. */
    public BatchSessions read(EventsTable events, long published) {
        return engine.within(() -> send(events, published));
    }

    private BatchSessions send(EventsTable events, long published) {
        List<FileScanTask> files = events.scanOf(published);
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), events.table(), files)) {
            return send(defined(events, scanned.rows()), bytes(files), null);
        }
    }

    /** The table's rows under the names and types of the pipeline file. */
    private static Dataset<Row> defined(EventsTable events, Dataset<Row> rows) {
        return events.columns().of(rows, events.table().schema());
    }

    private BatchSessions send(Dataset<Row> events, long bytes, BatchSessions.Gone gone) {
        VisitorSlots slots =
                new VisitorSlots(Math.toIntExact(Math.max(FEWEST_SLOTS, Math.min(MOST_SLOTS, bytes / SLOT_BYTES))));
        CombineStage combine = new CombineStage(shape, slots, engine.memory().bytes() / GATHERED_SHARE);
        JavaPairRDD<Integer, byte[]> sessions = new Shuffle(engine.context(), slots)
                .bySlot(Engine.rows(shape.ofEvents(events)).mapPartitionsToPair(combine));
        CombineStage.Report report = CombineStage.Report.all(Shuffle.reports(sessions, CombineStage.Report.class));
        return new BatchSessions(engine, shape, slots, sessions, report, gone);
    }

    private static long bytes(List<FileScanTask> files) {
        return files.stream().mapToLong(FileScanTask::length).sum();
    }

    /**
     * Makes the sessions anew in which events have been that are lost, of what is left of their events.
     *
     * @param lost files of the events' table in which lost events lie
     * @param isLost which of their rows are
     * @param wholly files of the session table in which sessions lie of which nothing is left
     * @param isWholly which of their rows are
     * @param head the commit of the session table that they are looked for in
     */
    public Remade remade(
            EventsTable events,
            List<FileScanTask> lost,
            Column isLost,
            SessionsTable table,
            Long head,
            List<FileScanTask> wholly,
            Column isWholly) {
        return engine.within(() -> {
            try (LostEvents.Concerned found = concerned(events, lost, isLost, table, head, wholly, isWholly)) {
                return remade(events, table, head, found);
            }
        });
    }

    /** How many sessions {@link #remade} would make anew. */
    public long countLosing(
            EventsTable events,
            List<FileScanTask> lost,
            Column isLost,
            SessionsTable table,
            Long head,
            List<FileScanTask> wholly,
            Column isWholly) {
        return engine.within(() -> {
            try (LostEvents.Concerned found = concerned(events, lost, isLost, table, head, wholly, isWholly)) {
                return found.count();
            }
        });
    }

    private LostEvents.Concerned concerned(
            EventsTable events,
            List<FileScanTask> lost,
            Column isLost,
            SessionsTable table,
            Long head,
            List<FileScanTask> wholly,
            Column isWholly) {
        try (ScannedFiles lostRows = ScannedFiles.of(engine.session(), events.table(), lost);
                ScannedFiles whollyRows = ScannedFiles.of(engine.session(), table.table(), wholly)) {
            return new LostEvents(engine, pipeline, table, head)
                    .in(
                            defined(events, lostRows.rows().where(isLost)),
                            whollyRows.rows().where(isWholly));
        }
    }

    private Remade remade(EventsTable events, SessionsTable table, Long head, LostEvents.Concerned found) {
        List<FileScanTask> files = found.filesOf(events);
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), events.table(), files)) {
            BatchSessions left = send(found.eventsIn(defined(events, scanned.rows())), bytes(files), found.gone());
            BatchSessions.Merged merged = left.mergedInto(table, head);
            return new Remade(
                    merged.replacement(), found.count(), merged.counts().created());
        }
    }

    /**
     * What becomes of sessions that have lost events.
     *
     * @param gone how many sessions there were
     * @param made how many there are in their place
     */
    public record Remade(SessionsTable.Replacement replacement, long gone, long made) {}
}
