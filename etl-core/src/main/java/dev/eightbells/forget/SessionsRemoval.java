package dev.eightbells.forget;

import static org.apache.spark.sql.functions.lit;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Removal;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes sessions anew that have lost events, of what is left of those; when rows are known by their visitor alone, all of the
 * visitor's sessions go, whatever has become of their events.
 */
final class SessionsRemoval {
    static final String GONE = "eightbells.sessions-gone";
    static final String MADE = "eightbells.sessions-made";

    /** The newest commit to the events' table whose lost events are looked after. */
    private static final String COVERS = "eightbells.covers";

    private static final int MOST_ROUNDS = 50;

    private final SparkSession spark;
    private final Pipeline pipeline;
    private final EventsTable events;
    private final SessionsTable table;
    private final Where where;
    private final Runnable requireIdle;

    /**
     * @param requireIdle fails when a batch may have events in one of the tables and not in the other
     */
    SessionsRemoval(
            SparkSession spark,
            Pipeline pipeline,
            EventsTable events,
            SessionsTable table,
            Where where,
            Runnable requireIdle) {
        this.spark = spark;
        this.pipeline = pipeline;
        this.events = events;
        this.table = table;
        this.where = where;
        this.requireIdle = requireIdle;
    }

    private Sessionizer sessionizer() {
        Sessionizer sessionizer = new Sessionizer(spark, pipeline, Turn.NEXT);
        sessionizer.requireRule(table);
        return sessionizer;
    }

    /** How many sessions have events that are to go. */
    long count(List<FileScanTask> files) {
        Long head = table.refreshedHead();
        return head == null
                ? 0
                : sessionizer().countLosing(events, files, matching(), table, head, wholly(), isWholly());
    }

    private Column matching() {
        return Matching.of(where.predicate(), events.table().schema());
    }

    private boolean namesVisitors() {
        return where.columns().equals(Set.of(pipeline.sessions().by()));
    }

    private Column isWholly() {
        return namesVisitors() ? Matching.of(where.predicate(), table.table().schema()) : lit(false);
    }

    private List<FileScanTask> wholly() {
        List<FileScanTask> files = new ArrayList<>();
        if (namesVisitors()) {
            Expression predicate = where.predicate();
            try (CloseableIterable<FileScanTask> tasks =
                    table.table().newScan().filter(predicate).ignoreResiduals().planFiles()) {
                tasks.forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Makes them anew in one commit, if there are any and it has not been done. */
    void perform(Removal removal) {
        RemovalCommits lost = RemovalCommits.of(events.table(), removal);
        String covers =
                lost.isEmpty() ? "" : Long.toString(lost.snapshots().get(0).snapshotId());
        boolean isDone = RemovalCommits.of(table.table(), removal).snapshots().stream()
                .anyMatch(commit -> covers.equals(commit.summary().get(COVERS)));
        for (int round = 0; !isDone && round < MOST_ROUNDS; round++) {
            Long head = table.refreshedHead();
            if (head == null) {
                return;
            }
            events.refreshedHead();
            // What is in the events then is in the sessions, as of this head or in a commit that ours will clash with.
            requireIdle.run();
            Sessionizer.Remade remade =
                    sessionizer().remade(events, lost.removed(), matching(), table, head, wholly(), isWholly());
            isDone = remade.gone() == 0
                    || table.replace(
                            removal,
                            head,
                            remade.replacement(),
                            Map.of(
                                    COVERS,
                                    covers,
                                    GONE,
                                    Long.toString(remade.gone()),
                                    MADE,
                                    Long.toString(remade.made())));
        }
        if (!isDone) {
            throw Failure.transientFailure(
                    "Cannot make sessions of " + table.table().name() + " anew: batches changed the same days "
                            + MOST_ROUNDS + " times while it tried. Run it again.",
                    null);
        }
    }

    /**
     * Whether a row that is in no file of the table any more is an earlier state of a session that has gone. Sessions only
     * grow, so such a state lies within the time of what went.
     */
    Predicate<Record> isEarlier(Removal removal) {
        RemovalCommits commits = RemovalCommits.of(table.table(), removal);
        Map<String, List<Row>> gone = new HashMap<>();
        try (ScannedFiles removed = ScannedFiles.of(spark, table.table(), commits.removed());
                ScannedFiles added = ScannedFiles.of(spark, table.table(), commits.added())) {
            Dataset<Row> there = added.rows().select(Sessions.ID, Sessions.EVENTS);
            Dataset<Row> before = removed.rows();
            before.join(
                            there,
                            before.col(Sessions.ID)
                                    .equalTo(there.col(Sessions.ID))
                                    .and(before.col(Sessions.EVENTS).equalTo(there.col(Sessions.EVENTS))),
                            "left_anti")
                    .selectExpr(
                            "cast(`" + pipeline.sessions().by() + "` as string)",
                            "unix_micros(" + Sessions.START + ")",
                            "unix_micros(" + Sessions.END + ")")
                    .collectAsList()
                    .forEach(row -> gone.computeIfAbsent(row.getString(0), any -> new ArrayList<>())
                            .add(row));
        }
        return row -> {
            String visitor = String.valueOf(row.getField(pipeline.sessions().by()));
            long start = micros(row.getField(Sessions.START));
            long end = micros(row.getField(Sessions.END));
            return gone.getOrDefault(visitor, List.of()).stream()
                    .anyMatch(span -> start <= span.getLong(2) && end >= span.getLong(1));
        };
    }

    private static long micros(Object time) {
        return java.time.temporal.ChronoUnit.MICROS.between(
                java.time.Instant.EPOCH, ((java.time.OffsetDateTime) time).toInstant());
    }

    /** The columns that {@link #isEarlier} looks at. */
    Schema looked() {
        List<Types.NestedField> fields = new ArrayList<>();
        for (String name : List.of(pipeline.sessions().by(), Sessions.START, Sessions.END)) {
            Optional.ofNullable(table.table().schema().findField(name)).ifPresent(fields::add);
        }
        return new Schema(fields);
    }
}
