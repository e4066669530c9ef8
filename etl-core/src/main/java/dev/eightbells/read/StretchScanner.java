package dev.eightbells.read;

import java.io.IOException;

/**
 * Finds where a malformed stretch ends: before the first newline whose next line that is not blank is not indented deeper
 * than the stretch's first line. A stretch without a newline in its first MB (or up to the object's end) also ends before
 * a brace that follows a closing one, blanks aside, when records go on from there.
 *
 * <p>"Records go on" looks further than at one record, for the elements of an array inside the malformed record could
 * follow each other without their commas: the objects from there on are looked at until a newline, the end, something
 * malformed or 1 MB; when one of them is followed by a comma or a closing bracket, they all stand in something.
 */
final class StretchScanner {
    /** How far to look for a newline, for the end of blanks, and along glued records: 1 MB. */
    static final int REACH = 1 << 20;

    private final ByteWindow window;
    private final ValueScanner scanner;
    private final int maxRecord;
    private boolean glued;
    private boolean textKept;
    private int indentation;
    private long passed;
    private long searched;
    private long newline = -1;

    StretchScanner(ByteWindow window, ValueScanner scanner, int maxRecord) {
        this.window = window;
        this.scanner = scanner;
        this.maxRecord = maxRecord;
    }

    /**
     * Gives the position where the stretch ends.
     *
     * @param start where it begins
     * @param from where to look from: the start, or where a record that is too long turned out malformed
     * @param depth how far its first line is indented
     */
    long scan(long start, long from, int depth) throws IOException {
        glued = false;
        indentation = depth;
        boolean inLines = hasNewline(from);
        int previous = 0;
        boolean afterBrace = false;
        long position = from;
        for (; ; ) {
            release(start, position);
            int c = window.at(position);
            if (c < 0) {
                return finish(start, position);
            }
            if (c == '\n') {
                long next = nextLine(position);
                if (indentation <= depth) {
                    return finish(start, previous == '\r' && position - 1 > start ? position - 1 : position);
                }
                position = next;
                previous = 0;
                continue;
            }
            if (!inLines && c == '{' && afterBrace) {
                if (recordsGoOn(position)) {
                    glued = true;
                    return finish(start, position);
                }
                if (passed > position) {
                    position = passed;
                    previous = 0;
                    continue;
                }
            }
            if (!isBlank(c)) {
                afterBrace = c == '}';
            }
            previous = c;
            position++;
        }
    }

    /** Whether the stretch ended before a glued record, and not before a newline or at the end. */
    boolean isGlued() {
        return glued;
    }

    /** Whether the stretch's bytes are still in the window. */
    boolean isTextKept() {
        return textKept;
    }

    /** How far the line is indented on which a glued stretch ended. */
    int indentation() {
        return indentation;
    }

    private long finish(long start, long end) {
        textKept = end - start <= maxRecord && start >= window.base();
        return end;
    }

    private void release(long start, long position) {
        // Beyond this the stretch is too long for its text, whatever its end.
        if (position - start > (long) maxRecord + REACH + 1) {
            window.keep(position);
        }
    }

    private boolean hasNewline(long from) throws IOException {
        if (from > newline) {
            newline = -1;
        }
        // What an earlier stretch looked through need not be looked through again.
        for (long position = Math.max(from, searched); newline < 0 && position < from + REACH; position++) {
            int c = window.at(position);
            if (c < 0) {
                return false;
            }
            if (c == '\n') {
                newline = position;
            }
            searched = position + 1;
        }
        return newline >= 0 && newline < from + REACH;
    }

    /** The first byte that is not blank behind this newline; notes its indentation, 0 at the end or when far away. */
    private long nextLine(long newline) throws IOException {
        int blanks = 0;
        for (long position = newline + 1; position <= newline + REACH; position++) {
            int c = window.at(position);
            if (c == '\n') {
                blanks = 0;
            } else if (c == ' ' || c == '\t') {
                blanks++;
            } else if (c != '\r') {
                indentation = c < 0 ? 0 : blanks;
                return position;
            }
        }
        indentation = 0;
        return newline + REACH;
    }

    private boolean recordsGoOn(long candidate) throws IOException {
        passed = candidate;
        long record = candidate;
        for (; ; ) {
            if (scanner.scanValue(record) != ValueScanner.Outcome.COMPLETE) {
                return record > candidate;
            }
            long position = scanner.end();
            int c = window.at(position);
            while (c == ' ' || c == '\t' || c == '\r') {
                position++;
                if (position - scanner.end() > REACH) {
                    return record > candidate;
                }
                c = window.at(position);
            }
            if (c < 0 || c == '\n') {
                return true;
            }
            if (c == ',' || c == ']' || c == '}') {
                passed = position;
                return false;
            }
            if (c != '{') {
                return record > candidate;
            }
            record = position;
            if (record - candidate > REACH) {
                return true;
            }
        }
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
