package dev.eightbells.quality.dqdl;

/**
 * A piece of a rules file.
 *
 * @param text as it was written, a text with its quotes; of what cannot be read, the sentence that says why
 */
record Token(Kind kind, String text, Place place) {
    enum Kind {
        WORD,
        NUMBER,
        TEXT,
        VARIABLE,
        SYMBOL,
        /** Nothing that the language knows; nothing behind it was read. */
        BROKEN,
        END
    }

    private static final int LONGEST_SHOWN = 40;

    boolean is(Kind other) {
        return kind == other;
    }

    /** Whether it is this word or symbol. */
    boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wordOrSymbol);
    }

    /** Whether it is this word, which may be written in capitals, too. */
    boolean isEither(String lower, String upper) {
        return is(lower) || is(upper);
    }

    /** What a text stands for, or a variable's name. */
    String value() {
        if (kind == Kind.VARIABLE) {
            return text.substring(1);
        }

        StringBuilder value = new StringBuilder();
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\' && text.charAt(i + 1) == '"') {
                continue;
            }
            value.append(c);
            if (c == '\\') {
                // The second of a pair stands for itself, and escapes nothing.
                i++;
                value.append(text.charAt(i));
            }
        }
        return value.toString();
    }

    /** What errors call it. */
    String shown() {
        if (kind == Kind.END) {
            return "the end of the file";
        }

        String line = text.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= LONGEST_SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_SHOWN)) + "...";
    }
}
