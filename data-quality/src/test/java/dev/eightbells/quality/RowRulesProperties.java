package dev.eightbells.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.quality.RowLaw.Line;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rules of rows, beside the same in plain Java. */
class RowRulesProperties {
    private static final int TRIES = 2;

    @Provide
    Arbitrary<List<Line>> tables() {
        return RowLaw.tables();
    }

    @Provide
    Arbitrary<List<RowLaw>> laws() {
        return RowLaw.laws().list().ofSize(8);
    }

    @Property(tries = TRIES, seed = "20261126", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void saySoOfTheSameRowsAsBefore(@ForAll("tables") List<Line> table, @ForAll("laws") List<RowLaw> laws) {
        areOfTheSameOpinion(table, laws);
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void saySoOfTheSameRows(@ForAll("tables") List<Line> table, @ForAll("laws") List<RowLaw> laws) {
        areOfTheSameOpinion(table, laws);
    }

    private static void areOfTheSameOpinion(List<Line> table, List<RowLaw> laws) {
        Dataset<Row> rows = rows(table);
        QualityRules rules = QualityRules.parse(
                laws.stream().map(RowLaw::rule).collect(Collectors.joining(",\n", "Rules = [", "]")), "rules");
        Audit audit = QualityCheck.audit(rows, rules, Surroundings.none(Instant.EPOCH));
        List<Row> marked = audit.marked(rows).collectAsList();
        assertThat(marked).hasSameSizeAs(table);
        for (int i = 0; i < laws.size(); i++) {
            RowLaw law = laws.get(i);
            RuleOutcome outcome = audit.report().outcomes().get(i);
            Set<Integer> failing = table.stream()
                    .filter(line -> !law.isFulfilled(line, table))
                    .map(Line::id)
                    .collect(Collectors.toSet());
            assertThat(outcome.failingRows()).as(law.rule()).isEqualTo(failing.size());
            assertThat(outcome.verdict()).as(law.rule()).isEqualTo(failing.isEmpty() ? Verdict.PASSED : Verdict.FAILED);
            assertThat(FaultTable.marked(marked, outcome.rule())).as(law.rule()).isEqualTo(failing);
        }
        Set<Integer> bad = marked.stream()
                .filter(row -> !row.getList(row.fieldIndex(Audit.FAILED_RULES)).isEmpty())
                .map(row -> row.getInt(row.fieldIndex("id")))
                .collect(Collectors.toSet());
        assertThat(audit.report().failingRows()).isEqualTo(bad.size());
        assertThat(QualityCheck.evaluate(
                                rows(table.stream()
                                        .filter(line -> !bad.contains(line.id()))
                                        .toList()),
                                rules)
                        .verdict())
                .isEqualTo(Verdict.PASSED);
    }

    private static Dataset<Row> rows(List<Line> table) {
        return LocalSpark.rows(
                "id int, a int, b int, s string",
                table.stream()
                        .map(line -> LocalSpark.row(line.id(), line.a(), line.b(), line.s()))
                        .toArray(Object[][]::new));
    }
}
