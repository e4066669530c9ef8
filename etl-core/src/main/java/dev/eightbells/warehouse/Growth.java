package dev.eightbells.warehouse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table of the warehouse lacks before rows can come in: the table itself, columns, room for long texts. Nothing is
 * ever made smaller.
 *
 * @param columns the lake's columns as the table will have them
 * @param statements what makes them so
 * @param findings what nobody but a person can mend
 */
record Growth(List<Statement.Column> columns, List<Statement> statements, List<Finding> findings) {
    private static final int MOST_COLUMNS = 1600;

    Growth {
        columns = List.copyOf(columns);
        statements = List.copyOf(statements);
        findings = List.copyOf(findings);
    }

    /** The columns of a found table that cannot become what they are to be, in words. */
    static List<String> unfit(Target target, FoundTable found) {
        List<String> unfit = new ArrayList<>();
        for (Statement.Column wanted : wanted(target, Map.of())) {
            found.column(wanted.name())
                    .filter(there -> !canHold(there.type(), wanted.type()))
                    .ifPresent(there -> unfit.add("column " + wanted.name() + " is "
                            + there.type().ddl() + " there and " + kind(wanted.type()) + " in the lake"));
        }
        return unfit;
    }

    /**
     * Decides.
     *
     * @param longest the longest value of each column of text, in bytes
     */
    static Growth of(Target target, FoundTable found, Map<String, Long> longest) {
        List<Finding> findings = new ArrayList<>();
        longest.forEach((column, bytes) -> {
            if (bytes > WarehouseType.Varchar.LONGEST) {
                findings.add(Finding.data("column " + column + " of " + target.source() + " holds a value of " + bytes
                        + " bytes, and the longest that Redshift takes is " + WarehouseType.Varchar.LONGEST
                        + "; take it out of the lake, and let a rule (ColumnLength) quarantine such records"));
            }
        });
        List<Statement.Column> wanted = wanted(target, longest);
        if (wanted.size() >= MOST_COLUMNS) {
            findings.add(Finding.input("table " + target.source() + " has " + wanted.size()
                    + " columns, and Redshift takes " + MOST_COLUMNS + "; leave some out"));
        }
        wanted.stream()
                .filter(column -> column.type() instanceof WarehouseType.Foreign)
                .forEach(column -> findings.add(Finding.input("column " + column.name() + " of " + target.source()
                        + " is " + column.type().ddl() + ", which COPY cannot load; give it another type")));
        return found.isAbsent()
                ? new Growth(wanted, List.of(create(target, wanted)), findings)
                : ofTable(target, found, wanted, longest, findings);
    }

    /** The statement that makes the table. */
    static Statement create(Target target, List<Statement.Column> columns) {
        List<Statement.Column> all = new ArrayList<>(columns);
        all.add(new Statement.Column(Target.BATCH, Target.BATCH_TYPE));
        return new Statement.CreateTable(target.name(), all, target.order());
    }

    private static Growth ofTable(
            Target target,
            FoundTable found,
            List<Statement.Column> wanted,
            Map<String, Long> longest,
            List<Finding> findings) {
        Map<String, FoundTable.Column> left = new HashMap<>();
        found.columns().forEach(column -> left.put(column.name(), column));
        List<Statement> statements = new ArrayList<>();
        List<Statement.Column> columns = new ArrayList<>();
        for (Statement.Column column : wanted) {
            FoundTable.Column there = left.remove(column.name());
            if (there == null) {
                statements.add(new Statement.AddColumn(target.name(), column));
                columns.add(column);
            } else if (column.type() instanceof WarehouseType.Varchar wider
                    && isTooNarrow(there.type(), longest.getOrDefault(column.name(), 0L))) {
                statements.add(new Statement.WidenColumn(target.name(), column.name(), wider));
                columns.add(column);
            } else {
                columns.add(new Statement.Column(column.name(), there.type()));
            }
        }
        if (left.remove(Target.BATCH) == null) {
            statements.add(
                    new Statement.AddColumn(target.name(), new Statement.Column(Target.BATCH, Target.BATCH_TYPE)));
        }
        left.values().stream()
                .filter(column -> column.value() == FoundTable.Value.MUST_BE_GIVEN)
                .map(FoundTable.Column::name)
                .sorted()
                .forEach(column -> findings.add(Finding.input("table " + target.name() + " has a column " + column
                        + " that is NOT NULL and has no default, and the lake has no such column; give it a default,"
                        + " or drop it")));
        return new Growth(columns, statements, findings);
    }

    /**
     * The columns as a new table has them. A column of text that was not measured holds no text yet.
     */
    private static List<Statement.Column> wanted(Target target, Map<String, Long> longest) {
        return target.columns().stream()
                .map(column -> new Statement.Column(
                        column.name(),
                        column.type() instanceof WarehouseType.Varchar
                                ? WarehouseType.Varchar.withHeadRoom(longest.getOrDefault(column.name(), 0L))
                                : column.type()))
                .toList();
    }

    /** How wide a column of text is does not matter, for it can grow. */
    private static boolean canHold(WarehouseType there, WarehouseType wanted) {
        return there.holds(wanted)
                || (there instanceof WarehouseType.Varchar && wanted instanceof WarehouseType.Varchar);
    }

    private static boolean isTooNarrow(WarehouseType there, long longest) {
        return there instanceof WarehouseType.Varchar varchar && varchar.bytes() < longest;
    }

    private static String kind(WarehouseType type) {
        return type instanceof WarehouseType.Varchar ? "VARCHAR" : type.ddl();
    }
}
