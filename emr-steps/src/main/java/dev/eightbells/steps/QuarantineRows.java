package dev.eightbells.steps;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.store.Location;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The records in quarantine as rows, the same that {@code quarantine list} counts: each once, without those that a
 * published replay has. Tasks read the files line by line.
 */
final class QuarantineRows {
    private static final String COLUMNS =
            """
            number int, batch string, object string, offset bigint, length bigint, reason string, column string,
            rules array<string>, sentence string, text string, open_replay string
            """;

    /** A batch is some round trips, and then its files. */
    private static final int BATCHES_IN_TASK = 16;

    private QuarantineRows() {}

    /**
     * What lies in quarantine of the batches up to a number.
     *
     * @param newest the number of the newest manifest that counts
     * @param ages which of their files may be gone
     */
    static Dataset<Row> upTo(
            int newest, QuarantinedRecords.Ages ages, SparkSession session, Ledger ledger, LedgerAddress address) {
        StructType columns = StructType.fromDDL(COLUMNS);
        Set<String> folders = QuarantineListCommand.folders(ledger.lake());
        List<Integer> numbers = new ArrayList<>();
        List<BatchState> replays = new ArrayList<>();
        if (!folders.isEmpty()) {
            try (Stream<BatchState> states = ledger.batches().newestFirst()) {
                states.filter(state -> state.manifest().number() <= newest)
                        .filter(state -> state.state() != BatchState.State.ABANDONED)
                        .forEach(state -> {
                            if (state.manifest().isReplay()) {
                                replays.add(state);
                            }
                            if (folders.contains(state.batch().toString())
                                    && (state.isPublished() || !state.manifest().isReplay())) {
                                numbers.add(state.manifest().number());
                            }
                        });
            }
        }
        if (numbers.isEmpty()) {
            return session.createDataFrame(List.of(), columns);
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        Broadcast<Replays> taken = context.broadcast(new Replays(replays));
        // Spark asks for one row after the other; a stream would first fetch all rows of a batch.
        JavaRDD<Row> rows = context.parallelize(numbers, (numbers.size() - 1) / BATCHES_IN_TASK + 1)
                .mapPartitions(part -> files(part, new QuarantinedRecords(address.open(), ages), taken.value()))
                .flatMap(File::rows);
        return session.createDataFrame(rows, columns);
    }

    /** The replays that have not been abandoned. */
    private record Replays(List<BatchState> states) implements Serializable {
        private Replays {
            states = List.copyOf(states);
        }
    }

    private static Iterator<File> files(Iterator<Integer> numbers, QuarantinedRecords records, Replays replays) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(numbers, 0), false)
                .flatMap(number -> files(records, records.ledger().existingManifest(number), replays))
                .iterator();
    }

    private static Stream<File> files(QuarantinedRecords records, Manifest manifest, Replays replays) {
        List<Marker.QuarantineFile> files = records.files(manifest.batch());
        if (files.isEmpty()) {
            return Stream.empty();
        }
        Location source = records.source(manifest);
        TakenRecords taken = TakenRecords.of(manifest.batch(), replays.states().stream());
        return files.stream().map(file -> new File(records.ledger(), manifest, taken, file, source));
    }

    /** A file of a batch, within a task. */
    private record File(
            Ledger ledger, Manifest manifest, TakenRecords taken, Marker.QuarantineFile file, Location source) {
        private Iterator<Row> rows() {
            QuarantineLines lines = new QuarantineLines(ledger.lake(), file.location(), source);
            // Whoever reads only the beginning does not come to its end.
            TaskContext.get().addTaskCompletionListener(context -> {
                lines.close();
            });
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, 0), false)
                    .map(record -> row(manifest, taken, record))
                    .filter(Objects::nonNull)
                    .iterator();
        }
    }

    /** Null when a published replay has the record. */
    private static Row row(Manifest manifest, TakenRecords taken, QuarantinedRecord record) {
        TakenRecords.Taker taker = taken.taker(record.key(), record.offset()).orElse(null);
        if (taker != null && taker.isPublished()) {
            return null;
        }
        BatchId open = taker == null ? null : taker.batch();
        return RowFactory.create(
                manifest.number(),
                manifest.batch().toString(),
                record.key(),
                record.offset(),
                record.length(),
                record.reason(),
                record.column(),
                record.rules().toArray(String[]::new),
                record.sentence(),
                record.text(),
                open == null ? null : open.toString());
    }
}
