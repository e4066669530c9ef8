package dev.eightbells.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a JSON string, eight bytes at a time, and checks its escapes and its UTF-8. */
final class JsonStringScanner {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long BLANKS = ONES * ' ';

    private int limit;
    private boolean escaped;
    private int errorAt;
    private String flaw;
    private int flawAt;

    /** Begins a text that ends at this limit, where a zero byte must stand. */
    void reset(int limit) {
        this.limit = limit;
        this.flaw = null;
    }

    /** Scans from behind the opening quote; gives the index of the closing one or a code of the tokenizer. */
    int scan(byte[] b, int from) {
        escaped = false;
        int i = from;
        for (; ; ) {
            long word = (long) LONGS.get(b, i);
            // The lowest high bit marks the first byte that is a quote, a backslash, a control or not ASCII: below it
            // no
            // subtraction borrows.
            long hits = (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - BLANKS) | word) & HIGHS;
            if (hits == 0) {
                i += 8;
                continue;
            }
            i += Long.numberOfTrailingZeros(hits) >>> 3;
            byte c = b[i];
            if (c == '"') {
                return i;
            }
            i = c == '\\' ? escape(b, i) : c < 0 ? character(b, i) : error(i);
            if (i < 0) {
                return i;
            }
        }
    }

    /** Whether the string scanned last has escapes. */
    boolean escaped() {
        return escaped;
    }

    /** Where the string is malformed. */
    int errorAt() {
        return errorAt;
    }

    /** What is wrong in the strings since {@link #reset}, though their ends are known; null when nothing is. */
    String flaw() {
        return flaw;
    }

    int flawAt() {
        return flawAt;
    }

    private int error(int at) {
        errorAt = Math.min(at, limit);
        return at >= limit ? JsonTokenizer.NEED_MORE : JsonTokenizer.MALFORMED;
    }

    private void flaw(String reason, int at) {
        if (flaw == null) {
            flaw = reason;
            flawAt = at;
        }
    }

    private int escape(byte[] b, int at) {
        escaped = true;
        if (at + 1 >= limit) {
            return error(limit);
        }
        return switch (b[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> unicode(b, at);
            default -> error(at + 1);
        };
    }

    private int unicode(byte[] b, int at) {
        int unit = 0;
        for (int k = at + 2; k < at + 6; k++) {
            int digit = k >= limit ? -1 : Character.digit(b[k], 16);
            if (digit < 0) {
                return error(k);
            }
            unit = (unit << 4) | digit;
        }
        if (unit < 0xD800 || unit > 0xDFFF) {
            return at + 6;
        }
        if (unit < 0xDC00) {
            int low = lowSurrogate(b, at + 6);
            if (low == JsonTokenizer.NEED_MORE) {
                return error(limit);
            }
            if (low > 0) {
                return at + 12;
            }
        }
        flaw(Rejection.INVALID_UNICODE, at);
        return at + 6;
    }

    /** 1 when an escaped low surrogate stands here, 0 when something else does, or NEED_MORE. */
    private int lowSurrogate(byte[] b, int at) {
        for (int k = 0; k < 6; k++) {
            if (at + k >= limit) {
                return JsonTokenizer.NEED_MORE;
            }
            byte c = b[at + k];
            boolean fits =
                    switch (k) {
                        case 0 -> c == '\\';
                        case 1 -> c == 'u';
                        case 2 -> c == 'd' || c == 'D';
                        case 3 -> Character.digit(c, 16) >= 0xC;
                        default -> Character.digit(c, 16) >= 0;
                    };
            if (!fits) {
                return 0;
            }
        }
        return 1;
    }

    private int character(byte[] b, int at) {
        int length = Utf8.length(b, at, limit);
        if (length == Utf8.CUT) {
            return error(limit);
        }
        if (length == 0) {
            flaw(Rejection.INVALID_UTF8, at);
            return at + 1;
        }
        return at + length;
    }
}
