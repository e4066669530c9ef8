package dev.eightbells.pipeline;

import dev.eightbells.pipeline.ColumnType.Primitive;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the patterns of dates and times by writing a known instant with them and reading it back. */
final class TimePattern {
    private static final Set<String> EPOCHS = Set.of("epoch_s", "epoch_ms", "epoch_us");
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");
    private static final Pattern TIME_OF_DAY = Pattern.compile("[HhKkmsSnNAaB]");
    // An afternoon, and a day that is no month: what a pattern forgets, comes back different.
    private static final LocalDateTime SAMPLE = LocalDateTime.of(2026, 11, 22, 15, 4, 5);

    private TimePattern() {}

    /** What of times a type is or holds: timestamps (perhaps beside dates), dates, or nothing. */
    static Optional<Primitive> timesIn(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return timesIn(array.element());
        }
        if (type instanceof ColumnType.Map map) {
            return timesIn(map.value());
        }
        if (type instanceof ColumnType.Struct struct) {
            return struct.fields().stream()
                    .flatMap(field -> timesIn(field.type()).stream())
                    .max(Comparator.naturalOrder());
        }

        return Optional.ofNullable(type == Primitive.DATE || type == Primitive.TIMESTAMP ? (Primitive) type : null);
    }

    /**
     * The pattern, when values written with it name one date (or time).
     *
     * @throws IllegalArgumentException when they do not
     */
    static String check(String pattern, ColumnType type) {
        if (EPOCHS.contains(pattern)) {
            return pattern;
        }

        TemporalAccessor back;
        try {
            DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
            back = formatter.parse(formatter.format(SAMPLE.atOffset(ZoneOffset.UTC)));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' is no pattern of times (" + malformed.getMessage()
                            + "); write e.g. yyyy-MM-dd HH:mm:ss, epoch_s, epoch_ms or epoch_us",
                    malformed);
        }

        LocalDate date = back.query(TemporalQueries.localDate());
        if (!SAMPLE.toLocalDate().equals(date)) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' does not name year, month and day; write e.g. yyyy-MM-dd");
        }

        LocalTime time = back.query(TemporalQueries.localTime());
        boolean isTimestamp = timesIn(type).equals(Optional.of(Primitive.TIMESTAMP));
        boolean namesTime =
                TIME_OF_DAY.matcher(QUOTED.matcher(pattern).replaceAll("")).find();
        if (isTimestamp && namesTime && (time == null || time.getHour() != SAMPLE.getHour())) {
            throw new IllegalArgumentException("'" + pattern
                    + "' does not name the hour of the day; write HH (00 to 23), or hh with a for am and pm");
        }

        return pattern;
    }
}
