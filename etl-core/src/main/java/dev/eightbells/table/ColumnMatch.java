package dev.eightbells.table;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Which column of a table each column of a definition is. Names change; a column is its field id.
 *
 * @param wanted the definition's columns, the rescue column and the lineage, in order; their ids mean nothing
 * @param found by name in the definition, the table's column; a column that the table does not have is left out
 */
record ColumnMatch(Schema wanted, Map<String, Types.NestedField> found) {

    static ColumnMatch of(TableFacts facts, TableDefinition definition, Turn turn) {
        Schema wanted = TableSchema.of(definition);
        Set<String> names =
                wanted.columns().stream().map(Types.NestedField::name).collect(Collectors.toSet());
        Map<String, List<String>> was =
                definition.columns().stream().collect(Collectors.toMap(Column::name, Column::was));
        if (definition.rescue() != null && facts.shape().rescue() != null) {
            was.put(definition.rescue(), List.of(facts.shape().rescue()));
        }
        Map<String, Types.NestedField> found = new LinkedHashMap<>();
        for (Types.NestedField column : wanted.columns()) {
            Optional<Types.NestedField> field = turn.isOver(facts.shape())
                    ? earlier(facts, candidates(column.name(), names, was), names, turn)
                    : now(facts.schema(), candidates(column.name(), names, was));
            field.ifPresent(there -> found.put(column.name(), there));
        }
        return new ColumnMatch(wanted, found);
    }

    /** The name of a column, then its former names that no other column has, the newest first. */
    private static List<String> candidates(String name, Set<String> names, Map<String, List<String>> was) {
        List<String> candidates = new ArrayList<>();
        was.getOrDefault(name, List.of()).stream()
                .filter(former -> !names.contains(former))
                .forEach(former -> candidates.add(0, former));
        candidates.add(0, name);
        return candidates;
    }

    private static Optional<Types.NestedField> now(Schema table, List<String> candidates) {
        return candidates.stream()
                .map(table::findField)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** What became of a column of a definition that had its turn before the table's present one. */
    private static Optional<Types.NestedField> earlier(
            TableFacts facts, List<String> candidates, Set<String> names, Turn turn) {
        for (String candidate : candidates) {
            Optional<Types.NestedField> then =
                    turn.number() < facts.shape().number() ? facts.then(turn.number(), candidate) : Optional.empty();
            if (then.isPresent()) {
                return then.map(field -> facts.schema().findField(field.fieldId()));
            }
            String renamed = facts.shape().was().entrySet().stream()
                    .filter(column -> column.getValue().contains(candidate) && !names.contains(column.getKey()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(candidate);
            Types.NestedField now = facts.schema().findField(renamed);
            if (now != null) {
                return Optional.of(now);
            }
        }
        return Optional.empty();
    }

    /** The ids of the table's columns that the definition has. */
    Set<Integer> fieldIds() {
        return found.values().stream().map(Types.NestedField::fieldId).collect(Collectors.toSet());
    }

    Optional<Types.NestedField> find(String column) {
        return Optional.ofNullable(found.get(column));
    }
}
