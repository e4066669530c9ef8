package dev.eightbells.quality;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Analyzer;
import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Operand;
import dev.eightbells.quality.dqdl.Rule;
import dev.eightbells.quality.dqdl.RuleType;
import dev.eightbells.session.SqlExpression;
import dev.eightbells.table.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of the rows, and whether a check can be made of them. Names are found in any case, as SQL does. */
final class Columns {
    /** Stands for all columns among the analyzers. */
    private static final String ALL = "AllColumns";

    private static final Set<String> LINEAGE = Set.of(TableSchema.SOURCE_OBJECT, TableSchema.SOURCE_OFFSET);

    private final StructType schema;
    private final List<String> data;

    private Columns(StructType schema, List<String> data) {
        this.schema = schema;
        this.data = List.copyOf(data);
    }

    /**
     * @param fileColumn names the data file of each row, and is no column of the data; null when there is none
     */
    static Columns of(StructType schema, String fileColumn) {
        List<String> data = Arrays.stream(schema.fieldNames())
                .filter(name -> !name.equals(fileColumn) && !LINEAGE.contains(name))
                .toList();
        return new Columns(schema, data);
    }

    /** That a rule names a column which the data does not have; of the data it is said that it fails. */
    static final class MissingColumn extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private MissingColumn(String sentence) {
            super(sentence);
        }
    }

    /** The columns of the data, without those that tell where rows come from. */
    List<String> data() {
        return data;
    }

    Optional<StructField> find(String name) {
        return Stream.of(schema.fields())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /**
     * What keeps a check from being made of these columns.
     *
     * @return null when nothing does
     */
    RuntimeException problem(Check check) {
        try {
            require(check);
            return null;
        } catch (MissingColumn | IllegalArgumentException e) {
            return e instanceof MissingColumn
                    ? e
                    : Failure.of(
                            Failure.Kind.INPUT,
                            "Cannot evaluate '" + check.rule().text() + "': " + e.getMessage() + ".",
                            e);
        }
    }

    private void require(Check check) {
        if (check.rule() instanceof Rule.Simple simple && simple.where() != null) {
            requireCondition(simple.where());
        }
        if (check instanceof Check.OfMetric measured) {
            require(measured.metric());
        } else if (check instanceof Check.OfAnomalies anomalies) {
            anomalies.metrics().forEach(this::require);
        } else if (check instanceof Check.OfReference compared) {
            Inspection.ofThisSide(compared.comparison()).forEach(this::require);
        } else if (check instanceof Check.OfRows rows) {
            rows.test().columns().forEach(column -> {
                StructField field = require(column);
                if (!(rows.test() instanceof RowTest.NotNull)) {
                    requirePlain(field);
                }
                if (rows.test() instanceof RowTest.Values values) {
                    requireComparable(field, values.condition());
                } else if (rows.test() instanceof RowTest.Age
                        && (isWithoutOrder(field.dataType()) || field.dataType() instanceof NumericType)) {
                    throw new IllegalArgumentException(
                            "column " + field.name() + " is " + named(field) + ", which tells no time");
                }
            });
        }
    }

    private void require(Metric metric) {
        if (metric.statistic().isGrouped() && metric.columns().isEmpty()) {
            data.forEach(column -> requireGroups(find(column).orElseThrow()));
        }
        for (String column : metric.columns()) {
            StructField field = require(column);
            if (metric.statistic() != Statistic.COMPLETENESS) {
                requirePlain(field);
            }
            if (metric.statistic().isOfNumbers() && !(field.dataType() instanceof NumericType)) {
                throw new IllegalArgumentException(metric.statistic().text() + " is of numbers, and column "
                        + field.name() + " is " + named(field));
            }
        }
    }

    private StructField require(String column) {
        return find(column)
                .orElseThrow(() -> new MissingColumn(
                        "there is no column " + column + " (there are " + String.join(", ", data) + ")"));
    }

    private static void requirePlain(StructField field) {
        if (isNested(field.dataType())) {
            throw new IllegalArgumentException(
                    "column " + field.name() + " holds arrays, structs or maps, and rules do not"
                            + " look into those; only IsComplete and Completeness take it");
        }
    }

    /** Any value may be missing, and may be looked at as a text; numbers and moments are compared with their like. */
    private static void requireComparable(StructField field, Condition condition) {
        DataType type = field.dataType();
        for (Operand operand : condition.operands()) {
            boolean isNumber = operand instanceof Operand.Constant;
            if ((isNumber && !(type instanceof NumericType) && !(type instanceof StringType))
                    || (operand instanceof Operand.Moment && (type instanceof NumericType || isWithoutOrder(type)))) {
                throw new IllegalArgumentException("column " + field.name() + " is " + named(field)
                        + ", and cannot be compared with " + (isNumber ? "numbers" : "moments"));
            }
        }
    }

    private static boolean isWithoutOrder(DataType type) {
        return type instanceof BooleanType || type instanceof BinaryType;
    }

    private static String named(StructField field) {
        return field.dataType().sql().toLowerCase(Locale.ROOT);
    }

    private static void requireGroups(StructField field) {
        if (field.dataType().catalogString().contains("map<")) {
            throw new IllegalArgumentException("column " + field.name()
                    + " holds maps, which Spark cannot compare; name the columns that are to be compared");
        }
    }

    private static boolean isNested(DataType type) {
        return type instanceof ArrayType || type instanceof StructType || type instanceof MapType;
    }

    private void requireCondition(String where) {
        SqlExpression condition = SqlExpression.analyze(where, schema, "the data");
        if (!(condition.type() instanceof BooleanType)) {
            throw new IllegalArgumentException("its where clause '" + where + "' is no condition");
        }
    }

    /** What an analyzer measures of these columns; of columns that are not there it measures nothing. */
    List<Metric> metrics(Analyzer analyzer) {
        List<String> parameters = Understanding.parameters(analyzer.parameters());
        List<Metric> metrics = analyzer.type() == RuleType.ALL_STATISTICS
                ? parameters.get(0).equals(ALL)
                        ? data.stream()
                                .flatMap(column -> statistics(column).stream())
                                .toList()
                        : statistics(parameters.get(0))
                : Understanding.metrics(analyzer.type(), parameters);
        return metrics.stream().filter(metric -> problem(metric) == null).toList();
    }

    /** What keeps an analyzer from being measured; null when nothing does. */
    String problem(Analyzer analyzer) {
        List<String> parameters = Understanding.parameters(analyzer.parameters());
        if (analyzer.type() == RuleType.ALL_STATISTICS) {
            return parameters.get(0).equals(ALL) || find(parameters.get(0)).isPresent()
                    ? null
                    : "there is no column " + parameters.get(0);
        }
        return Understanding.metrics(analyzer.type(), parameters).stream()
                .map(this::problem)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private String problem(Metric metric) {
        try {
            require(metric);
            return null;
        } catch (MissingColumn | IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private List<Metric> statistics(String column) {
        List<Statistic> statistics = new ArrayList<>(List.of(Statistic.COMPLETENESS));
        DataType type = find(column).map(StructField::dataType).orElse(null);
        if (type != null && !isNested(type)) {
            statistics.add(Statistic.UNIQUENESS);
            statistics.add(Statistic.DISTINCT_VALUES_COUNT);
        }
        if (type instanceof StringType) {
            statistics.add(Statistic.MINIMUM_LENGTH);
            statistics.add(Statistic.MAXIMUM_LENGTH);
        }
        if (type instanceof NumericType) {
            statistics.addAll(List.of(
                    Statistic.MINIMUM, Statistic.MAXIMUM, Statistic.MEAN, Statistic.STANDARD_DEVIATION, Statistic.SUM));
        }
        return statistics.stream()
                .map(statistic -> new Metric(statistic, List.of(column), null))
                .toList();
    }
}
