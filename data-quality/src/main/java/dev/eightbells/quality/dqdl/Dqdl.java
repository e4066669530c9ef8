package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;

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
}
