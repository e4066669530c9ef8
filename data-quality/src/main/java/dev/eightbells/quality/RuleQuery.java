package dev.eightbells.quality;

import dev.eightbells.Failure;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.execution.SparkSqlParser;

/** SQL that a rule asks; it gives rows, and does nothing. */
final class RuleQuery {
    private RuleQuery() {}

    /**
     * What keeps SQL from being asked, whatever the data; without a final period.
     *
     * @return null when nothing does
     */
    static String problem(String sql) {
        try {
            LogicalPlan plan = new SparkSqlParser().parsePlan(sql);
            return plan.exists(part -> part instanceof Command || part instanceof ParsedStatement)
                    ? "its SQL gives no rows, but does something; write a select"
                    : null;
        } catch (Exception e) {
            // Scala throws it without saying so.
            if (e instanceof AnalysisException) {
                return "its SQL is none (" + reason(e).replaceFirst("\\.$", "") + ")";
            }
            throw e;
        }
    }

    /** What Spark does not understand is the rules' mistake. */
    static Failure mistake(Throwable analysis) {
        return Failure.of(Failure.Kind.INPUT, "Cannot evaluate a rule: " + reason(analysis), analysis);
    }

    /** Spark's own words, without the name of the error and its place. */
    private static String reason(Throwable analysis) {
        return String.valueOf(analysis.getMessage())
                .strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^\\[[A-Z_.]+\\] *", "")
                .replaceFirst(" *\\(?line \\d+,? pos \\d+\\)?.*$", "")
                .replaceFirst("[;.]*$", ".");
    }
}
