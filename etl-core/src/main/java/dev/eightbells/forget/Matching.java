package dev.eightbells.forget;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.And;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundLiteralPredicate;
import org.apache.iceberg.expressions.BoundPredicate;
import org.apache.iceberg.expressions.BoundSetPredicate;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Or;
import org.apache.iceberg.types.Type;
import org.apache.spark.sql.Column;

/** An expression of Iceberg as a condition that Spark computes, which is true or false and never null. */
final class Matching {
    private Matching() {}

    /**
     * The condition over rows with a table's columns.
     *
     * @param predicate explicit about null
     */
    static Column of(Expression predicate, Schema schema) {
        return column(Binder.bind(schema.asStruct(), predicate, true));
    }

    private static Column column(Expression bound) {
        if (bound instanceof And and) {
            return column(and.left()).and(column(and.right()));
        }
        if (bound instanceof Or or) {
            return column(or.left()).or(column(or.right()));
        }
        return switch (bound.op()) {
            case TRUE -> lit(true);
            case FALSE -> lit(false);
            default -> leaf((BoundPredicate<?>) bound);
        };
    }

    private static Column leaf(BoundPredicate<?> predicate) {
        Column column = col("`" + predicate.ref().name() + "`");
        Type type = predicate.ref().type();
        Column condition =
                switch (predicate.op()) {
                    case IS_NULL -> column.isNull();
                    case NOT_NULL -> column.isNotNull();
                    case EQ -> column.equalTo(value(predicate, type));
                    case NOT_EQ -> column.notEqual(value(predicate, type));
                    case LT -> column.lt(value(predicate, type));
                    case LT_EQ -> column.leq(value(predicate, type));
                    case GT -> column.gt(value(predicate, type));
                    case GT_EQ -> column.geq(value(predicate, type));
                    case STARTS_WITH -> column.startsWith(value(predicate, type));
                    case NOT_STARTS_WITH ->
                        column.startsWith(value(predicate, type)).unary_$bang();
                    case IN -> column.isin(values(predicate, type));
                    case NOT_IN -> column.isin(values(predicate, type)).unary_$bang();
                    default -> throw new IllegalStateException("No condition for " + predicate.op());
                };
        return org.apache.spark.sql.functions.coalesce(condition, lit(false));
    }

    private static Column value(BoundPredicate<?> predicate, Type type) {
        return lit(external(
                ((BoundLiteralPredicate<?>) predicate.asLiteralPredicate())
                        .literal()
                        .value(),
                type));
    }

    private static Object[] values(BoundPredicate<?> predicate, Type type) {
        return ((BoundSetPredicate<?>) predicate.asSetPredicate())
                .literalSet().stream().map(value -> external(value, type)).toArray();
    }

    /** A value as Iceberg holds it, as Spark takes it. */
    private static Object external(Object value, Type type) {
        return switch (type.typeId()) {
            case STRING -> value.toString();
            case DATE -> LocalDate.ofEpochDay((Integer) value);
            case TIMESTAMP -> Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
            case DECIMAL -> (BigDecimal) value;
            default -> value;
        };
    }
}
