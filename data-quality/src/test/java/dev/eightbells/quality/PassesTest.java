package dev.eightbells.quality;

import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

/** How often rules read the data, whatever their number. */
class PassesTest {
    private static final int ROWS = 20;
    private static final String KEYS = "select count(*) from primary where b < 0";

    /** How often the data is read for rules; nothing remembers it in between. */
    private static long passes(List<String> rules) {
        LongAccumulator read = LocalSpark.session().sparkContext().longAccumulator();
        List<Row> rows = IntStream.range(0, ROWS)
                .mapToObj(i -> RowFactory.create(i, i % 5, i / 5, i * 1.0, "text"))
                .toList();
        JavaRDD<Row> counted = JavaSparkContext.fromSparkContext(
                        LocalSpark.session().sparkContext())
                .parallelize(rows, 2)
                .map(row -> {
                    read.add(1);
                    return row;
                });
        Dataset<Row> data = LocalSpark.session()
                .createDataFrame(counted, StructType.fromDDL("id int, a int, b int, x double, s string"));
        Surroundings surroundings = new Surroundings(
                MetricHistory.none(),
                Map.of("other", rows("a int", row(0), row(1), row(2), row(3), row(4))),
                null,
                Instant.EPOCH,
                Surroundings.Samples.SHOWN,
                null);
        QualityReport report = QualityCheck.audit(
                        data, QualityRules.parse("Rules = [" + String.join(",\n", rules) + "]", "rules"), surroundings)
                .report();
        assertThat(report.with(Verdict.ERROR)).isEmpty();
        assertThat(read.value() % ROWS).isZero();
        return read.value() / ROWS;
    }

    /** Twenty-four rules of which none needs groups, other tables or SQL. */
    private static List<String> scanned() {
        List<String> rules = new ArrayList<>();
        for (String column : List.of("id", "a", "b", "x")) {
            rules.add("IsComplete " + column);
            rules.add("Completeness " + column + " > 0.9");
            rules.add("ColumnValues " + column + " >= 0");
            rules.add("Mean " + column + " > 0");
            rules.add("StandardDeviation " + column + " > 0");
            rules.add("ColumnLength " + column + " > 0 where \"id > 1\"");
        }
        return rules;
    }

    @Test
    void oneRuleTakesOnePass() {
        assertThat(passes(List.of("IsComplete id"))).isEqualTo(1);
        assertThat(passes(List.of("RowCount > 0"))).isEqualTo(1);
        assertThat(passes(List.of("ColumnExists id"))).isEqualTo(1);
    }

    @Test
    void tenRulesOverRowsAndOneKeyTakeTwo() {
        List<String> rules = new ArrayList<>(scanned().subList(0, 9));
        rules.add("IsUnique id");
        assertThat(passes(rules)).isEqualTo(2);
    }

    @Test
    void fiftyRulesTakeOneForEachKindOfQuestion() {
        List<String> rules = new ArrayList<>(scanned());
        for (int i = 0; i < 2; i++) {
            rules.add("IsUnique id");
            rules.add("IsPrimaryKey id");
            rules.add("Uniqueness id > 0.9");
            rules.add("UniqueValueRatio id > 0.9");
            rules.add("DistinctValuesCount id = 20");
            rules.add("IsUnique a b");
            rules.add("IsPrimaryKey b a");
            rules.add("Uniqueness a b = 1.0");
            rules.add("UniqueValueRatio a B > 0.9");
            rules.add("DuplicateRowCount a b = 0");
            rules.add("ReferentialIntegrity \"a\" \"other.a\" = 1.0");
            rules.add("(IsComplete s) and (IsUnique id)");
        }
        rules.add("CustomSql \"" + KEYS + "\" = 0");
        rules.add("RowCountMatch \"other\" = 4.0");
        assertThat(rules).hasSize(50);
        int scan = 1;
        int groups = 2;
        int sql = 1;
        int references = 1;
        assertThat(passes(rules)).isEqualTo(scan + groups + sql + references);
    }

    @Test
    void rowsThatFailTakeOneMore() {
        List<String> rules = new ArrayList<>(scanned());
        rules.add("ColumnValues a > 2");
        rules.add("ColumnValues x < 7 with threshold > 0.9");
        rules.add("ColumnLength s < 3");
        assertThat(passes(rules)).isEqualTo(2);
    }

    @Test
    void rowsThatAreNotAloneTakeOneMoreForEachKeyToBeLookedUp() {
        int scan = 1;
        int groups = 2;
        int look = 1;
        assertThat(passes(List.of("IsUnique a", "IsPrimaryKey a", "IsUnique b", "Uniqueness b > 0.5")))
                .isEqualTo(scan + groups + look + groups);
    }

    @Test
    void aQueryThatSelectsRowsTakesOneAndOneForTheRows() {
        assertThat(passes(List.of("CustomSql \"select id from primary where x >= 0\"")))
                .isEqualTo(3);
    }
}
