package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;

/** All that is ever said to a warehouse. {@link Sql} writes it as SQL. */
sealed interface Statement {

    /** A column of a table that is made. */
    record Column(String name, WarehouseType type) {}

    /**
     * Where rows lie on the warehouse's disks.
     *
     * @param distKey the column that spreads them over nodes; null leaves it to Redshift
     * @param sortKey the columns that order them; empty leaves it to Redshift
     */
    record Order(String distKey, List<String> sortKey) {
        static final Order AUTO = new Order(null, List.of());

        public Order {
            sortKey = List.copyOf(sortKey);
        }
    }

    /** From the first moment up to, and without, the second; in UTC. */
    record Range(LocalDateTime from, LocalDateTime to) {}

    /** A column of the table, and its name in the staged rows. */
    record Assignment(String column, String staged) {}

    /** A column of a key. */
    record KeyColumn(Assignment column, Comparison comparison) {}

    /** How values of a key are compared. */
    enum Comparison {
        AS_THEY_ARE,
        /** Redshift's equality of texts does not see blanks at their end. */
        WITH_THEIR_LENGTH
    }

    /**
     * What the lake's table is partitioned by.
     *
     * @param within where the rows in question lie; null when that is not known
     */
    record Partition(Assignment column, Unit unit, Range within) {}

    // What may be said again and again, each for itself.

    /** Makes the schema, if there is none. */
    record CreateSchema(String schema) implements Statement {}

    /** Makes the ledger, if there is none. */
    record CreateLedger(TableName ledger) implements Statement {}

    /** Makes a table, if there is none. */
    record CreateTable(TableName table, List<Column> columns, Order order) implements Statement {
        public CreateTable {
            columns = List.copyOf(columns);
        }
    }

    /** Gives a table another column, empty in the rows that there are. */
    record AddColumn(TableName table, Column column) implements Statement {}

    /** Makes room for longer texts. Redshift refuses it inside a transaction. */
    record WidenColumn(TableName table, String column, WarehouseType.Varchar type) implements Statement {}

    /** Gives a column another name. */
    record RenameColumn(TableName table, String column, String name) implements Statement {}

    /** Lets statements of the session take as long as those of others. */
    record UnlimitAnswers() implements Statement {}

    /** Lets statements of the session that take longer than this fail. */
    record LimitAnswers(Duration longest) implements Statement {}

    // What is asked.

    /** Whether there is a schema: one row when there is. */
    record FindSchema(String schema) implements Statement {}

    /** What kind of table there is: no row when there is none, else its type. */
    record FindTable(TableName table) implements Statement {}

    /** A table's columns: name, type, length, precision, scale, and whether a value must be given. */
    record FindColumns(TableName table) implements Statement {}

    /** What was loaded last into a table, and for whom: number, snapshot, pipeline, table of the lake. */
    record FindLastLoad(TableName ledger, TableName table) implements Statement {}

    /** Whether a table holds rows: one row when it does. */
    record FindAnyRow(TableName table) implements Statement {}

    /** How many rows meet a condition. */
    record Count(TableName table, Condition condition) implements Statement {}

    /** Who keeps others from a table: process, user, since when; no row when nobody does. */
    record FindLockHolder(TableName table) implements Statement {}

    /** The session's newest error of a COPY: file, line, column, type of the column, code, message. */
    record FindLoadError() implements Statement {}

    /** The same where the newer view may not be read. */
    record FindOlderLoadError() implements Statement {}

    // What a transaction is made of.

    record Begin() implements Statement {}

    record Commit() implements Statement {}

    record Rollback() implements Statement {}

    /** Waits until nobody else loads, and keeps others waiting until the transaction ends. */
    record LockLedger(TableName ledger) implements Statement {}

    /** Makes a table for this transaction's rows. */
    record CreateStaging(String staging, List<Column> columns) implements Statement {
        public CreateStaging {
            columns = List.copyOf(columns);
        }
    }

    record DropStaging(String staging) implements Statement {}

    /**
     * Loads Parquet files.
     *
     * @param list the full name of the object that lists them
     * @param role the ARN of the role to read with, or {@code default}
     */
    record Copy(String staging, String list, String role, Nesting nesting) implements Statement {}

    /** Whether files hold nested columns. */
    enum Nesting {
        FLAT,
        NESTED
    }

    /** Looks whether COPY could read an object; loads nothing. */
    record ProbeCopy(String staging, String object, String role) implements Statement {}

    /** A key that staged rows of one partition share, with how many they are: no row when there is none. */
    record FindRepeatedKey(String staging, List<KeyColumn> key, Partition partition) implements Statement {
        public FindRepeatedKey {
            key = List.copyOf(key);
        }
    }

    /** Deletes the rows that have the keys of staged rows, in the same partitions. */
    record DeleteKeys(TableName table, String staging, List<KeyColumn> key, Partition partition) implements Statement {
        public DeleteKeys {
            key = List.copyOf(key);
        }
    }

    /** Deletes the rows whose column lies in one of the ranges. */
    record DeleteRanges(TableName table, String column, List<Range> ranges) implements Statement {
        public DeleteRanges {
            ranges = List.copyOf(ranges);
        }
    }

    /** Deletes the rows that meet a condition. */
    record DeleteWhere(TableName table, Condition condition) implements Statement {}

    /** Deletes all rows. Not TRUNCATE, which commits. */
    record DeleteAll(TableName table) implements Statement {}

    /**
     * Takes staged rows over.
     *
     * @param columns where values go, and what they are called in the staged rows
     * @param batchColumn the column that names the batch
     * @param batch what they are marked with; null when nobody knows any more
     * @param rows how many there must be
     */
    record Insert(
            TableName table, String staging, List<Assignment> columns, String batchColumn, String batch, long rows)
            implements Statement {
        public Insert {
            columns = List.copyOf(columns);
        }
    }

    /** Notes a load in the ledger. */
    record RecordLoad(TableName ledger, Entry entry) implements Statement {}

    /**
     * A row of the ledger.
     *
     * @param number 1 for the first load of the table, then one more each time
     * @param source which table of a lake it follows: Iceberg's UUID of it
     * @param snapshot the commit of the lake's table that the warehouse's table now equals
     * @param batch of the commit; null when it has none
     * @param rows how many it brought
     */
    record Entry(
            String pipeline,
            TableName table,
            long number,
            String source,
            long snapshot,
            String batch,
            long rows,
            Instant loadedAt) {}

    /** Gives a table another name in its schema. */
    record RenameTable(TableName table, String name) implements Statement {}

    record DropTable(TableName table) implements Statement {}
}
