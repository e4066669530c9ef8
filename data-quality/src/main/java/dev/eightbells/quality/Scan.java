package dev.eightbells.quality;

import static dev.eightbells.quality.Work.attempt;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One scan of the rows, for everything that needs neither groups nor other tables. It takes in only what Spark
 * understands: a question that it does not understand fails by itself, and cannot spoil the scan of the others.
 */
final class Scan {
    private final Scene scene;
    private final Facts facts;
    private final Map<Metric, List<Column>> ofMetrics = new LinkedHashMap<>();
    private final Map<Check.OfRows, List<Column>> ofRows = new LinkedHashMap<>();

    Scan(Scene scene, Facts facts) {
        this.scene = scene;
        this.facts = facts;
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
        return scene.rows()
                .agg(
                        aggregations.get(0),
                        aggregations.subList(1, aggregations.size()).toArray(Column[]::new));
    }

    /** What is aggregated for a metric; rows are counted without Deequ, because everything else builds on that. */
    private static List<Column> aggregations(Metric metric) {
        return metric.statistic() == Statistic.ROW_COUNT
                ? List.of(howMany(RowPredicates.counts(metric.where())))
                : Deequ.aggregations(metric);
    }

    private static Measured measured(Metric metric, Row row, int place) {
        return metric.statistic() == Statistic.ROW_COUNT
                ? new Measured.Value(row.getLong(place))
                : Deequ.measured(metric, row, place);
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
