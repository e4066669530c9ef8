package dev.eightbells.session;

import static org.apache.spark.sql.functions.col;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Reach;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which sessions have lost events: those of an event's visitor in whose time it lies. Between the sessions of a visitor lies
 * more than the gap, so what is left of one has nothing to do with the others.
 */
final class LostEvents {
    /** So that no column of events and sessions has the same name. */
    private static final String OF_LOST = "lost_";

    private final Engine engine;
    private final Pipeline pipeline;
    private final SessionsTable table;
    private final Long head;

    LostEvents(Engine engine, Pipeline pipeline, SessionsTable table, Long head) {
        this.engine = engine;
        this.pipeline = pipeline;
        this.table = table;
        this.head = head;
    }

    /**
     * Looks for the sessions.
     *
     * @param lost events
     * @param wholly sessions of which it is known
     */
    Concerned in(Dataset<Row> lost, Dataset<Row> wholly) {
        Dataset<Row> events = visitorsAndTimes(lost).distinct().cache();
        try {
            Reach reach = Reach.of(hours(events, OF_LOST + "time", OF_LOST + "time"), 0);
            List<FileScanTask> files = table.filesOf(head, table.daysWithin(head, reach)).stream()
                    .filter(task -> table.meets(task.file(), reach))
                    .toList();
            try (ScannedFiles scanned = ScannedFiles.of(engine.session(), table.table(), files)) {
                Dataset<Row> stored = spans(scanned.rows());
                Dataset<Row> found = stored.join(events, lies(OF_LOST, stored), "left_semi")
                        .union(spans(wholly))
                        .distinct()
                        .cache();
                // Computed while the files are at hand.
                return new Concerned(found, found.count());
            }
        } finally {
            events.unpersist();
        }
    }

    private Dataset<Row> visitorsAndTimes(Dataset<Row> events) {
        Sessions sessions = pipeline.sessions();
        return events.select(
                        col(sessions.by()).as(OF_LOST + "visitor"),
                        col(sessions.time()).as(OF_LOST + "time"))
                .where(OF_LOST + "visitor is not null and " + OF_LOST + "time is not null");
    }

    private Dataset<Row> spans(Dataset<Row> sessions) {
        return sessions.select(col(Sessions.ID), col(pipeline.sessions().by()), col(Sessions.START), col(Sessions.END));
    }

    private Column lies(String prefix, Dataset<Row> stored) {
        return stored.col(pipeline.sessions().by())
                .equalTo(col(prefix + "visitor"))
                .and(col(prefix + "time").between(stored.col(Sessions.START), stored.col(Sessions.END)));
    }

    private static Set<Long> hours(Dataset<Row> rows, String from, String to) {
        Set<Long> hours = new HashSet<>();
        rows.selectExpr("explode(sequence(" + hour(from) + ", " + hour(to) + "))")
                .distinct()
                .collectAsList()
                .forEach(row -> hours.add(row.getLong(0)));
        return hours;
    }

    private static String hour(String column) {
        String micros = "unix_micros(" + column + ")";
        return "((" + micros + " - pmod(" + micros + ", " + Reach.HOUR + ")) div " + Reach.HOUR + ")";
    }

    /** The sessions that have lost events; to be closed when nobody reads them any more. */
    final class Concerned implements AutoCloseable {
        private final Dataset<Row> sessions;
        private final long count;
        private final Reach reach;

        private Concerned(Dataset<Row> sessions, long count) {
            this.sessions = sessions;
            this.count = count;
            this.reach = Reach.of(hours(sessions, Sessions.START, Sessions.END), 0);
        }

        long count() {
            return count;
        }

        BatchSessions.Gone gone() {
            Set<Integer> days = new HashSet<>();
            sessions.selectExpr("unix_micros(" + Sessions.START + ")")
                    .distinct()
                    .collectAsList()
                    .forEach(row -> days.add(table.days().partitionOf(row.getLong(0))));
            return new BatchSessions.Gone(sessions.select(col(Sessions.ID)), days);
        }

        /** The files of the events' table in which there can be events of their times, as of the last look at it. */
        List<FileScanTask> filesOf(EventsTable events) {
            List<FileScanTask> files = new ArrayList<>();
            if (reach.isEmpty()) {
                return files;
            }
            try (CloseableIterable<FileScanTask> tasks = events.table()
                    .newScan()
                    .filter(reach.holds(pipeline.sessions().time()))
                    .ignoreResiduals()
                    .planFiles()) {
                tasks.forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        }

        /** Of these events those that belong to the sessions. */
        Dataset<Row> eventsIn(Dataset<Row> events) {
            Sessions rule = pipeline.sessions();
            return events.join(
                    sessions,
                    events.col(rule.by())
                            .equalTo(sessions.col(rule.by()))
                            .and(events.col(rule.time())
                                    .between(sessions.col(Sessions.START), sessions.col(Sessions.END))),
                    "left_semi");
        }

        @Override
        public void close() {
            sessions.unpersist();
        }
    }
}
