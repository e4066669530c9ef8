package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.List;
import java.util.Optional;

/** Reads rules. */
public final class Dqdl {
    private Dqdl() {}

    /**
     * Reads the text of a rules file.
     *
     * @param name what errors call the file
     * @throws Failure of kind INPUT when it is no DQDL; one line for each problem: file, line, column, what stands there
     *     and what was expected
     */
    public static Ruleset parse(String text, String name) {
        return new RulesetParser(Lexer.tokens(text), new Problems(name)).parse();
    }

    /**
     * A text as it is written in a rules file, in quotes.
     *
     * @return empty when the language has no way to write it: when an odd number of backslashes stands before a quote or
     *     at its end
     */
    public static Optional<String> quoted(String text) {
        String written = '"' + text.replace("\"", "\\\"") + '"';
        List<Token> tokens = Lexer.tokens(written);
        Token first = tokens.get(0);
        boolean isReadBack =
                tokens.size() == 2 && first.is(Kind.TEXT) && first.value().equals(text);
        return isReadBack ? Optional.of(written) : Optional.empty();
    }
}
