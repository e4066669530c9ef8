package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.ColumnType.Primitive;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.types.Decimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberCastingTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "41, 41",
        "-2147483648, -2147483648",
        "2147483647, 2147483647",
        "1.0, 1",
        "1.50e1, 15",
        "1e3, 1000",
        "1E+3, 1000",
        "1200e-2, 12",
        "0e99999999999999999999, 0",
        "0.000e-7, 0",
        "0.00000000000000000000000000012e28, 1.2",
        "1.0000000000000000000000000000000, 1",
    })
    void takesWholeNumbersForInt(String text, String value) {
        Object expected = value.contains(".") ? null : Integer.valueOf(value);
        assertThat(cast(Primitive.INT, text)).isEqualTo(expected);
        assertThat(cast(Primitive.INT, '"' + text + '"')).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2147483648",
                "-2147483649",
                "1.5",
                "1e-1",
                "1e10",
                "1e1000000000000000000000",
                "1e-999999999",
                "true",
                "\"\"",
                "\"x\"",
                "\" 1\"",
                "\"1 \"",
                "\"+1\"",
                "\"01\"",
                "\"1.\"",
                "\".5\"",
                "\"1e\"",
                "\"0x1\"",
                "\"1_0\"",
                "\"NaN\"",
                "\"Infinity\"",
                "\"1d\"",
                "\"1,0\"",
                "\"-\"",
                "\"--1\"",
                "\"1e+\"",
                "[1]",
                "{}"
            })
    void refusesAnythingElseForInt(String json) {
        Reading reading = Reading.of("{\"a\":" + json + "}", Reading.table(Reading.column("a", Primitive.INT)));
        assertThat(reading.reasons()).containsExactly("not-castable");
        assertThat(reading.rejected().get(0).column()).isEqualTo("a");
        assertThat(reading.rejected().get(0).sentence())
                .isEqualTo("The column a does not take " + json + ": it cannot become int without loss.");
        assertThat(reading.texts()).containsExactly("{\"a\":" + json + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "922337203685477580.7e1, 9223372036854775807",
        "9.223372036854775807E18, 9223372036854775807",
        "9000000000000000000, 9000000000000000000",
        "9e18, 9000000000000000000",
        "123456789012345678, 123456789012345678",
        "1234567890123456789.00, 1234567890123456789",
    })
    void takesWholeNumbersForBigint(String text, long value) {
        assertThat(cast(Primitive.BIGINT, text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "92233720368547758070",
                "10000000000000000000",
                "1e19",
                "9223372036854775807.5",
                "0.1",
                "-1e19",
                "92e17.5"
            })
    void refusesWhatDoesNotFitBigint(String text) {
        assertThat(cast(Primitive.BIGINT, '"' + text + '"')).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "41.9",
                "0.1",
                "-86.11084",
                "1.7976931348623157e308",
                "4.9E-324",
                "2.2250738585072014E-308",
                "9007199254740992",
                "9007199254740994",
                "-9007199254740991",
                "123456789012345",
                "1e22",
                "1e23",
                "6.022e23",
                "-1.0e+28",
                "9223372036854775808",
                "18446744073709551616",
                "0.1234567890123456789",
                "3.141592653589793238",
                "100000000000000000000",
                "1.5e300",
                "0.30000000000000004",
                "-0",
                "0.0",
                "1e-300",
                "123456789.123456789"
            })
    void takesTheNearestDouble(String text) {
        assertThat(cast(Primitive.DOUBLE, text)).isEqualTo(Double.valueOf(text));
        assertThat(cast(Primitive.DOUBLE, '"' + text + '"')).isEqualTo(Double.valueOf(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "-9007199254740993",
                "9007199254740993.0",
                "9.007199254740993e15",
                "9223372036854775807",
                "92233720368547758070",
                "1e309",
                "-1e400",
                "1e-400",
                "1e-99999999999999",
                "100000000000000000000001",
                "10000000000000000999",
                "\"north\"",
                "\"NaN\"",
                "\"-Infinity\"",
                "\"1f\"",
                "\"0x1p3\"",
                "true",
                "[]"
            })
    void refusesWhatADoubleWouldLose(String json) {
        assertThat(cast(Primitive.DOUBLE, json)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.1", "41.75338", "16777216", "16777218", "1e10", "3.4028235e38", "1.4E-45", "-0.5", "123456"})
    void takesTheNearestFloat(String text) {
        assertThat(cast(Primitive.FLOAT, text)).isEqualTo(Float.valueOf(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"16777217", "3.5e38", "1e-46", "16777217.0", "123456789"})
    void refusesWhatAFloatWouldLose(String text) {
        assertThat(cast(Primitive.FLOAT, text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.00",
        "1.5, 1.50",
        "-12.34, -12.34",
        "12.340000000000000000000000, 12.34",
        "1234567890.12, 1234567890.12",
        "1e2, 100.00",
        "123456e-4, 12.3456x",
        "0, 0.00",
        "9999999999.99, 9999999999.99",
        "10000000000, x",
        "9999999999.999, x",
        "1e-2, 0.01",
        "1e-3, x",
        "1e999999999999, x",
        "0.00e-50, 0.00",
    })
    void takesDecimalsThatFitExactly(String text, String value) {
        Object expected = value.endsWith("x") ? null : Decimal.apply(new BigDecimal(value), 12, 2);
        assertThat(cast(new ColumnType.Decimal(12, 2), text)).isEqualTo(expected);
        assertThat(cast(new ColumnType.Decimal(12, 2), '"' + text + '"')).isEqualTo(expected);
    }

    @Test
    void takesDecimalsOf38Digits() {
        String digits = "12345678901234567890123456789012345678";
        assertThat(cast(new ColumnType.Decimal(38, 0), digits)).hasToString(digits);
        assertThat(cast(new ColumnType.Decimal(38, 38), "0." + digits)).hasToString("0." + digits);
        assertThat(cast(new ColumnType.Decimal(38, 0), digits + "0")).isNull();
    }

    @Test
    void doesNotSpendTimeOnNumbersWithoutEnd() {
        String digits = "9".repeat(3_000_000);
        List<ColumnType> types = List.of(
                Primitive.INT, Primitive.BIGINT, Primitive.FLOAT, Primitive.DOUBLE, new ColumnType.Decimal(38, 10));
        for (ColumnType type : types) {
            assertThat(cast(type, digits)).isNull();
            assertThat(cast(type, "0." + digits)).isNull();
        }
    }

    @Test
    void cutsALongValueInItsSentence() {
        Reading reading =
                Reading.of("{\"a\":\"" + "é".repeat(200) + "\"}", Reading.table(Reading.column("a", Primitive.INT)));
        assertThat(reading.rejected().get(0).sentence())
                .isEqualTo("The column a does not take \"" + "é".repeat(79) + "…: it cannot become int without loss.");
    }

    @Test
    void writesAValueOverManyLinesOnOne() {
        Reading reading = Reading.of("{\"a\": [\n  1,\r\n  2\n ]}", Reading.table(Reading.column("a", Primitive.INT)));
        assertThat(reading.rejected().get(0).sentence())
                .isEqualTo("The column a does not take [ 1, 2 ]: it cannot become int without loss.");
    }

    private static Object cast(ColumnType type, String json) {
        Reading reading = Reading.of("{\"a\":" + json + "}", Reading.table(Reading.column("a", type)));
        assertThat(reading.items()).hasSize(1);
        return reading.rejected().isEmpty() ? reading.rows().get(0) : null;
    }
}
