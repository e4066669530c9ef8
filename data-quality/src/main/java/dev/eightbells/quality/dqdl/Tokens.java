package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** The tokens of a rules file, and how far they are read. */
final class Tokens {
    /** How deep parentheses and brackets may stand in each other. */
    private static final int DEEPEST = 100;

    /** How many tokens before an error are looked at for its cause. */
    private static final int SUSPECTS = 2;

    private static final Set<String> RESERVED =
            Set.of("of", "OF", "and", "AND", "or", "OR", "where", "with", "labels", "between", "in", "not", "matches");

    private final List<Token> tokens;
    private final Problems problems;
    private final BitSet hidden = new BitSet();
    private int at;
    private int depth;

    Tokens(List<Token> tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    /** How many tokens are read. */
    int at() {
        return at;
    }

    Token peek() {
        return peek(0);
    }

    /** The token that follows that many others; the last one when there are not so many. */
    Token peek(int others) {
        return tokens.get(Math.min(at + others, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    /** Reads this word or symbol, if it is the next. */
    boolean accept(String wordOrSymbol) {
        boolean accepted = peek().is(wordOrSymbol);
        if (accepted) {
            next();
        }
        return accepted;
    }

    void expect(String symbol) {
        if (!accept(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    Token expect(Kind kind, String expected) {
        if (!peek().is(kind)) {
            throw unexpected(expected);
        }
        return next();
    }

    /** Reads an opening parenthesis, and refuses what is nested too deeply for anybody to read. */
    void open() {
        Place place = peek().place();
        expect("(");
        depth++;
        if (depth > DEEPEST) {
            throw problems.stop(place, "more than " + DEEPEST + " parentheses stand in each other here; use fewer.");
        }
    }

    void close() {
        expect(")");
        depth--;
    }

    /** Skips what is left of a rule. */
    void skipRule() {
        int open = 0;
        while (!peek().is(Kind.END) && !peek().is(Kind.BROKEN)) {
            if (open == 0 && (peek().is(",") || peek().is(")") || peek().is("]"))) {
                return;
            }
            if (peek().is("(") || peek().is("[")) {
                open++;
            } else if (peek().is(")") || peek().is("]")) {
                open--;
            }
            next();
        }
    }

    /** What to throw when the next token is none of those that may stand here. */
    Failure unexpected(String expected) {
        return unexpected(expected, "");
    }

    /** The same, with the reason. */
    Failure unexpected(String expected, String reason) {
        Token token = peek();
        String sentence = token.is(Kind.BROKEN)
                ? token.text()
                : "expected " + expected + ", not " + token.shown() + (reason.isEmpty() ? "" : "; " + reason) + ".";
        return problems.stop(token.place(), sentence + suspicion());
    }

    /** A forgotten quote is noticed only where the next text begins, lines behind it. */
    private String suspicion() {
        for (int i = at - 1; i >= Math.max(0, at - SUSPECTS); i--) {
            Token before = tokens.get(i);
            if (before.is(Kind.TEXT)
                    && (before.text().contains("\n") || before.text().contains("\r"))) {
                return " Perhaps the text at " + before.place() + " lacks its closing quote.";
            }
        }
        return "";
    }

    /** Leaves the tokens between the two out of every text. */
    void hide(int from, int to) {
        hidden.set(from, to);
    }

    /** The tokens between the two as they were written, with single blanks. */
    String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        Token beforeLast = null;
        Token last = null;
        for (int i = hidden.nextClearBit(from); i < to; i = hidden.nextClearBit(i + 1)) {
            Token token = tokens.get(i);
            if (last != null && !isTight(beforeLast, last, token)) {
                text.append(' ');
            }
            text.append(token.text());
            beforeLast = last;
            last = token;
        }
        return text.toString();
    }

    private static boolean isTight(Token beforeLast, Token last, Token token) {
        if (last.is("(") || last.is("[") || last.is(",") || token.is(")") || token.is("]") || token.is(",")) {
            return true;
        }
        if (token.is("(")) {
            return last.is(Kind.WORD) && !isReserved(last);
        }
        return last.is("-") && beforeLast != null && !beforeLast.is(Kind.NUMBER) && !beforeLast.is(")");
    }

    /** Whether the word means something of its own behind the name of a type. */
    static boolean isReserved(Token word) {
        return RESERVED.contains(word.text());
    }
}
