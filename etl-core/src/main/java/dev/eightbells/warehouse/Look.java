package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Looks at what the warehouse has. */
final class Look {
    private final WarehouseSession session;

    Look(WarehouseSession session) {
        this.session = session;
    }

    /** A table as it is now. Changes nothing. */
    FoundTable at(TableName table, TableName ledger) throws SQLException {
        String kind = kind(table);
        FoundTable.Ledger noted = kind(ledger) == null ? FoundTable.Ledger.ABSENT : FoundTable.Ledger.THERE;
        FoundTable.LastLoad last = noted == FoundTable.Ledger.ABSENT ? null : last(table, ledger);
        if (kind == null) {
            return new FoundTable(null, List.of(), FoundTable.Rows.NONE, noted, last);
        }
        List<FoundTable.Column> columns = session.ask(new Statement.FindColumns(table)).stream()
                .map(Look::column)
                .toList();
        boolean isUnknown = last == null && FoundTable.TABLE.equals(kind);
        FoundTable.Rows rows =
                isUnknown && !session.ask(new Statement.FindAnyRow(table)).isEmpty()
                        ? FoundTable.Rows.SOME
                        : FoundTable.Rows.NONE;
        return new FoundTable(kind, columns, rows, noted, last);
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
                        number(row.get(0)), number(row.get(1)), row.get(2).toString()))
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
