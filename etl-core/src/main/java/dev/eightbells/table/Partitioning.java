package dev.eightbells.table;

import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableDefinition.Unit;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Which partition a value of the partition column lies in, by the unit of one definition, whatever specs the table's
 * files have. Partitions are numbered as Iceberg numbers them: hours, days or months since 1970; no value is a partition
 * of its own.
 */
public final class Partitioning implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The partition of rows without a value. */
    public static final int NONE = Integer.MIN_VALUE;

    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_HOUR = 3_600_000_000L;
    private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

    private final String column;
    private final Unit unit;
    private final boolean dates;

    private Partitioning(String column, Unit unit, boolean dates) {
        this.column = column;
        this.unit = unit;
        this.dates = dates;
    }

    public static Partitioning of(TableDefinition definition) {
        String from = definition.partitionBy().from();
        boolean dates = definition.columns().stream()
                .anyMatch(column -> column.name().equals(from) && column.type() == ColumnType.Primitive.DATE);
        return new Partitioning(from, definition.partitionBy().unit(), dates);
    }

    /** The same of a column with another name. */
    Partitioning named(String other) {
        return new Partitioning(other, unit, dates);
    }

    /** The same by another unit. */
    Partitioning by(Unit other) {
        return new Partitioning(column, other, dates);
    }

    /** The partitions in which rows of another unit's partition can lie. */
    Set<Integer> covering(Unit other, int partition) {
        if (partition == NONE || other == unit) {
            return Set.of(partition);
        }
        Partitioning others = by(other);
        int last = partitionOf(others.last(partition));
        return IntStream.rangeClosed(partitionOf(others.start(partition)), last)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Object last(int partition) {
        Object end = start(partition + 1);
        return dates ? (Object) ((Integer) end - 1) : (Object) ((Long) end - 1);
    }

    /** Days of a timestamp column. */
    public static Partitioning byDay(String column) {
        return new Partitioning(column, Unit.DAY, false);
    }

    /** The partition of a value as Spark holds it: an Integer of days, a Long of microseconds, or null. */
    public int partitionOf(Object value) {
        if (value == null) {
            return NONE;
        }
        long days = dates ? (Integer) value : Math.floorDiv((Long) value, MICROS_PER_DAY);
        return switch (unit) {
            case HOUR -> Math.toIntExact(Math.floorDiv((Long) value, MICROS_PER_HOUR));
            case DAY -> Math.toIntExact(days);
            case MONTH -> monthOf(LocalDate.ofEpochDay(days));
        };
    }

    /** Whether a row lies in one of these partitions; each partition is a range of its own. */
    public Expression within(Collection<Integer> partitions) {
        return anyOf(partitions.stream().map(this::within).toList());
    }

    /** Whether one of these holds; as flat as can be, for what walks over expressions is recursive. */
    static Expression anyOf(List<Expression> expressions) {
        if (expressions.size() < 2) {
            return expressions.isEmpty() ? Expressions.alwaysFalse() : expressions.get(0);
        }
        int half = expressions.size() / 2;
        return Expressions.or(
                anyOf(expressions.subList(0, half)), anyOf(expressions.subList(half, expressions.size())));
    }

    private Expression within(int partition) {
        if (partition == NONE) {
            return Expressions.isNull(column);
        }
        return Expressions.and(
                Expressions.greaterThanOrEqual(column, start(partition)),
                Expressions.lessThan(column, start(partition + 1)));
    }

    private Object start(int partition) {
        long micros = startMicros(partition);
        if (dates) {
            return Math.toIntExact(micros / MICROS_PER_DAY);
        }
        return micros;
    }

    private long startMicros(int partition) {
        return switch (unit) {
            case HOUR -> partition * MICROS_PER_HOUR;
            case DAY -> partition * MICROS_PER_DAY;
            case MONTH -> firstDay(partition).toEpochDay() * MICROS_PER_DAY;
        };
    }

    /** The first moment of a partition, in UTC; one past the last moment of the partition before. */
    public LocalDateTime beginning(int partition) {
        return LocalDateTime.ofEpochSecond(startMicros(partition) / MICROS_PER_SECOND, 0, ZoneOffset.UTC);
    }

    /** The partition as people write it, e.g. {@code 2026-11-22}, {@code 2026-11-22T08}, {@code 2026-11}. */
    public String describe(int partition) {
        if (partition == NONE) {
            return "null";
        }
        return switch (unit) {
            case HOUR ->
                java.time.Instant.ofEpochSecond(partition * 3600L)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDateTime()
                        .toString()
                        .replaceFirst(":00$", "");
            case DAY -> LocalDate.ofEpochDay(partition).toString();
            case MONTH -> firstDay(partition).toString().replaceFirst("-01$", "");
        };
    }

    private static int monthOf(LocalDate date) {
        return (date.getYear() - 1970) * 12 + date.getMonthValue() - 1;
    }

    private static LocalDate firstDay(int month) {
        return LocalDate.of(1970, 1, 1).plusMonths(month);
    }
}
