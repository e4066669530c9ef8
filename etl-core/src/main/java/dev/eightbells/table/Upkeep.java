package dev.eightbells.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteManifests;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.actions.SizeBasedFileRewritePlanner;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;

/**
 * What keeps a table of a lake small and fast, by Iceberg's own means. Everything may be done twice, and by two processes at
 * once: who comes second finds nothing to do, or is refused by the commit.
 */
public final class Upkeep {
    /** What the commits of care name as their step. */
    public static final String STEP = "care";

    private static final long MANIFEST = 8L << 20;

    /** So large that no file is taken apart which one batch wrote as one. */
    private static final long LARGEST = 2 * FileGroup.TARGET;

    private final Table table;
    private final TimeColumn time;
    private final Supplier<SparkSession> spark;

    /**
     * @param timeColumn the column by which the table's rows age
     * @param spark asked for when files are rewritten or looked for
     */
    public Upkeep(Table table, String timeColumn, Supplier<SparkSession> spark) {
        this.table = table;
        this.time = TimeColumn.of(table, timeColumn);
        this.spark = spark;
    }

    /**
     * The column by which a table is partitioned by time, as it is named there now.
     *
     * @param otherwise what it is called when the table is not partitioned so
     */
    public static String partitionColumn(Table table, String otherwise) {
        return table.spec().fields().stream()
                .filter(field -> !field.transform().isVoid())
                .map(field -> table.schema().findColumnName(field.sourceId()))
                .findFirst()
                .orElse(otherwise);
    }

    /**
     * Where rows may be cut off that are older than a moment, going by whole partitions as new files have them.
     *
     * @return in microseconds since 1970; null when the table is partitioned by something else
     */
    public static Long boundary(Table table, Instant moment) {
        Period.Unit unit = Period.unit(table.spec());
        return unit == null ? null : Period.around(unit, Period.micros(moment)).from();
    }

    /**
     * Takes out whole files of rows that are older than a boundary.
     *
     * @return whether it was committed; not when there is a file with older and newer rows by now
     */
    public boolean removeBefore(long boundary) {
        Expression older = time.before(boundary);
        try {
            DeleteFiles delete = table.newDelete().deleteFromRowFilter(older);
            Removal.retention(older).sign(delete).commit();
            return true;
        } catch (ValidationException e) {
            return false;
        } finally {
            table.refresh();
        }
    }

    /**
     * Lays the rows of some periods out anew in few large files, sorted, in one commit.
     *
     * @param periods null among them are rows without a time
     * @param sortBy the columns to sort by
     * @return whether that was done; not when others have changed the same files meanwhile
     */
    public boolean compact(Collection<Period> periods, List<String> sortBy) {
        SortOrder.Builder order = SortOrder.builderFor(table.schema());
        sortBy.forEach(order::asc);
        try {
            SparkActions.get(spark.get())
                    .rewriteDataFiles(table)
                    .sort(order.build())
                    .filter(time.within(periods))
                    .option(SizeBasedFileRewritePlanner.MIN_INPUT_FILES, "2")
                    .option(SizeBasedFileRewritePlanner.MIN_FILE_SIZE_BYTES, Long.toString(FileGroup.SMALLEST))
                    .option(SizeBasedFileRewritePlanner.MAX_FILE_SIZE_BYTES, Long.toString(LARGEST))
                    .option(RewriteDataFiles.TARGET_FILE_SIZE_BYTES, Long.toString(FileGroup.TARGET))
                    // So that rows keep counting as published when they were, to those who judge duplicates.
                    .option(RewriteDataFiles.USE_STARTING_SEQUENCE_NUMBER, "true")
                    .snapshotProperty(Provenance.STEP, STEP)
                    .execute();
            return true;
        } catch (RuntimeException e) {
            if (isRefused(e)) {
                return false;
            }
            throw e;
        } finally {
            table.refresh();
        }
    }

    private static boolean isRefused(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ValidationException || cause instanceof CommitFailedException) {
                return true;
            }
        }
        return false;
    }

    /** How many manifests so many bytes of them need. */
    public static int manifestsFor(long bytes) {
        return Math.toIntExact(Math.max(1, (bytes + MANIFEST - 1) / MANIFEST));
    }

    /** Lists the live files in few manifests, those of the same times together. */
    public void rewriteManifests() {
        Map<Integer, Period.Unit> units = new HashMap<>();
        table.specs().forEach((id, spec) -> units.put(id, spec.isUnpartitioned() ? null : Period.unit(spec)));
        long bytes = table.currentSnapshot().allManifests(table.io()).stream()
                .mapToLong(manifest -> manifest.length())
                .sum();
        boolean isOne = manifestsFor(bytes) == 1;
        RewriteManifests rewrite = table.rewriteManifests().clusterBy(file -> isOne ? 0 : month(file, units));
        rewrite.set(Provenance.STEP, STEP);
        rewrite.commit();
        table.refresh();
    }

    private long month(DataFile file, Map<Integer, Period.Unit> units) {
        Period.Unit unit = units.get(file.specId());
        PartitionSpec spec = table.specs().get(file.specId());
        Integer number = unit == null || spec.fields().size() != 1
                ? null
                : file.partition().get(0, Integer.class);
        return number == null
                ? Long.MIN_VALUE
                : Period.around(Period.Unit.MONTH, Period.of(unit, number).from())
                        .from();
    }

    /** Forgets snapshots, and deletes the files that no other one refers to. One that is gone already does not matter. */
    public void expire(Collection<Long> snapshots) {
        table.refresh();
        List<Long> there = new ArrayList<>();
        snapshots.stream().filter(id -> table.snapshot(id) != null).forEach(there::add);
        if (there.isEmpty()) {
            return;
        }
        // By their names alone: what else is old enough has not been looked at.
        ExpireSnapshots expire = table.expireSnapshots().expireOlderThan(0);
        there.forEach(expire::expireSnapshotId);
        expire.commit();
        table.refresh();
    }

    /** What is done with files that nobody refers to. */
    public enum Orphans {
        DELETED,
        COUNTED
    }

    /**
     * Looks for files in the table's folder that no snapshot refers to.
     *
     * @param before only those that were written before this
     * @return how many there are, or were
     */
    public long orphans(Instant before, Orphans what) {
        DeleteOrphanFiles action =
                SparkActions.get(spark.get()).deleteOrphanFiles(table).olderThan(before.toEpochMilli());
        if (what == Orphans.COUNTED) {
            action.deleteWith(file -> {});
        }
        long found = 0;
        for (String file : action.execute().orphanFileLocations()) {
            found += file.isEmpty() ? 0 : 1;
        }
        return found;
    }
}
