package dev.eightbells.pipeline;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-default}} in single values, so that a variable can never change the
 * structure of a file. <code>$${</code> stands for <code>${</code>; a dollar sign before anything else for itself.
 */
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile(
            "(?<escaped>\\$\\$\\{)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<otherwise>[^}]*))?}|(?<malformed>\\$\\{)");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The text with its variables replaced.
     *
     * @throws IllegalArgumentException when a variable is not set and has no default, or a reference is malformed
     */
    String resolve(String text) {
        StringBuilder resolved = new StringBuilder();
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            reference.appendReplacement(resolved, Matcher.quoteReplacement(value(reference, text)));
        }
        return reference.appendTail(resolved).toString();
    }

    /** Text that {@link #resolve} turns into the given one, whatever the environment. */
    static String escape(String text) {
        return text.replace("${", "$${");
    }

    private String value(Matcher reference, String text) {
        if (reference.group("escaped") != null) {
            return "${";
        }
        if (reference.group("malformed") != null) {
            throw new IllegalArgumentException("'" + text
                    + "' holds a malformed variable; write ${NAME} or ${NAME:-default}, and $${ for a plain ${");
        }

        String name = reference.group("name");
        String otherwise = reference.group("otherwise");
        String set = environment.get(name);
        if (set == null && otherwise == null) {
            throw new IllegalArgumentException(
                    "the variable " + name + " is not set; set it, or write ${" + name + ":-default}");
        }

        return set == null || (set.isEmpty() && otherwise != null) ? otherwise : set;
    }
}
