package dev.eightbells.read;

import java.util.Locale;

/** What is said of text that is no good. A byte is given as {@link ByteWindow#at} gives it, -1 for the end. */
final class Wording {
    private Wording() {}

    /** The byte cannot stand there. */
    static String unexpected(int c, long bytesBefore) {
        return "Not JSON: " + name(c) + " is unexpected" + after(bytesBefore) + ".";
    }

    /** The value is complete, and something else follows it. */
    static String follower(int c, long bytesBefore) {
        return "Not JSON: " + name(c) + " follows the value that ends" + after(bytesBefore) + ".";
    }

    static String noBeginning(int c) {
        return "Not JSON: no record begins with " + name(c) + ".";
    }

    static String tooDeep(long bytesBefore) {
        return "More than " + JsonTokenizer.MAX_DEPTH + " objects and arrays stand in each other" + after(bytesBefore)
                + ".";
    }

    static String tooLong(int maxRecord) {
        return "The record has more than " + maxRecord + " bytes.";
    }

    /** What {@link JsonTokenizer#flaw} found. */
    static String flaw(String reason, long bytesBefore) {
        String what = reason.equals(Rejection.INVALID_UTF8) ? "Not UTF-8" : "Half a surrogate pair";
        return what + after(bytesBefore) + ".";
    }

    private static String after(long bytes) {
        return " after " + bytes + (bytes == 1 ? " byte" : " bytes");
    }

    private static String name(int c) {
        if (c < 0) {
            return "the end";
        }
        if (c == '\n') {
            return "a newline";
        }
        return c > ' ' && c < 0x7F
                ? "'" + (char) c + "'"
                : "the byte 0x" + Integer.toHexString(c | 0x100).substring(1).toUpperCase(Locale.ROOT);
    }
}
