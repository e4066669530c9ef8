package dev.eightbells.read;

import java.time.ZoneId;

/** A date, a time of day and perhaps an offset, as a text states them. Used again and again. */
final class TimeFields {
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int micros;
    boolean hasOffset;
    int offset;

    /** A region that the text names; null when it names none. */
    ZoneId region;

    void clear() {
        year = 1;
        month = 1;
        day = 1;
        hour = 0;
        minute = 0;
        second = 0;
        micros = 0;
        hasOffset = false;
        offset = 0;
        region = null;
    }

    void set(TimeFields other) {
        year = other.year;
        month = other.month;
        day = other.day;
        hour = other.hour;
        minute = other.minute;
        second = other.second;
        micros = other.micros;
        hasOffset = other.hasOffset;
        offset = other.offset;
        region = other.region;
    }

    /** Whether the fields are a time that exists in the calendar, in the years 0001 to 9999. */
    boolean isValid() {
        return year >= 1
                && year <= 9999
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= length()
                && hour <= 23
                && minute <= 59
                && second <= 59;
    }

    private int length() {
        boolean leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return leap ? 29 : DAYS[month - 1];
    }

    /** The days since 1970-01-01, in the proleptic Gregorian calendar. */
    long epochDay() {
        // Years that begin in March end with the leap day.
        long y = month > 2 ? year : year - 1;
        long monthFromMarch = (month + 9L) % 12;
        long days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * monthFromMarch + 2) / 5 + day - 1;
        return days - 719_468;
    }

    /** The seconds since 1970-01-01 00:00 by the local clock. */
    long localSeconds() {
        return epochDay() * 86_400 + secondOfDay();
    }

    long secondOfDay() {
        return (hour * 60L + minute) * 60 + second;
    }
}
