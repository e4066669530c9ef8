package dev.eightbells.forget;

import static org.apache.spark.sql.functions.col;

import dev.eightbells.Failure;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Removal;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.write.CoreMemory;
import dev.eightbells.write.PartitionFiles;
import dev.eightbells.write.WriteReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.reflect.ClassTag$;

/** Finds rows in a table of events, and takes them out: only files in which such rows lie are written anew. */
final class EventsRemoval {
    /** Each round lost means that others changed the same files; this many in a row is a storm worth waiting out. */
    private static final int MOST_ROUNDS = 50;

    private final SparkSession spark;
    private final EventsTable events;
    private final Table table;
    private final Expression predicate;

    EventsRemoval(SparkSession spark, EventsTable events, Expression predicate) {
        this.spark = spark;
        this.events = events;
        this.table = events.table();
        this.predicate = predicate;
    }

    /**
     * Rows that were found.
     *
     * @param files those in which they lie
     * @param rows how many there are
     * @param all how many rows the table has
     */
    record Found(List<FileScanTask> files, long rows, long all) {}

    /** The condition over the table's rows. */
    Column matching() {
        return Matching.of(predicate, table.schema());
    }

    /** Looks in the table as it is now. */
    Found find() {
        events.refreshedHead();
        return findInHead();
    }

    private Found findInHead() {
        if (table.currentSnapshot() == null) {
            return new Found(List.of(), 0, 0);
        }
        Map<String, FileScanTask> candidates = new HashMap<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().filter(predicate).ignoreResiduals().planFiles()) {
            for (FileScanTask task : tasks) {
                if (!task.deletes().isEmpty()) {
                    throw Failure.input("Cannot take rows out of " + table.name() + ": its file "
                            + task.file().location()
                            + " has row-level deletes, which only a merge-on-read writer makes."
                            + " Rewrite the table's data files, and set write.delete.mode to copy-on-write.");
                }
                candidates.put(task.file().location(), task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Long> counts = counts(List.copyOf(candidates.values()));
        long all = Long.parseLong(table.currentSnapshot().summary().getOrDefault("total-records", "0"));
        return new Found(
                counts.keySet().stream().map(candidates::get).toList(),
                counts.values().stream().mapToLong(Long::longValue).sum(),
                all);
    }

    /** How many of the rows that a snapshot added, staged or published, are meant. */
    long countAddedBy(long snapshot) {
        return counts(events.scanOf(snapshot)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Map<String, Long> counts(List<FileScanTask> files) {
        Map<String, Long> counts = new HashMap<>();
        try (ScannedFiles scanned = ScannedFiles.of(spark, table, files)) {
            scanned.placedRows()
                    .where(matching())
                    .groupBy(col(ScannedFiles.FILE))
                    .count()
                    .collectAsList()
                    .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        }
        return counts;
    }

    /**
     * Takes the rows out in one commit, if there are any.
     *
     * @return how many there were
     */
    long perform(Removal removal) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Found found = find();
            if (found.rows() == 0) {
                return 0;
            }
            // Of the metadata in which they were found.
            long head = table.currentSnapshot().snapshotId();
            List<DataFile> left = withoutThem(found);
            if (commit(removal, head, found.files(), left)) {
                return found.rows();
            }
        }
        throw Failure.transientFailure(
                "Cannot take rows out of " + table.name() + ": others changed the same files " + MOST_ROUNDS
                        + " times while it tried. Run it again.",
                null);
    }

    private boolean commit(Removal removal, long head, List<FileScanTask> files, List<DataFile> left) {
        OverwriteFiles overwrite = table.newOverwrite();
        files.forEach(task -> overwrite.deleteFile(task.file()));
        left.forEach(overwrite::addFile);
        overwrite.validateFromSnapshot(head).conflictDetectionFilter(predicate).validateNoConflictingDeletes();
        try {
            removal.sign(overwrite).commit();
            return true;
        } catch (ValidationException e) {
            left.forEach(file -> table.io().deleteFile(file.location()));
            return false;
        }
    }

    /** Writes the rows that stay into files of the same partitions, in the order in which they lay. */
    private List<DataFile> withoutThem(Found found) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Table> shared = context.broadcast(SerializableTableWithSize.copyOf(table));
        try (ScannedFiles scanned = ScannedFiles.whole(spark, table, found.files())) {
            Dataset<Row> kept = scanned.rows().where(matching().unary_$bang());
            JavaRDD<InternalRow> rows =
                    JavaRDD.fromRDD(kept.queryExecution().toRdd(), ClassTag$.MODULE$.apply(InternalRow.class));
            List<WriteReport> written = rows.mapPartitions(new KeptRowsStage(
                            shared,
                            "forget-" + UUID.randomUUID(),
                            new PartitionFiles.Sizes(
                                    Map.of(), CoreMemory.of(context).forFiles())))
                    .collect();
            long before = found.files().stream()
                    .mapToLong(task -> task.file().recordCount())
                    .sum();
            long after = written.stream().mapToLong(WriteReport::rows).sum();
            if (before - found.rows() != after) {
                throw new IllegalStateException("Cannot account for the rows of " + table.name() + ": of " + before
                        + " rows in files, " + found.rows() + " were to go and " + after + " stayed.");
            }
            return WriteReport.files(written);
        } finally {
            shared.destroy();
        }
    }
}
