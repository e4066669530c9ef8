package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What cannot be evaluated is an error of that rule alone, and says nothing of the data. */
class RulesThatCannotTest {
    private static final Dataset<Row> ROWS = rows(
            "id int, x double, s string, flag boolean, day date",
            row(1, 1.0, "a", true, null),
            row(2, 2.0, "b", false, null));

    private static QualityRules rules(Iterable<String> rules) {
        return QualityRules.parse("Rules = [\n" + String.join(",\n", rules) + "\n]", "rules");
    }

    private static Surroundings surroundings(MetricHistory history, Map<String, Dataset<Row>> references) {
        return new Surroundings(history, references, null, Instant.EPOCH, Surroundings.Samples.SHOWN, null);
    }

    private static void areErrors(Map<String, String> sentences) {
        Map<String, String> all = new LinkedHashMap<>(sentences);
        all.put("IsComplete id", "All of 2 rows fulfil it.");
        all.put("Mean x = 1.5", "Column.x.Mean is 1.5.");
        all.put("RowCountMatch \"other-1\" = 1.0", "Dataset.*.RowCountMatch other-1 is 1.");
        Surroundings surroundings = surroundings(
                MetricHistory.none(), Map.of("other-1", rows("id int, s string", row(1, "a"), row(2, "b"))));
        QualityReport report =
                QualityCheck.audit(ROWS, rules(all.keySet()), surroundings).report();
        Map<String, String> said = new LinkedHashMap<>();
        List<String> written = List.copyOf(all.keySet());
        for (int i = 0; i < written.size(); i++) {
            said.put(written.get(i), report.outcomes().get(i).sentence());
        }
        assertThat(said).isEqualTo(all);
        assertThat(report.with(Verdict.ERROR)).hasSize(sentences.size());
        assertThat(report.with(Verdict.PASSED)).hasSize(3);
        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void ofAWhereClauseItIsSaidWhatIsWrong() {
        Map<String, String> sentences = new LinkedHashMap<>();
        sentences.put(
                "IsComplete id where \"x >\"",
                "Cannot evaluate 'IsComplete id where \"x >\"': 'x >' is no SQL expression (syntax"
                        + " error at or near end of input); mend it.");
        sentences.put(
                "Mean x > 0 where \"y > 1\"",
                "Cannot evaluate 'Mean x > 0 where \"y > 1\"': 'y > 1' names y, which is no column of"
                        + " the data; name one of its columns.");
        sentences.put(
                "IsUnique id where \"count(*) > 1\"",
                "Cannot evaluate 'IsUnique id where \"count(*) > 1\"': 'count(*) > 1' looks at more"
                        + " than one row; write an expression over the columns of one row, Eightbells"
                        + " aggregates.");
        sentences.put(
                "ColumnValues x > 0 where \"x\"",
                "Cannot evaluate 'ColumnValues x > 0 where \"x\"': its where clause 'x' is no" + " condition.");
        sentences.put(
                "RowCount > 0 where \"x > rand()\"",
                "Cannot evaluate 'RowCount > 0 where \"x > rand()\"': 'x > rand()' gives something"
                        + " else whenever it is asked, and what comes out must not depend on when it is"
                        + " computed; take out what is random or depends on the present time.");
        sentences.put(
                "ColumnValues x > 0 where \"s rlike '('\"",
                "Cannot evaluate 'ColumnValues x > 0 where \"s rlike '('\"': 's rlike '('' cannot be"
                        + " computed (the value of parameter(s) `regexp` in `rlike` is invalid: '('); mend it.");
        sentences.put(
                "Entropy s > 0 where \"x in (select 1)\"",
                "Cannot evaluate 'Entropy s > 0 where \"x in (select 1)\"': 'x in (select 1)' asks"
                        + " another table; write an expression over the columns of the data.");
        areErrors(sentences);
    }

    @Test
    void ofSqlItIsSaidWhatIsWrong() {
        Map<String, String> sentences = new LinkedHashMap<>();
        sentences.put(
                "CustomSql \"selekt 1\" = 1",
                "Cannot evaluate 'selekt 1': its SQL is none (Syntax error at or near 'selekt').");
        sentences.put(
                "CustomSql \"select y from primary\" = 1",
                "Cannot evaluate a rule: A column or function parameter with name `y` cannot be"
                        + " resolved. Did you mean one of the following? [`s`, `x`, `day`, `id`, `flag`].");
        sentences.put(
                "CustomSql \"select id, x from primary\" = 1",
                "Cannot compare the result of 'select id, x from primary' with a number: it has 2"
                        + " columns. Select one number.");
        sentences.put(
                "CustomSql \"select id from primary\" = 1",
                "Cannot compare the result of 'select id from primary' with a number: it has more"
                        + " than one row. Select one number, e.g. count(*).");
        sentences.put(
                "CustomSql \"select count(*) from nowhere\" = 1",
                "Cannot evaluate a rule: The table or view `nowhere` cannot be found. Verify the"
                        + " spelling and correctness of the schema and catalog.");
        sentences.put(
                "CustomSql \"select x * 2 as y from primary\"",
                "Cannot tell which rows the query 'select x * 2 as y from primary' selects: its"
                        + " column y is none of primary's. Select columns of primary, or compare a number.");
        sentences.put(
                "CustomSql \"select array(1)\" = 1",
                "Cannot evaluate a rule: Cannot resolve \"CAST(array(1) AS DOUBLE)\" due to data type"
                        + " mismatch: cannot cast \"ARRAY<INT>\" to \"DOUBLE\".");
        sentences.put(
                "CustomSql \"drop view primary\"",
                "Cannot evaluate 'drop view primary': its SQL gives no rows, but does something;" + " write a select.");
        sentences.put(
                "CustomSql \"set spark.sql.ansi.enabled = true\" = 1",
                "Cannot evaluate 'set spark.sql.ansi.enabled = true': its SQL gives no rows, but does"
                        + " something; write a select.");
        sentences.put(
                "CustomSql \"insert into primary select * from primary\" = 1",
                "Cannot evaluate 'insert into primary select * from primary': its SQL gives no rows,"
                        + " but does something; write a select.");
        areErrors(sentences);
    }

    @Test
    void columnsOfAnotherTypeAreNoFailure() {
        Map<String, String> sentences = new LinkedHashMap<>();
        sentences.put("Mean s > 0", "Cannot evaluate 'Mean s > 0': Mean is of numbers, and column s is string.");
        sentences.put(
                "ColumnCorrelation x s > 0",
                "Cannot evaluate 'ColumnCorrelation x s > 0': ColumnCorrelation is of numbers, and"
                        + " column s is string.");
        sentences.put(
                "ColumnValues flag > 0",
                "Cannot evaluate 'ColumnValues flag > 0': column flag is boolean, and cannot be"
                        + " compared with numbers.");
        sentences.put(
                "ColumnValues day > 5",
                "Cannot evaluate 'ColumnValues day > 5': column day is date, and cannot be compared"
                        + " with numbers.");
        sentences.put(
                "ColumnValues x > \"2026-01-01\"",
                "Cannot evaluate 'ColumnValues x > \"2026-01-01\"': column x is double, and cannot be"
                        + " compared with moments.");
        sentences.put(
                "DataFreshness flag <= 3 days",
                "Cannot evaluate 'DataFreshness flag <= 3 days': column flag is boolean, which tells" + " no time.");
        sentences.put(
                "AggregateMatch \"sum(s)\" \"sum(x)\" = 1.0",
                "Cannot evaluate 'AggregateMatch \"sum(s)\" \"sum(x)\" = 1.0': Sum is of numbers, and"
                        + " column s is string.");
        areErrors(sentences);
        assertThat(rules(sentences.keySet()).problems(ROWS.schema(), Set.of()))
                .hasSize(7)
                .first()
                .isEqualTo("rules:2:1: 'Mean s > 0' cannot be evaluated: Mean is of numbers, and column s is string.");
    }

    @Test
    void whatIsNotKnownHereIsNoFailure() {
        Map<String, String> sentences = new LinkedHashMap<>();
        sentences.put("FileSize > 1 MB", "It is not known here which files the rows come from.");
        sentences.put(
                "ReferentialIntegrity \"id\" \"nowhere.id\" = 1.0",
                "Cannot compare with nowhere: there is no data set of this name. Name its table or"
                        + " place under quality.references.");
        sentences.put(
                "RowCountMatch \"nowhere\" = 1.0",
                "Cannot compare with nowhere: there is no data set of this name. Name its table or"
                        + " place under quality.references.");
        sentences.put(
                "DatasetMatch \"nowhere\" \"id\" = 1.0",
                "Cannot compare with nowhere: there is no data set of this name. Name its table or"
                        + " place under quality.references.");
        sentences.put(
                "ReferentialIntegrity \"id\" \"other-1.nope\" = 1.0",
                "Cannot evaluate a rule: A column or function parameter with name `nope` cannot be"
                        + " resolved. Did you mean one of the following? [`id`, `s`].");
        sentences.put(
                "AggregateMatch \"sum(x)\" \"sum(other-1.nope)\" = 1.0",
                "Cannot evaluate a rule: A column or function parameter with name `nope` cannot be"
                        + " resolved. Did you mean one of the following? [`id`, `s`].");
        sentences.put("(IsComplete id) or (FileSize > 1 MB)", "It is not known here which files the rows come from.");
        areErrors(sentences);
        assertThat(rules(sentences.keySet()).problems(ROWS.schema(), Set.of("other-1")))
                .hasSize(3)
                .first()
                .isEqualTo(
                        "rules:3:1: 'ReferentialIntegrity \"id\" \"nowhere.id\" = 1.0' cannot be evaluated: there is no"
                                + " data set nowhere; name its table or place under quality.references.");
    }

    @Test
    void aHistoryThatCannotBeReadIsAnErrorOfTheRulesThatNeedIt() {
        MetricHistory broken = (metrics, batches) -> {
            throw Failure.input("The history is gone. Begin anew.");
        };
        QualityReport report = QualityCheck.audit(
                        ROWS,
                        rules(List.of(
                                "RowCount > avg(last(3))",
                                "RowCount > 1",
                                "IsComplete id",
                                "DetectAnomalies \"RowCount\"",
                                "(IsComplete id) and (Mean x > min(last(2)))")),
                        surroundings(broken, Map.of()))
                .report();
        assertThat(report.with(Verdict.ERROR).stream().map(RuleOutcome::rule))
                .containsExactly(
                        "RowCount > avg(last(3))",
                        "DetectAnomalies \"RowCount\"",
                        "(IsComplete id) and (Mean x > min(last(2)))");
        assertThat(report.with(Verdict.ERROR))
                .allSatisfy(outcome -> assertThat(outcome.sentence()).isEqualTo("The history is gone. Begin anew."));
        assertThat(report.with(Verdict.PASSED)).hasSize(2);
    }

    @Test
    void rowsThatCannotBeReadAreNoFailure() {
        Dataset<Row> unreadable = ROWS.withColumn("x", expr("if(id = 2, raise_error('The file is damaged.'), 1.5)"));
        QualityReport report = QualityCheck.audit(
                        unreadable,
                        rules(List.of(
                                "Mean x > 0",
                                "IsComplete x",
                                "IsUnique id",
                                "ReferentialIntegrity \"id\" \"other.id\" = 1.0",
                                "CustomSql \"select id from primary\"",
                                "(IsUnique id) and (IsPrimaryKey id)")),
                        surroundings(MetricHistory.none(), Map.of("other", ROWS)))
                .report();
        assertThat(report.with(Verdict.ERROR)).hasSize(6);
        assertThat(report.firstError().orElseThrow().error()).hasMessage("The file is damaged.");
    }

    @Test
    void whatCannotBeEvaluatedWhateverTheDataIsRefused() {
        assertThatThrownBy(() -> rules(List.of(
                        "ColumnDataType s = \"Money\"",
                        "ColumnDataType s = \"Date\" with format = \"bb\"",
                        "ColumnDataType s = \"Date\" with format = \"YYYY-MM-dd\"",
                        "ColumnValues x > avg(last(3))",
                        "RowCount > highest(last(3))",
                        "RowCount > last(0)",
                        "RowCount > last(3) - 1",
                        "RowCount > 10 / 0",
                        "Completeness s > 95",
                        "ColumnValues x > 0 with threshold >= 99",
                        "FileUniqueness > avg(last(3))",
                        "FileFreshness > now() with recentFiles = \"1\"",
                        "ReferentialIntegrity \"a,b\" \"other.a\" = 1.0",
                        "AggregateMatch \"max(a)\" \"max(b)\" = 1.0")))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        """
                        rules:2:1: 'ColumnDataType s = "Money"' cannot be evaluated: 'Money' is no type that values can be read as; take String, Boolean, Date, Timestamp, Integer, Long, Float, Double or Decimal(p,s).
                        rules:3:1: 'ColumnDataType s = "Date" with format = "bb"' cannot be evaluated: 'bb' is no pattern of times that Spark reads; write e.g. dd-MM-yyyy.
                        rules:4:1: 'ColumnDataType s = "Date" with format = "YYYY-MM-dd"' cannot be evaluated: 'YYYY-MM-dd' is no pattern of times that Spark reads; write e.g. dd-MM-yyyy.
                        rules:5:1: 'ColumnValues x > avg(last(3))' cannot be evaluated: each value is compared with plain numbers; functions can stand behind 'with threshold', or in a rule about a number such as Mean.
                        rules:6:1: 'RowCount > highest(last(3))' cannot be evaluated: there is no function highest(); take last(n), and avg, min, max, sum, std, median, percentile(…, 0.9) or abs of it.
                        rules:7:1: 'RowCount > last(0)' cannot be evaluated: last() takes the number of batches to look back at, 1 to 1000, e.g. last(10).
                        rules:8:1: 'RowCount > last(3) - 1' cannot be evaluated: last(3) is a list; take one number of it, e.g. avg(last(3)).
                        rules:9:1: 'RowCount > 10 / 0' cannot be evaluated: it divides by zero.
                        rules:10:1: 'Completeness s > 95' cannot be evaluated: a share is at most 1; write 0.95 for 95 %.
                        rules:11:1: 'ColumnValues x > 0 with threshold >= 99' cannot be evaluated: a share is at most 1; write 0.95 for 95 %.
                        rules:12:1: 'FileUniqueness > avg(last(3))' cannot be evaluated: what rules about files find has no history; compare with a number.
                        rules:13:1: 'FileFreshness > now() with recentFiles = "1"' cannot be evaluated: its tag recentFiles is not known; FileFreshness takes timeZone.
                        rules:14:1: 'ReferentialIntegrity "a,b" "other.a" = 1.0' cannot be evaluated: it compares 2 columns with 1.
                        rules:15:1: 'AggregateMatch "max(a)" "max(b)" = 1.0' cannot be evaluated: 'max(a)' is no aggregate; write "sum(column)" or "avg(column)".""");
    }

    @Test
    void noOtherDataSetIsCalledPrimary() {
        assertThatThrownBy(() -> surroundings(MetricHistory.none(), Map.of("Primary", ROWS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Invalid name of a data set to compare with: primary (that is the name of the judged rows)");
    }
}
