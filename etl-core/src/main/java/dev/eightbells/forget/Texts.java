package dev.eightbells.forget;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts that rows are known by, and where they stand in other texts. Short ones are words like any other: they are
 * looked for as whole words, and say nothing by themselves about a text that is not understood.
 */
final class Texts {
    /** What is this long is somebody's, wherever it stands. */
    private static final int TELLING = 8;

    private static final String GONE = "[forgotten]";
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|[\"\\\\/bfnrt])");

    private final List<String> texts;

    Texts(Collection<String> texts) {
        // The longest first: one may be the beginning of another.
        this.texts = texts.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Whether one of them stands in a text, as it is or with JSON's escapes. */
    boolean isIn(String text) {
        return texts.stream().anyMatch(sought -> holds(text, sought));
    }

    /** The same of those that are long enough to be somebody's. */
    boolean isTellinglyIn(String text) {
        return texts.stream().filter(sought -> sought.length() >= TELLING).anyMatch(sought -> holds(text, sought));
    }

    private static boolean holds(String text, String sought) {
        return text.contains(sought)
                || (text.indexOf('\\') >= 0 && unescaped(text).contains(sought));
    }

    /** The text with JSON's escapes taken as what they stand for, wherever they are. */
    static String unescaped(String text) {
        Matcher matcher = ESCAPE.matcher(text);
        StringBuilder plain = new StringBuilder();
        while (matcher.find()) {
            String escape = matcher.group(1);
            String meant =
                    switch (escape.charAt(0)) {
                        case 'u' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
                        case 'b' -> "\b";
                        case 'f' -> "\f";
                        case 'n' -> "\n";
                        case 'r' -> "\r";
                        case 't' -> "\t";
                        default -> escape;
                    };
            matcher.appendReplacement(plain, Matcher.quoteReplacement(meant));
        }
        return matcher.appendTail(plain).toString();
    }

    /** The text without them. */
    String takenFrom(String text) {
        String left = text;
        for (String sought : texts) {
            if (sought.length() >= TELLING) {
                left = left.replace(sought, GONE);
            } else {
                left = Pattern.compile("(?<![\\p{Alnum}_])" + Pattern.quote(sought) + "(?![\\p{Alnum}_])")
                        .matcher(left)
                        .replaceAll(Matcher.quoteReplacement(GONE));
            }
        }
        // Where it stands only with escapes, not much of the text is worth keeping.
        boolean isCut = left.indexOf('…') >= 0 && isCutOffIn(left.substring(0, left.lastIndexOf('…')));
        return isCut || isTellinglyIn(left) ? GONE : left;
    }

    /** Whether a text was cut off where one of them stood. */
    boolean isCutOffIn(String text) {
        return texts.stream()
                .filter(sought -> sought.length() > TELLING)
                .anyMatch(sought -> endsWithBeginningOf(text, sought));
    }

    private static boolean endsWithBeginningOf(String text, String sought) {
        for (int length = Math.min(text.length(), sought.length() - 1); length >= TELLING; length--) {
            if (text.endsWith(sought.substring(0, length))) {
                return true;
            }
        }
        return false;
    }

    /** Never the texts. */
    @Override
    public String toString() {
        return texts.size() + " texts";
    }
}
