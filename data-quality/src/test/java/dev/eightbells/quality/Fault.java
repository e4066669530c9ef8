package dev.eightbells.quality;

import java.util.List;
import java.util.Set;

/**
 * A rule that good data fulfils, and what is said of it over data with a fault.
 *
 * @param sentence what is said; {@code …} stands for the samples
 * @param failing how many rows do not fulfil it; null when it says nothing of rows
 * @param samples their values, in any order
 * @param marked the ids of the rows that are marked with it
 */
record Fault(
        String rule,
        RuleOutcome.Scope scope,
        String sentence,
        Long failing,
        List<String> samples,
        Set<Integer> marked) {
    /** A fault of the data set as a whole. */
    static Fault ofDataset(String rule, String sentence) {
        return new Fault(rule, RuleOutcome.Scope.DATASET, sentence, null, List.of(), Set.of());
    }

    /** A fault of rows, of which the rule allows some: they are counted and never marked. */
    static Fault ofShare(String rule, String sentence, long failing, String... samples) {
        return new Fault(rule, RuleOutcome.Scope.DATASET, sentence, failing, List.of(samples), Set.of());
    }

    /** A fault of rows. */
    static Fault ofRows(String rule, String sentence, Set<Integer> marked, String... samples) {
        return new Fault(rule, RuleOutcome.Scope.ROWS, sentence, (long) marked.size(), List.of(samples), marked);
    }
}
