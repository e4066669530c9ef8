package dev.eightbells.warehouse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a warehouse does when it is told to, in memory, with one table of numbers; what it does not know it refuses. */
final class ModelWarehouse {
    private final Map<LoadFile, List<Map<Integer, Long>>> files;
    private final List<String> columns = new ArrayList<>();
    private final List<Map<String, Long>> rows = new ArrayList<>();
    private final Map<String, List<Map<String, Long>>> staged = new HashMap<>();

    /** @param files of the lake, their rows by the numbers of their columns */
    ModelWarehouse(Map<LoadFile, List<Map<Integer, Long>>> files) {
        this.files = files;
    }

    void create(Target target) {
        target.columns().forEach(column -> columns.add(column.name()));
        columns.add(Target.BATCH);
    }

    /** The table as it is found. */
    FoundTable found(FoundTable.LastLoad last) {
        return new FoundTable(
                "BASE TABLE",
                columns.stream()
                        .map(name -> TestLoads.column(
                                name, name.equals(Target.BATCH) ? Target.BATCH_TYPE : WarehouseType.Plain.BIGINT))
                        .toList(),
                FoundTable.Rows.SOME,
                Set.of("analytics"),
                FoundTable.Ledger.THERE,
                last);
    }

    /** The rows, with the columns of a target alone. */
    List<Map<String, Long>> rows(Target target) {
        List<Map<String, Long>> named = new ArrayList<>();
        for (Map<String, Long> row : rows) {
            Map<String, Long> values = new TreeMap<>();
            target.columns().forEach(column -> values.put(column.name(), row.get(column.name())));
            named.add(values);
        }
        return named;
    }

    /**
     * Does what one of a plan's transactions says.
     *
     * @param lists what its copies read
     */
    void load(List<LoadPlan.CopyList> lists, LoadPlan.Transaction transaction) {
        for (Statement statement : transaction.statements()) {
            if (statement instanceof Statement.Copy copy) {
                lists.stream()
                        .filter(list -> copy.list().endsWith(list.key()))
                        .forEach(list -> copy(copy.staging(), list));
            } else {
                say(statement);
            }
        }
    }

    private void copy(String staging, LoadPlan.CopyList list) {
        List<Map<String, Long>> copied = new ArrayList<>();
        files.forEach((file, content) -> {
            if (list.json().contains(file.location())) {
                for (Map<Integer, Long> row : content) {
                    Map<String, Long> named = new HashMap<>();
                    file.columns().forEach(column -> named.put(column.name(), row.get(column.field())));
                    copied.add(named);
                }
            }
        });
        staged.put(staging, copied);
    }

    private void say(Statement statement) {
        if (statement instanceof Statement.RenameColumn rename) {
            require(columns.contains(rename.column()) && !columns.contains(rename.name()), statement);
            columns.set(columns.indexOf(rename.column()), rename.name());
            rows.forEach(row -> row.put(rename.name(), row.remove(rename.column())));
        } else if (statement instanceof Statement.AddColumn add) {
            require(!columns.contains(add.column().name()), statement);
            columns.add(add.column().name());
        } else if (statement instanceof Statement.DeleteWhere delete) {
            rows.removeIf(row -> meets(row, (Condition.Comparison) delete.condition()));
        } else if (statement instanceof Statement.Insert insert) {
            insert(insert);
        }
    }

    private boolean meets(Map<String, Long> row, Condition.Comparison comparison) {
        require(columns.contains(comparison.column()), comparison);
        return comparison.value().value().equals(row.get(comparison.column()));
    }

    private void insert(Statement.Insert insert) {
        insert.columns().forEach(column -> require(columns.contains(column.column()), insert));
        staged.remove(insert.staging()).forEach(from -> {
            Map<String, Long> row = new TreeMap<>();
            insert.columns().forEach(column -> row.put(column.column(), from.get(column.staged())));
            rows.add(row);
        });
    }

    private static void require(boolean holds, Object what) {
        if (!holds) {
            throw new IllegalStateException("A warehouse refuses " + what);
        }
    }
}
