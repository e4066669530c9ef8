package dev.eightbells.samples;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/** One record's text while it is written, as UTF-8 bytes; used again for the next one. */
final class RecordBytes {
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

    private byte[] bytes = new byte[2048];
    private int length;
    private long day = Long.MIN_VALUE;
    private byte[] dayText = new byte[0];

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** The text so far is the first {@link #length()} of these; they change with the next append. */
    byte[] bytes() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    RecordBytes text(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    RecordBytes one(char character) {
        reserve(1);
        bytes[length++] = (byte) character;
        return this;
    }

    /** A number of at least 0, without leading zeros. */
    RecordBytes number(long value) {
        int width = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            width++;
        }
        return digits(value, width);
    }

    /** The last {@code width} digits of a number of at least 0, with leading zeros. */
    RecordBytes digits(long value, int width) {
        reserve(width);
        long rest = value;
        for (int at = length + width - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
        return this;
    }

    /** {@code scaled / 10^fraction} with all its fraction digits. */
    RecordBytes decimal(long scaled, int fraction) {
        if (scaled < 0) {
            one('-');
        }
        long magnitude = Math.abs(scaled);
        long scale = 1;
        for (int digit = 0; digit < fraction; digit++) {
            scale *= 10;
        }
        return number(magnitude / scale).one('.').digits(magnitude % scale, fraction);
    }

    /** A random (version 4) UUID of these 128 bits. */
    RecordBytes uuid(long high, long low) {
        reserve(36);
        hex((high & ~0xF000L) | 0x4000L, 0);
        hex((low & ~(3L << 62)) | (1L << 63), 18);
        length += 36;
        return this;
    }

    /** {@code yyyy-MM-dd}; days since 1970-01-01. */
    RecordBytes date(long epochDay) {
        if (epochDay != day) {
            day = epochDay;
            dayText = ascii(LocalDate.ofEpochDay(epochDay).toString());
        }
        return text(dayText);
    }

    /** {@code yyyy-MM-dd HH:mm:ss} in UTC; microseconds since 1970-01-01. */
    RecordBytes seconds(long micros) {
        date(Math.floorDiv(micros, MICROS_PER_DAY));
        long second = Math.floorMod(micros, MICROS_PER_DAY) / MICROS_PER_SECOND;
        return one(' ').digits(second / 3600, 2)
                .one(':')
                .digits(second / 60 % 60, 2)
                .one(':')
                .digits(second % 60, 2);
    }

    /** {@code yyyy-MM-dd HH:mm:ss.SSSSSS} in UTC; microseconds since 1970-01-01. */
    RecordBytes micros(long micros) {
        return seconds(micros).one('.').digits(Math.floorMod(micros, MICROS_PER_SECOND), 6);
    }

    /** Puts other text in the place of a stretch. */
    void replace(int from, int to, byte[] text) {
        byte[] tail = Arrays.copyOfRange(bytes, to, length);
        length = from;
        text(text);
        text(tail);
    }

    void replaceAll(char old, char replacement) {
        for (int at = 0; at < length; at++) {
            if (bytes[at] == old) {
                bytes[at] = (byte) replacement;
            }
        }
    }

    /** Puts any byte, also one that no text holds, in the place of another. */
    void overwrite(int at, int value) {
        bytes[at] = (byte) value;
    }

    void truncate(int newLength) {
        length = newLength;
    }

    /** Where the text stands. */
    int indexOf(byte[] text) {
        for (int at = 0; at + text.length <= length; at++) {
            if (Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("Cannot find " + new String(text, StandardCharsets.UTF_8) + " in the record "
                + new String(bytes, 0, length, StandardCharsets.UTF_8) + ".");
    }

    /** Sixteen digits, in one of a UUID's halves: dashes stand after 8, 12, 16 and 20 digits. */
    private void hex(long value, int offset) {
        int at = length + offset;
        for (int digit = 0; digit < 16; digit++) {
            boolean dash = offset == 0 ? digit == 8 || digit == 12 : digit == 0 || digit == 4;
            if (dash) {
                bytes[at++] = '-';
            }
            bytes[at++] = HEX[(int) (value >>> (60 - 4 * digit)) & 15];
        }
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
