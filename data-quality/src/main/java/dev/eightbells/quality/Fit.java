package dev.eightbells.quality;

import dev.eightbells.quality.Understanding.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** Looks whether rules can be evaluated over data with certain columns, without a session of Spark. */
final class Fit {
    private final Columns columns;
    private final Set<String> references;

    Fit(StructType schema, Set<String> references) {
        this.columns = Columns.of(schema, null);
        this.references = Set.copyOf(references);
    }

    /** What does not fit, in the order of the rules. */
    List<Problem> problems(Understanding understanding) {
        List<Problem> problems = new ArrayList<>();
        understanding.checks().stream().flatMap(Understanding::leaves).forEach(check -> {
            RuntimeException problem = columns.problem(check);
            if (problem != null) {
                String reason = problem.getCause() == null
                        ? problem.getMessage()
                        : problem.getCause().getMessage();
                problems.add(problem(check, reason));
            }
            String reference = Understanding.referenceOf(check);
            if (reference != null && !references.contains(reference)) {
                problems.add(problem(
                        check,
                        "there is no data set " + reference + "; name its table or place under quality.references"));
            }
            String sql = Understanding.sqlOf(check);
            String noQuery = sql == null ? null : RuleQuery.problem(sql);
            if (noQuery != null) {
                problems.add(problem(check, noQuery));
            }
        });
        understanding.analyzers().forEach(analyzer -> {
            String problem = columns.problem(analyzer);
            if (problem != null) {
                problems.add(new Problem(analyzer.place(), "'" + analyzer.text() + "' cannot be measured: " + problem));
            }
        });
        return problems;
    }

    private static Problem problem(Check check, String reason) {
        return new Problem(check.rule().place(), "'" + check.rule().text() + "' cannot be evaluated: " + reason);
    }
}
