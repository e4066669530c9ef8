package dev.eightbells.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.to_timestamp;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.Operand;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Tests of rows as Spark's columns, true or false and never null. A value that is missing is no value: it fulfils no
 * comparison, and is different from everything, unless the condition names NULL.
 */
final class RowPredicates {
    private static final double NANOS = 1e9;

    /** Of Spark's decimals. */
    private static final int MOST_DIGITS = 38;

    private static final String WHOLE_NUMBER = "^\\s*[+-]?\\d+\\s*$";
    private static final String BEGINS_WITH_DAY = "^\\s*\\d{4}-\\d{1,2}-\\d{1,2}";
    private static final String TRUTH = "(?i)^\\s*(true|false)\\s*$";

    private final Instant now;

    /**
     * @param now what {@code now()} means
     */
    RowPredicates(Instant now) {
        this.now = now;
    }

    /** The name of a column, as it stands in SQL. */
    static String quoted(String column) {
        return "`" + column.replace("`", "``") + "`";
    }

    static Column column(String name) {
        return col(quoted(name));
    }

    /** Whether a row counts; null means that all do. */
    static Column counts(String where) {
        return where == null ? lit(true) : coalesce(expr(where), lit(false));
    }

    /** Whether a row fulfils a test. */
    Column fulfils(RowTest.Plain test) {
        if (test instanceof RowTest.NotNull notNull) {
            return column(notNull.column()).isNotNull();
        }
        if (test instanceof RowTest.Values values) {
            return compared(column(values.column()), values.condition());
        }
        if (test instanceof RowTest.Length lengths) {
            Column text = column(lengths.column()).cast(DataTypes.StringType);
            return compared(coalesce(length(text), lit(0)), lengths.condition());
        }
        if (test instanceof RowTest.Typed typed) {
            return typed(typed);
        }
        RowTest.Age age = (RowTest.Age) test;
        Column moment = column(age.column()).cast(DataTypes.TimestampType).cast(DataTypes.DoubleType);
        Column seconds = lit(now.getEpochSecond() + now.getNano() / NANOS).minus(moment);
        return compared(seconds, age.condition());
    }

    private Column compared(Column value, Condition condition) {
        Operator operator = condition.operator();
        List<Operand> operands = condition.operands();
        Column result =
                switch (operator) {
                    case EQUAL, IN -> isAny(value, operands);
                    case NOT_EQUAL, NOT_IN -> isAny(value, operands).unary_$bang();
                    case GREATER -> ordered(value, operands.get(0), (left, right) -> left.gt(right));
                    case GREATER_OR_EQUAL -> ordered(value, operands.get(0), (left, right) -> left.geq(right));
                    case LESS -> ordered(value, operands.get(0), (left, right) -> left.lt(right));
                    case LESS_OR_EQUAL -> ordered(value, operands.get(0), (left, right) -> left.leq(right));
                    case BETWEEN -> between(value, operands);
                    case NOT_BETWEEN ->
                        coalesce(between(value, operands), lit(false)).unary_$bang();
                    case MATCHES -> matches(value, operands);
                    case NOT_MATCHES ->
                        coalesce(matches(value, operands), lit(false)).unary_$bang();
                };
        return coalesce(result, lit(false));
    }

    private Column between(Column value, List<Operand> ends) {
        return ordered(value, ends.get(0), (left, right) -> left.gt(right))
                .and(ordered(value, ends.get(1), (left, right) -> left.lt(right)));
    }

    /** As Deequ does: a part of the value is enough, as long as it is not empty. */
    private static Column matches(Column value, List<Operand> operands) {
        String pattern = ((Operand.Text) operands.get(0)).value();
        return regexp_extract(value.cast(DataTypes.StringType), pattern, 0).notEqual(lit(""));
    }

    private Column isAny(Column value, List<Operand> operands) {
        return operands.stream()
                .map(operand -> coalesce(is(value, operand), lit(false)))
                .reduce(Column::or)
                .orElseThrow();
    }

    private Column is(Column value, Operand operand) {
        if (operand == Operand.Keyword.NULL) {
            return value.isNull();
        }
        Column text = value.cast(DataTypes.StringType);
        if (operand == Operand.Keyword.EMPTY) {
            return text.equalTo(lit(""));
        }
        if (operand == Operand.Keyword.WHITESPACES_ONLY) {
            return text.notEqual(lit("")).and(trim(text).equalTo(lit("")));
        }
        if (operand instanceof Operand.Text wanted) {
            return text.equalTo(lit(wanted.value()));
        }
        if (operand instanceof Operand.Day day) {
            return to_date(value).equalTo(lit(day.date()));
        }
        return ordered(value, operand, (left, right) -> left.equalTo(right));
    }

    private Column ordered(Column value, Operand operand, Order order) {
        if (operand instanceof Operand.Moment moment) {
            Column when = moment instanceof Operand.TimeOfDay ? onADay(value) : value;
            return order.of(when.cast(DataTypes.TimestampType), lit(instant(moment)));
        }
        if (operand instanceof Operand.Span span) {
            return order.of(value, lit((double) span.length().toSeconds()));
        }
        Operand.Constant constant = (Operand.Constant) operand;
        BigDecimal number = constant.value();
        return Math.max(number.precision(), number.scale()) > MOST_DIGITS
                ? order.of(value, lit(number.doubleValue()))
                : order.of(value, lit(number));
    }

    /** The present day where a text has a time only; Spark would take the day on which it looks. */
    private Column onADay(Column value) {
        Column text = value.cast(DataTypes.StringType);
        return when(text.rlike(BEGINS_WITH_DAY), text)
                .otherwise(concat(lit(now.atOffset(ZoneOffset.UTC).toLocalDate() + " "), text));
    }

    /** An order of two values. */
    @FunctionalInterface
    private interface Order {
        Column of(Column left, Column right);
    }

    /** When a moment is. */
    Instant instant(Operand.Moment moment) {
        if (moment instanceof Operand.Day day) {
            return day.date().atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        if (moment instanceof Operand.TimeOfDay time) {
            return now.atOffset(ZoneOffset.UTC)
                    .toLocalDate()
                    .atTime(time.time())
                    .toInstant(ZoneOffset.UTC);
        }
        return now.plus(((Operand.Now) moment).later());
    }

    /** A missing value is of every type. */
    private static Column typed(RowTest.Typed test) {
        Column value = column(test.column());
        Column text = value.cast(DataTypes.StringType);
        Function<ReadableType, Column> readable = type -> coalesce(readable(text, type, test.format()), lit(false));
        Column any = test.types().stream().map(readable).reduce(Column::or).orElseThrow();
        boolean isNegated = Stream.of(Operator.NOT_EQUAL, Operator.NOT_IN)
                .anyMatch(operator -> operator == test.condition().operator());
        return value.isNull().or(isNegated ? any.unary_$bang() : any);
    }

    private static Column readable(Column text, ReadableType type, String format) {
        return switch (type.kind()) {
            case STRING -> lit(true);
            case BOOLEAN -> text.rlike(TRUTH);
            case DATE ->
                format == null
                        ? text.rlike(BEGINS_WITH_DAY)
                                .and(text.cast(DataTypes.DateType).isNotNull())
                        : to_date(text, format).isNotNull();
            case TIMESTAMP ->
                format == null
                        ? text.rlike(BEGINS_WITH_DAY)
                                .and(text.cast(DataTypes.TimestampType).isNotNull())
                        : to_timestamp(text, format).isNotNull();
            case INTEGER ->
                text.rlike(WHOLE_NUMBER).and(text.cast(DataTypes.IntegerType).isNotNull());
            case LONG ->
                text.rlike(WHOLE_NUMBER).and(text.cast(DataTypes.LongType).isNotNull());
            case FLOAT -> text.cast(DataTypes.FloatType).isNotNull();
            case DOUBLE -> text.cast(DataTypes.DoubleType).isNotNull();
            case DECIMAL -> decimal(text, type);
        };
    }

    /** Not one that would have to be rounded: with many digits before the point, Spark's casts leave few behind it. */
    private static Column decimal(Column text, ReadableType type) {
        Column number = text.cast(DataTypes.createDecimalType(type.precision(), type.scale()));
        String digits = "^\\s*[+-]?\\d*(\\.\\d{0," + type.scale() + "}0*)?\\s*$";
        return number.isNotNull()
                .and(text.rlike(digits)
                        .or(number.equalTo(text.cast(DataTypes.createDecimalType(MOST_DIGITS, MOST_DIGITS / 2)))));
    }
}
