package dev.eightbells.read;

/** Walks over the elements or fields of an object or array that is known to be well-formed. */
final class JsonCursor {
    private byte[] bytes = {};
    private int next;
    private boolean object;
    private int nameStart;
    private int nameEnd;
    private boolean nameEscaped;
    private byte kind;
    private int start;
    private int end;
    private boolean escaped;

    /** Begins with the object or array whose opening bracket stands at {@code from}. */
    void enter(byte[] b, int from) {
        bytes = b;
        object = b[from] == '{';
        next = from + 1;
    }

    /** Moves to the next element or field; false when there is none. */
    boolean next() {
        int i = blanks(next);
        byte c = bytes[i];
        if (c == ']' || c == '}') {
            return false;
        }
        if (c == ',') {
            i = blanks(i + 1);
        }
        if (object) {
            nameStart = i + 1;
            nameEnd = quote(nameStart);
            nameEscaped = escaped;
            i = blanks(blanks(nameEnd + 1) + 1);
        }
        value(i);
        return true;
    }

    /** What stands between the quotes of the field's name. */
    int nameStart() {
        return nameStart;
    }

    int nameEnd() {
        return nameEnd;
    }

    boolean isNameEscaped() {
        return nameEscaped;
    }

    byte kind() {
        return kind;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    private void value(int from) {
        start = from;
        switch (bytes[from]) {
            case '"' -> {
                start = from + 1;
                end = quote(start);
                kind = escaped ? Kind.ESCAPED : Kind.STRING;
                next = end + 1;
                return;
            }
            case '{', '[' -> {
                kind = bytes[from] == '{' ? Kind.OBJECT : Kind.ARRAY;
                end = container(from);
            }
            case 't' -> {
                kind = Kind.TRUE;
                end = from + 4;
            }
            case 'f' -> {
                kind = Kind.FALSE;
                end = from + 5;
            }
            case 'n' -> {
                kind = Kind.NULL;
                end = from + 4;
            }
            default -> number(from);
        }
        next = end;
    }

    private int blanks(int from) {
        int i = from;
        while (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r') {
            i++;
        }
        return i;
    }

    private int quote(int from) {
        escaped = false;
        int i = from;
        while (bytes[i] != '"') {
            if (bytes[i] == '\\') {
                escaped = true;
                i++;
            }
            i++;
        }
        return i;
    }

    private int container(int from) {
        int depth = 0;
        int i = from;
        do {
            byte c = bytes[i];
            if (c == '"') {
                i = quote(i + 1);
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
            i++;
        } while (depth > 0);
        return i;
    }

    private void number(int from) {
        kind = Kind.INTEGER;
        int i = from;
        for (; ; i++) {
            byte c = bytes[i];
            if (c == '.' || c == 'e' || c == 'E') {
                kind = Kind.NUMBER;
            } else if (c != '+' && c != '-' && (c < '0' || c > '9')) {
                break;
            }
        }
        end = i;
    }
}
