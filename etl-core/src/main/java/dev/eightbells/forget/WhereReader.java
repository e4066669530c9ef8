package dev.eightbells.forget;

import dev.eightbells.session.SqlExpression;
import dev.eightbells.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Like;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.types.StringType;
import scala.collection.JavaConverters;

/**
 * Makes an expression of Iceberg of a condition in Spark's SQL. SQL knows three outcomes and Iceberg two; so each part is
 * asked when it is true and when it is false, which differ for what is missing.
 */
final class WhereReader {
    private final Schema schema;
    private final String table;

    private WhereReader(Schema schema, String table) {
        this.schema = schema;
        this.table = table;
    }

    /**
     * Reads a condition.
     *
     * @throws IllegalArgumentException that says in a clause why it cannot be one
     */
    static org.apache.iceberg.expressions.Expression read(String sql, Schema schema, String table) {
        if (sql.isBlank()) {
            throw new IllegalArgumentException("it is blank");
        }
        return new WhereReader(schema, table).whenTrue(SqlExpression.parsed(sql));
    }

    private org.apache.iceberg.expressions.Expression whenTrue(Expression condition) {
        if (condition instanceof And and) {
            return Expressions.and(whenTrue(and.left()), whenTrue(and.right()));
        }
        if (condition instanceof Or or) {
            return Expressions.or(whenTrue(or.left()), whenTrue(or.right()));
        }
        if (condition instanceof Not not) {
            return whenFalse(not.child());
        }
        return leaf(condition).whenTrue();
    }

    private org.apache.iceberg.expressions.Expression whenFalse(Expression condition) {
        if (condition instanceof And and) {
            return Expressions.or(whenFalse(and.left()), whenFalse(and.right()));
        }
        if (condition instanceof Or or) {
            return Expressions.and(whenFalse(or.left()), whenFalse(or.right()));
        }
        if (condition instanceof Not not) {
            return whenTrue(not.child());
        }
        return leaf(condition).whenFalse();
    }

    private record Leaf(
            org.apache.iceberg.expressions.Expression whenTrue, org.apache.iceberg.expressions.Expression whenFalse) {
        /** Of a missing value neither is true. */
        static Leaf ofValue(
                String column,
                org.apache.iceberg.expressions.Expression whenTrue,
                org.apache.iceberg.expressions.Expression whenFalse) {
            return new Leaf(present(column, whenTrue), present(column, whenFalse));
        }

        private static org.apache.iceberg.expressions.Expression present(
                String column, org.apache.iceberg.expressions.Expression comparison) {
            return Expressions.and(Expressions.notNull(column), comparison);
        }

        static Leaf ofMissing(String column) {
            return new Leaf(Expressions.isNull(column), Expressions.notNull(column));
        }

        static Leaf ofPresent(String column) {
            return new Leaf(Expressions.notNull(column), Expressions.isNull(column));
        }
    }

    private Leaf leaf(Expression condition) {
        if (condition instanceof IsNull missing) {
            return Leaf.ofMissing(column(missing.child()).name());
        }
        if (condition instanceof IsNotNull present) {
            return Leaf.ofPresent(column(present.child()).name());
        }
        if (condition instanceof BinaryComparison comparison) {
            return comparison(comparison);
        }
        if (condition instanceof In in) {
            return among(in);
        }
        if (condition instanceof Like like) {
            return beginning(like);
        }
        if (condition instanceof UnresolvedAttribute) {
            Types.NestedField column = column(condition);
            Object yes = ComparedValue.of(Literal.TrueLiteral(), column);
            return Leaf.ofValue(
                    column.name(), Expressions.equal(column.name(), yes), Expressions.notEqual(column.name(), yes));
        }
        throw new IllegalArgumentException(quoted(condition) + " is no comparison of a column with a literal");
    }

    private Leaf comparison(BinaryComparison comparison) {
        if (!(comparison.left() instanceof UnresolvedAttribute)) {
            return comparison(flipped(comparison));
        }
        Types.NestedField field = column(comparison.left());
        String column = field.name();
        Object value = ComparedValue.of(literal(comparison.right()), field);
        if (comparison instanceof EqualTo) {
            return Leaf.ofValue(column, Expressions.equal(column, value), Expressions.notEqual(column, value));
        }
        if (comparison instanceof LessThan) {
            return Leaf.ofValue(
                    column, Expressions.lessThan(column, value), Expressions.greaterThanOrEqual(column, value));
        }
        if (comparison instanceof LessThanOrEqual) {
            return Leaf.ofValue(
                    column, Expressions.lessThanOrEqual(column, value), Expressions.greaterThan(column, value));
        }
        if (comparison instanceof GreaterThan) {
            return Leaf.ofValue(
                    column, Expressions.greaterThan(column, value), Expressions.lessThanOrEqual(column, value));
        }
        if (comparison instanceof GreaterThanOrEqual) {
            return Leaf.ofValue(
                    column, Expressions.greaterThanOrEqual(column, value), Expressions.lessThan(column, value));
        }
        throw new IllegalArgumentException(quoted(comparison) + " compares in a way that is not known");
    }

    private BinaryComparison flipped(BinaryComparison comparison) {
        Expression literal = comparison.left();
        Expression column = comparison.right();
        if (!(column instanceof UnresolvedAttribute)) {
            throw new IllegalArgumentException(quoted(comparison) + " is no comparison of a column with a literal");
        }
        if (comparison instanceof LessThan) {
            return new GreaterThan(column, literal);
        }
        if (comparison instanceof LessThanOrEqual) {
            return new GreaterThanOrEqual(column, literal);
        }
        if (comparison instanceof GreaterThan) {
            return new LessThan(column, literal);
        }
        if (comparison instanceof GreaterThanOrEqual) {
            return new LessThanOrEqual(column, literal);
        }
        if (comparison instanceof EqualTo) {
            return new EqualTo(column, literal);
        }
        throw new IllegalArgumentException(quoted(comparison) + " compares in a way that is not known");
    }

    private Leaf among(In in) {
        Types.NestedField field = column(in.value());
        List<Object> values = new ArrayList<>();
        for (Expression each : JavaConverters.seqAsJavaList(in.list())) {
            values.add(ComparedValue.of(literal(each), field));
        }
        return Leaf.ofValue(
                field.name(), Expressions.in(field.name(), values), Expressions.notIn(field.name(), values));
    }

    private Leaf beginning(Like like) {
        Types.NestedField field = column(like.left());
        Literal literal = literal(like.right());
        if (!(literal.dataType() instanceof StringType) || !field.type().equals(Types.StringType.get())) {
            throw new IllegalArgumentException(quoted(like) + " compares no text");
        }
        String pattern = literal.value().toString();
        String start = pattern.isEmpty() ? "" : pattern.substring(0, pattern.length() - 1);
        if (!pattern.endsWith("%") || start.isEmpty() || start.matches("(?s).*[%_\\\\].*")) {
            throw new IllegalArgumentException(
                    "the pattern '" + pattern + "' is not a beginning followed by one %, without other %, _ and \\");
        }
        return Leaf.ofValue(
                field.name(),
                Expressions.startsWith(field.name(), start),
                Expressions.notStartsWith(field.name(), start));
    }

    private Types.NestedField column(Expression named) {
        if (!(named instanceof UnresolvedAttribute attribute)) {
            throw new IllegalArgumentException(quoted(named) + " is no column");
        }
        List<String> parts = JavaConverters.seqAsJavaList(attribute.nameParts());
        Types.NestedField field = parts.size() == 1 ? schema.caseInsensitiveFindField(parts.get(0)) : null;
        if (field == null) {
            throw new IllegalArgumentException(
                    "it names " + String.join(".", parts) + ", which is no column of " + table + " ("
                            + schema.columns().stream()
                                    .map(Types.NestedField::name)
                                    .filter(name -> !isLineage(name))
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        if (isLineage(field.name())) {
            throw new IllegalArgumentException(
                    "it names " + field.name() + ", which says where a row was read and is no part of the warehouse");
        }
        return field;
    }

    private static boolean isLineage(String name) {
        return name.equals(TableSchema.SOURCE_OBJECT) || name.equals(TableSchema.SOURCE_OFFSET);
    }

    private Literal literal(Expression expression) {
        if (!(expression instanceof Literal literal)) {
            throw new IllegalArgumentException(quoted(expression) + " is no literal");
        }
        if (literal.value() == null) {
            throw new IllegalArgumentException("nothing is true of a comparison with null; write is null");
        }
        return literal;
    }

    private static String quoted(Expression expression) {
        return "'" + expression.sql() + "'";
    }
}
