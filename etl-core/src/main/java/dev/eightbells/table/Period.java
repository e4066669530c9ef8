package dev.eightbells.table;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;

/**
 * A time in which all values of a file's time column lie.
 *
 * @param from in microseconds since 1970, UTC
 * @param until the first microsecond behind it
 */
public record Period(long from, long until) implements Comparable<Period> {
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;

    /** What a table's rows are kept apart by: that of its partitions, or months where it has none. */
    enum Unit {
        HOUR,
        DAY,
        MONTH
    }

    /** The unit of a spec; null when it is partitioned by something else. */
    static Unit unit(PartitionSpec spec) {
        if (spec.isUnpartitioned()) {
            return Unit.MONTH;
        }
        for (PartitionField field : spec.fields()) {
            switch (field.transform().toString()) {
                case "hour" -> {
                    return Unit.HOUR;
                }
                case "day" -> {
                    return Unit.DAY;
                }
                case "month" -> {
                    return Unit.MONTH;
                }
                default -> {
                    // Void, of a field that another spec had.
                }
            }
        }
        return null;
    }

    /** The partition with this number. */
    static Period of(Unit unit, int number) {
        return new Period(start(unit, number), start(unit, number + 1));
    }

    /** The one that an instant lies in. */
    static Period around(Unit unit, long micros) {
        return switch (unit) {
            case HOUR -> of(unit, Math.toIntExact(Math.floorDiv(micros, HOUR)));
            case DAY -> of(unit, Math.toIntExact(Math.floorDiv(micros, DAY)));
            case MONTH -> {
                LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(micros, DAY));
                yield of(unit, (day.getYear() - 1970) * 12 + day.getMonthValue() - 1);
            }
        };
    }

    private static long start(Unit unit, int number) {
        return switch (unit) {
            case HOUR -> number * HOUR;
            case DAY -> number * DAY;
            case MONTH -> LocalDate.of(1970, 1, 1).plusMonths(number).toEpochDay() * DAY;
        };
    }

    /** The period that begins and ends with these. */
    public static Period between(Instant from, Instant until) {
        return new Period(micros(from), micros(until));
    }

    /** An instant as files hold it. */
    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** Whether a moment lies in it, but not at its beginning. */
    public boolean isCutBy(long micros) {
        return from < micros && micros < until;
    }

    /** Whether there is nothing between this and a later one. */
    boolean reaches(Period later) {
        return later.from <= until;
    }

    /** This and a later one. */
    Period with(Period later) {
        return new Period(from, Math.max(until, later.until));
    }

    @Override
    public int compareTo(Period other) {
        return from == other.from ? Long.compare(until, other.until) : Long.compare(from, other.from);
    }

    /** For people: its first day, or hour. */
    @Override
    public String toString() {
        Instant start = Instant.EPOCH.plus(from, ChronoUnit.MICROS);
        return until - from < DAY
                ? start.toString()
                : start.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
}
