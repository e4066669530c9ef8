package dev.eightbells.localaws;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The type of a column as PostgreSQL takes it.
 *
 * @param sql the type
 * @param bytes how many bytes a value may have; 0 when the type says nothing about them
 */
record ColumnType(String sql, int bytes) {
    /** Begins the name of the constraint that holds a column to its bytes; the number of bytes follows. */
    static final String BYTES_CONSTRAINT = "varchar_bytes_";

    static final int LONGEST_VARCHAR = 65535;
    private static final int LONGEST_CHAR = 4096;
    private static final int TEXT = 256;
    private static final int MOST_DIGITS = 38;

    private static final Map<String, String> PLAIN = Map.ofEntries(
            Map.entry("smallint", "smallint"),
            Map.entry("int2", "smallint"),
            Map.entry("integer", "integer"),
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("bigint", "bigint"),
            Map.entry("int8", "bigint"),
            Map.entry("real", "real"),
            Map.entry("float4", "real"),
            Map.entry("float8", "double precision"),
            Map.entry("float", "double precision"),
            Map.entry("boolean", "boolean"),
            Map.entry("bool", "boolean"),
            Map.entry("date", "date"),
            Map.entry("timetz", "time with time zone"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("super", "super"));

    private static final Set<String> VARYING = Set.of("varchar", "nvarchar");
    private static final Set<String> FIXED = Set.of("char", "character", "nchar", "bpchar");

    boolean isSuper() {
        return sql.equals("super");
    }

    boolean isVarchar() {
        return sql.startsWith("varchar");
    }

    /** What a column definition must say besides its type; begins with a space, or is empty. */
    String constraint(String column) {
        return bytes == 0
                ? ""
                : " CONSTRAINT " + Token.quoted(constraintName(column)) + " CHECK (" + condition(column) + ")";
    }

    String constraintName(String column) {
        return BYTES_CONSTRAINT + bytes + "_" + Integer.toHexString(column.hashCode());
    }

    String condition(String column) {
        return "octet_length(" + Token.quoted(column) + ") <= " + bytes;
    }

    static ColumnType read(TokenReader tokens) throws Refusal {
        Token first = tokens.peek();
        String name = tokens.name();
        if (first.kind() == Token.Kind.QUOTED) {
            throw Refusal.of(RedshiftError.of("42704", "type \"" + name + "\" does not exist"));
        }
        if (name.equals("double")) {
            tokens.expect("precision");
            return new ColumnType("double precision", 0);
        }
        if (name.equals("time") || name.equals("timestamp")) {
            boolean zone = tokens.accept("with", "time", "zone");
            if (!zone) {
                tokens.accept("without", "time", "zone");
            }
            return new ColumnType(zone ? name + " with time zone" : name, 0);
        }
        if (name.equals("decimal") || name.equals("numeric")) {
            return decimal(tokens);
        }
        if (name.equals("text")) {
            return varchar(TEXT);
        }
        if (VARYING.contains(name) || (FIXED.contains(name) && tokens.accept("varying"))) {
            return varchar(length(tokens, TEXT, LONGEST_VARCHAR, "character varying"));
        }
        if (FIXED.contains(name)) {
            int length = length(tokens, name.equals("bpchar") ? TEXT : 1, LONGEST_CHAR, "character");
            return new ColumnType("char(" + length + ")", length);
        }
        String plain = PLAIN.get(name);
        if (plain == null) {
            throw Refusal.of(RedshiftError.notKnown(
                    "the type " + first.text().toUpperCase(Locale.ROOT),
                    "use one of the types that COPY from Parquet can fill"));
        }
        return new ColumnType(plain, 0);
    }

    private static ColumnType varchar(int length) {
        return new ColumnType("varchar(" + length + ")", length);
    }

    private static ColumnType decimal(TokenReader tokens) throws Refusal {
        if (!tokens.acceptSymbol("(")) {
            return new ColumnType("numeric(18,0)", 0);
        }
        int precision = tokens.integer();
        int scale = tokens.acceptSymbol(",") ? tokens.integer() : 0;
        tokens.expectSymbol(")");
        if (precision < 1 || precision > MOST_DIGITS) {
            throw Refusal.of(RedshiftError.of(
                    "22023", "NUMERIC precision " + precision + " must be between 1 and " + MOST_DIGITS));
        }
        if (scale < 0 || scale > Math.min(precision, MOST_DIGITS - 1)) {
            throw Refusal.of(RedshiftError.of(
                    "22023", "NUMERIC scale " + scale + " must be between 0 and precision " + precision));
        }
        return new ColumnType("numeric(" + precision + "," + scale + ")", 0);
    }

    private static int length(TokenReader tokens, int otherwise, int longest, String type) throws Refusal {
        if (!tokens.acceptSymbol("(")) {
            return otherwise;
        }
        int length = tokens.accept("max") ? longest : tokens.integer();
        tokens.expectSymbol(")");
        if (length < 1) {
            throw Refusal.of(RedshiftError.of("22023", "length for type " + type + " must be at least 1"));
        }
        if (length > longest) {
            throw Refusal.of(RedshiftError.of("22023", "Length for type " + type + " can not exceed " + longest));
        }
        return length;
    }
}
