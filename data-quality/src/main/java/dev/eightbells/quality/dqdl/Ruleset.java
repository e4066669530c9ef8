package dev.eightbells.quality.dqdl;

import java.util.List;

/**
 * The rules and analyzers of a rules file, in their order.
 *
 * @param rules what the data must fulfil; may be empty when there are analyzers
 * @param analyzers what is only measured
 */
public record Ruleset(List<Rule> rules, List<Analyzer> analyzers) {
    public Ruleset {
        rules = List.copyOf(rules);
        analyzers = List.copyOf(analyzers);
    }
}
