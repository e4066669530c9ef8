package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.quality.QualityRules;
import dev.eightbells.table.TableSchema;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.spark.SparkSchemaUtil;

/** Rules as a pipeline file has them, and whether they fit its table. */
final class RulesText {
    /** What errors call rules whose file is no longer known. */
    private static final String NAME = "quality.rules";

    private RulesText() {}

    /** What is wrong with rules, as {@link dev.eightbells.pipeline.RulesJudge} says it. */
    static List<String> problems(String rules, String name, TableDefinition table, Set<String> references) {
        try {
            return problems(QualityRules.parse(rules, name), table, references);
        } catch (Failure failure) {
            return failure.getMessage().lines().toList();
        }
    }

    /** What keeps rules from being evaluated over the rows of a table; empty when nothing does. */
    static List<String> problems(QualityRules rules, TableDefinition table, Set<String> references) {
        return rules.problems(SparkSchemaUtil.convert(TableSchema.of(table)), references);
    }

    /**
     * Looks whether rules can be evaluated over the rows of a table.
     *
     * @param whose for people, e.g. {@code pipeline shop}
     * @throws Failure of kind INPUT when they cannot
     */
    static void requireFit(Quality quality, TableDefinition table, String whose) {
        List<String> problems =
                problems(quality.rules(), NAME, table, quality.references().keySet());
        if (!problems.isEmpty()) {
            throw Failure.input("Cannot judge by the rules of " + whose + ": " + String.join("; ", problems));
        }
    }

    static QualityRules parse(Quality quality) {
        return QualityRules.parse(quality.rules(), NAME);
    }
}
