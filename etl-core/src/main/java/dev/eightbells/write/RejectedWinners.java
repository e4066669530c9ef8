package dev.eightbells.write;

import dev.eightbells.table.EventsTable;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.source.SerializableTableWithSize;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * Brings into quarantine the records that were dropped for rows of their batch which have gone there since: nothing of
 * their key is published, and one of them may be good. Commits nothing; a call that fails leaves at most files that nobody
 * refers to.
 */
public final class RejectedWinners {
    /** The places of so many rejected rows are in memory at a time. */
    private static final int ROWS_A_TASK = 100_000;

    /** So many dropped records go by one task. */
    private static final int RECORDS_A_TASK = 2_000_000;

    private static final int MOST_TASKS = 4096;

    private final JavaSparkContext context;
    private final BatchInput batch;
    private final EventsTable events;

    public RejectedWinners(SparkSession session, BatchInput batch, EventsTable events) {
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.batch = batch;
        this.events = events;
    }

    /**
     * Writes the records that lost against rejected rows to quarantine files.
     *
     * @param rejected the files of the rows that rules rejected
     * @param dropped the files that say which records were dropped for which
     * @return the new files; none when there are no such records
     */
    public List<QuarantineFile> followedBy(List<QuarantineFile> rejected, List<DuplicatesFile> dropped) {
        if (rejected.isEmpty() || dropped.isEmpty()) {
            return List.of();
        }
        Broadcast<Table> table = context.broadcast(SerializableTableWithSize.copyOf(events.table()));
        try {
            Shuffle shuffle = new Shuffle(context, new HashPartitioner(tasks(rejected, dropped)));
            PlaceLines lines = new PlaceLines(batch, table);
            JavaPairRDD<Integer, byte[]> winners = shuffle.bySlot(
                    read(rejected.stream().map(QuarantineFile::location).toList(), lines, PlaceLines.Form.REJECTED));
            JavaPairRDD<Integer, byte[]> losers = shuffle.bySlot(
                    read(dropped.stream().map(DuplicatesFile::location).toList(), lines, PlaceLines.Form.DROPPED));
            return winners.zipPartitions(losers, new RejectedWinnersStage(batch, table))
                    .collect();
        } finally {
            table.destroy();
        }
    }

    private JavaPairRDD<Integer, byte[]> read(List<String> files, PlaceLines lines, PlaceLines.Form form) {
        return context.parallelize(files, Math.min(files.size(), 4 * context.defaultParallelism()))
                .mapPartitionsToPair(some -> lines.of(some, form));
    }

    private static int tasks(List<QuarantineFile> rejected, List<DuplicatesFile> dropped) {
        long rows = rejected.stream().mapToLong(QuarantineFile::records).sum();
        long records = dropped.stream().mapToLong(DuplicatesFile::records).sum();
        return Math.toIntExact(Math.min(MOST_TASKS, 1 + Math.max(rows / ROWS_A_TASK, records / RECORDS_A_TASK)));
    }
}
