package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Condition;
import java.util.List;
import java.util.stream.Stream;

/** What can be said of each row: it fulfils the rule, or it does not. */
sealed interface RowTest {
    /** The columns whose values are shown when a row fails. */
    List<String> columns();

    /** A test that looks at nothing but the row itself. */
    sealed interface Plain extends RowTest {}

    /** A test for which rows are compared with each other or with other tables. */
    sealed interface Joined extends RowTest {}

    /** The column has a value. */
    record NotNull(String column) implements Plain {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /** The column's value fulfils a condition. */
    record Values(String column, Condition condition) implements Plain {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /** The number of characters of the column's value fulfils a condition. */
    record Length(String column, Condition condition) implements Plain {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /**
     * The column's value can be read as one of some types, or as none of them.
     *
     * @param format how days and times are written; null means as in ISO 8601
     */
    record Typed(String column, Condition condition, List<ReadableType> types, String format) implements Plain {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /** The time since the column's value fulfils a condition. */
    record Age(String column, Condition condition) implements Plain {
        @Override
        public List<String> columns() {
            return List.of(column);
        }
    }

    /** No other row has the same values in these columns. */
    record Alone(List<String> columns, Nulls nulls) implements Joined {}

    /** Whether a value may be missing in a column of several that must be unique. */
    enum Nulls {
        /** One of the columns must have a value. */
        IN_SOME,
        /** Each column must have a value. */
        NOWHERE
    }

    /** The row's values of some columns are among those that a query over {@code primary} gives. */
    record Selected(String sql) implements Joined {
        @Override
        public List<String> columns() {
            return List.of();
        }
    }

    /** The row's values are among those of another table. */
    record Referenced(List<String> columns, String reference, List<String> referenceColumns) implements Joined {}

    /**
     * Another table has a row with the same key and the same values.
     *
     * @param keys columns of the key, each with the other table's
     * @param values columns that are compared; empty means all that both have
     */
    record Matched(String reference, List<Pair> keys, List<Pair> values) implements Joined {
        @Override
        public List<String> columns() {
            return Stream.concat(keys.stream(), values.stream()).map(Pair::own).toList();
        }
    }

    /** A column, and its counterpart in another table. */
    record Pair(String own, String other) {}
}
