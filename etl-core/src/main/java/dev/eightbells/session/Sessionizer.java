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
        long bytes = files.stream().mapToLong(FileScanTask::length).sum();
        VisitorSlots slots =
                new VisitorSlots(Math.toIntExact(Math.max(FEWEST_SLOTS, Math.min(MOST_SLOTS, bytes / SLOT_BYTES))));
        CombineStage combine = new CombineStage(shape, slots, engine.memory().bytes() / GATHERED_SHARE);
        try (ScannedFiles scanned = ScannedFiles.of(engine.session(), events.table(), files)) {
            JavaPairRDD<Integer, byte[]> sessions = new Shuffle(engine.context(), slots)
                    .bySlot(Engine.rows(shape.ofEvents(events.columns()
                                    .of(scanned.rows(), events.table().schema())))
                            .mapPartitionsToPair(combine));
            CombineStage.Report report = CombineStage.Report.all(Shuffle.reports(sessions, CombineStage.Report.class));
            return new BatchSessions(engine, shape, slots, sessions, report);
        }
    }
}
