package dev.eightbells.read;

import dev.eightbells.Failure;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** Any other pattern that {@code java.time} knows, read strictly, with English names. */
final class JavaPattern implements TimeFormat {
    private final DateTimeFormatter formatter;

    private JavaPattern(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /** @throws Failure for a pattern that is none */
    static JavaPattern compile(String pattern) {
        try {
            return new JavaPattern(formatter(pattern));
        } catch (IllegalArgumentException e) {
            throw Failure.input("Invalid format: \"" + pattern + "\" (" + e.getMessage()
                    + "). Use a pattern such as yyyy-MM-dd HH:mm:ss, or epoch_s, epoch_ms or epoch_us.");
        }
    }

    private static DateTimeFormatter formatter(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        boolean hasEra = pattern.indexOf('G') >= 0;
        int next = 0;
        while (next < pattern.length()) {
            char c = pattern.charAt(next);
            int begin = next;
            do {
                next++;
            } while (next < pattern.length() && pattern.charAt(next) == c && Character.isLetter(c));
            if (c == '\'') {
                next = quoted(pattern, begin, builder);
            } else if (c == 'S') {
                builder.appendFraction(ChronoField.NANO_OF_SECOND, 1, next - begin, false);
            } else if (!hasEra && (c == 'y' || c == 'u')) {
                // The year of an era needs an era when read strictly.
                if (next - begin == 4) {
                    builder.appendValue(ChronoField.YEAR, 4);
                } else {
                    builder.appendPattern("u".repeat(next - begin));
                }
            } else {
                builder.appendPattern(pattern.substring(begin, next));
            }
        }
        return builder.toFormatter(Locale.US).withResolverStyle(ResolverStyle.STRICT);
    }

    /** Takes over quoted text as it is; {@code S} and {@code y} in it are no fields. */
    private static int quoted(String pattern, int begin, DateTimeFormatterBuilder builder) {
        int end = pattern.indexOf('\'', begin + 1);
        while (end >= 0 && end + 1 < pattern.length() && pattern.charAt(end + 1) == '\'') {
            end = pattern.indexOf('\'', end + 2);
        }
        if (end < 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        builder.appendPattern(pattern.substring(begin, end + 1));
        return end + 1;
    }

    @Override
    public boolean read(byte[] bytes, int kind, int start, int end, TimeFields into) {
        if (kind != Kind.STRING && kind != Kind.INTEGER) {
            return false;
        }
        String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        ParsePosition position = new ParsePosition(0);
        if (formatter.parseUnresolved(text, position) == null || position.getIndex() < text.length()) {
            return false;
        }
        try {
            return take(formatter.parse(text), into);
        } catch (DateTimeException e) {
            // Well-formed, but no time that exists.
            return false;
        }
    }

    private static boolean take(TemporalAccessor parsed, TimeFields into) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        if (date == null || (time != null && time.getNano() % 1_000 != 0)) {
            return false;
        }
        into.clear();
        into.year = date.getYear();
        into.month = date.getMonthValue();
        into.day = date.getDayOfMonth();
        if (time != null) {
            into.hour = time.getHour();
            into.minute = time.getMinute();
            into.second = time.getSecond();
            into.micros = time.getNano() / 1_000;
        }
        ZoneId zone = parsed.query(TemporalQueries.zone());
        if (zone instanceof ZoneOffset offset) {
            into.hasOffset = true;
            into.offset = offset.getTotalSeconds();
        } else {
            into.region = zone;
        }
        return true;
    }
}
