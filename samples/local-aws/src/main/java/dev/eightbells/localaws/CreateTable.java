package dev.eightbells.localaws;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * CREATE TABLE without what only Redshift has: distribution, sort order and encoding, which are checked, and keys, which
 * Redshift does not enforce. Columns of characters are held to their bytes.
 */
final class CreateTable {
    private static final Set<String> AFTER_DEFAULT = Set.of(
            "not",
            "null",
            "encode",
            "distkey",
            "sortkey",
            "primary",
            "unique",
            "references",
            "identity",
            "generated",
            "collate");

    private final TokenReader tokens;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private String distributionKey;
    private final List<String> sortKeys = new ArrayList<>();

    /**
     * A column's definition.
     *
     * @param clauses what is kept of the rest of it; begins with a space, or is empty
     */
    record Column(String name, ColumnType type, String clauses, boolean required) {
        String sql() {
            return Token.quoted(name) + " " + type.sql() + clauses + (required ? " NOT NULL" : "")
                    + type.constraint(name);
        }
    }

    CreateTable(SqlText sql) {
        this.tokens = new TokenReader(sql);
    }

    String translated() throws Refusal {
        tokens.expect("create");
        tokens.accept("local");
        StringBuilder text = new StringBuilder("CREATE ");
        if (tokens.accept("temporary") || tokens.accept("temp")) {
            text.append("TEMPORARY ");
        }
        tokens.expect("table");
        text.append("TABLE ");
        if (tokens.accept("if", "not", "exists")) {
            text.append("IF NOT EXISTS ");
        }
        if (tokens.peek().isSymbol("#")) {
            throw Refusal.of(RedshiftError.notKnown("names that begin with #", "say CREATE TEMP TABLE"));
        }
        text.append(tokens.table().sql());
        if (tokens.acceptSymbol("(")) {
            do {
                element();
            } while (tokens.acceptSymbol(","));
            tokens.expectSymbol(")");
        }
        attributes();
        if (tokens.accept("as")) {
            return text.append(names()).append(" AS ").append(tokens.rest()).toString();
        }
        tokens.expectEnd();
        check();
        return text.append(" (").append(definitions()).append(")").toString();
    }

    private String names() {
        return columns.isEmpty()
                ? ""
                : columns.keySet().stream().map(Token::quoted).collect(Collectors.joining(", ", " (", ")"));
    }

    private String definitions() {
        List<String> definitions = new ArrayList<>(others);
        for (Column column : columns.values()) {
            boolean required = column.required() || keys.contains(column.name());
            definitions.add(new Column(column.name(), column.type(), column.clauses(), required).sql());
        }
        return String.join(", ", definitions);
    }

    private void element() throws Refusal {
        if (tokens.accept("like")) {
            // LIKE alone would leave out that columns are held to their bytes.
            String like = "LIKE " + tokens.table().sql() + " INCLUDING CONSTRAINTS";
            if (tokens.accept("including", "defaults")) {
                like += " INCLUDING DEFAULTS";
            } else {
                tokens.accept("excluding", "defaults");
            }
            others.add(like);
        } else if (tokens.accept("primary", "key")) {
            keys.addAll(names(tokens));
        } else if (tokens.accept("unique")) {
            tokens.skipParentheses();
        } else if (tokens.accept("foreign", "key")) {
            tokens.skipParentheses();
            references(tokens);
        } else if (tokens.peek().is("constraint") || tokens.peek().is("check")) {
            throw tokens.unexpected();
        } else {
            String name = tokens.name();
            if (tokens.peek().isSymbol(",") || tokens.peek().isSymbol(")")) {
                // CREATE TABLE t (a, b) AS …
                columns.put(name, new Column(name, new ColumnType("", 0), "", false));
            } else {
                define(column(name));
            }
        }
    }

    private void define(Column column) throws Refusal {
        if (columns.put(column.name(), column) != null) {
            throw Refusal.of(RedshiftError.of("42701", "column \"" + column.name() + "\" specified more than once"));
        }
    }

    private Column column(String name) throws Refusal {
        ColumnType type = ColumnType.read(tokens);
        StringBuilder clauses = new StringBuilder();
        boolean required = false;
        while (!tokens.isAtEnd()
                && !tokens.peek().isSymbol(",")
                && !tokens.peek().isSymbol(")")) {
            if (tokens.accept("distkey")) {
                distributionKey = name;
            } else if (tokens.accept("sortkey")) {
                sortKeys.add(name);
            } else if (tokens.accept("not", "null") || tokens.accept("primary", "key")) {
                required = true;
            } else {
                clauses.append(clause(tokens));
            }
        }
        return new Column(name, type, clauses.toString(), required);
    }

    /** A clause that means the same in ADD COLUMN; what is kept of it, after a space. */
    static String clause(TokenReader tokens) throws Refusal {
        if (tokens.accept("encode")) {
            tokens.name();
            return "";
        }
        if (tokens.accept("null") || tokens.accept("unique")) {
            return "";
        }
        if (tokens.accept("references")) {
            reference(tokens);
            return "";
        }
        if (tokens.peek().is("default")) {
            return " " + defaultValue(tokens);
        }
        if (tokens.peek().is("identity")
                || tokens.peek().is("generated")
                || tokens.peek().is("collate")) {
            throw Refusal.of(RedshiftError.notKnown(
                    tokens.peek().text().toUpperCase(Locale.ROOT) + " of columns", "leave it out"));
        }
        throw tokens.unexpected();
    }

    private static String defaultValue(TokenReader tokens) throws Refusal {
        Token first = tokens.next();
        do {
            if (tokens.peek().isSymbol("(")) {
                tokens.skipParentheses();
            } else {
                tokens.next();
            }
        } while (!endsValue(tokens.peek()));
        return tokens.textFrom(first);
    }

    private static boolean endsValue(Token token) {
        return token.kind() == Token.Kind.END
                || token.isSymbol(",")
                || token.isSymbol(")")
                || AFTER_DEFAULT.contains(token.text().toLowerCase(Locale.ROOT));
    }

    private static void references(TokenReader tokens) throws Refusal {
        tokens.expect("references");
        reference(tokens);
    }

    private static void reference(TokenReader tokens) throws Refusal {
        tokens.table();
        if (tokens.peek().isSymbol("(")) {
            tokens.skipParentheses();
        }
    }

    private void attributes() throws Refusal {
        String style = null;
        while (!tokens.isAtEnd() && !tokens.peek().is("as")) {
            if (tokens.accept("diststyle")) {
                style = tokens.name();
                if (!Set.of("auto", "even", "all", "key").contains(style)) {
                    throw Refusal.of(RedshiftError.syntax(style));
                }
            } else if (tokens.accept("distkey")) {
                tokens.expectSymbol("(");
                distributionKey = tokens.name();
                tokens.expectSymbol(")");
            } else if (tokens.peek().is("compound")
                    || tokens.peek().is("interleaved")
                    || tokens.peek().is("sortkey")) {
                sortKey();
            } else if (!tokens.accept("encode", "auto")
                    && !tokens.accept("backup", "yes")
                    && !tokens.accept("backup", "no")) {
                throw tokens.unexpected();
            }
        }
        checkStyle(style);
    }

    private void sortKey() throws Refusal {
        if (!tokens.accept("compound")) {
            tokens.accept("interleaved");
        }
        tokens.expect("sortkey");
        if (!tokens.accept("auto")) {
            sortKeys.addAll(names(tokens));
        }
    }

    private void checkStyle(String style) throws Refusal {
        boolean byKey = style == null || style.equals("key");
        if (distributionKey == null && "key".equals(style)) {
            throw Refusal.of(RedshiftError.of("42P16", "DISTSTYLE KEY requires a DISTKEY column"));
        }
        if (distributionKey != null && !byKey) {
            throw Refusal.of(RedshiftError.of(
                    "42P16", "cannot specify a DISTKEY column with DISTSTYLE " + style.toUpperCase(Locale.ROOT)));
        }
    }

    private static List<String> names(TokenReader tokens) throws Refusal {
        List<String> names = new ArrayList<>();
        tokens.expectSymbol("(");
        do {
            names.add(tokens.name());
        } while (tokens.acceptSymbol(","));
        tokens.expectSymbol(")");
        return names;
    }

    private void check() throws Refusal {
        if (!others.isEmpty()) {
            return;
        }
        if (columns.isEmpty()
                || columns.values().stream()
                        .anyMatch(column -> column.type().sql().isEmpty())) {
            throw tokens.unexpected();
        }
        checkKey("distkey", distributionKey == null ? List.of() : List.of(distributionKey));
        checkKey("sortkey", sortKeys);
        checkKey("key", keys);
    }

    private void checkKey(String kind, List<String> names) throws Refusal {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            Column column = columns.get(name);
            if (column == null) {
                throw Refusal.of(RedshiftError.of("42703", kind + " column \"" + name + "\" does not exist"));
            }
            if (column.type().isSuper()) {
                throw Refusal.of(RedshiftError.of(
                        RedshiftError.NOT_KNOWN, "column \"" + name + "\" of type super is not supported as " + kind));
            }
            if (!seen.add(name)) {
                throw Refusal.of(RedshiftError.of("42701", "column \"" + name + "\" appears twice in " + kind));
            }
        }
    }
}
