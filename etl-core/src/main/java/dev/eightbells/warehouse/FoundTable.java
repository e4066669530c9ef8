package dev.eightbells.warehouse;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A target as the warehouse has it.
 *
 * @param kind e.g. {@code BASE TABLE} or {@code VIEW}; null when there is no such thing
 * @param columns in their order; empty when there is none
 * @param rows whether it holds any
 * @param schemas those that are there of what was looked for
 * @param ledger whether there is a ledger
 * @param last what was loaded into it last; null when nothing was
 */
record FoundTable(String kind, List<Column> columns, Rows rows, Set<String> schemas, Ledger ledger, LastLoad last) {
    static final String TABLE = "BASE TABLE";

    FoundTable {
        columns = List.copyOf(columns);
        schemas = Set.copyOf(schemas);
    }

    /** A column that there is. */
    record Column(String name, WarehouseType type, Value value) {}

    /** Whether an insert may leave a column out. */
    enum Value {
        MAY_BE_LEFT_OUT,
        MUST_BE_GIVEN
    }

    /** Whether a table holds rows. */
    enum Rows {
        NONE,
        SOME
    }

    /** Whether loads have been noted before, of this table or others. */
    enum Ledger {
        ABSENT,
        THERE
    }

    /**
     * The newest row of the ledger for a table.
     *
     * @param source which table of a lake was loaded: Iceberg's UUID of it
     */
    record LastLoad(long number, long snapshot, String pipeline, String source) {}

    boolean isAbsent() {
        return kind == null;
    }

    boolean isTable() {
        return TABLE.equals(kind);
    }

    /** As if there were no such table. */
    FoundTable withoutTable() {
        return new FoundTable(null, List.of(), Rows.NONE, schemas, ledger, last);
    }

    /** The number of the newest load; 0 when there was none. */
    long number() {
        return last == null ? 0 : last.number();
    }

    Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
