package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values are compared with those of another table in the type of the judged column, each once. */
class OtherTypesTest {
    private static final Dataset<Row> ROWS =
            rows("number int, text string", row(1, "1"), row(1, "01"), row(2, "bad"), row(null, null), row(3, "3.5"));

    private static Surroundings beside(Dataset<Row> other) {
        return new Surroundings(
                MetricHistory.none(), Map.of("other", other), null, Instant.EPOCH, Surroundings.Samples.SHOWN, null);
    }

    @ParameterizedTest(name = "{0} in {1}: {2} fail")
    @CsvSource({
        // "1" and "01" are one number; what is no number is none, and so is no missing one.
        "number, texts, 3",
        "number, decimals, 2",
        "text, texts, 2",
        // As texts, numbers are written without zeros in front.
        "text, numbers, 4"
    })
    void eachRowIsCountedOnce(String column, String other, long failing) {
        Dataset<Row> others =
                switch (other) {
                    case "texts" -> rows("x string", row("1"), row("01"), row("bad"));
                    case "numbers" -> rows("x int", row(1), row(1), row(7));
                    default ->
                        rows("x decimal(4,1)", row(new BigDecimal("1.0")), row(new BigDecimal("3.5")), row((Object)
                                null));
                };
        QualityRules rules =
                QualityRules.parse("Rules = [ ReferentialIntegrity \"" + column + "\" \"other.x\" = 1.0 ]", "rules");
        Audit audit = QualityCheck.audit(ROWS, rules, beside(others));
        assertThat(audit.report().outcomes().get(0).error()).isNull();
        assertThat(audit.report().rows()).isEqualTo(5);
        assertThat(audit.report().failingRows()).isEqualTo(failing);
        assertThat(audit.marked(ROWS).count()).isEqualTo(5);
        assertThat(audit.marked(ROWS)
                        .where("size(" + Audit.FAILED_RULES + ") > 0")
                        .count())
                .isEqualTo(failing);
    }
}
