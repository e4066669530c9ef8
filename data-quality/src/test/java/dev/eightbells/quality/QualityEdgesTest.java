package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Data of strange shapes. */
class QualityEdgesTest {
    private static final String NO_ROWS = "PASSED There are no rows to judge.";

    private static QualityRules rules(String... rules) {
        return QualityRules.parse("Rules = [\n" + String.join(",\n", rules) + "\n]", "rules");
    }

    /** What is said of each rule. */
    private static List<String> said(Dataset<Row> rows, String... rules) {
        Surroundings surroundings = new Surroundings(
                MetricHistory.none(),
                Map.of("other", rows("id int, s string", row(1, "a"))),
                null,
                Instant.EPOCH,
                Surroundings.Samples.SHOWN,
                null);
        return QualityCheck.audit(rows, rules(rules), surroundings).report().outcomes().stream()
                .map(outcome -> outcome.verdict() + " " + outcome.sentence())
                .toList();
    }

    @Test
    void ofAnEmptyDataSetNothingIsSaidButCounts() {
        Dataset<Row> empty = rows("id int, x double, s string");
        assertThat(said(
                        empty,
                        "IsComplete id",
                        "Completeness id = 1.0",
                        "IsUnique id",
                        "Uniqueness id s > 0.5",
                        "IsPrimaryKey id s",
                        "ColumnValues x > 5 with threshold > 0.9",
                        "ColumnDataType s = \"Integer\" where \"id > 0\"",
                        "Mean x > 5",
                        "Mean x > 5 where \"id > 0\"",
                        "StandardDeviation x > 5",
                        "Entropy s > 5",
                        "UniqueValueRatio s > 0.5",
                        "ColumnCorrelation id x > 0.5",
                        "CustomSql \"select id from primary where x > 0\"",
                        "ReferentialIntegrity \"id\" \"other.id\" = 1.0",
                        "(IsComplete id) and (IsUnique id)"))
                .containsOnly(NO_ROWS);
        assertThat(said(
                        empty,
                        "RowCount > 0",
                        "RowCount = 0 where \"x > 1\"",
                        "RowCount > 0 where \"x > 1\"",
                        "ColumnCount = 3",
                        "ColumnExists s",
                        "CustomSql \"select count(*) from primary\" = 0",
                        "CustomSql \"select sum(x) from primary\" = 0",
                        "RowCountMatch \"other\" = 0.0",
                        "DatasetMatch \"other\" \"id\" = 1.0"))
                .containsExactly(
                        "FAILED Dataset.*.RowCount is 0, and should be > 0.",
                        "PASSED Dataset.*.RowCount where x > 1 is 0.",
                        "FAILED Dataset.*.RowCount where x > 1 is 0, and should be > 0.",
                        "PASSED Dataset.*.ColumnCount is 3.",
                        "PASSED There is a column s.",
                        "PASSED Dataset.*.CustomSQL select count(*) from primary is 0.",
                        "FAILED Dataset.*.CustomSQL select sum(x) from primary cannot be computed: the query gives no"
                                + " number.",
                        "PASSED Dataset.*.RowCountMatch other is 0.",
                        NO_ROWS);
    }

    @Test
    void whatOneRowCannotTellIsAFailureThatSaysSo() {
        assertThat(said(
                        rows("id int, x double, y double", row(1, 2.0, 0.0)),
                        "StandardDeviation x = 0",
                        "Variance x = 0",
                        "Range x = 0",
                        "InterquartileRange x = 0",
                        "IsUnique x y",
                        "Entropy x = 0",
                        "Skewness x = 0",
                        "ColumnCorrelation x y > 0.5"))
                .containsExactly(
                        "PASSED Column.x.StandardDeviation is 0.",
                        "PASSED Column.x.Variance is 0.",
                        "PASSED Column.x.Range is 0.",
                        "PASSED Column.x.InterquartileRange is 0.",
                        "PASSED All of 1 rows fulfil it.",
                        "PASSED Column.x.Entropy is 0.",
                        "PASSED Column.x.Skewness is 0.",
                        "FAILED Multicolumn.[x,y].ColumnCorrelation cannot be computed: it is no number there.");
    }

    @Test
    void aColumnWithoutAnyValueFailsWhatNeedsValues() {
        assertThat(said(
                        rows("id int, x double", row(1, null), row(2, null)),
                        "Mean x > 0",
                        "Sum x = 0",
                        "ZerosCount x = 0",
                        "DistinctValuesCount x = 0",
                        "Completeness x = 0",
                        "IsUnique x",
                        "UniqueValueRatio x = 1",
                        "ColumnValues x > 0",
                        "ColumnValues x != 5",
                        "ColumnLength x = 0",
                        "ColumnDataType x = \"Date\""))
                .containsExactly(
                        "FAILED Column.x.Mean cannot be computed: there are no values.",
                        "FAILED Column.x.Sum cannot be computed: there are no values.",
                        "PASSED Column.x.ZerosCount is 0.",
                        "PASSED Column.x.DistinctValuesCount is 0.",
                        "PASSED 2 of 2 rows do not fulfil it, e.g. null; Column.x.Completeness is 0.",
                        "FAILED 2 of 2 rows do not fulfil it, e.g. null.",
                        "FAILED Column.x.UniqueValueRatio cannot be computed: there are no values.",
                        "FAILED 2 of 2 rows do not fulfil it, e.g. null.",
                        "PASSED All of 2 rows fulfil it.",
                        "PASSED All of 2 rows fulfil it.",
                        "PASSED All of 2 rows fulfil it.");
    }

    @Test
    void largeWholeNumbersAreSummedWithoutOverflow() {
        Dataset<Row> large = LocalSpark.rows(
                "x bigint",
                LocalSpark.row(Long.MAX_VALUE),
                LocalSpark.row(Long.MAX_VALUE),
                LocalSpark.row(Long.MAX_VALUE),
                LocalSpark.row(3L));
        QualityReport report = QualityCheck.evaluate(
                large,
                QualityRules.parse(
                        "Rules = [ Mean \"x\" > 6e18, Sum \"x\" > 2e19, AggregateMatch \"sum(x)\" \"avg(x)\" = 4 ]"
                                .replace("6e18", "6000000000000000000")
                                .replace("2e19", "20000000000000000000"),
                        "rules"));
        assertThat(report.verdict()).as(report.json()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void columnsMayHaveAnyName() {
        List<String> names = List.of("`A.b c`", "ti`ck");
        Dataset<Row> rows = rows("id int, `a.B c` int, `ti``ck` int", row(1, 1, 1), row(2, 2, 2), row(3, null, null));
        String[] all = names.stream()
                .flatMap(name -> Stream.of(
                                "ColumnExists #",
                                "Completeness # > 0.5",
                                "Uniqueness # > 0.5",
                                "UniqueValueRatio # = 1",
                                "DistinctValuesCount # = 2",
                                "DuplicateRowCount # = 0",
                                "Entropy # > 0.4",
                                "Mean # = 1.5",
                                "Sum # = 3",
                                "StandardDeviation # = 0.5",
                                "Variance # = 0.25",
                                "Range # = 1",
                                "Skewness # = 0",
                                "Kurtosis # = -2",
                                "InterquartileRange # < 2",
                                "ZerosCount # = 0",
                                "ColumnCorrelation # \"id\" = 1",
                                "ColumnValues # > 0 with threshold > 0.5",
                                "ColumnLength # = 1 with threshold > 0.5",
                                "ColumnDataType # = \"Integer\"",
                                "ReferentialIntegrity # \"other.id\" > 0.3",
                                "AggregateMatch \"sum(#)\" \"sum(other.id)\" = 3")
                        .map(rule ->
                                rule.contains("(#)") ? rule.replace("#", name) : rule.replace("#", "\"" + name + "\"")))
                .toArray(String[]::new);
        assertThat(said(rows, all)).allSatisfy(said -> assertThat(said).startsWith("PASSED"));
        String[] strict =
                names.stream().map(name -> "IsUnique \"" + name + "\"").toArray(String[]::new);
        Audit audit = QualityCheck.audit(rows, rules(strict), Surroundings.none(Instant.EPOCH));
        assertThat(FaultTable.marked(audit.marked(rows).collectAsList(), "IsUnique \"ti`ck\""))
                .containsExactly(3);
        assertThat(audit.report().failingRows()).isEqualTo(1);
    }

    @Test
    void aColumnThatIsNotThereIsRefusedAndFails() {
        Dataset<Row> rows = rows("id int, x double", row(1, 1.0));
        String[] rules = {"IsComplete nope", "Mean nope > 0", "(IsComplete id) and (IsUnique id nope)", "IsComplete id"
        };
        assertThat(rules(rules).problems(rows.schema(), Set.of()))
                .containsExactly(
                        "rules:2:1: 'IsComplete nope' cannot be evaluated: there is no column nope (there are id, x).",
                        "rules:3:1: 'Mean nope > 0' cannot be evaluated: there is no column nope (there are id, x).",
                        "rules:4:22: 'IsUnique id nope' cannot be evaluated: there is no column nope (there are id,"
                                + " x).");
        assertThat(said(rows, rules))
                .containsExactly(
                        "FAILED There is no column nope (there are id, x).",
                        "FAILED There is no column nope (there are id, x).",
                        "FAILED There is no column nope (there are id, x).",
                        "PASSED All of 1 rows fulfil it.");
    }

    @Test
    void rulesDoNotLookIntoNestedColumns() {
        Dataset<Row> rows = rows(
                "id int, tags array<string>, place struct<city: string>, more map<string, int>",
                row(1, List.of("a"), row2("Rome"), Map.of()),
                row(2, null, null, null));
        assertThat(said(
                        rows,
                        "Completeness tags = 0.5",
                        "IsComplete place where \"id = 1\"",
                        "IsUnique tags",
                        "ColumnValues place = \"Rome\"",
                        "DistinctValuesCount more > 0",
                        "ColumnExists place.city",
                        "ColumnValues \"place.city\" = \"Rome\"",
                        "CustomSql \"select count(place.city) from primary\" = 1",
                        "DuplicateRowCount = 0",
                        "ColumnValues id > 0 where \"place.city = 'Rome'\""))
                .containsExactly(
                        "PASSED 1 of 2 rows does not fulfil it, e.g. null; Column.tags.Completeness is 0.5.",
                        "PASSED All of 1 rows fulfil it.",
                        nested("IsUnique tags", "tags"),
                        nested("ColumnValues place = \"Rome\"", "place"),
                        nested("DistinctValuesCount more > 0", "more"),
                        "FAILED There is no column place.city, only id, tags, place, more.",
                        "FAILED There is no column place.city (there are id, tags, place, more).",
                        "PASSED Dataset.*.CustomSQL select count(place.city) from primary is 1.",
                        "ERROR Cannot evaluate 'DuplicateRowCount = 0': column more holds maps, which Spark cannot compare;"
                                + " name the columns that are to be compared.",
                        "PASSED All of 1 rows fulfil it.");
    }

    private static Row row2(Object... values) {
        return org.apache.spark.sql.RowFactory.create(values);
    }

    private static String nested(String rule, String column) {
        return "ERROR Cannot evaluate '" + rule + "': column " + column + " holds arrays, structs or maps, and rules do"
                + " not look into those; only IsComplete and Completeness take it.";
    }

    @Test
    void samplesAreFewAndShortAndMayBeHidden() {
        String text = "x".repeat(300);
        Dataset<Row> rows = rows(
                "id int, s string",
                Stream.iterate(1, id -> id + 1)
                        .limit(8)
                        .map(id -> row(id, id + text))
                        .toArray(Object[][]::new));
        QualityRules rules = rules("ColumnLength s < 5");
        RuleOutcome shown = QualityCheck.evaluate(rows, rules).outcomes().get(0);
        assertThat(shown.samples()).hasSize(5).allSatisfy(sample -> assertThat(sample)
                .hasSize(100));
        RuleOutcome hidden = QualityCheck.audit(
                        rows,
                        rules,
                        new Surroundings(
                                MetricHistory.none(), Map.of(), null, Instant.EPOCH, Surroundings.Samples.HIDDEN, null))
                .report()
                .outcomes()
                .get(0);
        assertThat(hidden.samples()).isEmpty();
        assertThat(hidden.sentence()).isEqualTo("8 of 8 rows do not fulfil it.");
    }

    @Test
    void theFilesOfFailingRowsAreNamed() {
        Dataset<Row> rows = rows(
                "id int, x int, `_file` string",
                row(1, 1, "f1"),
                row(2, null, "f2"),
                row(3, -1, "f3"),
                row(4, 0, "f4"));
        Audit audit = QualityCheck.audit(
                rows,
                rules("IsComplete x", "ColumnValues x >= 0 with threshold > 0.4", "ColumnCount = 2", "IsUnique x"),
                new Surroundings(
                        MetricHistory.none(), Map.of(), null, Instant.EPOCH, Surroundings.Samples.SHOWN, "_file"));
        assertThat(audit.failingFiles()).containsExactly("f2");
        assertThat(audit.report().failingRows()).isEqualTo(1);
        assertThat(audit.report().with(Verdict.FAILED).stream()
                        .map(RuleOutcome::rule)
                        .collect(Collectors.toList()))
                .isEqualTo(Arrays.asList("IsComplete x", "IsUnique x"));
    }
}
