package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.Operand.Moment;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments that are written as texts: {@code 2024-01-31}, {@code 9:30 PM}, {@code 21:45}. */
final class Moments {
    private static final Pattern DAY = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])");
    private static final Pattern HALF_DAY_TIME = Pattern.compile("(0?[1-9]|1[0-2]):([0-5][0-9]) (AM|PM)");

    private Moments() {}

    /** Empty when the text is no moment. */
    static Optional<Moment> parse(String text) {
        Matcher day = DAY.matcher(text);
        if (day.matches()) {
            return day(number(day, 1), number(day, 2), number(day, 3));
        }

        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            return Optional.of(new Operand.TimeOfDay(LocalTime.of(number(time, 1), number(time, 2))));
        }

        Matcher half = HALF_DAY_TIME.matcher(text);
        if (half.matches()) {
            int hour = number(half, 1) % 12 + (half.group(3).equals("PM") ? 12 : 0);
            return Optional.of(new Operand.TimeOfDay(LocalTime.of(hour, number(half, 2))));
        }
        return Optional.empty();
    }

    private static Optional<Moment> day(int year, int month, int day) {
        try {
            return Optional.of(new Operand.Day(LocalDate.of(year, month, day)));
        } catch (DateTimeException e) {
            // A day that is in no calendar is a text like others.
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
