package dev.eightbells.pipeline;

import java.util.List;
import java.util.Set;

/**
 * Says what is wrong with the rules in a pipeline file. To understand rules takes their evaluator, which this package does
 * without: whoever has one brings it along.
 */
@FunctionalInterface
public interface RulesJudge {

    /**
     * What is wrong with rules: sentences that begin with their place, {@code name:line:column: }.
     *
     * @param rules the text of the rules
     * @param name what errors call the file in which they stand
     * @param table the events' table, in which nothing else is wrong
     * @param references the names that rules may give to other tables
     */
    List<String> problems(String rules, String name, TableDefinition table, Set<String> references);

    /** Takes any rules, and leaves it to the step that judges by them to refuse them. */
    static RulesJudge none() {
        return (rules, name, table, references) -> List.of();
    }
}
