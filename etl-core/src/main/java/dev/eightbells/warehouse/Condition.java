package dev.eightbells.warehouse;

import java.util.List;
import org.apache.iceberg.types.Type;

/**
 * Which rows of a table are meant, in SQL's sense: a comparison with a missing value is never true. The values may be
 * somebody's, so none of these prints them.
 */
sealed interface Condition {

    /** All rows, or none. */
    enum Constant implements Condition {
        TRUE,
        FALSE
    }

    /** All of them hold. */
    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** One of them holds. */
    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** It does not hold. */
    record Not(Condition part) implements Condition {}

    /** The column has no value. */
    record Missing(String column) implements Condition {}

    /** The column has a value. */
    record Present(String column) implements Condition {}

    /** The column's value compared with another; texts by their bytes. */
    record Comparison(String column, Operator operator, Value value) implements Condition {}

    /** The column's value is one of these; texts by their bytes. */
    record Among(String column, List<Value> values) implements Condition {
        public Among {
            values = List.copyOf(values);
        }
    }

    /** The column's text begins so, by its bytes. */
    record Begins(String column, Value beginning) implements Condition {}

    /** How values are compared. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">=");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /**
     * A value.
     *
     * @param type the column's in the lake
     * @param value as Iceberg holds it
     */
    record Value(Type type, Object value) {
        /** Never the value itself. */
        @Override
        public String toString() {
            return type + " …";
        }
    }
}
