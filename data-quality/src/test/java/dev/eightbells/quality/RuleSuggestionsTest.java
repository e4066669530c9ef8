package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.quality.Surroundings.Samples;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class RuleSuggestionsTest {
    private static final String ORIGIN = "these rows";

    private static RuleSuggestions suggested(Dataset<Row> rows) {
        return RuleSuggestions.of(rows, ORIGIN, Samples.SHOWN);
    }

    /** Parses what was suggested and evaluates it over the rows. */
    private static void requirePassed(RuleSuggestions suggestions, Dataset<Row> rows) {
        QualityRules rules = QualityRules.parse(suggestions.text(), "suggested");
        assertThat(rules.size()).isEqualTo(suggestions.size());
        QualityReport report = QualityCheck.evaluate(rows, rules);
        assertThat(report.outcomes())
                .as(suggestions.text())
                .allMatch(outcome -> outcome.verdict() == Verdict.PASSED, "passed");
    }

    private static Object[][] orders(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> row(
                        String.format("A-%04d", i),
                        i % 3 == 0 ? "paid" : i % 3 == 1 ? "open" : "sent",
                        i % 10 == 0 ? null : new BigDecimal(i + ".25"),
                        Timestamp.from(Instant.ofEpochSecond(1_700_000_000L + i)),
                        i % 2 == 0,
                        i % 4 == 0 ? null : i % 5 == 0 ? "EUR" : "USD"))
                .toArray(Object[][]::new);
    }

    private static Dataset<Row> orderRows(int count) {
        return LocalSpark.rows(
                "id string, state string, amount decimal(12,2), at timestamp, gift boolean, currency string",
                orders(count));
    }

    @Test
    void suggestsByColumnWhatHolds() {
        Dataset<Row> rows = orderRows(200);
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.notes()).isEmpty();
        assertThat(suggestions.text())
                .isEqualTo(
                        """
                        # Rules suggested from these rows: 200 rows.
                        #
                        # All of them hold for these rows. Whether they should for the next ones, only you know: strike out what
                        # is chance, tighten what is certain, and name this file in the pipeline file, under quality.rules.
                        # Then look: eightbells rules check --pipeline FILE
                        Rules = [
                          RowCount > 0,

                          # id: texts, never missing, 6 characters, nearly all different
                          IsComplete "id",
                          IsUnique "id",
                          ColumnLength "id" = 6,

                          # state: texts, never missing, 4 characters, 3 values: open 34 %, paid 34 %, sent 33 %
                          IsComplete "state",
                          ColumnValues "state" in ["open", "paid", "sent"],

                          # amount: numbers, 10 % missing, 1.25 to 199, mean 100, about 180 different
                          Completeness "amount" >= 0.85,
                          ColumnValues "amount" >= 0 where "`amount` is not null",
                          Mean "amount" between 42 and 160,
                          StandardDeviation "amount" between 28 and 120,

                          # at: timestamps, never missing, nearly all different
                          IsComplete "at",

                          # gift: true or false, never missing, 2 values: false 50 %, true 50 %
                          IsComplete "gift",

                          # currency: texts, 25 % missing, up to 3 characters, 2 values: USD 80 %, EUR 20 %
                          Completeness "currency" >= 0.68,
                          ColumnValues "currency" in [NULL, "USD", "EUR"]
                        ]
                        """);
    }

    @Test
    void showsNoValuesWhenTheyAreHidden() {
        Dataset<Row> rows = orderRows(200);
        RuleSuggestions suggestions = RuleSuggestions.of(rows, ORIGIN, Samples.HIDDEN);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains("# state: texts, never missing, 4 characters, 3 values\n")
                .contains("DistinctValuesCount \"state\" <= 3")
                .contains("# amount: numbers, 10 % missing, about 180 different\n")
                .doesNotContain("paid")
                .doesNotContain("USD");
    }

    @Test
    void suggestsForOneRowOnlyWhatOneRowTells() {
        Dataset<Row> rows = orderRows(2).where("id = 'A-0001'");
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .startsWith("# Rules suggested from these rows: 1 row.\n")
                .contains("IsComplete \"id\"", "IsComplete \"amount\"", "IsComplete \"at\"", "IsComplete \"currency\"")
                .doesNotContain("IsUnique")
                .doesNotContain(" in [")
                .doesNotContain("Mean");
    }

    @Test
    void saysOfAColumnWithoutValuesThatThereIsNothingToSuggest() {
        Dataset<Row> rows = LocalSpark.rows("a string, b double, c int", row(null, null, 1), row(null, null, 2));
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains("# a: texts, no values at all, so there is nothing to suggest\n")
                .contains("# b: numbers, no values at all, so there is nothing to suggest\n")
                .contains("IsComplete \"c\"");
    }

    @Test
    void endsWellWhenTheLastColumnHasNoRules() {
        Dataset<Row> rows = LocalSpark.rows("a int, b string", row(1, null));
        assertThat(suggested(rows).text())
                .endsWith(
                        """
                          ColumnValues "a" >= 0

                          # b: texts, no values at all, so there is nothing to suggest
                        ]
                        """);
    }

    @Test
    void refusesToSuggestFromNoRows() {
        assertThatThrownBy(() -> suggested(LocalSpark.rows("a int")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot suggest rules from these rows: it has no rows. Take data that has some.");
    }

    @Test
    void takesOddNamesAndValues() {
        StructType columns = new StructType()
                .add("with \"quotes\"", "string")
                .add("with `ticks`", "string")
                .add("`ticked`", "int")
                .add("with.point and space", "int")
                .add("back\\slash", "string")
                .add("Größe #1", "string");
        List<Row> values = IntStream.range(0, 40)
                .mapToObj(i -> RowFactory.create(
                        i % 2 == 0 ? "say \"a\"" : "c:\\temp",
                        i % 4 == 0 ? null : i % 2 == 0 ? "line\nbreak" : "# no comment",
                        i % 7,
                        -i,
                        i % 3 == 0 ? null : "NullValue",
                        i % 5 == 0 ? "" : "ß"))
                .toList();
        Dataset<Row> rows = LocalSpark.session().createDataFrame(values, columns);
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains("ColumnValues \"with \\\"quotes\\\"\" in [\"c:\\temp\", \"say \\\"a\\\"\"]")
                .contains("ColumnValues \"with `ticks`\" in [NULL, \"# no comment\", \"line\nbreak\"]")
                .contains("2 values: # no comment 67 %, line break 33 %\n")
                .contains("ColumnValues \"```ticked```\" >= 0")
                .contains("IsComplete \"with.point and space\"")
                .contains("Completeness \"back\\slash\" >= 0.49")
                .contains("ColumnValues \"Größe #1\" in [\"ß\", \"\"]")
                .contains("2 values: ß 80 %, (blank) 20 %\n");
    }

    @Test
    void leavesOutAColumnThatRulesCannotName() {
        StructType columns = new StructType().add("fine", "int").add("ends with \\", "int");
        Dataset<Row> rows = LocalSpark.session().createDataFrame(List.of(RowFactory.create(1, 2)), columns);
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.notes())
                .containsExactly("Nothing is suggested for the column ends with \\: rules cannot write its name.");
    }

    @Test
    void seesNumbersAndDaysAndTimesInTexts() {
        Object[][] values = IntStream.range(0, 60)
                .mapToObj(i -> row(
                        String.valueOf(1000 + i),
                        i + ".5",
                        String.format("2024-01-%02d", 1 + i % 28),
                        String.format("2024-01-%02dT10:00:00Z", 1 + i % 28),
                        i % 2 == 0 ? "true" : "false",
                        i % 2 == 0 ? "10:30" : "21:45",
                        i % 2 == 0 ? "2024-01-01" : "2024-02-30"))
                .toArray(Object[][]::new);
        Dataset<Row> rows = LocalSpark.rows(
                "whole string, half string, day string, moment string, truth string, clock string, wrong string",
                values);
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains("ColumnDataType \"whole\" = \"Long\"")
                .contains("ColumnDataType \"half\" = \"Double\"")
                .contains("ColumnDataType \"day\" = \"Date\"")
                .contains("ColumnDataType \"moment\" = \"Timestamp\"")
                .contains("ColumnDataType \"truth\" = \"Boolean\"")
                .contains("ColumnLength \"clock\" = 5")
                .contains("ColumnLength \"wrong\" = 10");
    }

    @Test
    void looksIntoNothingNestedAndLeavesTheLineageOut() {
        Dataset<Row> rows = LocalSpark.session()
                .range(20)
                .selectExpr(
                        "array(id) as list",
                        "if(id < 10, named_struct('a', id), null) as part",
                        "map('k', id) as map",
                        "cast('x' as binary) as bytes",
                        "'s3://b/k' as source_object",
                        "id as source_offset");
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains("# list: array, which rules do not look into, never missing\n  IsComplete \"list\"")
                .contains("Completeness \"part\" >= 0.29")
                .contains("IsComplete \"map\"")
                .contains("IsComplete \"bytes\"")
                .doesNotContain("source_");
    }

    @Test
    void takesEveryPlainType() {
        Dataset<Row> rows = LocalSpark.session()
                .range(150)
                .selectExpr(
                        "cast(id % 100 as tinyint) as tiny",
                        "cast(-id as smallint) as small",
                        "id as big",
                        "cast(id / 7 as float) as single",
                        "if(id = 3, double('NaN'), id / 7) as notanumber",
                        "if(id = 3, double('Infinity'), -id) as infinite",
                        "cast(id / 7 as decimal(38,18)) as exact",
                        "cast(id * 1e300 as double) as huge",
                        "cast(id * 1e-12 as double) as minute",
                        "9223372036854775807 - id as greatest",
                        "date'2024-01-01' + cast(id as int) as day",
                        "timestamp_ntz'2024-01-01 00:00:00' as wall",
                        "if(id = 149, id, null) as rare",
                        "repeat('x', cast(id as int)) as long",
                        "'' as blank");
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        RuleSuggestions suggestions;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            suggestions = suggested(rows);
        } finally {
            System.setOut(before);
        }
        requirePassed(suggestions, rows);
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(suggestions.notes()).isEmpty();
        for (String column : rows.columns()) {
            assertThat(suggestions.text()).containsPattern("(IsComplete|Completeness) \"" + column + "\"");
        }
        assertThat(suggestions.text())
                .contains("IsUnique \"big\"")
                .contains("Completeness \"rare\" > 0")
                .contains("ColumnLength \"long\" <= 500")
                .doesNotContain("Mean \"notanumber\"")
                .doesNotContain("Mean \"big\"");
    }

    @Test
    void leavesOutAndSaysWhatDoesNotHoldAfterAll() {
        // The text NullValue is what Deequ takes for a missing value beside real ones.
        Dataset<Row> rows = LocalSpark.session()
                .range(40)
                .selectExpr("case when id % 4 = 0 then null when id % 4 = 1 then 'NullValue' else 'a' end as v");
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.notes())
                .containsExactly(
                        "Left out, because it does not hold for the rows:" + " ColumnValues \"v\" in [NULL, \"a\"]");
    }

    @Test
    void breaksLongListsIntoLines() {
        Dataset<Row> rows =
                LocalSpark.session().range(100).selectExpr("concat('a rather long name of a category ', id % 6) as v");
        RuleSuggestions suggestions = suggested(rows);
        requirePassed(suggestions, rows);
        assertThat(suggestions.text())
                .contains(
                        """
                          ColumnValues "v" in ["a rather long name of a category 0", "a rather long name of a category 1",
                            "a rather long name of a category 2", "a rather long name of a category 3",
                            "a rather long name of a category 4", "a rather long name of a category 5"]
                        """);
    }
}
