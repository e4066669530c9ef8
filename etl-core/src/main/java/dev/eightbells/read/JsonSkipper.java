package dev.eightbells.read;

/**
 * Follows a JSON value byte by byte, so that one of any size can be passed over in little memory. Accepts what
 * {@link JsonTokenizer} accepts and errs at the same byte, but leaves UTF-8 alone.
 */
final class JsonSkipper {
    /** The value goes on. */
    static final int MORE = -1;

    /** The byte at {@link #errorAt()} cannot stand there. */
    static final int MALFORMED = -2;

    private enum State {
        VALUE,
        VALUE_OR_CLOSE,
        NAME,
        NAME_OR_CLOSE,
        COLON,
        AFTER_VALUE,
        IN_STRING,
        IN_ESCAPE,
        IN_UNICODE,
        IN_LITERAL,
        AFTER_MINUS,
        AFTER_ZERO,
        IN_DIGITS,
        AFTER_POINT,
        IN_FRACTION,
        AFTER_E,
        AFTER_SIGN,
        IN_EXPONENT
    }

    private final byte[] brackets = new byte[JsonTokenizer.MAX_DEPTH + 1];
    private State state = State.VALUE;
    private int depth;
    private boolean inName;
    private String literal = "";
    private int rest;
    private int errorAt;
    private boolean newline;
    private boolean leading;
    private int indentation;

    /** Follows these bytes; gives the index behind the value or a negative code. */
    int skip(byte[] b, int from, int limit) {
        int i = from;
        while (i < limit) {
            if (state == State.AFTER_VALUE && depth == 0) {
                return i;
            }
            byte c = b[i];
            if (state == State.IN_STRING) {
                while (c != '"' && c != '\\' && (c >= ' ' || c < 0)) {
                    if (++i == limit) {
                        return MORE;
                    }
                    c = b[i];
                }
            }
            if (isNumber() && !continuesNumber(c)) {
                if (!isWholeNumber()) {
                    errorAt = i;
                    return MALFORMED;
                }
                state = State.AFTER_VALUE;
                continue;
            }
            if (!accept(c)) {
                errorAt = i;
                return MALFORMED;
            }
            i++;
        }
        return state == State.AFTER_VALUE && depth == 0 ? i : MORE;
    }

    /** Whether the value is complete when nothing follows. */
    boolean isComplete() {
        return depth == 0 && (state == State.AFTER_VALUE || isWholeNumber());
    }

    int errorAt() {
        return errorAt;
    }

    /** Whether a newline was passed. */
    boolean passedNewline() {
        return newline;
    }

    /** How far the line is indented on which the value ends, when a newline was passed. */
    int indentation() {
        return indentation;
    }

    private boolean accept(byte c) {
        return switch (state) {
            case IN_STRING -> acceptInString(c);
            case IN_ESCAPE -> {
                state = c == 'u' ? State.IN_UNICODE : State.IN_STRING;
                rest = 4;
                yield c == 'u' || "\"\\/bfnrt".indexOf(c) >= 0;
            }
            case IN_UNICODE -> {
                if (--rest == 0) {
                    state = State.IN_STRING;
                }
                yield Character.digit(c, 16) >= 0;
            }
            case IN_LITERAL -> {
                boolean fits = literal.charAt(literal.length() - rest) == c;
                if (--rest == 0) {
                    state = State.AFTER_VALUE;
                }
                yield fits;
            }
            // Inside a number continuesNumber has moved on already.
            default -> isNumber() || isBlank(c) || acceptOutside(c);
        };
    }

    private boolean acceptInString(byte c) {
        if (c == '\\') {
            state = State.IN_ESCAPE;
            return true;
        }
        state = inName ? State.COLON : State.AFTER_VALUE;
        return c == '"';
    }

    private boolean isBlank(byte c) {
        if (c == '\n') {
            newline = true;
            leading = true;
            indentation = 0;
            return true;
        }
        boolean blank = c == ' ' || c == '\t';
        if (leading) {
            if (blank) {
                indentation++;
            } else if (c != '\r') {
                leading = false;
            }
        }
        return blank || c == '\r';
    }

    private boolean acceptOutside(byte c) {
        return switch (state) {
            case COLON -> {
                state = State.VALUE;
                yield c == ':';
            }
            case NAME -> beginName(c);
            case NAME_OR_CLOSE -> c == '}' ? close('{') : beginName(c);
            case AFTER_VALUE -> afterValue(c);
            case VALUE_OR_CLOSE -> c == ']' ? close('[') : beginValue(c);
            default -> beginValue(c);
        };
    }

    private boolean beginName(byte c) {
        state = State.IN_STRING;
        inName = true;
        return c == '"';
    }

    private boolean afterValue(byte c) {
        return switch (c) {
            case ',' -> {
                state = brackets[depth] == '{' ? State.NAME : State.VALUE;
                yield true;
            }
            case '}' -> close('{');
            case ']' -> close('[');
            default -> false;
        };
    }

    private boolean beginValue(byte c) {
        inName = false;
        return switch (c) {
            case '{' -> open(c, State.NAME_OR_CLOSE);
            case '[' -> open(c, State.VALUE_OR_CLOSE);
            case 't' -> beginLiteral("true");
            case 'f' -> beginLiteral("false");
            case 'n' -> beginLiteral("null");
            case '"' -> move(State.IN_STRING);
            case '-' -> move(State.AFTER_MINUS);
            case '0' -> move(State.AFTER_ZERO);
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> move(State.IN_DIGITS);
            default -> false;
        };
    }

    private boolean move(State next) {
        state = next;
        return true;
    }

    private boolean beginLiteral(String word) {
        literal = word;
        rest = word.length() - 1;
        return move(State.IN_LITERAL);
    }

    private boolean open(byte bracket, State inside) {
        if (depth == JsonTokenizer.MAX_DEPTH) {
            return false;
        }
        depth++;
        brackets[depth] = bracket;
        return move(inside);
    }

    private boolean close(char bracket) {
        if (depth == 0 || brackets[depth] != bracket) {
            return false;
        }
        depth--;
        return move(State.AFTER_VALUE);
    }

    private boolean isNumber() {
        return state.compareTo(State.AFTER_MINUS) >= 0;
    }

    private boolean isWholeNumber() {
        return state == State.AFTER_ZERO
                || state == State.IN_DIGITS
                || state == State.IN_FRACTION
                || state == State.IN_EXPONENT;
    }

    private boolean continuesNumber(byte c) {
        boolean digit = c >= '0' && c <= '9';
        State next =
                switch (state) {
                    case AFTER_MINUS -> c == '0' ? State.AFTER_ZERO : digit ? State.IN_DIGITS : null;
                    case AFTER_ZERO -> c == '.' ? State.AFTER_POINT : isE(c) ? State.AFTER_E : null;
                    case IN_DIGITS ->
                        digit ? State.IN_DIGITS : c == '.' ? State.AFTER_POINT : isE(c) ? State.AFTER_E : null;
                    case AFTER_POINT -> digit ? State.IN_FRACTION : null;
                    case IN_FRACTION -> digit ? State.IN_FRACTION : isE(c) ? State.AFTER_E : null;
                    case AFTER_E -> c == '+' || c == '-' ? State.AFTER_SIGN : digit ? State.IN_EXPONENT : null;
                    case AFTER_SIGN, IN_EXPONENT -> digit ? State.IN_EXPONENT : null;
                    default -> null;
                };
        if (next == null) {
            return false;
        }
        state = next;
        return true;
    }

    private static boolean isE(byte c) {
        return c == 'e' || c == 'E';
    }
}
