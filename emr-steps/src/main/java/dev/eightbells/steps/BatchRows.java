package dev.eightbells.steps;

import dev.eightbells.batch.Abandoned;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The batches of a lake as rows. Tasks read the ledger, some batches each, so that nobody holds all of it. */
final class BatchRows {
    private static final String COLUMNS =
            """
            number int, batch string, state string, window_start timestamp, window_end timestamp, objects int,
            bytes bigint, replay_of string, attempts int, submissions int, read bigint, published bigint,
            duplicates bigint, quarantined bigint, files int, file_bytes bigint, rules int, rules_failed int,
            rows_moved bigint, sessions_new bigint, sessions_extended bigint, sessions_bridged bigint,
            converted_at timestamp, published_at timestamp, sessionized_at timestamp, loaded_at timestamp,
            events_snapshot bigint, sessions_snapshot bigint, note string, definition string
            """;

    /** Small enough for a task to hold, and enough to be worth one. */
    private static final int BATCHES_IN_TASK = 64;

    /** Each batch is some round trips. */
    private static final int READERS = 8;

    private BatchRows() {}

    /**
     * The batches up to a number, as they are now.
     *
     * @param newest the number of the newest manifest to be told of; 0 when there is none
     */
    static Dataset<Row> upTo(int newest, SparkSession session, LedgerAddress address) {
        StructType columns = StructType.fromDDL(COLUMNS);
        if (newest == 0) {
            return session.createDataFrame(List.of(), columns);
        }
        List<Integer> numbers = IntStream.rangeClosed(1, newest).boxed().toList();
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(session.sparkContext())
                .parallelize(numbers, (newest - 1) / BATCHES_IN_TASK + 1)
                .mapPartitions(part -> read(part, address.open()));
        return session.createDataFrame(rows, columns);
    }

    private static Iterator<Row> read(Iterator<Integer> numbers, Ledger ledger) throws InterruptedException {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Row>> rows = new ArrayList<>();
            numbers.forEachRemaining(
                    number -> rows.add(readers.submit(() -> row(ledger, ledger.existingManifest(number)))));
            List<Row> read = new ArrayList<>();
            for (Future<Row> row : rows) {
                read.add(row.get());
            }
            return read.iterator();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    private static Row row(Ledger ledger, Manifest manifest) {
        BatchState state = ledger.state(manifest);
        Markers markers = ledger.markers(manifest.batch());
        Map<Step, Marker> finished = new EnumMap<>(Step.class);
        state.finished().forEach(step -> markers.find(step).ifPresent(marker -> finished.put(step, marker)));
        Optional<Published> published = state.isPublished() ? markers.published() : Optional.empty();
        Marker converted = finished.get(Step.CONVERT);
        Marker sessionized = finished.get(Step.SESSIONIZE);
        Marker.Records records =
                published.map(Published::records).orElse(converted == null ? null : converted.records());
        Marker.Quality quality = of(finished.get(Step.VALIDATE), Marker::quality);
        Marker.Sessions sessions = of(sessionized, Marker::sessions);
        return RowFactory.create(
                manifest.number(),
                manifest.batch().toString(),
                state.state().text(),
                manifest.window().start(),
                manifest.window().end(),
                manifest.objects().size(),
                manifest.bytes(),
                of(manifest.replayOf(), Object::toString),
                state.attempts(),
                state.submissions(),
                of(records, Marker.Records::read),
                of(records, Marker.Records::published),
                of(records, Marker.Records::duplicates),
                of(records, Marker.Records::quarantined),
                published.map(marker -> marker.files().size()).orElse(null),
                published
                        .map(marker -> marker.files().stream()
                                .mapToLong(Marker.DataFile::bytes)
                                .sum())
                        .orElse(null),
                of(quality, Marker.Quality::rules),
                of(quality, Marker.Quality::failed),
                of(quality, Marker.Quality::movedRows),
                of(sessions, Marker.Sessions::created),
                of(sessions, Marker.Sessions::extended),
                of(sessions, Marker.Sessions::bridged),
                of(converted, Marker::finished),
                published.map(Published::finished).orElse(null),
                of(sessionized, Marker::finished),
                of(finished.get(Step.LOAD), Marker::finished),
                published.map(Published::snapshot).orElse(null),
                of(sessionized, Marker::snapshot),
                note(ledger, state),
                manifest.definition());
    }

    private static <T, R> R of(T value, Function<T, R> part) {
        return value == null ? null : part.apply(value);
    }

    /** Why a batch waits or was given up, or what its newest attempt failed with; null when there is nothing to tell. */
    private static String note(Ledger ledger, BatchState state) {
        Markers markers = ledger.markers(state.batch());
        return switch (state.state()) {
            case STOPPED -> markers.stopped().map(Stopped::sentence).orElse(null);
            case ABANDONED -> markers.abandoned().map(Abandoned::reason).orElse(null);
            case PLANNED, RUNNING, PUBLISHED, LOADED ->
                ledger.attempts(state.batch())
                        .find(state.attempts())
                        .map(Attempt::end)
                        .filter(end -> end.kind() != null)
                        .map(Attempt.End::sentence)
                        .orElse(null);
        };
    }
}
