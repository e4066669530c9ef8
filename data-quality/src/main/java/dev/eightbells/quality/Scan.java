package dev.eightbells.quality;

import static dev.eightbells.quality.Work.attempt;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;

/**
 * One scan of the rows, for everything that needs neither groups nor other tables. It takes in only what Spark
 * understands: a question that it does not understand fails by itself, and cannot spoil the scan of the others.
 */
final class Scan {
    private static final String SUMMED = "__eightbells_summed_";

    /** Of the longest bigint; Spark sums decimals with ten more. */
    static final int LONG_DIGITS = 19;

    private final Scene scene;
    private final Dataset<Row> rows;
    private final Facts facts;
    private final Map<Metric, List<Column>> ofMetrics = new LinkedHashMap<>();
    private final Map<Check.OfRows, List<Column>> ofRows = new LinkedHashMap<>();

    Scan(Scene scene, Facts facts) {
        this.scene = scene;
        this.facts = facts;
        this.rows = withSummable(scene.rows());
    }

    /** The rows, with a column beside each column of numbers that can be summed without overflow. */
    private static Dataset<Row> withSummable(Dataset<Row> rows) {
        Stream<Column> summable = Arrays.stream(rows.schema().fields())
                .filter(field -> field.dataType() instanceof NumericType)
                .map(field -> (field.dataType() instanceof LongType
                                ? RowPredicates.column(field.name()).cast(DataTypes.createDecimalType(LONG_DIGITS, 0))
                                : RowPredicates.column(field.name()))
                        .as(SUMMED + field.name().toLowerCase(Locale.ROOT)));
        return rows.select(Stream.concat(Stream.of(col("*")), summable).toArray(Column[]::new));
    }

    /** Asks for a metric without groups. */
    void add(Metric metric) {
        attempt(
                () -> ofMetrics.put(metric, understood(aggregations(metric))),
                error -> facts.put(metric, new Measured.Broken(error)));
    }

    /** Asks for the rows that fail a plain test. */
    void add(Check.OfRows check) {
        attempt(
                () -> ofRows.put(
                        check,
                        understood(List.of(
                                howMany(RowPredicates.counts(check.rule().where())),
                                howMany(new RowMarks(scene, List.of()).fails(check))))),
                error -> facts.fail(check, error));
    }

    private List<Column> understood(List<Column> aggregations) {
        aggregated(aggregations);
        return aggregations;
    }

    private Dataset<Row> aggregated(List<Column> aggregations) {
        return rows.agg(
                aggregations.get(0),
                aggregations.subList(1, aggregations.size()).toArray(Column[]::new));
    }

    /** The same metric of the column that holds its sums, where whole numbers would overflow in silence. */
    private static Metric summed(Metric metric) {
        boolean isSum = metric.statistic() == Statistic.SUM || metric.statistic() == Statistic.MEAN;
        return isSum
                ? new Metric(
                        metric.statistic(),
                        List.of(SUMMED + metric.columns().get(0).toLowerCase(Locale.ROOT)),
                        metric.where())
                : metric;
    }

    /** What is aggregated for a metric; rows are counted without Deequ, because everything else builds on that. */
    private static List<Column> aggregations(Metric metric) {
        return metric.statistic() == Statistic.ROW_COUNT
                ? List.of(howMany(RowPredicates.counts(metric.where())))
                : Deequ.aggregations(summed(metric));
    }

    private static Measured measured(Metric metric, Row row, int place) {
        return metric.statistic() == Statistic.ROW_COUNT
                ? new Measured.Value(row.getLong(place))
                : Deequ.measured(summed(metric), row, place);
    }

    /** How many rows fulfil a condition. */
    static Column howMany(Column condition) {
        return count(when(condition, lit(1)));
    }

    /** Scans, and notes what came out. */
    void run() {
        attempt(this::scan, error -> {
            ofMetrics.keySet().forEach(metric -> facts.put(metric, new Measured.Broken(error)));
            ofRows.keySet().forEach(check -> facts.fail(check, error));
        });
    }

    private void scan() {
        List<Column> all = new ArrayList<>();
        ofMetrics.values().forEach(all::addAll);
        ofRows.values().forEach(all::addAll);
        Row row = aggregated(all).head();
        int place = 0;
        for (Map.Entry<Metric, List<Column>> metric : ofMetrics.entrySet()) {
            int first = place;
            attempt(
                    () -> facts.put(metric.getKey(), measured(metric.getKey(), row, first)),
                    error -> facts.put(metric.getKey(), new Measured.Broken(error)));
            place += metric.getValue().size();
        }
        for (Check.OfRows check : ofRows.keySet()) {
            facts.put(check, new Facts.Rows(row.getLong(place), row.getLong(place + 1)));
            place += 2;
        }
    }
}
