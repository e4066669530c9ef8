package dev.eightbells.forget;

import dev.eightbells.Failure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.expressions.UnboundPredicate;

/**
 * Which rows are to be forgotten: what somebody wrote, and what it means to a table.
 *
 * @param sql as it was written
 * @param predicate the same over the table's columns; true of exactly the rows of which the SQL is true, and explicit about
 *     null
 */
record Where(String sql, Expression predicate) {
    private static final String WHAT_CAN_BE =
            " Compare columns with literals by =, <>, <, <=, >, >=, in, between, like 'beginning%' or is null, joined by"
                    + " and, or and not.";

    /**
     * Understands what somebody wrote.
     *
     * @param schema the table's columns
     * @param table the table's name, for people
     * @throws Failure of kind INPUT when it is no such condition
     */
    static Where parse(String sql, Schema schema, String table) {
        try {
            return new Where(sql, WhereReader.read(sql, schema, table));
        } catch (IllegalArgumentException refused) {
            throw Failure.of(
                    Failure.Kind.INPUT, "Invalid --where: " + refused.getMessage() + "." + WHAT_CAN_BE, refused);
        }
    }

    /** The same as it stands in the ledger. */
    static Where of(String sql, String predicate) {
        return new Where(sql, ExpressionParser.fromJson(predicate));
    }

    /** The columns that it asks for, in its order. */
    Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        leaves(predicate).forEach(leaf -> columns.add(leaf.ref().name()));
        return columns;
    }

    /** The texts that rows are known by, which must not be left anywhere: not those that only bound a range. */
    Set<String> texts() {
        Set<String> texts = new LinkedHashSet<>();
        for (UnboundPredicate<?> leaf : leaves(predicate)) {
            switch (leaf.op()) {
                case EQ, IN, STARTS_WITH ->
                    leaf.literals().stream()
                            .map(Literal::value)
                            .filter(CharSequence.class::isInstance)
                            .map(Object::toString)
                            .filter(text -> !text.isBlank())
                            .forEach(texts::add);
                default -> {
                    // It does not say what the rows hold.
                }
            }
        }
        return texts;
    }

    static List<UnboundPredicate<?>> leaves(Expression expression) {
        if (expression instanceof org.apache.iceberg.expressions.And and) {
            return both(and.left(), and.right());
        }
        if (expression instanceof org.apache.iceberg.expressions.Or or) {
            return both(or.left(), or.right());
        }
        return expression instanceof UnboundPredicate<?> leaf ? List.of(leaf) : List.of();
    }

    private static List<UnboundPredicate<?>> both(Expression left, Expression right) {
        List<UnboundPredicate<?>> all = new java.util.ArrayList<>(leaves(left));
        all.addAll(leaves(right));
        return all;
    }

    /** For a log: never the values. */
    @Override
    public String toString() {
        return "Where[" + String.join(", ", columns()) + "]";
    }
}
