package dev.eightbells.localaws;

import dev.eightbells.localaws.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * One statement and its tokens. Comments are none.
 *
 * @param text as the client wrote it, without the semicolon
 */
record SqlText(String text, List<Token> tokens) {

    SqlText {
        tokens = List.copyOf(tokens);
    }

    /** The first statement of the text, or an empty one; for text that is known to hold one. */
    static SqlText of(String text) {
        List<SqlText> statements = split(text);
        return statements.isEmpty() ? new SqlText("", List.of()) : statements.get(0);
    }

    /** The statements of a text, which semicolons part; those without tokens are left out. */
    static List<SqlText> split(String text) {
        List<SqlText> statements = new ArrayList<>();
        List<Token> tokens = new ArrayList<>();
        Lexer lexer = new Lexer(text);
        for (Token token = lexer.next(); token.kind() != Kind.END; token = lexer.next()) {
            if (token.isSymbol(";")) {
                add(statements, text, tokens);
            } else {
                tokens.add(token);
            }
        }
        add(statements, text, tokens);
        return statements;
    }

    private static void add(List<SqlText> statements, String text, List<Token> tokens) {
        if (!tokens.isEmpty()) {
            int start = tokens.get(0).start();
            int end = tokens.get(tokens.size() - 1).end();
            List<Token> moved = tokens.stream()
                    .map(token -> new Token(token.kind(), token.text(), token.start() - start))
                    .toList();
            statements.add(new SqlText(text.substring(start, end), moved));
            tokens.clear();
        }
    }

    /** The token of an index, or one that is nothing. */
    Token token(int index) {
        return index >= 0 && index < tokens.size() ? tokens.get(index) : new Token(Kind.END, "", text.length());
    }

    /** Whether the statement begins with these keywords. */
    boolean begins(String... keywords) {
        for (int i = 0; i < keywords.length; i++) {
            if (!token(i).is(keywords[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the keywords follow each other somewhere, outside strings and names in quotes. */
    boolean contains(String... keywords) {
        for (int from = 0; from + keywords.length <= tokens.size(); from++) {
            int same = 0;
            while (same < keywords.length && token(from + same).is(keywords[same])) {
                same++;
            }
            if (same == keywords.length) {
                return true;
            }
        }
        return false;
    }

    private static final class Lexer {
        private final String text;
        private int at;

        Lexer(String text) {
            this.text = text;
        }

        Token next() {
            skipSpaceAndComments();
            int start = at;
            if (at >= text.length()) {
                return new Token(Kind.END, "", start);
            }
            Kind kind = scan();
            return new Token(kind, text.substring(start, at), start);
        }

        private Kind scan() {
            char c = text.charAt(at);
            if (c == '\'') {
                string();
                return Kind.LITERAL;
            }
            if (c == '"') {
                name();
                return Kind.QUOTED;
            }
            if (c == '$' && dollarString()) {
                return Kind.LITERAL;
            }
            if (isWordStart(c)) {
                word();
                // E'..', B'..', X'..' and N'..' are one string each.
                if (at < text.length() && text.charAt(at) == '\'' && "eEbBxXnN".indexOf(c) >= 0 && isOneLetter()) {
                    string();
                    return Kind.LITERAL;
                }
                return Kind.WORD;
            }
            if (isDigit(c)) {
                number();
                return Kind.NUMBER;
            }
            at++;
            return Kind.SYMBOL;
        }

        private boolean isOneLetter() {
            return at < 2 || !isWordPart(text.charAt(at - 2));
        }

        private void skipSpaceAndComments() {
            while (at < text.length()) {
                if (Character.isWhitespace(text.charAt(at))) {
                    at++;
                } else if (text.startsWith("--", at)) {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end;
                } else if (text.startsWith("/*", at)) {
                    comment();
                } else {
                    return;
                }
            }
        }

        /** Comments may stand within comments. */
        private void comment() {
            int depth = 0;
            do {
                if (text.startsWith("/*", at)) {
                    depth++;
                    at += 2;
                } else if (text.startsWith("*/", at)) {
                    depth--;
                    at += 2;
                } else {
                    at++;
                }
            } while (depth > 0 && at < text.length());
            at = Math.min(at, text.length());
        }

        private void string() {
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '\\') {
                    at = Math.min(at + 1, text.length());
                } else if (c == '\'') {
                    if (at >= text.length() || text.charAt(at) != '\'') {
                        return;
                    }
                    at++;
                }
            }
        }

        private void name() {
            at++;
            while (at < text.length()) {
                if (text.charAt(at++) == '"') {
                    if (at >= text.length() || text.charAt(at) != '"') {
                        return;
                    }
                    at++;
                }
            }
        }

        /** A string between two tags like {@code $$} or {@code $body$}; {@code $1} is none. */
        private boolean dollarString() {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '$' && isWordPart(text.charAt(end))) {
                end++;
            }
            if (end >= text.length() || text.charAt(end) != '$' || isDigit(text.charAt(at + 1))) {
                return false;
            }
            String tag = text.substring(at, end + 1);
            int close = text.indexOf(tag, end + 1);
            at = close < 0 ? text.length() : close + tag.length();
            return true;
        }

        private void word() {
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
        }

        private void number() {
            while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
                int exponent = at + 1;
                if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
                    exponent++;
                }
                if (exponent < text.length() && isDigit(text.charAt(exponent))) {
                    at = exponent;
                    while (at < text.length() && isDigit(text.charAt(at))) {
                        at++;
                    }
                }
            }
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private static boolean isWordStart(char c) {
            return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128;
        }

        private static boolean isWordPart(char c) {
            return isWordStart(c) || isDigit(c) || c == '$';
        }
    }
}
