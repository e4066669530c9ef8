package dev.eightbells.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class FormatsTest {
    private static final StructType COLUMNS =
            StructType.fromDDL("name string, amount decimal(30,2), at timestamp, tags array<string>");

    private static Row row(Object... values) {
        return new GenericRowWithSchema(values, COLUMNS);
    }

    private static Row row(String name) {
        return row(name, null, null, null);
    }

    private static Object tags(String... tags) {
        return JavaConverters.asScalaBuffer(List.of(tags));
    }

    private static String written(Format format, Row... rows) throws IOException {
        StringWriter out = new StringWriter();
        format.begin(out, COLUMNS);
        for (Row row : rows) {
            format.row(out, row);
        }
        return out.toString();
    }

    private static final Row FULL = row(
            "Ann", new BigDecimal("12345678901234567890.10"), Instant.parse("2026-03-02T01:00:00.5Z"), tags("a", "b"));

    @Test
    void aTableShowsNumbersToTheRightAndNullByItsName() {
        assertThat(TextTable.of(COLUMNS, List.of(FULL, row("Bob"))))
                .containsExactly(
                        "name                   amount  at                        tags",
                        "────  ───────────────────────  ────────────────────────  ─────────",
                        "Ann   12345678901234567890.10  2026-03-02T01:00:00.500Z  [\"a\",\"b\"]",
                        "Bob                      NULL  NULL                      NULL");
    }

    @Test
    void aTableWithoutRowsStillNamesItsColumns() {
        assertThat(TextTable.of(StructType.fromDDL("a int, b string"), List.of()))
                .containsExactly("a  b", "─  ─");
    }

    @Test
    void aTableCutsWhatIsLongAndTakesTheTerminalsLettersOut() {
        List<String> lines = TextTable.of(
                StructType.fromDDL("text string"),
                List.of(row("\u001b[31mred\nline"), row("😀".repeat(70)), row("x".repeat(1_000_000))));

        assertThat(lines.get(2)).isEqualTo(" [31mred line");
        assertThat(lines.get(3)).isEqualTo("😀".repeat(59) + "…");
        assertThat(lines.get(4)).isEqualTo("x".repeat(59) + "…");
    }

    @Test
    void csvQuotesWhatItMustAndTellsNullFromTheEmptyText() throws IOException {
        assertThat(written(new Csv(), FULL, row("a,\"b\"\r\nc"), row(""), row((String) null)))
                .isEqualTo(
                        """
                        name,amount,at,tags\r
                        Ann,12345678901234567890.10,2026-03-02T01:00:00.500Z,"[""a"",""b""]"\r
                        "a,""b""\r
                        c",,,\r
                        "",,,\r
                        ,,,\r
                        """);
    }

    @Test
    void jsonKeepsEveryDigitAndEveryMember() throws IOException {
        assertThat(written(new JsonLines(), FULL, row("ü\n")))
                .isEqualTo("{\"name\":\"Ann\",\"amount\":12345678901234567890.10,\"at\":\"2026-03-02T01:00:00.500Z\","
                        + "\"tags\":[\"a\",\"b\"]}\n"
                        + "{\"name\":\"ü\\n\",\"amount\":null,\"at\":null,\"tags\":null}\n");
    }

    @Test
    void jsonWritesWhatIsNestedAndWhatItHasNoNumberFor() throws IOException {
        StructType columns = StructType.fromDDL("s struct<n: double, d: date>, m map<int,boolean>, b binary");
        StructType inner = StructType.fromDDL("n double, d date");
        Row row = new GenericRowWithSchema(
                new Object[] {
                    new GenericRowWithSchema(new Object[] {Double.NaN, LocalDate.of(2026, 3, 2)}, inner),
                    JavaConverters.mapAsScalaMap(java.util.Map.of(7, true)),
                    new byte[] {1, 2}
                },
                columns);
        StringWriter out = new StringWriter();

        new JsonLines().row(out, row);

        assertThat(out).hasToString("{\"s\":{\"n\":\"NaN\",\"d\":\"2026-03-02\"},\"m\":{\"7\":true},\"b\":\"AQI=\"}\n");
    }

    @Test
    void jsonCannotTellTwoColumnsOfOneNameApart() {
        assertThatThrownBy(() -> new JsonLines().begin(new StringWriter(), StructType.fromDDL("a int, b int, a int")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot write the rows as JSON: two of their columns are called a. Give one of them another"
                        + " name with AS.");
    }
}
