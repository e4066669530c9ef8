package dev.eightbells.read;

import dev.eightbells.read.ValueScanner.Outcome;
import java.io.IOException;

/**
 * Finds one record or malformed stretch after the other, in one forward pass. The rules are in the package's
 * documentation; every byte that is neither blank nor a container's bracket or comma lies in exactly one of them.
 */
final class RecordFramer {
    /** Where the text at hand stands. */
    private enum State {
        /** Outside any array. */
        TOP,
        /** In an array, where an element must follow. */
        ELEMENT,
        /** In an array, behind an element that a comma or the closing bracket follows. */
        DELIMITER,
        /** Behind a malformed stretch in an array: it may go on or not. */
        UNSURE
    }

    private final ByteWindow window;
    private final JsonTokenizer tokenizer;
    private final ValueScanner scanner;
    private final StretchScanner stretches;
    private final int maxRecord;
    private final long splitEnd;

    private State state = State.TOP;
    private long position;
    private long comma;
    private boolean leading = true;
    private int indentation;
    private boolean stopped;

    private long start;
    private long end;
    private long count;
    private Rejection rejection;

    /**
     * @param position where the first record may begin, a line start
     * @param splitEnd where to stop: at the first clean boundary from here on
     */
    RecordFramer(ByteWindow window, JsonTokenizer tokenizer, int maxRecord, long position, long splitEnd) {
        this.window = window;
        this.tokenizer = tokenizer;
        this.scanner = new ValueScanner(window, tokenizer, maxRecord);
        this.stretches = new StretchScanner(window, scanner, maxRecord);
        this.maxRecord = maxRecord;
        this.position = position;
        this.splitEnd = splitEnd;
        this.stopped = position >= splitEnd;
    }

    /**
     * Moves on; false at the end. A record's fields are noted, as long as it is the current one; it has a rejection when
     * its text is no good.
     */
    boolean next() throws IOException {
        rejection = null;
        while (!stopped) {
            int c = skipBlanks();
            if (stopped) {
                break;
            }
            if (c < 0) {
                stopped = true;
                return endInArray();
            }
            if (state == State.DELIMITER || (state == State.UNSURE && (c == ',' || c == ']'))) {
                comma = position;
                position++;
                state = c == ',' ? State.ELEMENT : State.TOP;
                continue;
            }
            if (state == State.UNSURE && c == '[') {
                state = State.TOP;
            }
            count++;
            if (c == '{') {
                record(position);
            } else if (c == '[' && state == State.TOP) {
                array(position);
            } else if (c == '"' || c == '[' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n') {
                value(position);
            } else {
                stretch(position, Rejection.NOT_JSON, Wording.noBeginning(c));
            }
            return true;
        }
        return false;
    }

    /** Where the current record or stretch begins. */
    long start() {
        return start;
    }

    /** Where it ends. */
    long end() {
        return end;
    }

    /** Why its text is no good; null when it is a record. */
    Rejection rejection() {
        return rejection;
    }

    /** How many records and stretches there were. */
    long count() {
        return count;
    }

    /** How far reading has come; where it stopped, when it has. */
    long position() {
        return position;
    }

    /** A copy of the current record's text. */
    byte[] text() {
        return window.copy(start, end);
    }

    private int skipBlanks() throws IOException {
        for (; ; ) {
            window.keep(position);
            int c = window.at(position);
            if (c == '\n') {
                position++;
                indentation = 0;
                leading = true;
                if (state == State.TOP && position >= splitEnd) {
                    stopped = true;
                    return c;
                }
            } else if (c == ' ' || c == '\t') {
                position++;
                if (leading) {
                    indentation++;
                }
            } else if (c == '\r') {
                position++;
            } else {
                leading = false;
                return c;
            }
        }
    }

    private boolean endInArray() {
        if (state != State.ELEMENT) {
            return false;
        }
        count++;
        state = State.TOP;
        start = comma;
        end = comma + 1;
        rejection = new Rejection(
                Rejection.NOT_JSON, null, "Not JSON: nothing follows this comma of an array.", new byte[] {(byte) ','});
        return true;
    }

    private void record(long from) throws IOException {
        Outcome outcome = scanner.scanRecord(from);
        if (outcome == Outcome.TOO_LONG) {
            tooLong(from, '{');
            return;
        }
        if (outcome == Outcome.MALFORMED) {
            malformed(from);
            return;
        }
        long base = window.base();
        State next = follow(scanner.end(), '{');
        if (next == null) {
            strayFollower(from, scanner.end());
            return;
        }
        if (window.base() != base) {
            // Looking at what follows has moved the bytes.
            scanner.scanRecord(from);
        }
        accept(from, next);
    }

    private void accept(long from, State next) {
        start = from;
        end = scanner.end();
        position = end;
        state = next;
        if (tokenizer.lastNewline() >= 0) {
            indent(window.base() + tokenizer.lastNewline() + 1);
        }
        String flaw = tokenizer.flaw();
        if (flaw != null) {
            String sentence = Wording.flaw(flaw, window.base() + tokenizer.flawAt() - from);
            rejection = new Rejection(flaw, null, sentence, text());
        }
    }

    /** Any value that is no object. */
    private void value(long from) throws IOException {
        int first = window.at(from);
        Outcome outcome = scanner.scanValue(from);
        if (outcome == Outcome.TOO_LONG) {
            tooLong(from, first);
            return;
        }
        if (outcome == Outcome.MALFORMED) {
            malformed(from);
            return;
        }
        long base = window.base();
        State next = follow(scanner.end(), first);
        if (next == null) {
            strayFollower(from, scanner.end());
            return;
        }
        if (window.base() != base) {
            scanner.scanValue(from);
        }
        accept(from, next);
        if (rejection == null) {
            rejection = new Rejection(Rejection.NOT_AN_OBJECT, null, "Legal JSON, but no object.", text());
        }
    }

    /** What may be a container: it is one when its first element is an object. */
    private void array(long bracket) throws IOException {
        long first = bracket + 1;
        int c = window.at(first);
        long newline = -1;
        while (isBlank(c) && first - bracket < StretchScanner.REACH) {
            newline = c == '\n' ? first : newline;
            first++;
            c = window.at(first);
        }
        if (c != '{') {
            value(bracket);
            return;
        }
        Outcome outcome = scanner.scanRecord(first);
        long end = scanner.end();
        state = State.ELEMENT;
        if (outcome == Outcome.COMPLETE) {
            State next = follow(end, '{');
            if (next == State.DELIMITER) {
                scanner.scanRecord(first);
                if (newline >= 0) {
                    indent(newline + 1);
                }
                accept(first, next);
                return;
            }
            if (newline < 0) {
                strayFollower(bracket, end);
                return;
            }
            // A bracket on a line of its own is a bad line of its own; what follows may be good.
            state = State.TOP;
            reject(
                    bracket,
                    bracket + 1,
                    Rejection.NOT_JSON,
                    "Not JSON: behind this bracket's first object comes neither a comma nor a closing bracket.",
                    new byte[] {(byte) '['});
            return;
        }
        if (newline >= 0) {
            indent(newline + 1);
        }
        if (outcome == Outcome.TOO_LONG) {
            tooLong(first, '{');
        } else {
            malformed(newline < 0 ? bracket : first);
        }
    }

    /** Passes over a value of more than {@code maxRecord} bytes, keeping none of them. */
    private void tooLong(long from, int first) throws IOException {
        JsonSkipper skipper = new JsonSkipper();
        long at = from;
        int code;
        for (; ; ) {
            code = skipper.skip(window.bytes(), window.index(at), window.limit());
            if (code != JsonSkipper.MORE) {
                break;
            }
            at = window.base() + window.limit();
            window.keep(at);
            if (!window.fill()) {
                break;
            }
        }
        boolean complete = code >= 0 || (code == JsonSkipper.MORE && skipper.isComplete());
        at = code == JsonSkipper.MORE ? at : window.base() + (code >= 0 ? code : skipper.errorAt());
        window.keep(at);
        State next = complete ? follow(at, first) : null;
        String sentence = Wording.tooLong(maxRecord);
        if (next != null) {
            if (skipper.passedNewline()) {
                indentation = skipper.indentation();
            }
            state = next;
            reject(from, at, Rejection.TOO_LONG, sentence, null);
            return;
        }
        endStretch(from, stretches.scan(from, at, indentation), Rejection.TOO_LONG, sentence);
    }

    /**
     * What the text behind a complete value makes of it: the state in which to go on, or null when the value is not
     * accepted. Objects may follow each other without a newline, other values may not.
     */
    private State follow(long from, int first) throws IOException {
        long at = from;
        int c = window.at(at);
        while ((c == ' ' || c == '\t' || c == '\r') && at - from < StretchScanner.REACH) {
            c = window.at(++at);
        }
        boolean endsHere = c == '\n' || c < 0 || (c == '{' && first == '{');
        if (state == State.TOP) {
            return endsHere ? State.TOP : null;
        }
        while (isBlank(c) && at - from < StretchScanner.REACH) {
            c = window.at(++at);
        }
        if (c == ',' || c == ']') {
            return State.DELIMITER;
        }
        if (state == State.UNSURE && endsHere) {
            return first == '{' ? State.TOP : State.UNSURE;
        }
        return null;
    }

    private void malformed(long from) throws IOException {
        long at = scanner.end();
        if (scanner.reason().equals(Rejection.TOO_DEEP)) {
            stretch(from, Rejection.TOO_DEEP, Wording.tooDeep(at - from));
            return;
        }
        stretch(from, Rejection.NOT_JSON, Wording.unexpected(window.at(at), at - from));
    }

    private void strayFollower(long from, long at) throws IOException {
        long follower = at;
        while (isBlank(window.at(follower)) && follower - at < StretchScanner.REACH) {
            follower++;
        }
        stretch(from, Rejection.NOT_JSON, Wording.follower(window.at(follower), at - from));
    }

    private void stretch(long from, String reason, String sentence) throws IOException {
        endStretch(from, stretches.scan(from, from, indentation), reason, sentence);
    }

    private void endStretch(long from, long to, String reason, String sentence) {
        state = state == State.TOP || stretches.isGlued() ? State.TOP : State.UNSURE;
        if (stretches.isGlued()) {
            indentation = stretches.indentation();
        }
        byte[] text = stretches.isTextKept() ? window.copy(from, to) : null;
        boolean isForeign = reason.equals(Rejection.NOT_JSON) && text != null && !Utf8.isValid(text);
        reject(
                from,
                to,
                isForeign ? Rejection.INVALID_UTF8 : reason,
                isForeign ? sentence + " It is not UTF-8 either." : sentence,
                text);
    }

    private void reject(long from, long to, String reason, String sentence, byte[] text) {
        start = from;
        end = to;
        position = to;
        rejection = new Rejection(reason, null, sentence, text);
    }

    private void indent(long lineStart) {
        byte[] bytes = window.bytes();
        int from = window.index(lineStart);
        int at = from;
        while (bytes[at] == ' ' || bytes[at] == '\t') {
            at++;
        }
        indentation = at - from;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
