package dev.eightbells.localaws;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column that COPY fills.
 *
 * @param type as PostgreSQL's format_type tells it, without arguments
 * @param length the bytes of a VARCHAR or CHAR, or the precision of a DECIMAL; 0 for other types
 * @param scale of a DECIMAL; 0 for other types
 */
record TargetColumn(String name, String type, int length, int scale) {
    static final String SUPER = "super";
    static final String VARCHAR = "character varying";
    static final String CHAR = "character";
    static final String DECIMAL = "numeric";

    private static final Pattern FORMATTED =
            Pattern.compile("([a-z ]+?)(?:\\((\\d+)(?:,(\\d+))?\\))?( with.* time zone)?");

    static TargetColumn of(String name, String formatted) {
        Matcher parts = FORMATTED.matcher(formatted);
        if (!parts.matches()) {
            return new TargetColumn(name, formatted, 0, 0);
        }
        String zone = parts.group(4) == null ? "" : parts.group(4);
        return new TargetColumn(name, parts.group(1) + zone, number(parts.group(2)), number(parts.group(3)));
    }

    private static int number(String text) {
        return text == null ? 0 : Integer.parseInt(text);
    }

    boolean isText() {
        return type.equals(VARCHAR) || type.equals(CHAR);
    }

    /** The type as Redshift's messages have it. */
    String shown() {
        return switch (type) {
            case VARCHAR -> "VARCHAR";
            case CHAR -> "CHAR";
            case DECIMAL -> "DECIMAL(" + length + "," + scale + ")";
            case "timestamp without time zone" -> "TIMESTAMP";
            case "timestamp with time zone" -> "TIMESTAMPTZ";
            default -> type.toUpperCase(Locale.ROOT);
        };
    }
}
