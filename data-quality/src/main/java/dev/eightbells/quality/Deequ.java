package dev.eightbells.quality;

import com.amazon.deequ.analyzers.Analyzer;
import com.amazon.deequ.analyzers.AnalyzerOptions;
import com.amazon.deequ.analyzers.Completeness;
import com.amazon.deequ.analyzers.Correlation;
import com.amazon.deequ.analyzers.CountDistinct;
import com.amazon.deequ.analyzers.DuplicateRowCount;
import com.amazon.deequ.analyzers.Entropy;
import com.amazon.deequ.analyzers.InterquartileRange;
import com.amazon.deequ.analyzers.Kurtosis;
import com.amazon.deequ.analyzers.MaxLength;
import com.amazon.deequ.analyzers.Maximum;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.MinLength;
import com.amazon.deequ.analyzers.Minimum;
import com.amazon.deequ.analyzers.Range;
import com.amazon.deequ.analyzers.ScanShareableAnalyzer;
import com.amazon.deequ.analyzers.ScanShareableFrequencyBasedAnalyzer;
import com.amazon.deequ.analyzers.Skewness;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.analyzers.Sum;
import com.amazon.deequ.analyzers.UniqueValueRatio;
import com.amazon.deequ.analyzers.Uniqueness;
import com.amazon.deequ.analyzers.Variance;
import com.amazon.deequ.analyzers.ZerosCount;
import com.amazon.deequ.analyzers.runners.EmptyStateException;
import com.amazon.deequ.anomalydetection.AnomalyDetector;
import com.amazon.deequ.anomalydetection.BatchNormalStrategy;
import com.amazon.deequ.anomalydetection.DataPoint;
import com.amazon.deequ.metrics.DistributionValue;
import com.amazon.deequ.profiles.ColumnProfile;
import com.amazon.deequ.profiles.NumericColumnProfile;
import com.amazon.deequ.profiles.StringColumnProfile;
import com.amazon.deequ.suggestions.ConstraintSuggestion;
import com.amazon.deequ.suggestions.ConstraintSuggestionResult;
import com.amazon.deequ.suggestions.ConstraintSuggestionRunner;
import com.amazon.deequ.suggestions.rules.CategoricalRangeRule;
import com.amazon.deequ.suggestions.rules.NonNegativeNumbersRule;
import com.amazon.deequ.suggestions.rules.UniqueIfApproximatelyUniqueRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.util.Failure;
import scala.util.Try;

/**
 * Deequ, behind one class: what it aggregates for a metric, what it makes of the aggregated row, what it finds unusual, and
 * what it sees in columns that nobody has rules for yet.
 * The aggregations of many metrics go into one scan together with our own; Deequ's runner would scan once more for its.
 */
final class Deequ {
    private static final Option<AnalyzerOptions> AS_USUAL = Option.empty();

    /** In standard deviations. */
    private static final Object FAR = 3.0;

    /** Stands for missing values where Deequ counts values. */
    private static final String MISSING = "NullValue";

    private Deequ() {}

    /** The aggregations over all rows that a metric without groups needs, in their order. */
    static List<Column> aggregations(Metric metric) {
        return JavaConverters.seqAsJavaList(scanning(metric).aggregationFunctions());
    }

    /**
     * What a metric without groups is.
     *
     * @param aggregated a row in which the metric's aggregations stand together
     * @param first where they begin
     */
    static Measured measured(Metric metric, Row aggregated, int first) {
        return measured(scanning(metric)
                .metricFromAggregationResult(aggregated, first, Option.empty(), Option.empty())
                .value());
    }

    /**
     * The aggregations over the groups' sizes that a metric of groups needs, in their order. The sizes are in a column that
     * is called as {@link #sizeColumn} says.
     *
     * @param rows how many rows there are, those without values among them
     */
    static List<Column> aggregations(Metric metric, long rows) {
        return JavaConverters.seqAsJavaList(grouping(metric).aggregationFunctions(rows));
    }

    /** What a metric of groups is. */
    static Measured measuredOfGroups(Metric metric, Row aggregated, int first) {
        if (metric.statistic() == Statistic.UNIQUE_VALUE_RATIO && aggregated.isNullAt(first)) {
            // Without any group, Deequ would stumble.
            return new Measured.Nothing("there are no values");
        }
        return measured(grouping(metric)
                .fromAggregationResult(aggregated, first, Option.empty())
                .value());
    }

    /** The column in which Deequ looks for the sizes of groups. */
    static String sizeColumn() {
        return com.amazon.deequ.analyzers.Analyzers$.MODULE$.COUNT_COL();
    }

    /**
     * Whether a value is far from what is usual: more than three standard deviations from the mean.
     *
     * @param history what was measured before, the oldest first; at least two values
     */
    static boolean isAnomalous(double value, List<Double> history) {
        AnomalyDetector detector =
                new AnomalyDetector(new BatchNormalStrategy(Option.apply(FAR), Option.apply(FAR), false));
        List<DataPoint<Object>> points = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            points.add(new DataPoint<>(i, Option.apply(history.get(i))));
        }
        DataPoint<Object> present = new DataPoint<>(history.size(), Option.apply(value));
        return detector.isNewPointAnomalous(seq(points), present).anomalies().nonEmpty();
    }

    private static Measured measured(Try<?> value) {
        if (value instanceof Failure<?> failure) {
            return failure.exception() instanceof EmptyStateException
                    ? new Measured.Nothing("there are no values")
                    : new Measured.Broken(failure.exception());
        }
        return Measured.of(((Number) value.get()).doubleValue());
    }

    private static ScanShareableAnalyzer<?, ?> scanning(Metric metric) {
        return (ScanShareableAnalyzer<?, ?>) analyzer(metric);
    }

    private static ScanShareableFrequencyBasedAnalyzer grouping(Metric metric) {
        return (ScanShareableFrequencyBasedAnalyzer) analyzer(metric);
    }

    private static Analyzer<?, ?> analyzer(Metric metric) {
        Option<String> where = Option.apply(metric.where());
        List<String> quoted =
                metric.columns().stream().map(RowPredicates::quoted).toList();
        Seq<String> columns = seq(quoted);
        String column = quoted.isEmpty() ? null : quoted.get(0);
        return switch (metric.statistic()) {
            case ROW_COUNT, COLUMN_COUNT ->
                throw new IllegalArgumentException("Rows and columns are counted without Deequ.");
            case COMPLETENESS -> new Completeness(column, where, AS_USUAL);
            case MEAN -> new Mean(column, where);
            case SUM -> new Sum(column, where);
            case STANDARD_DEVIATION -> new StandardDeviation(column, where);
            case VARIANCE -> new Variance(column, where);
            case RANGE -> new Range(column, where);
            case SKEWNESS -> new Skewness(column, where);
            case KURTOSIS -> new Kurtosis(column, where);
            case INTERQUARTILE_RANGE -> new InterquartileRange(column, where);
            case ZEROS_COUNT -> new ZerosCount(column, where);
            case CORRELATION -> new Correlation(column, quoted.get(1), where);
            case MINIMUM -> new Minimum(column, where, AS_USUAL);
            case MAXIMUM -> new Maximum(column, where, AS_USUAL);
            case MINIMUM_LENGTH -> new MinLength(column, where, AS_USUAL);
            case MAXIMUM_LENGTH -> new MaxLength(column, where, AS_USUAL);
            case UNIQUENESS -> new Uniqueness(columns, where, AS_USUAL);
            case UNIQUE_VALUE_RATIO -> new UniqueValueRatio(columns, where, AS_USUAL);
            case DISTINCT_VALUES_COUNT -> new CountDistinct(columns);
            case ENTROPY -> new Entropy(column, where);
            case DUPLICATE_ROW_COUNT -> new DuplicateRowCount(columns, where, AS_USUAL);
        };
    }

    /**
     * What Deequ sees in each column, in three passes over the rows. Equal values are counted where there are few.
     *
     * @param rows at least one
     */
    static List<ColumnSummary> summaries(Dataset<Row> rows) {
        StructField[] fields = rows.schema().fields();
        ConstraintSuggestionResult seen = new ConstraintSuggestionRunner()
                .onData(rows.select(plain(fields)))
                .addConstraintRules(com.amazon.deequ.suggestions.Rules$.MODULE$.DEFAULT())
                .addConstraintRule(new UniqueIfApproximatelyUniqueRule())
                .run();
        List<ColumnSummary> summaries = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            List<ConstraintSuggestion> suggestions = seen.constraintSuggestions()
                            .contains(plainName(i))
                    ? JavaConverters.seqAsJavaList(seen.constraintSuggestions().apply(plainName(i)))
                    : List.of();
            summaries.add(summary(
                    fields[i],
                    seen.numRecordsUsedForProfiling(),
                    seen.columnProfiles().apply(plainName(i)),
                    traits(suggestions)));
        }
        return summaries;
    }

    /** Names and types that Deequ takes in its stride: of others it says on standard output that it does not know them. */
    private static Column[] plain(StructField[] fields) {
        Column[] plain = new Column[fields.length];
        for (int i = 0; i < fields.length; i++) {
            Column column = RowPredicates.column(fields[i].name());
            Column known =
                    switch (ColumnSummary.Nature.of(fields[i].dataType())) {
                        case TEXT, TRUTH -> column;
                        case NUMBER ->
                            fields[i].dataType().equals(DataTypes.ByteType) ? column.cast(DataTypes.LongType) : column;
                        case MOMENT -> column.cast(DataTypes.TimestampType);
                        case OTHER -> functions.when(column.isNotNull(), functions.lit(true));
                    };
            plain[i] = known.as(plainName(i));
        }
        return plain;
    }

    private static String plainName(int place) {
        return "c" + place;
    }

    private static ColumnSummary summary(
            StructField field, long rows, ColumnProfile profile, Set<ColumnSummary.Trait> traits) {
        ColumnSummary.Numbers numbers = null;
        ColumnSummary.Lengths lengths = null;
        if (profile instanceof NumericColumnProfile numeric && numeric.mean().isDefined()) {
            numbers = new ColumnSummary.Numbers(
                    (double) numeric.minimum().get(),
                    (double) numeric.maximum().get(),
                    (double) numeric.mean().get(),
                    (double) numeric.stdDev().get());
        }
        if (profile instanceof StringColumnProfile text && text.maxLength().isDefined()) {
            lengths = new ColumnSummary.Lengths(
                    (int) text.minLength().get(), (int) text.maxLength().get());
        }
        return new ColumnSummary(
                field,
                rows,
                profile.completeness(),
                profile.approximateNumDistinctValues(),
                switch (profile.dataType().toString()) {
                    case "Integral" -> ColumnSummary.Reading.WHOLE_NUMBERS;
                    case "Fractional" -> ColumnSummary.Reading.NUMBERS;
                    case "Boolean" -> ColumnSummary.Reading.TRUTHS;
                    default -> ColumnSummary.Reading.TEXTS;
                },
                counts(profile),
                numbers,
                lengths,
                traits);
    }

    /** The most frequent value first. */
    private static Map<String, Long> counts(ColumnProfile profile) {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (profile.histogram().isDefined()) {
            Map<String, DistributionValue> values =
                    JavaConverters.mapAsJavaMap(profile.histogram().get().values());
            values.entrySet().stream()
                    .filter(value ->
                            profile.completeness() == 1 || !value.getKey().equals(MISSING))
                    .sorted(Comparator.comparingLong((Map.Entry<String, DistributionValue> value) ->
                                    -value.getValue().absolute())
                            .thenComparing(Map.Entry::getKey))
                    .forEach(
                            value -> counts.put(value.getKey(), value.getValue().absolute()));
        }
        return counts;
    }

    private static Set<ColumnSummary.Trait> traits(List<ConstraintSuggestion> suggestions) {
        Set<ColumnSummary.Trait> traits = EnumSet.noneOf(ColumnSummary.Trait.class);
        for (ConstraintSuggestion suggestion : suggestions) {
            if (suggestion.suggestingRule() instanceof CategoricalRangeRule) {
                traits.add(ColumnSummary.Trait.FEW_VALUES);
            } else if (suggestion.suggestingRule() instanceof NonNegativeNumbersRule) {
                traits.add(ColumnSummary.Trait.NOT_NEGATIVE);
            } else if (suggestion.suggestingRule() instanceof UniqueIfApproximatelyUniqueRule) {
                traits.add(ColumnSummary.Trait.NEARLY_UNIQUE);
            }
        }
        return traits;
    }

    private static <T> Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
