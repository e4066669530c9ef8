package dev.eightbells.read;

import java.io.IOException;

/** Scans the JSON value that begins at a position of the window, reading more where needed, up to {@code maxRecord}. */
final class ValueScanner {
    enum Outcome {
        /** A well-formed value ends at {@link #end()}. */
        COMPLETE,
        /** The first {@code maxRecord + 1} bytes are well-formed, and no whole value of at most {@code maxRecord}. */
        TOO_LONG,
        /** The byte at {@link #end()} cannot stand there, or the object ends there. */
        MALFORMED
    }

    private final ByteWindow window;
    private final JsonTokenizer tokenizer;
    private final int maxRecord;
    private long end;
    private String reason = Rejection.NOT_JSON;

    ValueScanner(ByteWindow window, JsonTokenizer tokenizer, int maxRecord) {
        this.window = window;
        this.tokenizer = tokenizer;
        this.maxRecord = maxRecord;
    }

    /** Scans the object whose brace stands at this kept position, and notes its fields. */
    Outcome scanRecord(long start) throws IOException {
        for (; ; ) {
            int from = window.index(start);
            int limit = clip(from);
            byte[] bytes = window.bytes();
            byte behind = bytes[limit];
            bytes[limit] = 0;
            int code = tokenizer.scanRecord(bytes, from, limit);
            bytes[limit] = behind;
            if (code != JsonTokenizer.NEED_MORE || limit - from > maxRecord || !hasMore()) {
                return outcome(code, from, limit);
            }
        }
    }

    /** Scans any value at this kept position. */
    Outcome scanValue(long start) throws IOException {
        for (; ; ) {
            int from = window.index(start);
            int limit = clip(from);
            byte[] bytes = window.bytes();
            byte behind = bytes[limit];
            bytes[limit] = 0;
            int code = tokenizer.scanValue(bytes, from, limit);
            bytes[limit] = behind;
            boolean goesOn = code == JsonTokenizer.NEED_MORE || code == limit;
            if (!goesOn || limit - from > maxRecord || !hasMore()) {
                return outcome(code, from, limit);
            }
        }
    }

    /** Where the value ends, or where it is malformed. */
    long end() {
        return end;
    }

    /** Why it is malformed: a reason code. */
    String reason() {
        return reason;
    }

    /** Reads more; false when there was nothing to read and nothing has moved. */
    private boolean hasMore() throws IOException {
        long base = window.base();
        return window.fill() || window.base() != base;
    }

    private int clip(int from) {
        return (int) Math.min(window.limit(), (long) from + maxRecord + 1);
    }

    private Outcome outcome(int code, int from, int limit) {
        if (code >= 0) {
            end = window.base() + code;
            return code - from > maxRecord ? Outcome.TOO_LONG : Outcome.COMPLETE;
        }
        reason = tokenizer.errorReason();
        if (code == JsonTokenizer.MALFORMED) {
            end = window.base() + tokenizer.errorAt();
            return Outcome.MALFORMED;
        }
        end = window.base() + limit;
        return limit - from > maxRecord ? Outcome.TOO_LONG : Outcome.MALFORMED;
    }
}
