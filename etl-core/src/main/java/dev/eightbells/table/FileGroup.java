package dev.eightbells.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * The live files of a table whose rows lie in the same time: that of one partition as new files have them, one month of a
 * table without partitions, or the partition or the months that a file has when those are longer.
 *
 * @param period null for rows without a time, and for files that do not tell
 * @param files how many there are
 * @param small how many of them are smaller than they should be, and could be one with others
 * @param smallBytes how large those are
 */
public record FileGroup(Period period, int files, long bytes, long rows, int small, long smallBytes) {
    /** What is smaller has more of a file's costs than of its uses. */
    public static final long SMALLEST = 256L << 20;

    /** How large files are made. */
    public static final long TARGET = 384L << 20;

    /**
     * Groups the live files of a table as it was last looked at. Holds the groups, not the files.
     *
     * @param timeColumn the column by which rows age
     */
    static List<FileGroup> of(Table table, String timeColumn) {
        Map<Period, FileGroup> groups = new LinkedHashMap<>();
        TableScan scan = table.newScan();
        if (table.specs().values().stream().anyMatch(PartitionSpec::isUnpartitioned)) {
            scan = scan.includeColumnStats(Set.of(timeColumn));
        }
        try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
            for (FileScanTask task : tasks) {
                FileGroup one = one(table, timeColumn, task.file());
                groups.merge(one.period, one, FileGroup::and);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table.spec().isUnpartitioned()
                ? groups.values().stream()
                        .map(group -> group.beside(groups.keySet()))
                        .toList()
                : List.copyOf(groups.values());
    }

    private static FileGroup one(Table table, String timeColumn, DataFile file) {
        Period own = period(table, timeColumn, file);
        Period.Unit today = Period.unit(table.spec());
        Period todays = own == null || today == null ? null : Period.around(today, own.from());
        boolean isLonger = own != null && (todays == null || own.until() > todays.until());
        // Rewritten, it would become many: one for each of today's partitions.
        boolean isSmall = file.fileSizeInBytes() < SMALLEST && !isLonger;
        return new FileGroup(
                isLonger ? own : todays,
                1,
                file.fileSizeInBytes(),
                file.recordCount(),
                isSmall ? 1 : 0,
                isSmall ? file.fileSizeInBytes() : 0);
    }

    /**
     * Without partitions, whoever rewrites a month gets hold of all files that reach into it. One that reaches out of it would
     * take the month's rows along, and keep them as long as its newest: they are left as they are.
     */
    private FileGroup beside(Set<Period> periods) {
        boolean isReachedInto = period != null
                && periods.stream()
                        .anyMatch(other -> other != null
                                && !other.equals(period)
                                && other.from() < period.until()
                                && period.from() < other.until());
        return isReachedInto ? new FileGroup(period, files, bytes, rows, 0, 0) : this;
    }

    private FileGroup and(FileGroup other) {
        return new FileGroup(
                period,
                files + other.files,
                bytes + other.bytes,
                rows + other.rows,
                small + other.small,
                smallBytes + other.smallBytes);
    }

    private static Period period(Table table, String timeColumn, DataFile file) {
        PartitionSpec spec = table.specs().get(file.specId());
        Period.Unit unit = Period.unit(spec);
        if (unit == null) {
            return null;
        }
        if (spec.isUnpartitioned()) {
            int field = table.schema().findField(timeColumn).fieldId();
            Long first = bound(file.lowerBounds(), field);
            Long last = bound(file.upperBounds(), field);
            return first == null || last == null
                    ? null
                    : Period.around(unit, first).with(Period.around(unit, last));
        }
        for (int place = 0; place < spec.fields().size(); place++) {
            if (unit.name()
                    .equalsIgnoreCase(spec.fields().get(place).transform().toString())) {
                Integer number = file.partition().get(place, Integer.class);
                return number == null ? null : Period.of(unit, number);
            }
        }
        return null;
    }

    private static Long bound(Map<Integer, ByteBuffer> bounds, int field) {
        ByteBuffer bound = bounds == null ? null : bounds.get(field);
        return bound == null ? null : Conversions.<Long>fromByteBuffer(Types.TimestampType.withZone(), bound);
    }
}
