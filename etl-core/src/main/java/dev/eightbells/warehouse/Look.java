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

    /** A target as it is now. Changes nothing. */
    FoundTable at(Target target) throws SQLException {
        String kind = kind(target.name());
        FoundTable.LastLoad last = kind(target.ledger()) == null ? null : last(target);
        if (kind == null) {
            return new FoundTable(null, List.of(), FoundTable.Rows.NONE, last);
        }
        List<FoundTable.Column> columns = session.ask(new Statement.FindColumns(target.name())).stream()
                .map(Look::column)
                .toList();
        boolean isUnknown = last == null && FoundTable.TABLE.equals(kind);
        FoundTable.Rows rows = isUnknown
                        && !session.ask(new Statement.FindAnyRow(target.name())).isEmpty()
                ? FoundTable.Rows.SOME
                : FoundTable.Rows.NONE;
        return new FoundTable(kind, columns, rows, last);
    }

    private String kind(TableName table) throws SQLException {
        return session.ask(new Statement.FindTable(table)).stream()
                .map(row -> row.get(0).toString())
                .findFirst()
                .orElse(null);
    }

    /** What was loaded last; null when nothing was. */
    FoundTable.LastLoad last(Target target) throws SQLException {
        return session.ask(new Statement.FindLastLoad(target.ledger(), target.name())).stream()
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
