package dev.eightbells.read;

import dev.eightbells.read.FieldIndex.Entry;
import dev.eightbells.read.FieldIndex.Node;

/**
 * Checks that bytes are strict RFC 8259 JSON in strict UTF-8 and notes where the wanted fields stand, in one pass and
 * without recursion. The buffer must hold a zero byte at the limit and seven bytes more, whatever they are.
 *
 * <p>Text that is wrong only inside its strings (not UTF-8, half a surrogate pair) has a known end all the same: it is
 * scanned to there, and {@link #flaw()} tells.
 */
final class JsonTokenizer {
    /** The text goes on behind the limit. */
    static final int NEED_MORE = -1;

    /** The text is malformed at {@link #errorAt()}. */
    static final int MALFORMED = -2;

    /** How many objects and arrays may stand in each other. */
    static final int MAX_DEPTH = 1_000;

    private final JsonStringScanner strings = new JsonStringScanner();
    private final Node root;
    private final Fields fields;
    private final boolean keepsUnknown;
    private final Unescaper unescaper = new Unescaper();

    // What surrounds the value at hand, by depth.
    private final boolean[] objects = new boolean[MAX_DEPTH];
    private final int[] slots = new int[MAX_DEPTH];
    private final int[] starts = new int[MAX_DEPTH];
    private final Node[] nodes = new Node[MAX_DEPTH];
    private final Entry[] entries = new Entry[MAX_DEPTH];

    private int errorAt;
    private String errorReason;
    private int lastNewline;
    private byte scalarKind;

    private JsonTokenizer(Node root, Fields fields, boolean keepsUnknown) {
        this.root = root;
        this.fields = fields;
        this.keepsUnknown = keepsUnknown;
    }

    /** A tokenizer that notes the wanted fields. */
    static JsonTokenizer of(FieldIndex index, Fields fields) {
        return new JsonTokenizer(index.root(), fields, false);
    }

    /** A tokenizer that notes the wanted fields, and all others at the top of a record as unknown ones. */
    static JsonTokenizer keepingUnknown(FieldIndex index, Fields fields) {
        return new JsonTokenizer(index.root(), fields, true);
    }

    /** Scans the record whose brace stands at {@code from}; gives the index behind it, or a negative code. */
    int scanRecord(byte[] bytes, int from, int limit) {
        fields.clear();
        return scan(bytes, from, limit, root);
    }

    /** Scans any value, noting nothing. A number that ends at the limit may go on behind it. */
    int scanValue(byte[] bytes, int from, int limit) {
        return scan(bytes, from, limit, null);
    }

    /** Where the text is malformed; the limit when it ends too early. */
    int errorAt() {
        return errorAt;
    }

    /** Why it is malformed: a reason code of {@link Rejection}. */
    String errorReason() {
        return errorReason;
    }

    /** What is wrong inside the strings of a text with a known end: a reason code, or null. */
    String flaw() {
        return strings.flaw();
    }

    /** Where that is. */
    int flawAt() {
        return strings.flawAt();
    }

    /** Where the last newline inside the scanned value stands; -1 when it is on one line. */
    int lastNewline() {
        return lastNewline;
    }

    private int scan(byte[] b, int from, int limit, Node top) {
        strings.reset(limit);
        lastNewline = -1;
        int i = from;
        int depth = 0;
        boolean inObject = false;
        Node node = null;
        Node child = top;
        Entry previous = null;
        int slot = FieldIndex.NOT_WANTED;
        for (; ; ) {
            byte c = b[i];
            boolean opened = false;
            if (c == '"') {
                int quote = strings.scan(b, i + 1);
                if (quote < 0) {
                    return stringError(quote);
                }
                if (slot != FieldIndex.NOT_WANTED) {
                    fields.set(slot, strings.escaped() ? Kind.ESCAPED : Kind.STRING, i + 1, quote);
                }
                i = quote + 1;
            } else if (c == '{' || c == '[') {
                if (depth == MAX_DEPTH) {
                    errorAt = i;
                    errorReason = Rejection.TOO_DEEP;
                    return MALFORMED;
                }
                int inside = b[i + 1] <= ' ' ? blanks(b, i + 1) : i + 1;
                if (b[inside] == c + 2) {
                    if (slot != FieldIndex.NOT_WANTED) {
                        fields.set(slot, c == '{' ? Kind.OBJECT : Kind.ARRAY, i, inside + 1);
                    }
                    i = inside + 1;
                } else {
                    objects[depth] = inObject;
                    slots[depth] = slot;
                    starts[depth] = i;
                    nodes[depth] = node;
                    entries[depth] = previous;
                    depth++;
                    inObject = c == '{';
                    node = inObject ? child : null;
                    previous = null;
                    opened = true;
                    i = inside;
                }
            } else {
                int end = scalar(b, i, limit);
                if (end < 0) {
                    return end;
                }
                if (slot != FieldIndex.NOT_WANTED) {
                    fields.set(slot, scalarKind, i, end);
                }
                i = end;
            }
            while (!opened) {
                if (depth == 0) {
                    return i;
                }
                c = b[i];
                if (c <= ' ') {
                    i = blanks(b, i);
                    c = b[i];
                }
                if (c == ',') {
                    i++;
                    if (b[i] <= ' ') {
                        i = blanks(b, i);
                    }
                    break;
                }
                if (c != (inObject ? '}' : ']')) {
                    return unexpected(i, limit);
                }
                i++;
                depth--;
                if (slots[depth] != FieldIndex.NOT_WANTED) {
                    fields.set(slots[depth], inObject ? Kind.OBJECT : Kind.ARRAY, starts[depth], i);
                }
                inObject = objects[depth];
                node = nodes[depth];
                previous = entries[depth];
            }
            slot = FieldIndex.NOT_WANTED;
            child = null;
            if (!inObject) {
                continue;
            }
            if (b[i] != '"') {
                return unexpected(i, limit);
            }
            int quote = strings.scan(b, i + 1);
            if (quote < 0) {
                return stringError(quote);
            }
            if (node != null) {
                Entry entry = strings.escaped()
                        ? findEscaped(node, previous, b, i + 1, quote)
                        : node.find(previous, b, i + 1, quote);
                if (entry != null) {
                    previous = entry;
                    slot = entry.slot();
                    child = entry.child();
                    if (child != null) {
                        fields.clear(entry.below());
                    }
                } else if (keepsUnknown && depth == 1) {
                    slot = fields.addUnknown(i, quote + 1);
                }
            }
            i = quote + 1;
            if (b[i] <= ' ') {
                i = blanks(b, i);
            }
            if (b[i] != ':') {
                return unexpected(i, limit);
            }
            i++;
            if (b[i] <= ' ') {
                i = blanks(b, i);
            }
        }
    }

    private Entry findEscaped(Node node, Entry previous, byte[] b, int start, int end) {
        if (strings.flaw() != null) {
            return null;
        }
        byte[] name = unescaper.unescape(b, start, end);
        return node.find(previous, name, 0, name.length);
    }

    private int blanks(byte[] b, int from) {
        int i = from;
        for (; ; i++) {
            byte c = b[i];
            if (c == '\n') {
                lastNewline = i;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return i;
            }
        }
    }

    private int scalar(byte[] b, int from, int limit) {
        return switch (b[from]) {
            case 't' -> {
                scalarKind = Kind.TRUE;
                yield literal(b, from, limit, "true");
            }
            case 'f' -> {
                scalarKind = Kind.FALSE;
                yield literal(b, from, limit, "false");
            }
            case 'n' -> {
                scalarKind = Kind.NULL;
                yield literal(b, from, limit, "null");
            }
            default -> number(b, from, limit);
        };
    }

    private int literal(byte[] b, int from, int limit, String word) {
        for (int k = 1; k < word.length(); k++) {
            if (b[from + k] != word.charAt(k) || from + k >= limit) {
                return unexpected(from + k, limit);
            }
        }
        return from + word.length();
    }

    private int number(byte[] b, int from, int limit) {
        int i = from;
        if (b[i] == '-') {
            i++;
        }
        scalarKind = Kind.INTEGER;
        if (b[i] == '0') {
            i++;
        } else {
            int digits = digits(b, i);
            if (digits == i) {
                return unexpected(i, limit);
            }
            i = digits;
        }
        if (b[i] == '.') {
            scalarKind = Kind.NUMBER;
            int digits = digits(b, i + 1);
            if (digits == i + 1) {
                return unexpected(digits, limit);
            }
            i = digits;
        }
        if (b[i] == 'e' || b[i] == 'E') {
            scalarKind = Kind.NUMBER;
            i++;
            if (b[i] == '+' || b[i] == '-') {
                i++;
            }
            int digits = digits(b, i);
            if (digits == i) {
                return unexpected(i, limit);
            }
            i = digits;
        }
        return i;
    }

    private static int digits(byte[] b, int from) {
        int i = from;
        while (b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i;
    }

    private int unexpected(int at, int limit) {
        errorAt = Math.min(at, limit);
        errorReason = Rejection.NOT_JSON;
        return at >= limit ? NEED_MORE : MALFORMED;
    }

    private int stringError(int code) {
        errorAt = strings.errorAt();
        errorReason = Rejection.NOT_JSON;
        return code;
    }
}
