package dev.eightbells.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.quality.ColumnSuggestions.Basis;
import dev.eightbells.quality.ColumnSuggestions.Candidate;
import dev.eightbells.quality.ColumnSummary.Lengths;
import dev.eightbells.quality.ColumnSummary.Numbers;
import dev.eightbells.quality.ColumnSummary.Reading;
import dev.eightbells.quality.ColumnSummary.Trait;
import dev.eightbells.quality.Surroundings.Samples;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

class ColumnSuggestionsTest {
    private static StructField field(DataType type) {
        return new StructField("c", type, true, Metadata.empty());
    }

    private static ColumnSummary numbers(double completeness, Numbers numbers, Trait... traits) {
        return new ColumnSummary(
                field(DataTypes.DoubleType),
                1000,
                completeness,
                700,
                Reading.NUMBERS,
                Map.of(),
                numbers,
                null,
                Set.of(traits));
    }

    private static ColumnSummary texts(double completeness, long rows, Map<String, Long> counts, Lengths lengths) {
        return new ColumnSummary(
                field(DataTypes.StringType),
                rows,
                completeness,
                counts.size(),
                Reading.TEXTS,
                counts,
                null,
                lengths,
                Set.of(Trait.FEW_VALUES));
    }

    private static ColumnSuggestions of(ColumnSummary summary) {
        return ColumnSuggestions.of(summary, Samples.SHOWN).orElseThrow();
    }

    private static List<String> first(ColumnSummary summary) {
        return of(summary).candidates().stream()
                .flatMap(candidate -> candidate.alternatives().get(0).stream())
                .toList();
    }

    @Test
    void leavesRoomAroundMeanAndDeviation() {
        assertThat(first(numbers(1, new Numbers(-3.21, 1234.5, 100, 33))))
                .containsExactly(
                        "IsComplete \"c\"",
                        "Mean \"c\" between 67 and 140",
                        "StandardDeviation \"c\" between 16 and 66");
    }

    @Test
    void asksForNoNegativeMeanOfNumbersThatAreNot() {
        assertThat(first(numbers(1, new Numbers(0, 1000, 20, 33))))
                .containsExactly("IsComplete \"c\"", "Mean \"c\" < 53", "StandardDeviation \"c\" between 16 and 66");
    }

    @Test
    void writesNumbersWithoutExponents() {
        assertThat(first(numbers(1, new Numbers(0, 1, 2e-9, 1e-9))))
                .contains("Mean \"c\" between 0.000000001 and 0.0000000031");
        assertThat(first(numbers(1, new Numbers(-1e21, 0, -1e20, 3e20))))
                .contains("Mean \"c\" between -400000000000000000000 and 200000000000000000000");
    }

    @Test
    void saysNothingOfMeansThatAreNoNumbersOrOfConstants() {
        assertThat(first(numbers(1, new Numbers(0, Double.NaN, Double.NaN, Double.NaN))))
                .containsExactly("IsComplete \"c\"");
        assertThat(first(numbers(1, new Numbers(5, 5, 5, 0)))).containsExactly("IsComplete \"c\"");
    }

    @Test
    void asksForLessCompletenessTheFewerRowsWereSeen() {
        assertThat(first(texts(0.99, 1_000_000, Map.of(), null))).containsExactly("Completeness \"c\" >= 0.98");
        assertThat(first(texts(0.5, 4, Map.of(), null))).containsExactly("Completeness \"c\" >= 0.15");
        assertThat(first(texts(0.001, 1000, Map.of(), null))).containsExactly("Completeness \"c\" > 0");
    }

    @Test
    void comparesOnlyNumbersThatAreThere() {
        assertThat(first(numbers(0.9, null, Trait.NOT_NEGATIVE)))
                .containsExactly("Completeness \"c\" >= 0.87", "ColumnValues \"c\" >= 0 where \"`c` is not null\"");
    }

    @Test
    void takesFewValuesForCategoriesOnlyWhenEachIsThereOften() {
        assertThat(first(texts(1, 10, Map.of("a", 10L), new Lengths(1, 1))))
                .containsExactly("IsComplete \"c\"", "ColumnValues \"c\" in [\"a\"]");
        assertThat(first(texts(1, 4, Map.of("a", 4L), new Lengths(1, 1))))
                .containsExactly("IsComplete \"c\"", "ColumnLength \"c\" > 0", "ColumnLength \"c\" <= 10");
    }

    @Test
    void takesNoValueForACategoryThatCannotBeWritten() {
        assertThat(first(texts(1, 100, Map.of("ends with \\", 100L), new Lengths(11, 11))))
                .containsExactly("IsComplete \"c\"", "ColumnLength \"c\" = 11");
    }

    @Test
    void leavesRoomForLongerTexts() {
        assertThat(of(texts(1, 5, Map.of(), new Lengths(2, 26))).candidates())
                .contains(new Candidate(
                        List.of(
                                List.of("ColumnDataType \"c\" = \"Timestamp\""),
                                List.of("ColumnLength \"c\" > 0", "ColumnLength \"c\" <= 100"),
                                List.of("ColumnLength \"c\" <= 100")),
                        Basis.GUESSED));
        assertThat(first(texts(1, 4, Map.of("x", 4L), new Lengths(2, 25)))).contains("ColumnLength \"c\" <= 50");
        assertThat(first(texts(1, 5, Map.of(), new Lengths(1, Integer.MAX_VALUE))))
                .contains("ColumnLength \"c\" <= 2147483647");
    }

    @Test
    void tellsOnOneLineWhatWasSeen() {
        assertThat(of(texts(0.5, 1000, Map.of("a\nb", 500L), new Lengths(0, 3))).remark())
                .isEqualTo("c: texts, 50 % missing, up to 3 characters, 1 value: a b 100 %");
        assertThat(of(numbers(0.9999, new Numbers(-3.21, 1234.5678, 1e-9, 1))).remark())
                .isEqualTo("c: numbers, less than 1 % missing, -3.21 to 1230, mean 1E-9, about 700 different");
    }
}
