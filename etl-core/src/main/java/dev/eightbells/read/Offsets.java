package dev.eightbells.read;

/** How an offset from UTC is written. At most 18 hours, as {@code java.time} has it. */
enum Offsets {
    /** {@code Z}, {@code ±HH}, {@code ±HHmm}, {@code ±HH:mm}. */
    ANY,
    /** {@code Z}, {@code ±HH}, {@code ±HHmm}. */
    SHORT,
    /** {@code Z}, {@code ±HHmm}. */
    BASIC,
    /** {@code Z}, {@code ±HH:mm}. */
    EXTENDED;

    /** Reads an offset; gives the index behind it, or -1. */
    int read(byte[] b, int from, int end, TimeFields into) {
        if (from >= end) {
            return -1;
        }
        int sign = b[from];
        into.hasOffset = true;
        if (sign == 'Z') {
            into.offset = 0;
            return from + 1;
        }
        if ((sign != '+' && sign != '-') || end - from < 3) {
            return -1;
        }
        int hours = IsoTimestamp.two(b, from + 1);
        int i = from + 3;
        boolean colon = i < end && b[i] == ':';
        boolean digits = i < end && b[i] >= '0' && b[i] <= '9';
        boolean takesMinutes = colon ? this == ANY || this == EXTENDED : digits && this != EXTENDED;
        int minutes = 0;
        if (takesMinutes) {
            i += colon ? 1 : 0;
            minutes = end - i < 2 ? -1 : IsoTimestamp.two(b, i);
            i += 2;
        } else if (this == BASIC || this == EXTENDED) {
            return -1;
        }
        int seconds = (hours * 60 + minutes) * 60;
        if (hours < 0 || minutes < 0 || minutes > 59 || seconds > 18 * 3600) {
            return -1;
        }
        into.offset = sign == '-' ? -seconds : seconds;
        return i;
    }
}
