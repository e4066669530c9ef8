package dev.eightbells.localaws;

import java.util.Locale;

/**
 * A piece of SQL.
 *
 * @param text as it stands in the statement
 * @param start where it begins in the statement, in characters
 */
record Token(Kind kind, String text, int start) {
    enum Kind {
        /** A keyword or a name without quotes. */
        WORD,
        /** A name in double quotes. */
        QUOTED,
        /** A string, in whatever quotes. */
        LITERAL,
        NUMBER,
        SYMBOL,
        /** Stands behind the last token. */
        END
    }

    int end() {
        return start + text.length();
    }

    /** Whether this is the keyword; case does not matter. */
    boolean is(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }

    /** The name that this is, in lower case as Redshift folds it, with quotes or without. */
    String name() {
        String name = kind == Kind.QUOTED ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
        return name.toLowerCase(Locale.ROOT);
    }

    /** The value of a string in single quotes: a backslash escapes, and so does a quote before a quote. */
    String value() {
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\'') {
                i++;
            }
            value.append(text.charAt(i));
        }
        return value.toString();
    }

    /** The name in quotes, as PostgreSQL takes it. */
    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
