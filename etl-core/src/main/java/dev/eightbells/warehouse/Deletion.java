package dev.eightbells.warehouse;

import dev.eightbells.batch.Ledger;
import dev.eightbells.table.Removal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.BoundReference;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.ExpressionVisitors.BoundExpressionVisitor;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;

/** Which rows of the warehouse's table a commit of the lake's took away. */
sealed interface Deletion {

    /** These. */
    record Rows(Condition condition) implements Deletion {}

    /**
     * The warehouse cannot tell.
     *
     * @param why a clause
     */
    record Unknown(String why) implements Deletion {}

    /**
     * What a commit says of itself.
     *
     * @param target with the columns that the lake's table had at the commit
     * @param schema the lake's table's at the commit
     * @param ledger of the lake
     */
    static Deletion of(Removal removal, Target target, Schema schema, Ledger ledger) {
        return removal.expression(ledger)
                .map(expression -> of(expression, target, schema))
                .orElse(new Unknown("its predicate was forgotten"));
    }

    /**
     * The rows for which an expression is true.
     *
     * @param target with the columns of the schema
     */
    static Deletion of(Expression expression, Target target, Schema schema) {
        try {
            Expression bound = Binder.bind(schema.asStruct(), Expressions.rewriteNot(expression), true);
            return new Rows(ExpressionVisitors.visit(bound, new Reader(target)));
        } catch (Inexpressible e) {
            return new Unknown(e.getMessage());
        } catch (ValidationException | UnsupportedOperationException | DateTimeException | IllegalArgumentException e) {
            // Its message quotes the expression.
            return new Unknown("its predicate does not fit the columns that the lake's table had then");
        }
    }

    /** The warehouse has no words for a part of it. */
    final class Inexpressible extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Inexpressible(String why) {
            super(why);
        }
    }

    /** Puts an expression into the warehouse's columns. */
    final class Reader extends BoundExpressionVisitor<Condition> {
        private final Target target;

        private Reader(Target target) {
            this.target = target;
        }

        @Override
        public Condition alwaysTrue() {
            return Condition.Constant.TRUE;
        }

        @Override
        public Condition alwaysFalse() {
            return Condition.Constant.FALSE;
        }

        @Override
        public Condition not(Condition result) {
            return new Condition.Not(result);
        }

        @Override
        public Condition and(Condition left, Condition right) {
            return new Condition.All(List.of(left, right));
        }

        @Override
        public Condition or(Condition left, Condition right) {
            return new Condition.Any(List.of(left, right));
        }

        @Override
        public <T> Condition isNull(BoundReference<T> reference) {
            return new Condition.Missing(column(reference));
        }

        @Override
        public <T> Condition notNull(BoundReference<T> reference) {
            return new Condition.Present(column(reference));
        }

        @Override
        public <T> Condition lt(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.LESS, literal);
        }

        @Override
        public <T> Condition ltEq(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.AT_MOST, literal);
        }

        @Override
        public <T> Condition gt(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.GREATER, literal);
        }

        @Override
        public <T> Condition gtEq(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.AT_LEAST, literal);
        }

        @Override
        public <T> Condition eq(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.EQUAL, literal);
        }

        @Override
        public <T> Condition notEq(BoundReference<T> reference, Literal<T> literal) {
            return comparison(reference, Condition.Operator.NOT_EQUAL, literal);
        }

        @Override
        public <T> Condition in(BoundReference<T> reference, Set<T> literals) {
            List<Condition.Value> values = new ArrayList<>();
            literals.forEach(literal -> values.add(value(reference.type(), literal)));
            return new Condition.Among(column(reference), values);
        }

        @Override
        public <T> Condition notIn(BoundReference<T> reference, Set<T> literals) {
            return new Condition.Not(in(reference, literals));
        }

        @Override
        public <T> Condition startsWith(BoundReference<T> reference, Literal<T> literal) {
            return new Condition.Begins(column(reference), value(reference.type(), literal.value()));
        }

        @Override
        public <T> Condition notStartsWith(BoundReference<T> reference, Literal<T> literal) {
            return new Condition.Not(startsWith(reference, literal));
        }

        private <T> Condition comparison(BoundReference<T> reference, Condition.Operator operator, Literal<T> literal) {
            return new Condition.Comparison(column(reference), operator, value(reference.type(), literal.value()));
        }

        /** A column of its own; what is within a nested one is known by its path. */
        private String column(BoundReference<?> reference) {
            Target.Column column = target.column(reference.fieldId())
                    .orElseThrow(() -> new Inexpressible(
                            "its predicate asks for " + reference.name() + ", which is no column of the warehouse's"));
            if (column.type() == WarehouseType.Plain.SUPER || column.type() instanceof WarehouseType.Foreign) {
                throw new Inexpressible("its predicate asks for column " + column.name() + ", which is "
                        + column.type().ddl() + " in the warehouse");
            }
            return column.name();
        }

        private static Condition.Value value(Type type, Object value) {
            if (value instanceof CharSequence text && text.toString().indexOf('\0') >= 0) {
                throw new Inexpressible("its predicate holds a zero byte, which no text in SQL can");
            }
            return new Condition.Value(type, value);
        }
    }
}
