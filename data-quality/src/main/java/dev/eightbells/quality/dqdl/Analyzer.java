package dev.eightbells.quality.dqdl;

import java.util.List;

/**
 * Something that is measured and kept, and judged by nobody.
 *
 * @param type what is measured
 * @param parameters as in a rule
 * @param place where it begins
 * @param text as it was written, without comments and with single blanks
 */
public record Analyzer(RuleType type, List<String> parameters, Place place, String text) {
    public Analyzer {
        parameters = List.copyOf(parameters);
    }
}
