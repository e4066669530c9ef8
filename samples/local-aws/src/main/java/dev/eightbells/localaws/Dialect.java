package dev.eightbells.localaws;

import dev.eightbells.localaws.Token.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Redshift's SQL in PostgreSQL's words. What is Redshift's own and not known here is refused by its name. */
final class Dialect {
    static final String VERSION = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017"
            + " (Red Hat 3.4.2-6.fc3), Redshift 1.0.115614 (local)";

    /** The longest name that PostgreSQL does not cut. */
    private static final int LONGEST_NAME = 63;

    /** Statements that both know in the same words. */
    private static final Set<String> SHARED = Set.of(
            "select",
            "with",
            "values",
            "insert",
            "update",
            "delete",
            "begin",
            "start",
            "commit",
            "end",
            "rollback",
            "abort",
            "lock",
            "explain",
            "grant",
            "revoke",
            "comment",
            "declare",
            "fetch",
            "close",
            "drop",
            "reset");

    /** Settings that PostgreSQL lacks; it keeps them as settings of an extension. */
    private static final Set<String> SETTINGS = Set.of(
            "query_group",
            "wlm_query_slot_count",
            "enable_result_cache_for_session",
            "analyze_threshold_percent",
            "enable_vacuum_boost",
            "json_serialization_enable",
            "spectrum_enable_pseudo_columns");

    private Dialect() {}

    /** What a session knows about itself, which PostgreSQL does not. */
    record Session(long lastCopy, long lastCopyCount, long lastQuery) {}

    static Translation translate(SqlText statement, Session session) {
        try {
            refuseLongNames(statement);
            return translated(SqlText.of(common(statement, session)));
        } catch (Refusal refusal) {
            return new Translation.Refused(refusal);
        }
    }

    private static Translation translated(SqlText sql) throws Refusal {
        String verb = sql.token(0).text().toLowerCase(Locale.ROOT);
        return switch (verb) {
            case "create" -> create(sql);
            case "alter" -> alter(sql);
            case "copy" -> new Translation.Copy(CopyCommand.parse(sql));
            case "truncate" -> new Translation.ForwardAndCommit(sql.text());
            case "vacuum" -> vacuum(new TokenReader(sql));
            case "analyze" -> analyze(sql);
            case "set", "show" -> setting(sql);
            case "merge" -> merge(sql);
            default -> shared(sql, verb);
        };
    }

    private static Translation alter(SqlText sql) throws Refusal {
        TokenReader tokens = new TokenReader(sql);
        tokens.expect("alter");
        if (!tokens.accept("table")) {
            throw notKnown(sql, 2);
        }
        return AlterTable.translate(tokens);
    }

    private static Translation merge(SqlText sql) throws Refusal {
        if (sql.contains("remove", "duplicates")) {
            throw Refusal.of(RedshiftError.notKnown("MERGE … REMOVE DUPLICATES", "say WHEN MATCHED instead"));
        }
        return new Translation.Forward(sql.text());
    }

    /** What reads the same, but for clauses that only PostgreSQL has. */
    private static Translation shared(SqlText sql, String verb) throws Refusal {
        if (!SHARED.contains(verb)) {
            throw notKnown(sql, 1);
        }
        if (sql.begins("rollback", "to") || sql.begins("rollback", "transaction", "to")) {
            throw notKnown(sql, 2);
        }
        if (sql.begins("insert") || sql.begins("update") || sql.begins("delete")) {
            if (sql.contains("returning")) {
                throw Refusal.of(RedshiftError.syntax("RETURNING"));
            }
            if (sql.contains("on", "conflict")) {
                throw Refusal.of(RedshiftError.syntax("CONFLICT"));
            }
        }
        return new Translation.Forward(sql.text());
    }

    private static Translation create(SqlText sql) throws Refusal {
        TokenReader tokens = new TokenReader(sql);
        tokens.next();
        tokens.accept("local");
        if (!tokens.accept("temporary")) {
            tokens.accept("temp");
        }
        if (tokens.peek().is("table")) {
            return new Translation.Forward(new CreateTable(sql).translated());
        }
        boolean view = sql.begins("create", "view") || sql.begins("create", "or", "replace", "view");
        if (view && sql.contains("no", "schema", "binding")) {
            throw Refusal.of(RedshiftError.notKnown("views WITH NO SCHEMA BINDING", "leave the clause out"));
        }
        if (view || sql.begins("create", "schema")) {
            return new Translation.Forward(sql.text());
        }
        throw notKnown(sql, 2);
    }

    /** Redshift's options say how much to do; PostgreSQL decides that itself. */
    private static Translation vacuum(TokenReader tokens) throws Refusal {
        tokens.next();
        if (!tokens.accept("full") && !tokens.accept("reindex") && !tokens.accept("recluster")) {
            if (tokens.accept("sort") || tokens.accept("delete")) {
                tokens.expect("only");
            }
        }
        String table = "";
        if (tokens.peek().isName()) {
            table = " " + tokens.table().sql();
            if (tokens.accept("to")) {
                tokens.integer();
                tokens.expect("percent");
            }
            tokens.accept("boost");
        }
        tokens.expectEnd();
        return new Translation.Forward("VACUUM" + table);
    }

    private static Translation analyze(SqlText sql) throws Refusal {
        if (sql.begins("analyze", "compression")) {
            throw notKnown(sql, 2);
        }
        if (sql.contains("predicate", "columns") || sql.contains("all", "columns")) {
            throw Refusal.of(RedshiftError.notKnown("columns of ANALYZE by their use", "name the table alone"));
        }
        return new Translation.Forward(sql.text());
    }

    private static Translation setting(SqlText sql) throws Refusal {
        TokenReader tokens = new TokenReader(sql);
        Token verb = tokens.next();
        if (!tokens.accept("session")) {
            tokens.accept("local");
        }
        Token name = tokens.peek();
        if (name.is("enable_case_sensitive_identifier")) {
            throw Refusal.of(RedshiftError.notKnown(
                    "names that differ in case (enable_case_sensitive_identifier)", "write them in lower case"));
        }
        if (!SETTINGS.contains(name.text().toLowerCase(Locale.ROOT))) {
            return new Translation.Forward(sql.text());
        }
        return new Translation.Forward(verb.text() + " local_redshift." + tokens.rest());
    }

    private static Refusal notKnown(SqlText sql, int words) {
        StringBuilder what = new StringBuilder(sql.token(0).text().toUpperCase(Locale.ROOT));
        for (int i = 1; i < words && sql.token(i).kind() != Kind.END; i++) {
            what.append(' ').append(sql.token(i).text().toUpperCase(Locale.ROOT));
        }
        return Refusal.of(RedshiftError.notKnown(what.toString(), "leave the statement out, or try it on a cluster"));
    }

    private static void refuseLongNames(SqlText statement) throws Refusal {
        for (Token token : statement.tokens()) {
            if (token.isName() && token.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw Refusal.of(RedshiftError.notKnown(
                        "names of more than " + LONGEST_NAME + " bytes: " + token.name(), "use a shorter one"));
            }
        }
    }

    /** What differs in statements of all kinds. */
    private static String common(SqlText statement, Session session) {
        StringBuilder text = new StringBuilder();
        int copied = 0;
        for (int i = 0; i < statement.tokens().size(); i++) {
            Token token = statement.token(i);
            boolean called = statement.token(i + 1).isSymbol("(")
                    && statement.token(i + 2).isSymbol(")");
            String replacement = null;
            int end = token.end();
            if (token.kind() == Kind.QUOTED && !token.text().equals(token.text().toLowerCase(Locale.ROOT))) {
                // Redshift folds names in quotes, too.
                replacement = token.text().toLowerCase(Locale.ROOT);
            } else if (token.is("sysdate")
                    && !statement.token(i - 1).isSymbol(".")
                    && !statement.token(i + 1).isSymbol("(")) {
                replacement = "pg_catalog.sysdate()";
            } else if (token.is("json_serialize")) {
                // PostgreSQL has a function of this name in its grammar, which writes spaces.
                replacement = "\"json_serialize\"";
            } else if (token.is("max") && statement.token(i - 1).isSymbol("(") && isVarying(statement.token(i - 2))) {
                replacement = String.valueOf(ColumnType.LONGEST_VARCHAR);
            } else if (called) {
                replacement = fact(token, session);
                end = replacement == null ? end : statement.token(i + 2).end();
                i += replacement == null ? 0 : 2;
            }
            if (replacement != null) {
                text.append(statement.text(), copied, token.start()).append(replacement);
                copied = end;
            }
        }
        return text.append(statement.text().substring(copied)).toString();
    }

    private static boolean isVarying(Token token) {
        return token.is("varchar") || token.is("nvarchar") || token.is("varying");
    }

    /** The value of a function that only the session can tell; null for every other. */
    private static String fact(Token function, Session session) {
        return switch (function.text().toLowerCase(Locale.ROOT)) {
            case "pg_last_copy_id" -> number(session.lastCopy());
            case "pg_last_copy_count" -> number(session.lastCopyCount());
            case "pg_last_query_id" -> number(session.lastQuery());
            default -> null;
        };
    }

    private static String number(long value) {
        return "CAST(" + value + " AS bigint)";
    }
}
