package dev.eightbells.quality.dqdl;

import dev.eightbells.quality.dqdl.RuleType.Part;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types by their names. */
final class RuleTypes {
    private static final Map<String, RuleType> BY_NAME =
            Arrays.stream(RuleType.values()).collect(Collectors.toUnmodifiableMap(RuleType::dqdl, Function.identity()));

    private RuleTypes() {}

    static Optional<RuleType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static boolean isName(Token token) {
        return token.is(Kind.WORD) && BY_NAME.containsKey(token.text());
    }

    static boolean isAnalyzer(RuleType type) {
        return type.has(Part.ANALYZER) || type.has(Part.ONLY_ANALYZER);
    }

    /** What to say to somebody who wrote a type that there is not. */
    static String refusal(String unknown) {
        return "unknown rule type " + unknown
                + Arrays.stream(RuleType.values())
                        .map(RuleType::dqdl)
                        .min(Comparator.comparingInt(name -> distance(unknown, name)))
                        .filter(name -> distance(unknown, name) <= Math.max(2, unknown.length() / 3))
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("; the names of types are written as in IsComplete or RowCount.");
    }

    /** How many letters to insert, delete or replace, whatever their case. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] costs = new int[b.length() + 1];
        Arrays.setAll(costs, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[b.length()];
    }
}
