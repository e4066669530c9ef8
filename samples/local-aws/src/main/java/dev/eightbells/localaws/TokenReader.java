package dev.eightbells.localaws;

import dev.eightbells.localaws.Token.Kind;

/** Walks over a statement's tokens; what is not as expected is a syntax error, worded as the server does. */
final class TokenReader {
    private final SqlText sql;
    private int position;

    TokenReader(SqlText sql) {
        this.sql = sql;
    }

    Token peek() {
        return sql.token(position);
    }

    Token peek(int ahead) {
        return sql.token(position + ahead);
    }

    Token next() {
        return sql.token(position++);
    }

    boolean isAtEnd() {
        return peek().kind() == Kind.END;
    }

    /** Goes over these keywords if they all come next. */
    boolean accept(String... keywords) {
        for (int i = 0; i < keywords.length; i++) {
            if (!peek(i).is(keywords[i])) {
                return false;
            }
        }
        position += keywords.length;
        return true;
    }

    boolean acceptSymbol(String symbol) {
        if (peek().isSymbol(symbol)) {
            position++;
            return true;
        }
        return false;
    }

    void expect(String... keywords) throws Refusal {
        if (!accept(keywords)) {
            throw unexpected();
        }
    }

    void expectSymbol(String symbol) throws Refusal {
        if (!acceptSymbol(symbol)) {
            throw unexpected();
        }
    }

    void expectEnd() throws Refusal {
        if (!isAtEnd()) {
            throw unexpected();
        }
    }

    /** A name, in lower case. */
    String name() throws Refusal {
        if (!peek().isName()) {
            throw unexpected();
        }
        return next().name();
    }

    String literal() throws Refusal {
        if (peek().kind() != Kind.LITERAL || !peek().text().startsWith("'")) {
            throw unexpected();
        }
        return next().value();
    }

    int integer() throws Refusal {
        try {
            int value = Integer.parseInt(peek().text());
            position++;
            return value;
        } catch (NumberFormatException e) {
            throw unexpected();
        }
    }

    /** A table's name, with or without a schema's. */
    TableName table() throws Refusal {
        String first = name();
        return acceptSymbol(".") ? new TableName(first, name()) : new TableName(null, first);
    }

    /** The text from a token up to the one that comes next. */
    String textFrom(Token first) {
        return sql.text()
                .substring(
                        first.start(),
                        position == 0 ? 0 : sql.token(position - 1).end());
    }

    /** What is left, from the token that comes next. */
    String rest() {
        return sql.text().substring(peek().start());
    }

    /** Goes over an opening parenthesis, which comes next, and all up to the one that closes it. */
    void skipParentheses() throws Refusal {
        expectSymbol("(");
        int depth = 1;
        while (depth > 0) {
            if (isAtEnd()) {
                throw unexpected();
            }
            Token token = next();
            if (token.isSymbol("(")) {
                depth++;
            } else if (token.isSymbol(")")) {
                depth--;
            }
        }
    }

    Refusal unexpected() {
        return Refusal.of(
                isAtEnd()
                        ? RedshiftError.of("42601", "syntax error at end of input")
                        : RedshiftError.syntax(peek().text()));
    }
}
