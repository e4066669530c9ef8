package dev.eightbells.warehouse;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes conditions as Redshift's SQL, with what {@link Sql} quotes. To Redshift texts are equal when they differ by blanks
 * at their end alone; a condition says what is more, so that it means the same rows as in the lake.
 */
final class SqlCondition {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int NANOS_PER_MICRO = 1000;

    /** The least of all characters: behind a text, it leaves the order as it is and hides blanks. */
    private static final String LEAST = " || CHR(1)";

    private SqlCondition() {}

    static String of(Condition condition) {
        if (condition instanceof Condition.Constant constant) {
            return constant.name();
        }
        if (condition instanceof Condition.All all) {
            return joined(all.parts(), " AND ");
        }
        if (condition instanceof Condition.Any any) {
            return joined(any.parts(), " OR ");
        }
        if (condition instanceof Condition.Not not) {
            return "NOT " + enclosed(of(not.part()));
        }
        if (condition instanceof Condition.Missing missing) {
            return Sql.name(missing.column()) + " IS NULL";
        }
        if (condition instanceof Condition.Present present) {
            return Sql.name(present.column()) + " IS NOT NULL";
        }
        if (condition instanceof Condition.Comparison comparison) {
            return comparison(comparison);
        }
        if (condition instanceof Condition.Among among) {
            return among(among);
        }
        if (condition instanceof Condition.Begins begins) {
            return begins(begins);
        }
        throw new IllegalStateException("No SQL for " + condition.getClass());
    }

    private static String joined(List<Condition> parts, String word) {
        return parts.stream().map(part -> enclosed(of(part))).collect(Collectors.joining(word));
    }

    private static String enclosed(String sql) {
        return "(" + sql + ")";
    }

    private static String comparison(Condition.Comparison comparison) {
        String column = Sql.name(comparison.column());
        String value = value(comparison.value());
        String operator = " " + comparison.operator().sql() + " ";
        if (!(comparison.value().value() instanceof CharSequence text)) {
            return column + operator + value;
        }
        return switch (comparison.operator()) {
            case EQUAL -> column + operator + value + " AND OCTET_LENGTH(" + column + ") = " + octets(text);
            case NOT_EQUAL -> column + operator + value + " OR OCTET_LENGTH(" + column + ") <> " + octets(text);
            default -> column + LEAST + operator + value + LEAST;
        };
    }

    /** Texts of one length each by themselves: what is equal but for blanks, and as long, is the same. */
    private static String among(Condition.Among among) {
        String column = Sql.name(among.column());
        if (among.values().isEmpty()) {
            return "FALSE";
        }
        if (!(among.values().get(0).value() instanceof CharSequence)) {
            return column + " IN (" + Sql.joined(among.values(), SqlCondition::value) + ")";
        }
        Map<Integer, List<Condition.Value>> byLength = among.values().stream()
                .collect(Collectors.groupingBy(
                        value -> octets((CharSequence) value.value()), TreeMap::new, Collectors.toList()));
        return byLength.entrySet().stream()
                .map(alike -> "(" + column + " IN (" + Sql.joined(alike.getValue(), SqlCondition::value)
                        + ") AND OCTET_LENGTH(" + column + ") = " + alike.getKey() + ")")
                .collect(Collectors.joining(" OR "));
    }

    private static String begins(Condition.Begins begins) {
        String text = begins.beginning().value().toString();
        String start = "LEFT(" + Sql.name(begins.column()) + ", " + text.codePointCount(0, text.length()) + ")";
        return start + " = " + Sql.text(text) + " AND OCTET_LENGTH(" + start + ") = " + octets(text);
    }

    private static int octets(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static String value(Condition.Value value) {
        Object held = value.value();
        return switch (value.type().typeId()) {
            case BOOLEAN -> Boolean.TRUE.equals(held) ? "TRUE" : "FALSE";
            case INTEGER, LONG -> held.toString();
            case FLOAT -> "CAST('" + held + "' AS REAL)";
            case DOUBLE -> "CAST('" + held + "' AS DOUBLE PRECISION)";
            case DECIMAL ->
                "CAST('" + ((BigDecimal) held).toPlainString() + "' AS "
                        + WarehouseType.of(value.type()).ddl() + ")";
            case DATE -> Sql.day(LocalDate.ofEpochDay((Integer) held));
            case TIMESTAMP -> Sql.moment(moment((Long) held));
            case STRING -> Sql.text(held.toString());
            default -> throw new IllegalStateException("No SQL for values of " + value.type());
        };
    }

    private static LocalDateTime moment(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO,
                ZoneOffset.UTC);
    }
}
