package dev.eightbells.pipeline;

import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code table}. */
final class TableReader {
    /** The lineage that every row carries, in the lake and in the warehouse, and Iceberg's metadata columns. */
    static final Set<String> RESERVED = Set.of(
            "source_object",
            "source_offset",
            "eightbells_batch",
            "_file",
            "_pos",
            "_deleted",
            "_spec_id",
            "_partition",
            "_change_type",
            "_change_ordinal",
            "_commit_snapshot_id",
            "_row_id",
            "_last_updated_sequence_number");

    private TableReader() {}

    /** A name that a column had, and where the file says so. */
    private record Former(String name, Value value) {}

    /** Whether no problem keeps others from relying on the columns. */
    static boolean isWhole(TableDefinition table) {
        return table != null
                && table.columns().stream().allMatch(column -> column.name() != null && column.type() != null)
                && table.columns().stream().map(Column::name).toList().containsAll(table.key());
    }

    /** The table; null when there is none, and with null parts where a problem was noted. */
    static TableDefinition read(Value value) {
        Mapping table = value.mapping(Section.TABLE);
        if (table == null) {
            return null;
        }

        Map<String, Integer> names = new HashMap<>();
        List<Former> former = new ArrayList<>();
        List<Column> columns = table.value("columns").list().stream()
                .map(column -> column(column.mapping(Section.COLUMN), names, former))
                .filter(Objects::nonNull)
                .toList();
        if (table.value("columns").isEmptyList()) {
            table.value("columns").problem("there are no columns; a table needs at least one");
        }

        Value rescue = table.value("rescue");
        String rescueName = rescue.as(Names::column);
        Names.checkUnique(rescue, rescueName, names, RESERVED);
        checkFormer(former, names);
        return new TableDefinition(
                table.value("name").as(Names::table),
                key(table.value("key"), columns),
                partitionBy(table.value("partitionBy"), columns),
                table.value("nullValues").list().stream()
                        .map(Value::textOrEmpty)
                        .filter(Objects::nonNull)
                        .toList(),
                columns,
                rescueName);
    }

    /** Names that must be columns of the table, each once; where one is not, a problem is noted. */
    static List<String> columnNames(Value value, List<Column> columns) {
        Set<String> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (Value element : value.list()) {
            Optional<Column> column = find(element, columns);
            if (column.isPresent() && !seen.add(column.get().name())) {
                element.problem("'" + column.get().name() + "' stands twice; take one of them out");
            }
            column.map(Column::name).ifPresent(names::add);
        }
        return names;
    }

    /** The column that is named here; where there is none of that name, a problem is noted. */
    static Optional<Column> find(Value value, List<Column> columns) {
        String name = value.text();
        Optional<Column> found =
                columns.stream().filter(column -> column.name().equals(name)).findFirst();
        if (name != null && found.isEmpty()) {
            value.problem("the table has no column '" + name + "'; name one of its columns");
        }

        return found;
    }

    private static Column column(Mapping mapping, Map<String, Integer> names, List<Former> former) {
        if (mapping == null) {
            return null;
        }

        Value nameValue = mapping.value("name");
        String name = nameValue.as(Names::column);
        Names.checkUnique(nameValue, nameValue.text(), names, RESERVED);
        ColumnType type = mapping.value("type").as(ColumnType::parse);
        Boolean required = mapping.value("required").as(TableReader::flag);
        List<List<String>> from = from(mapping.value("from"));
        List<String> formats = formats(mapping.value("formats"), type);
        ZoneId zone = mapping.value("zone").as(TableReader::zone);
        checkTakesTimes(mapping.value("zone"), type);
        List<Former> was = was(mapping.value("was"));
        former.addAll(was);
        if (name == null) {
            return null;
        }

        return new Column(
                name,
                type,
                Boolean.TRUE.equals(required),
                from.isEmpty() ? List.of(List.of(name)) : from,
                formats,
                zone == null ? ZoneOffset.UTC : zone,
                was.stream().map(Former::name).toList());
    }

    private static List<Former> was(Value value) {
        if (value.isEmptyList()) {
            value.problem("the list is empty; name what the column was called before, or leave the key out");
        }
        List<Former> was = new ArrayList<>();
        for (Value each : oneOrMore(value)) {
            String name = each.as(Names::column);
            if (name != null) {
                was.add(new Former(name, each));
            }
        }
        return was;
    }

    private static List<Value> oneOrMore(Value value) {
        return value.isList() || !value.isPresent() ? value.list() : List.of(value);
    }

    /** A name that means two columns would move the values of one into the other. */
    private static void checkFormer(List<Former> former, Map<String, Integer> names) {
        Set<String> seen = new HashSet<>();
        for (Former each : former) {
            Integer taken = names.get(each.name());
            if (taken != null) {
                each.value()
                        .problem("'" + each.name() + "' is the name of a column now, in line " + taken
                                + "; take it out here, or give that column another name");
            }
            if (!seen.add(each.name())) {
                each.value()
                        .problem("'" + each.name()
                                + "' stands twice; a column can be renamed to one other, so take one of them out");
            }
        }
    }

    private static List<List<String>> from(Value value) {
        List<Value> aliases = oneOrMore(value);
        if (value.isEmptyList()) {
            value.problem("the list is empty; name at least one field, or leave the key out");
        }

        List<List<String>> paths = new ArrayList<>();
        for (Value alias : aliases) {
            List<String> path = alias.as(FieldPath::parse);
            if (path != null && paths.contains(path)) {
                alias.problem("'" + FieldPath.text(path) + "' stands twice; take one of them out");
            } else if (path != null) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static List<String> formats(Value value, ColumnType type) {
        checkTakesTimes(value, type);
        return value.list().stream()
                .map(format -> format.as(pattern -> TimePattern.check(pattern, type)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static void checkTakesTimes(Value value, ColumnType type) {
        if (value.isPresent() && type != null && TimePattern.timesIn(type).isEmpty()) {
            value.problem("it is for dates and timestamps, and this column is " + type.ddl() + "; take it out");
        }
    }

    private static List<String> key(Value value, List<Column> columns) {
        for (Value element : value.list()) {
            String name = element.text();
            columns.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .ifPresent(column -> checkKey(element, column));
        }
        if (value.isEmptyList()) {
            value.problem("the list is empty; name at least one column, or leave the key out");
        }

        return columnNames(value, columns);
    }

    private static void checkKey(Value value, Column column) {
        if (!column.required()) {
            value.problem("the key column '" + column.name() + "' may be null; write required: true in its column");
        }

        boolean isExact = column.type() == null || column.type() instanceof ColumnType.Decimal;
        if (column.type() instanceof Primitive primitive) {
            isExact = primitive != Primitive.FLOAT && primitive != Primitive.DOUBLE;
        }
        if (!isExact) {
            value.problem(
                    "the key column '" + column.name() + "' is " + column.type().ddl()
                            + ", whose values cannot be compared exactly; use string, boolean, int, bigint, decimal, date or "
                            + "timestamp");
        }
    }

    private static PartitionBy partitionBy(Value value, List<Column> columns) {
        Mapping mapping = value.mapping(Section.PARTITION_BY);
        if (mapping == null) {
            return null;
        }

        Value from = mapping.value("from");
        Unit unit = mapping.value("unit").asOneOf(Unit.class);
        Optional<Column> column = find(from, columns);
        ColumnType type = column.map(Column::type).orElse(null);
        if (type != null && type != Primitive.DATE && type != Primitive.TIMESTAMP) {
            from.problem("the column '" + column.get().name() + "' is " + type.ddl()
                    + "; partitions are made from a date or a timestamp");
        }
        if (type == Primitive.DATE && unit == Unit.HOUR) {
            mapping.value("unit").problem("a date has no hours; use day or month");
        }

        return new PartitionBy(column.map(Column::name).orElse(null), unit);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time zone; write a name or an offset, e.g. Europe/Paris or +01:00", unknown);
        }
    }

    /** Reads {@code true} or {@code false}. */
    static Boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("'" + text + "' is neither true nor false; write one of them");
        }

        return text.equals("true");
    }
}
