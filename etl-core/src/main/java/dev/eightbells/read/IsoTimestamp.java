package dev.eightbells.read;

/**
 * ISO 8601 in its extended form: {@code yyyy-MM-ddTHH:mm[:ss[.fraction]][offset]}, with {@code T} or a blank, and as
 * offset {@code Z}, {@code ±HH}, {@code ±HHmm} or {@code ±HH:mm}. Fraction digits below micros must be zero.
 */
final class IsoTimestamp implements TimeFormat {
    @Override
    public boolean read(byte[] b, int kind, int start, int end, TimeFields into) {
        if (kind != Kind.STRING || end - start < 16) {
            return false;
        }
        int separator = b[start + 10];
        int upperHalf = two(b, start);
        int lowerHalf = two(b, start + 2);
        into.clear();
        into.month = two(b, start + 5);
        into.day = two(b, start + 8);
        into.hour = two(b, start + 11);
        into.minute = two(b, start + 14);
        if ((upperHalf | lowerHalf | into.month | into.day | into.hour | into.minute) < 0
                || b[start + 4] != '-'
                || b[start + 7] != '-'
                || (separator != 'T' && separator != ' ')
                || b[start + 13] != ':') {
            return false;
        }
        into.year = upperHalf * 100 + lowerHalf;
        int i = start + 16;
        if (i < end && b[i] == ':') {
            into.second = end - i < 3 ? -1 : two(b, i + 1);
            if (into.second < 0) {
                return false;
            }
            i += 3;
            if (i < end && b[i] == '.') {
                int fraction = fraction(b, i + 1, end, into);
                if (fraction == i + 1) {
                    return false;
                }
                i = fraction;
            }
        }
        return i == end || Offsets.ANY.read(b, i, end, into) == end;
    }

    /** The number that these two digits are; negative when they are none. */
    static int two(byte[] b, int at) {
        int tens = b[at] - '0';
        int ones = b[at + 1] - '0';
        return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
    }

    /** Reads digits as a fraction of a second; gives the index behind them, or {@code from} when they say too much. */
    static int fraction(byte[] b, int from, int end, TimeFields into) {
        int micros = 0;
        int unit = 100_000;
        int i = from;
        for (; i < end; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (unit == 0 && digit > 0) {
                return from;
            }
            micros += digit * unit;
            unit /= 10;
        }
        into.micros = micros;
        return i;
    }
}
