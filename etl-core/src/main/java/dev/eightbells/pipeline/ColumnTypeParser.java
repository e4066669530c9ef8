package dev.eightbells.pipeline;

import dev.eightbells.pipeline.ColumnType.Field;
import dev.eightbells.pipeline.ColumnType.Primitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Spark's DDL, as far as JSON, Iceberg and Redshift can all follow. */
final class ColumnTypeParser {
    private static final String KNOWN = "string, boolean, int, bigint, float, double, decimal(p,s), date, timestamp, "
            + "array<…>, struct<name:type,…> and map<string,…>";
    private static final Pattern TOKEN = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[<>(),:])");
    private static final int DEEPEST = 32;
    private static final int MOST_DIGITS = 38;
    private static final Map<String, Primitive> PRIMITIVES = Map.ofEntries(
            Map.entry("string", Primitive.STRING),
            Map.entry("boolean", Primitive.BOOLEAN),
            Map.entry("int", Primitive.INT),
            Map.entry("integer", Primitive.INT),
            Map.entry("bigint", Primitive.BIGINT),
            Map.entry("long", Primitive.BIGINT),
            Map.entry("float", Primitive.FLOAT),
            Map.entry("real", Primitive.FLOAT),
            Map.entry("double", Primitive.DOUBLE),
            Map.entry("date", Primitive.DATE),
            Map.entry("timestamp", Primitive.TIMESTAMP));

    private final String text;
    private final Matcher matcher;
    private String token;
    private int position;
    private int depth;

    private ColumnTypeParser(String text) {
        this.text = text;
        this.matcher = TOKEN.matcher(text);
        advance();
    }

    static ColumnType parse(String text) {
        ColumnTypeParser parser = new ColumnTypeParser(text);
        ColumnType type = parser.type();
        if (!parser.token.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' goes on with '" + parser.token + "' after its end");
        }

        return type;
    }

    private ColumnType type() {
        String name = next().toLowerCase(Locale.ROOT);
        depth++;
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("'" + text + "' is nested deeper than " + DEEPEST + " levels");
        }

        ColumnType type =
                switch (name) {
                    case "array" -> array();
                    case "struct" -> struct();
                    case "map" -> map();
                    case "decimal", "dec", "numeric" -> decimal();
                    case "tinyint", "smallint", "byte", "short" ->
                        throw new IllegalArgumentException(
                                "the type '" + name + "' is not possible, because Redshift's COPY refuses it; use int");
                    default -> primitive(name);
                };
        depth--;
        return type;
    }

    private ColumnType primitive(String name) {
        Primitive primitive = PRIMITIVES.get(name);
        if (primitive == null) {
            throw new IllegalArgumentException(
                    (name.isEmpty() ? "'" + text + "' lacks a type" : "'" + name + "' is no type") + "; the types are "
                            + KNOWN);
        }

        return primitive;
    }

    private ColumnType array() {
        expect("<");
        ColumnType element = type();
        expect(">");
        return new ColumnType.Array(element);
    }

    private ColumnType map() {
        expect("<");
        if (type() != Primitive.STRING) {
            throw new IllegalArgumentException("'" + text
                    + "' has a map whose keys are not strings, as JSON's keys are; " + "write map<string,…>");
        }

        expect(",");
        ColumnType value = type();
        expect(">");
        return new ColumnType.Map(value);
    }

    private ColumnType struct() {
        expect("<");
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            String name = next();
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "'" + text + "' has '" + name + "' where the name of a field belongs; write name:type");
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("'" + text + "' has two fields '" + name
                        + "' (upper and lower case are the same to Redshift); rename one");
            }

            expect(":");
            fields.add(new Field(name, type()));
        } while (accept(","));
        expect(">");
        return new ColumnType.Struct(fields);
    }

    private ColumnType decimal() {
        expect("(");
        int precision = number();
        int scale = accept(",") ? number() : 0;
        expect(")");
        if (precision < 1 || precision > MOST_DIGITS || scale > precision) {
            throw new IllegalArgumentException("decimal(" + precision + "," + scale + ") is not possible; use 1 to "
                    + MOST_DIGITS + " digits, and at most as many after the point");
        }

        return new ColumnType.Decimal(precision, scale);
    }

    private int number() {
        String digits = next();
        if (!digits.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' has '" + digits + "' where a number of digits belongs; write decimal(12,2)");
        }

        return Integer.parseInt(digits);
    }

    private boolean accept(String expected) {
        boolean found = token.equals(expected);
        if (found) {
            advance();
        }
        return found;
    }

    private void expect(String expected) {
        if (!accept(expected)) {
            throw new IllegalArgumentException("'" + text + "' has " + (token.isEmpty() ? "its end" : "'" + token + "'")
                    + " where '" + expected + "' belongs");
        }
    }

    private String next() {
        String now = token;
        advance();
        return now;
    }

    private void advance() {
        boolean isAtEnd = text.substring(position).isBlank();
        if (!isAtEnd && !matcher.region(position, text.length()).lookingAt()) {
            throw new IllegalArgumentException("'" + text + "' has '"
                    + text.substring(position).strip().charAt(0) + "' where no type can have it; the types are "
                    + KNOWN);
        }

        token = isAtEnd ? "" : matcher.group(1);
        position = isAtEnd ? text.length() : matcher.end();
    }
}
