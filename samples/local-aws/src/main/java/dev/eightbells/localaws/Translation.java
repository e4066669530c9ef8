package dev.eightbells.localaws;

/** What becomes of a statement. */
sealed interface Translation {

    /** PostgreSQL executes it in these words. */
    record Forward(String sql) implements Translation {}

    /** PostgreSQL executes it, and then commits the transaction that it stands in. */
    record ForwardAndCommit(String sql) implements Translation {}

    /** Executed here. */
    record Copy(CopyCommand command) implements Translation {}

    /** Needs to know the column as it is. */
    record Resize(TableName table, String column, ColumnType type) implements Translation {}

    /** Fails. */
    record Refused(Refusal refusal) implements Translation {}
}
