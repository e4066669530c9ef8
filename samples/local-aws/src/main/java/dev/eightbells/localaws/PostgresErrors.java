package dev.eightbells.localaws;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The errors of PostgreSQL that Redshift words in its own way. */
final class PostgresErrors {
    private static final Pattern BYTES = Pattern.compile(ColumnType.BYTES_CONSTRAINT + "(\\d+)_.*");

    private static final int NULL = 8007;

    private PostgresErrors() {}

    /** The error as Redshift reports it; null when both say the same. */
    static RedshiftError translated(Map<Character, String> fields) {
        return switch (fields.getOrDefault('C', "")) {
            case "23514" -> tooLong(fields.getOrDefault('n', ""));
            case "23502" ->
                RedshiftError.coded(
                        NULL,
                        "Cannot insert a NULL value into column " + fields.get('c'),
                        "query execution",
                        "column:0");
            case "40001" -> RedshiftError.serializableIsolationViolation();
            default -> null;
        };
    }

    private static RedshiftError tooLong(String constraint) {
        Matcher bytes = BYTES.matcher(constraint);
        return bytes.matches()
                ? RedshiftError.of("22001", "value too long for type character varying(" + bytes.group(1) + ")")
                : null;
    }
}
