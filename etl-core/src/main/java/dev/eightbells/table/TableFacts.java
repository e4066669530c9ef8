package dev.eightbells.table;

import dev.eightbells.pipeline.TableDefinition.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * What a table is like, as of one look at it.
 *
 * @param schemas all schemas that it had and still knows, by id
 * @param specs all ways in which its files are partitioned, by id
 */
record TableFacts(
        Schema schema,
        PartitionSpec spec,
        Map<Integer, Schema> schemas,
        Map<Integer, PartitionSpec> specs,
        Shape shape) {

    static TableFacts of(Table table) {
        return new TableFacts(table.schema(), table.spec(), table.schemas(), table.specs(), Shape.of(table));
    }

    /** A partition by time, in words. */
    static String partition(Unit unit, String column) {
        return "the " + unit.name().toLowerCase(Locale.ROOT) + " of " + column;
    }

    /** How files are partitioned by now, in words. */
    String partition() {
        if (spec.isUnpartitioned()) {
            return "nothing";
        }
        return spec.fields().stream()
                .map(field -> unit(field)
                        .map(unit -> partition(unit, schema.findColumnName(field.sourceId())))
                        .orElse(field.transform() + " of " + schema.findColumnName(field.sourceId())))
                .collect(Collectors.joining(" and "));
    }

    /** The unit of time of a partition; empty when it is partitioned by something else. */
    static Optional<Unit> unit(PartitionField field) {
        String transform = field.transform().toString().toUpperCase(Locale.ROOT);
        return Arrays.stream(Unit.values())
                .filter(unit -> unit.name().equals(transform))
                .findFirst();
    }

    /** The only field of the partitions; empty when there is none, or more than one. */
    static Optional<PartitionField> only(PartitionSpec spec) {
        List<PartitionField> fields = spec.fields();
        return fields.size() == 1 ? Optional.of(fields.get(0)) : Optional.empty();
    }

    /** The spec of files that lie by a unit of a column, the present one first; empty when the table never had one. */
    Optional<PartitionSpec> specOf(Unit unit, int column) {
        return isOf(spec, unit, column)
                ? Optional.of(spec)
                : specs.values().stream()
                        .filter(other -> isOf(other, unit, column))
                        .findFirst();
    }

    private static boolean isOf(PartitionSpec spec, Unit unit, int column) {
        return only(spec)
                .filter(field -> field.sourceId() == column && unit(field).equals(Optional.of(unit)))
                .isPresent();
    }

    /** A column by its name in the schema of a shape that the table had. */
    Optional<Types.NestedField> then(int number, String name) {
        return shape.earlier().stream()
                .filter(earlier -> earlier.number() <= number)
                .reduce((older, newer) -> newer)
                .or(() -> shape.earlier().stream().findFirst())
                .map(earlier -> schemas.get(earlier.schema()))
                .map(schema -> schema.findField(name));
    }

    /** What a column that the table had is called now; empty when it is gone. */
    Optional<String> presentName(String former) {
        return schemas.values().stream()
                .map(schema -> schema.findField(former))
                .filter(java.util.Objects::nonNull)
                .map(field -> schema.findField(field.fieldId()))
                .filter(java.util.Objects::nonNull)
                .map(Types.NestedField::name)
                .findFirst();
    }
}
