package dev.eightbells.warehouse;

import dev.eightbells.table.TableHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a table of the warehouse lacks before rows can come in: the table itself, columns, their new names, room for long
 * texts. Nothing is ever made smaller.
 *
 * @param statements what comes before all transactions, each for itself
 * @param changes what each commit's transaction makes of the columns
 * @param wider the columns of text that are made wider, by the number of the lake's column
 * @param findings what nobody but a person can mend
 */
record Growth(
        List<Statement> statements,
        Map<TableHistory.Commit, Shape.Change> changes,
        Map<Integer, WarehouseType.Varchar> wider,
        List<Finding> findings) {
    private static final int MOST_COLUMNS = 1600;

    /**
     * Decides.
     *
     * @param lake the columns on the way
     * @param commits those that are loaded, the oldest first; of a reload the newest
     * @param longest the longest value of each column of text, in bytes, by the column's number
     */
    static Growth of(
            Target target,
            FoundTable found,
            LakeColumns lake,
            List<TableHistory.Commit> commits,
            Map<Integer, Long> longest) {
        Set<Finding> findings = new LinkedHashSet<>();
        commits.forEach(commit -> findings.addAll(unloadable(lake.at(commit), longest)));
        if (found.isAbsent()) {
            return made(lake, commits, longest, findings);
        }
        Map<TableHistory.Commit, Shape.Change> changes = new LinkedHashMap<>();
        Shape shape = Shape.of(found, lake.loaded());
        for (TableHistory.Commit commit : commits) {
            Shape.Change change = shape.change(lake.at(commit), lake.owners(), longest);
            changes.put(commit, change);
            change.conflicts().forEach(conflict -> findings.add(Finding.input(conflict)));
            shape = change.shape();
            shape.without(lake.at(commit)).stream()
                    .filter(column -> column.value() == FoundTable.Value.MUST_BE_GIVEN)
                    .map(Shape.Column::found)
                    .sorted()
                    .forEach(column -> findings.add(Finding.input("table " + target.name() + " has a column " + column
                            + " that is NOT NULL and has no default, and the lake has no such column; give it a"
                            + " default, or drop it")));
        }
        List<Statement> statements = new ArrayList<>();
        Map<Integer, WarehouseType.Varchar> wider = new HashMap<>();
        for (Shape.Column column : shape.columns()) {
            long bytes = column.field() == null ? 0 : longest.getOrDefault(column.field(), 0L);
            if (column.found() != null
                    && column.type() instanceof WarehouseType.Varchar varchar
                    && varchar.bytes() < bytes) {
                WarehouseType.Varchar room = WarehouseType.Varchar.withHeadRoom(bytes);
                wider.put(column.field(), room);
                statements.add(new Statement.WidenColumn(target.name(), column.found(), room));
            }
        }
        if (found.column(Target.BATCH).isEmpty()) {
            statements.add(
                    new Statement.AddColumn(target.name(), new Statement.Column(Target.BATCH, Target.BATCH_TYPE)));
        }
        return new Growth(statements, changes, wider, List.copyOf(findings));
    }

    private static Growth made(
            LakeColumns lake, List<TableHistory.Commit> commits, Map<Integer, Long> longest, Set<Finding> findings) {
        Map<TableHistory.Commit, Shape.Change> changes = new LinkedHashMap<>();
        List<Statement> statements = new ArrayList<>();
        for (TableHistory.Commit commit : commits) {
            Shape shape = Shape.made(lake.at(commit), longest);
            changes.put(commit, new Shape.Change(List.of(), shape, List.of()));
            // By the names of that time, as the order in which the rows lie.
            statements.add(create(lake.at(commit), shape));
        }
        return new Growth(statements, changes, Map.of(), List.copyOf(findings));
    }

    /** Why rows of the lake's table, as it is at one of its commits, cannot come in. */
    private static List<Finding> unloadable(Target target, Map<Integer, Long> longest) {
        List<Finding> findings = new ArrayList<>();
        for (Target.Column column : target.columns()) {
            long bytes = longest.getOrDefault(column.field(), 0L);
            if (bytes > WarehouseType.Varchar.LONGEST) {
                findings.add(Finding.data("column " + column.name() + " of " + target.source()
                        + " holds a value of " + bytes + " bytes, and the longest that Redshift takes is "
                        + WarehouseType.Varchar.LONGEST
                        + "; take it out of the lake, and let a rule (ColumnLength) quarantine such records"));
            }
        }
        if (target.columns().size() >= MOST_COLUMNS) {
            findings.add(Finding.input("table " + target.source() + " has "
                    + target.columns().size() + " columns, and Redshift takes " + MOST_COLUMNS
                    + "; leave some out"));
        }
        target.columns().stream()
                .filter(column -> column.type() instanceof WarehouseType.Foreign)
                .forEach(column -> findings.add(Finding.input("column " + column.name() + " of " + target.source()
                        + " is " + column.type().ddl() + ", which COPY cannot load; give it another type")));
        return findings;
    }

    /** The statement that makes a table. */
    static Statement create(Target target, Shape shape) {
        List<Statement.Column> all = new ArrayList<>();
        shape.columns().forEach(column -> all.add(new Statement.Column(column.name(), column.type())));
        all.add(new Statement.Column(Target.BATCH, Target.BATCH_TYPE));
        return new Statement.CreateTable(target.name(), all, target.order());
    }

    /** The columns once a commit's transaction has made of them what they are to be. */
    Shape at(TableHistory.Commit commit) {
        return changes.get(commit).shape();
    }

    /** The type that the column which holds one of the lake's has at a commit; empty when there is none. */
    Optional<WarehouseType> type(TableHistory.Commit commit, int field) {
        return at(commit).column(field).map(column -> wider.containsKey(field) ? wider.get(field) : column.type());
    }
}
