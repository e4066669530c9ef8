package dev.eightbells.localaws;

import java.io.IOException;
import java.util.List;

/** A statement that a client has prepared, under a name or, for one use, under none. */
final class Prepared {
    private static final String COLUMN = "SELECT format_type(a.atttypid, a.atttypmod), con.conname"
            + " FROM pg_attribute a LEFT JOIN pg_constraint con ON con.conrelid = a.attrelid AND con.contype = 'c'"
            + " AND con.conkey = ARRAY[a.attnum] AND con.conname LIKE '" + ColumnType.BYTES_CONSTRAINT + "%'"
            + " WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped";

    private final String name;
    private final SqlText sql;
    private final byte[] parameterTypes;
    private Translation translation;
    private boolean parsed;

    private Prepared(String name, SqlText sql, byte[] parameterTypes) {
        this.name = name;
        this.sql = sql;
        this.parameterTypes = parameterTypes;
    }

    /** What a Parse message says. */
    static Prepared of(Message parse) {
        Message.Reader reader = parse.reader();
        String name = reader.string();
        String text = reader.string();
        List<SqlText> statements = SqlText.split(text);
        // PostgreSQL itself says that several are too many.
        SqlText sql = statements.size() > 1 ? new SqlText(text, List.of()) : SqlText.of(text);
        return new Prepared(name, sql, reader.rest());
    }

    /** A statement of a simple query. */
    static Prepared of(SqlText sql) {
        return new Prepared("", sql, new byte[2]);
    }

    String name() {
        return name;
    }

    /** As received, without what stands around it. */
    String text() {
        return sql.text();
    }

    boolean isEmpty() {
        return sql.text().isEmpty();
    }

    boolean isParsed() {
        return parsed;
    }

    boolean isForwarded() {
        return !(translation instanceof Translation.Copy);
    }

    boolean isCommit() {
        return sql.begins("commit") || sql.begins("end");
    }

    /** Null until it is parsed. */
    Translation translation() {
        return translation;
    }

    /**
     * Parses; returns what PostgreSQL is to parse, or null when it is not to execute this.
     *
     * @throws Refusal when the statement is not one that Redshift, or this stand-in, would execute here
     */
    Message parse(Dialect.Session session, Backend backend) throws Refusal, IOException {
        translation = sql.tokens().isEmpty() ? new Translation.Forward(sql.text()) : Dialect.translate(sql, session);
        String text = text(backend);
        parsed = true;
        return text == null
                ? null
                : Message.of('P')
                        .string(name)
                        .string(text)
                        .bytes(parameterTypes)
                        .compose();
    }

    private String text(Backend backend) throws Refusal, IOException {
        if (translation instanceof Translation.Refused refused) {
            throw refused.refusal();
        }
        if (translation instanceof Translation.Copy) {
            return null;
        }
        if (translation instanceof Translation.Resize resize) {
            return resized(resize, backend);
        }
        if (translation instanceof Translation.ForwardAndCommit forward) {
            return forward.sql();
        }
        return ((Translation.Forward) translation).sql();
    }

    private static String resized(Translation.Resize resize, Backend backend) throws Refusal, IOException {
        if (backend.state() != 'I') {
            throw Refusal.of(
                    RedshiftError.of("25001", "ALTER TABLE ALTER COLUMN cannot run inside a transaction block"));
        }
        String column = Token.quoted(resize.column());
        String alter = "ALTER TABLE " + resize.table().sql();
        String type = " ALTER COLUMN " + column + " TYPE " + resize.type().sql();
        List<List<String>> found = backend.rows(COLUMN, resize.table().sql(), resize.column());
        if (found.isEmpty()) {
            // PostgreSQL says what is missing.
            return alter + type;
        }
        String now = found.get(0).get(0);
        if (!now.startsWith("character varying") || !resize.type().isVarchar()) {
            throw Refusal.of(RedshiftError.of(
                    RedshiftError.NOT_KNOWN, "cannot alter type of column \"" + resize.column() + "\""));
        }
        if (now.equals("character varying(" + resize.type().bytes() + ")")) {
            throw Refusal.of(RedshiftError.of(
                    RedshiftError.NOT_KNOWN,
                    "cannot alter column \"" + resize.column() + "\" of relation \""
                            + resize.table().table() + "\", target column size should be different"));
        }
        String constraint = found.get(0).get(1);
        String drop = constraint == null ? "" : " DROP CONSTRAINT " + Token.quoted(constraint) + ",";
        return alter + drop + type + ", ADD" + resize.type().constraint(resize.column());
    }
}
