package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.RuleType.Conditions;

/**
 * What a condition is about.
 *
 * @param name what errors call it
 * @param conditions what it may be compared with
 */
record Subject(String name, Conditions conditions) {
    /** What it is compared with: one of it, many of it, and a condition with it. */
    record Wanted(String one, String many, String example) {}

    static Subject of(RuleType type) {
        return new Subject(type.dqdl(), type.conditions());
    }

    static Subject threshold() {
        return new Subject("a threshold", Conditions.NUMBER);
    }

    Wanted wanted() {
        return switch (conditions) {
            case NUMBER, OPTIONAL_NUMBER -> new Wanted("a number", "numbers", "> 0");
            case TEXT -> new Wanted("a text in quotes", "texts", "= \"Date\"");
            case OPTIONAL_TEXT -> new Wanted("a text in quotes", "texts", "in [\"...\"]");
            case DURATION -> new Wanted("a length of time such as 3 days", "lengths of time", "<= 3 days");
            case MOMENT ->
                new Wanted("a moment such as \"2024-01-31\", \"21:45\" or now()", "moments", "> (now() - 3 days)");
            case SIZE -> new Wanted("a size such as 5 MB", "sizes", "> 5 MB");
            case NONE, VALUE -> new Wanted("a number, text or moment", "numbers, texts or moments", "> 0");
        };
    }

    /** Why something else is no operand. */
    String comparison() {
        return name + " is compared with " + wanted().many();
    }
}
