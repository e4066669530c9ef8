package dev.eightbells.warehouse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a table of the warehouse, and which of the lake's they hold. What a column is called there is what the
 * lake called it at the commit that was loaded last; by that it is found again when the lake has renamed it since.
 *
 * @param columns in their order
 */
record Shape(List<Column> columns) {
    /** What a column is called that the lake has no more, when another one gets its name. */
    private static final String ASIDE = "_dropped";

    private static final String BETWEEN = "eightbells_renamed";

    Shape {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param found what it was called when it was found; null when it is made now
     * @param field of the lake's table; null when the lake has none such
     */
    record Column(String name, String found, WarehouseType type, FoundTable.Value value, Integer field) {
        private Column named(String other) {
            return new Column(other, found, type, value, field);
        }

        private Column holding(int other) {
            return new Column(name, found, type, value, other);
        }
    }

    /**
     * What makes the table hold other columns of the lake.
     *
     * @param statements renames and additions, in an order in which no name is ever there twice
     * @param shape the table afterwards
     * @param conflicts why a person has to do something first, as clauses
     */
    record Change(List<Statement> statements, Shape shape, List<String> conflicts) {
        Change {
            statements = List.copyOf(statements);
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * A table that was found.
     *
     * @param loaded the lake's columns as of the commit that was loaded last
     */
    static Shape of(FoundTable found, List<Target.Column> loaded) {
        return new Shape(found.columns().stream()
                .map(there -> new Column(
                        there.name(),
                        there.name(),
                        there.type(),
                        there.value(),
                        loaded.stream()
                                .filter(column -> column.name().equals(there.name()))
                                .map(Target.Column::field)
                                .findFirst()
                                .orElse(null)))
                .toList());
    }

    /**
     * A table that is made.
     *
     * @param target with the lake's columns
     * @param longest as in {@link #change}
     */
    static Shape made(Target target, Map<Integer, Long> longest) {
        return new Shape(
                target.columns().stream().map(column -> made(column, longest)).toList());
    }

    /** A column of text that was not measured holds no text yet. */
    private static Column made(Target.Column wanted, Map<Integer, Long> longest) {
        WarehouseType type = wanted.type() instanceof WarehouseType.Varchar
                ? WarehouseType.Varchar.withHeadRoom(longest.getOrDefault(wanted.field(), 0L))
                : wanted.type();
        return new Column(wanted.name(), null, type, FoundTable.Value.MAY_BE_LEFT_OUT, wanted.field());
    }

    /** The column that holds a column of the lake. */
    Optional<Column> column(int field) {
        return columns.stream()
                .filter(column -> column.field() != null && column.field() == field)
                .findFirst();
    }

    /** The columns that cannot hold what they are to hold, in words; that a text is too long is no such thing. */
    List<String> unfit(Target target) {
        List<String> unfit = new ArrayList<>();
        for (Target.Column wanted : target.columns()) {
            column(wanted.field())
                    .filter(there -> !canHold(there.type(), wanted.type()))
                    .ifPresent(there -> unfit.add("column " + wanted.name() + " is "
                            + there.type().ddl() + " there and " + kind(wanted.type()) + " in the lake"));
        }
        return unfit;
    }

    /** How wide a column of text is does not matter, for it can grow. */
    private static boolean canHold(WarehouseType there, WarehouseType wanted) {
        return there.holds(wanted)
                || (there instanceof WarehouseType.Varchar && wanted instanceof WarehouseType.Varchar);
    }

    private static String kind(WarehouseType type) {
        return type instanceof WarehouseType.Varchar ? "VARCHAR" : type.ddl();
    }

    /** The columns that a table of the lake, as it is at one of its commits, leaves without values. */
    List<Column> without(Target target) {
        return columns.stream()
                .filter(column -> !column.name().equals(Target.BATCH)
                        && (column.field() == null
                                || target.column(column.field()).isEmpty()))
                .toList();
    }

    /**
     * Decides what makes this table hold the columns that the lake's has at one of its commits. A column that the lake has
     * no more stays; when another has got its name, under another one.
     *
     * @param target with the lake's columns at that commit
     * @param owners every name that columns of the lake's table ever had, with the columns
     * @param longest the longest value of each column of text that is to come, in bytes, by the column's number
     */
    Change change(Target target, Map<String, Set<Integer>> owners, Map<Integer, Long> longest) {
        Working working = new Working(target, owners);
        working.adopt();
        working.moveAside();
        working.rename();
        working.add(longest);
        return new Change(working.statements, new Shape(working.columns), working.conflicts);
    }

    /** The change while it is put together. */
    private final class Working {
        private final Target target;
        private final Map<String, Set<Integer>> owners;
        private final List<Column> columns = new ArrayList<>(Shape.this.columns);
        private final List<Statement> statements = new ArrayList<>();
        private final List<String> conflicts = new ArrayList<>();

        Working(Target target, Map<String, Set<Integer>> owners) {
            this.target = target;
            this.owners = owners;
        }

        /** Somebody may have made a column before the lake had it, or given one its new name. */
        void adopt() {
            for (Target.Column wanted : target.columns()) {
                Column there = named(wanted.name());
                if (there != null
                        && there.field() == null
                        && held(wanted) == null
                        && !wasAnothers(wanted)
                        && canHold(there.type(), wanted.type())) {
                    columns.set(columns.indexOf(there), there.holding(wanted.field()));
                }
            }
        }

        void moveAside() {
            for (Target.Column wanted : target.columns()) {
                Column there = named(wanted.name());
                boolean isFree = there == null
                        || (there.field() != null
                                && target.column(there.field()).isPresent());
                if (isFree) {
                    continue;
                }
                if (there.field() != null || wasAnothers(wanted)) {
                    rename(there, free(there.name() + ASIDE));
                } else {
                    conflicts.add(conflict(there, wanted));
                }
            }
        }

        private String conflict(Column there, Target.Column wanted) {
            String own = "table " + target.name() + " has a column " + there.name() + " of its own";
            Column held = held(wanted);
            return held == null
                    ? own + ", which is " + there.type().ddl() + ", and " + target.source()
                            + " has one of that name now, which is " + kind(wanted.type())
                            + "; rename yours or drop it"
                    : own + ", and that is what " + target.source() + " calls its column " + held.name()
                            + " now; rename it or drop it";
        }

        void rename() {
            Map<Integer, String> wanted = new LinkedHashMap<>();
            for (Target.Column column : target.columns()) {
                Column there = held(column);
                if (there != null && !there.name().equals(column.name())) {
                    wanted.put(column.field(), column.name());
                }
            }
            while (conflicts.isEmpty() && !wanted.isEmpty()) {
                Optional<Integer> next = wanted.keySet().stream()
                        .filter(field -> named(wanted.get(field)) == null)
                        .findFirst();
                if (next.isPresent()) {
                    rename(held(next.get()), wanted.remove(next.get()));
                } else {
                    // Each waits for the other's name: one steps aside.
                    rename(held(wanted.keySet().iterator().next()), free(BETWEEN));
                }
            }
        }

        void add(Map<Integer, Long> longest) {
            for (Target.Column wanted : target.columns()) {
                if (held(wanted) == null && conflicts.isEmpty()) {
                    Column made = made(wanted, longest);
                    statements.add(
                            new Statement.AddColumn(target.name(), new Statement.Column(made.name(), made.type())));
                    columns.add(made);
                }
            }
        }

        private void rename(Column column, String name) {
            statements.add(new Statement.RenameColumn(target.name(), column.name(), name));
            columns.set(columns.indexOf(column), column.named(name));
        }

        private Column held(Target.Column wanted) {
            return held(wanted.field());
        }

        private Column held(int field) {
            return new Shape(columns).column(field).orElse(null);
        }

        private Column named(String name) {
            return columns.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        /** Whether the values in a column of this name may be those of another column that the lake had. */
        private boolean wasAnothers(Target.Column wanted) {
            return owners.getOrDefault(wanted.name(), Set.of()).stream().anyMatch(field -> field != wanted.field());
        }

        /** A name that nobody has. */
        private String free(String name) {
            Set<String> taken = new HashSet<>();
            columns.forEach(column -> taken.add(column.name()));
            target.columns().forEach(column -> taken.add(column.name()));
            String free = name;
            for (int i = 2; taken.contains(free); i++) {
                free = name + "_" + i;
            }
            return free;
        }
    }
}
