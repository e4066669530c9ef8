package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cuts a rules file into tokens. Blanks, line ends and comments only part them. */
final class Lexer {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final String SYMBOLS = "=><()[]{},:+-*/";
    private static final String FOREIGN_QUOTES = "'`\u2018\u2019\u201c\u201d\u201e";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int column = 1;

    private Lexer(String text) {
        this.text = text;
    }

    /** The tokens of a file; the last is its end, or what could not be read. */
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        if (text.startsWith("\ufeff")) {
            lexer.at = 1;
        }
        lexer.read();
        return lexer.tokens;
    }

    static boolean isPartOfName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }

    private void read() {
        do {
            skipBlanksAndComments();
            tokens.add(token());
        } while (!last().is(Kind.END) && !last().is(Kind.BROKEN));
    }

    private Token last() {
        return tokens.get(tokens.size() - 1);
    }

    private void skipBlanksAndComments() {
        while (at < text.length()) {
            if (text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    advance();
                }
            } else if (" \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
                advance();
            } else {
                return;
            }
        }
    }

    private Token token() {
        Place place = new Place(line, column);
        if (at == text.length()) {
            return new Token(Kind.END, "", place);
        }

        int begin = at;
        char first = text.charAt(at);
        if (isPartOfName(first)) {
            String word = name();
            return new Token(NUMBER.matcher(word).matches() ? Kind.NUMBER : Kind.WORD, word, place);
        }
        if (first == '"') {
            return quoted(place);
        }
        advance();
        if (first == '$') {
            return name().isEmpty()
                    ? new Token(Kind.BROKEN, "expected the name of a variable behind $.", place)
                    : new Token(Kind.VARIABLE, text.substring(begin, at), place);
        }
        boolean isEqualNext = at < text.length() && text.charAt(at) == '=';
        if (isEqualNext && (first == '!' || first == '>' || first == '<')) {
            advance();
            return new Token(Kind.SYMBOL, text.substring(begin, at), place);
        }
        return SYMBOLS.indexOf(first) >= 0
                ? new Token(Kind.SYMBOL, String.valueOf(first), place)
                : new Token(Kind.BROKEN, refusal(text.codePointAt(begin)), place);
    }

    private String name() {
        int begin = at;
        while (at < text.length() && isPartOfName(text.charAt(at))) {
            advance();
        }
        return text.substring(begin, at);
    }

    private Token quoted(Place place) {
        int begin = at;
        advance();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                advance();
            }
            if (at < text.length()) {
                advance();
            }
        }
        if (at == text.length()) {
            return new Token(Kind.BROKEN, "the text that begins here has no closing quote.", place);
        }

        advance();
        return new Token(Kind.TEXT, text.substring(begin, at), place);
    }

    private static String refusal(int character) {
        String shown = Character.isLetterOrDigit(character) || (character > ' ' && character < 127)
                ? Character.toString(character)
                : String.format(Locale.ROOT, "U+%04X", character);
        if (FOREIGN_QUOTES.indexOf(character) >= 0) {
            return "unexpected quote " + Character.toString(character) + "; texts stand in \"straight quotes\".";
        }
        return "unexpected character " + shown
                + "; put names with other characters than letters, digits, _ and . in \"quotes\".";
    }

    /** Steps over one char. A line ends with LF, CR or both; a pair of surrogates is one character. */
    private void advance() {
        char c = text.charAt(at);
        at++;
        if (c == '\n' || (c == '\r' && (at == text.length() || text.charAt(at) != '\n'))) {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(c)) {
            column++;
        }
    }
}
