package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Looks at what the warehouse has. */
final class Look {
    private final WarehouseSession session;

    Look(WarehouseSession session) {
        this.session = session;
    }

    /** What a ledger says. */
    private record Noted(FoundTable.Ledger ledger, FoundTable.LastLoad last) {}

    /** A target as it is now, whatever becomes of connections meanwhile. Changes nothing. */
    static FoundTable at(Transactions transactions, Target target) {
        return transactions.repeatable(
                "look at table " + target.name() + " in the warehouse",
                session -> new Look(session).at(target.name(), target.ledger()));
    }

    /** A table as it is now. Changes nothing. */
    FoundTable at(TableName table, TableName ledger) throws SQLException {
        Noted before = noted(table, ledger);
        while (true) {
            FoundTable found = at(table, ledger, before);
            Noted after = noted(table, ledger);
            if (after.equals(before)) {
                return found;
            }
            // Somebody has loaded meanwhile; the table may have been seen before, and the ledger after it.
            before = after;
        }
    }

    private FoundTable at(TableName table, TableName ledger, Noted noted) throws SQLException {
        String kind = kind(table);
        // Of a table that is there, and its ledger, the schemas are, too.
        Set<String> schemas = new TreeSet<>(List.of(table.database(), ledger.database()));
        if (kind == null) {
            for (String schema : List.copyOf(schemas)) {
                if (session.ask(new Statement.FindSchema(schema)).isEmpty()) {
                    schemas.remove(schema);
                }
            }
            return new FoundTable(null, List.of(), FoundTable.Rows.NONE, schemas, noted.ledger(), noted.last());
        }
        List<FoundTable.Column> columns = session.ask(new Statement.FindColumns(table)).stream()
                .map(Look::column)
                .toList();
        boolean holdsRows = FoundTable.TABLE.equals(kind)
                && !session.ask(new Statement.FindAnyRow(table)).isEmpty();
        return new FoundTable(
                kind,
                columns,
                holdsRows ? FoundTable.Rows.SOME : FoundTable.Rows.NONE,
                schemas,
                noted.ledger(),
                noted.last());
    }

    private Noted noted(TableName table, TableName ledger) throws SQLException {
        return kind(ledger) == null
                ? new Noted(FoundTable.Ledger.ABSENT, null)
                : new Noted(FoundTable.Ledger.THERE, last(table, ledger));
    }

    private String kind(TableName table) throws SQLException {
        return session.ask(new Statement.FindTable(table)).stream()
                .map(row -> row.get(0).toString())
                .findFirst()
                .orElse(null);
    }

    /** What was loaded last; null when nothing was. */
    FoundTable.LastLoad last(TableName table, TableName ledger) throws SQLException {
        return session.ask(new Statement.FindLastLoad(ledger, table)).stream()
                .map(row -> new FoundTable.LastLoad(
                        number(row.get(0)),
                        number(row.get(1)),
                        row.get(2).toString(),
                        row.get(3).toString()))
                .findFirst()
                .orElse(null);
    }

    private static FoundTable.Column column(List<Object> row) {
        return new FoundTable.Column(
                row.get(0).toString(),
                WarehouseType.found(
                        row.get(1).toString().toLowerCase(Locale.ROOT),
                        (int) number(row.get(2)),
                        (int) number(row.get(3)),
                        (int) number(row.get(4))),
                number(row.get(5)) == 1 ? FoundTable.Value.MUST_BE_GIVEN : FoundTable.Value.MAY_BE_LEFT_OUT);
    }

    private static long number(Object value) {
        return value == null ? 0 : ((Number) value).longValue();
    }
}
