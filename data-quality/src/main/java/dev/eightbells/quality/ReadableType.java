package dev.eightbells.quality;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type that a text may be read as.
 *
 * @param precision of a decimal; 0 for others
 * @param scale of a decimal; 0 for others
 */
record ReadableType(Kind kind, int precision, int scale) {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)");
    private static final int MOST_DIGITS = 38;

    /** The types, by the names that DQDL gives them, in any case. */
    enum Kind {
        STRING,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL
    }

    /**
     * Reads a type's name.
     *
     * @throws IllegalArgumentException that says what is wrong with it, without a final period
     */
    static ReadableType parse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            if (precision < 1 || precision > MOST_DIGITS || scale > precision) {
                throw new IllegalArgumentException("'" + text
                        + "' is no type: a decimal has 1 to 38 digits, and no more" + " of them behind the point");
            }
            return new ReadableType(Kind.DECIMAL, precision, scale);
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.DECIMAL && kind.name().equals(name)) {
                return new ReadableType(kind, 0, 0);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no type that values can be read as; take String, Boolean,"
                + " Date, Timestamp, Integer, Long, Float, Double or Decimal(p,s)");
    }
}
