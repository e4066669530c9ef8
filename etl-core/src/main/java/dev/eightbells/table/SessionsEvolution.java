package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Sessions;
import dev.eightbells.pipeline.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What becomes of a session table when the events' columns that its rule names are renamed or widened. The rule itself
 * stays: another one is refused.
 *
 * @param changes renames and wider types
 * @param differences what makes it another rule, in clauses
 * @param renamed the former names of the events' columns, and the names that they have in the table's rule from then on
 * @param names by the names of a definition that had its turn earlier, those that events' columns have in the table
 */
record SessionsEvolution(
        List<TableChange> changes, List<String> differences, Map<String, String> renamed, Map<String, String> names) {
    static final String RULE = "eightbells.sessions";
    static final String NUMBER = "eightbells.sessions.number";
    static final String RENAMED = "eightbells.sessions.renamed";

    private static final String BETWEEN_CLAUSES = "\n";

    static SessionsEvolution of(Table table, SessionsForm form) {
        SessionsRule there = new SessionsRule(Arrays.asList(
                table.properties().getOrDefault(RULE, "no rule of Eightbells").split(BETWEEN_CLAUSES)));
        Map<String, String> before = read(table.properties().get(RENAMED));
        boolean isEarlier =
                form.turn().isOver(Integer.parseInt(table.properties().getOrDefault(NUMBER, "0")));
        SessionsRule file = new SessionsRule(form.rule());
        List<String> ahead = there.renamed(form.renamed(), file).differences(file);
        // An earlier definition's own renames are not done, but it still names the same columns.
        boolean isByOwnNames = !isEarlier || ahead.isEmpty();
        List<String> differences =
                new ArrayList<>(isByOwnNames ? ahead : there.differences(file.renamed(before, there)));
        List<TableChange> changes = new ArrayList<>();
        Schema aligned = new Aligning(table.schema(), form, there.visitor(), isEarlier, changes).aligned();
        differences.addAll(TableSchema.differences(form.schema(), aligned));
        if (isEarlier) {
            return new SessionsEvolution(
                    List.of(), differences, before, isByOwnNames ? Map.of(form.by(), there.visitor()) : before);
        }
        if (!there.equals(file) && differences.isEmpty() && changes.isEmpty()) {
            changes.add(new TableChange.Adopt("the rule of the sessions names columns as they are called now"));
        }
        return new SessionsEvolution(changes, differences, after(before, form), Map.of());
    }

    private static Map<String, String> after(Map<String, String> before, SessionsForm form) {
        Map<String, String> after = new TreeMap<>();
        before.forEach((former, name) -> after.put(former, form.renamed().getOrDefault(name, name)));
        after.putAll(form.renamed());
        form.renamed().values().forEach(after::remove);
        return after;
    }

    private static Map<String, String> read(String text) {
        Map<String, String> names = new LinkedHashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split(",", -1)) {
                names.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return names;
    }

    /**
     * Looks whether it is the same rule.
     *
     * @throws Failure of kind INPUT with what differs
     */
    SessionsEvolution orRefuse(TableName table) {
        if (!differences.isEmpty()) {
            throw Failure.input("Cannot put sessions into table " + table + ": it holds sessions of another rule: "
                    + String.join("; ", differences)
                    + ". Put the sessions part of the pipeline file back as it was, or name another table.");
        }
        return this;
    }

    boolean isNothing() {
        return changes.isEmpty() && differences.isEmpty();
    }

    /** What the table is to remember. */
    static Map<String, String> properties(SessionsForm form, Map<String, String> renamed) {
        return Map.of(
                RULE,
                String.join(BETWEEN_CLAUSES, form.rule()),
                NUMBER,
                Integer.toString(form.turn().number()),
                RENAMED,
                new TreeMap<>(renamed)
                        .entrySet().stream()
                                .map(pair -> pair.getKey() + "=" + pair.getValue())
                                .collect(Collectors.joining(",")));
    }

    /** Sees a table's columns under the names and in the types of the file, as far as they are the same. */
    private record Aligning(
            Schema table, SessionsForm form, String visitor, boolean isEarlier, List<TableChange> changes) {
        Schema aligned() {
            return new Schema(table.columns().stream().map(this::aligned).toList());
        }

        private Types.NestedField aligned(Types.NestedField there) {
            String name = there.name().equals(visitor) ? form.by() : there.name();
            Types.NestedField wanted = form.schema().findField(name);
            if (wanted == null) {
                return there;
            }
            Type type = aligned(there.name(), there.type(), wanted.type());
            if (!there.name().equals(name)) {
                changes.add(new TableChange.Rename(there.name(), name));
            }
            return there.isOptional()
                    ? Types.NestedField.optional(there.fieldId(), name, type)
                    : Types.NestedField.required(there.fieldId(), name, type);
        }

        private Type aligned(String path, Type there, Type wanted) {
            boolean isKey = path.equals(Sessions.FIRST_KEY) || path.equals(Sessions.LAST_KEY);
            if (isKey && there.isStructType() && wanted.isStructType()) {
                return key(
                        path,
                        there.asStructType().fields(),
                        wanted.asStructType().fields());
            }
            if (!there.isPrimitiveType() || !wanted.isPrimitiveType() || there.equals(wanted)) {
                return there;
            }
            if (isEarlier) {
                return TypeUtil.isPromotionAllowed(wanted, there.asPrimitiveType()) ? wanted : there;
            }
            if (TypeUtil.isPromotionAllowed(there, wanted.asPrimitiveType())) {
                changes.add(new TableChange.Widen(path, there, wanted));
                return wanted;
            }
            return there;
        }

        /** The parts of a key are known by their order, which the rule holds. */
        private Type key(String path, List<Types.NestedField> there, List<Types.NestedField> wanted) {
            List<Types.NestedField> fields = new ArrayList<>();
            for (int i = 0; i < there.size(); i++) {
                Types.NestedField field = there.get(i);
                String name = i < wanted.size() ? wanted.get(i).name() : field.name();
                String fieldPath = path + "." + field.name();
                Type type = i < wanted.size()
                        ? aligned(fieldPath, field.type(), wanted.get(i).type())
                        : field.type();
                if (!field.name().equals(name)) {
                    changes.add(new TableChange.Rename(fieldPath, name));
                }
                fields.add(
                        field.isOptional()
                                ? Types.NestedField.optional(field.fieldId(), name, type)
                                : Types.NestedField.required(field.fieldId(), name, type));
            }
            return Types.StructType.of(fields);
        }
    }
}
