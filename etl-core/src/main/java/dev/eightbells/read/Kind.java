package dev.eightbells.read;

/** The kinds of JSON values, as small numbers because one is kept for every wanted field of every record. */
final class Kind {
    static final byte ABSENT = 0;
    static final byte NULL = 1;
    static final byte TRUE = 2;
    static final byte FALSE = 3;

    /** A number of digits only, perhaps with a minus. */
    static final byte INTEGER = 4;

    /** A number with a fraction or an exponent. */
    static final byte NUMBER = 5;

    /** A string without escapes; its span is what stands between the quotes. */
    static final byte STRING = 6;

    /** A string with escapes; its span is what stands between the quotes. */
    static final byte ESCAPED = 7;

    static final byte OBJECT = 8;
    static final byte ARRAY = 9;

    private Kind() {}

    static boolean isNone(int kind) {
        return kind <= NULL;
    }

    static boolean isString(int kind) {
        return kind == STRING || kind == ESCAPED;
    }

    static boolean isNumber(int kind) {
        return kind == INTEGER || kind == NUMBER;
    }
}
