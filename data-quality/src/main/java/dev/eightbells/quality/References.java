package dev.eightbells.quality;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;

/** Compares the rows, as a whole, with another data set. */
final class References {
    private final Scene scene;
    private final Facts facts;
    private final Columns columns;

    References(Scene scene, Facts facts, Columns columns) {
        this.scene = scene;
        this.facts = facts;
        this.columns = columns;
    }

    /**
     * Looks whether the other data set has what a check compares with.
     *
     * @throws Exception that says what it has not
     */
    void require(Check.OfReference check) throws Exception {
        String name = check.comparison().reference();
        if (name != null && check.comparison() instanceof Comparison.OfAggregates aggregates) {
            scene.reference(name).agg(aggregation(scene.reference(name), aggregates.other()));
        }
    }

    /**
     * Makes comparisons, with one aggregation of the other data set.
     *
     * @param checks all with the same data set
     */
    void compare(List<Check.OfReference> checks) {
        String name = checks.get(0).comparison().reference();
        List<Column> all = new ArrayList<>(List.of(count(lit(1)).cast(DataTypes.DoubleType)));
        for (Check.OfReference check : checks) {
            if (check.comparison() instanceof Comparison.OfAggregates aggregates && name != null) {
                all.add(aggregation(scene.reference(name), aggregates.other()));
            }
        }
        boolean isCounted = checks.stream().anyMatch(check -> !(check.comparison() instanceof Comparison.OfSchemas));
        Row other = name == null || !isCounted
                ? null
                : scene.reference(name)
                        .agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new))
                        .head();
        int place = 1;
        for (Check.OfReference check : checks) {
            Comparison comparison = check.comparison();
            if (comparison instanceof Comparison.OfSchemas) {
                facts.put(check, schemas(scene.reference(name)));
            } else if (comparison instanceof Comparison.OfRowCounts) {
                facts.put(check, ratio(facts.measured(Metric.rowCount(null)), number(other, 0)));
            } else {
                Comparison.OfAggregates aggregates = (Comparison.OfAggregates) comparison;
                Measured own = facts.measured(Inspection.metric(aggregates.own()));
                facts.put(
                        check,
                        ratio(
                                own,
                                name == null
                                        ? facts.measured(Inspection.metric(aggregates.other()))
                                        : number(other, place++)));
            }
        }
    }

    private static Column aggregation(Dataset<Row> reference, Comparison.Aggregate aggregate) {
        Column column = RowPredicates.column(aggregate.column());
        // Whole numbers would overflow in silence.
        boolean isLong = reference.select(column).schema().apply(0).dataType() instanceof LongType;
        Column aggregated = aggregate.function() == Comparison.Function.SUM
                ? sum(isLong ? column.cast(DataTypes.createDecimalType(Scan.LONG_DIGITS, 0)) : column)
                : avg(column);
        return aggregated.cast(DataTypes.DoubleType);
    }

    private static Measured number(Row row, int place) {
        return row.isNullAt(place)
                ? new Measured.Nothing("the other data set has no values")
                : new Measured.Value(row.getDouble(place));
    }

    /** Two zeros are the same. */
    private static Measured ratio(Measured own, Measured other) {
        if (own instanceof Measured.Value left && other instanceof Measured.Value right) {
            return left.value() == right.value() ? new Measured.Value(1) : Measured.of(left.value() / right.value());
        }
        return own instanceof Measured.Value ? other : own;
    }

    private Measured schemas(Dataset<Row> reference) {
        long matching = columns.data().stream()
                .filter(name -> {
                    StructField own = columns.find(name).orElseThrow();
                    return Arrays.stream(reference.schema().fields())
                            .anyMatch(field -> field.name().equalsIgnoreCase(name)
                                    && field.dataType().sameType(own.dataType()));
                })
                .count();
        return Measured.of((double) matching / columns.data().size());
    }
}
