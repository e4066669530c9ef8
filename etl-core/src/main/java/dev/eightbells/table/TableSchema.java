package dev.eightbells.table;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/** How a {@link TableDefinition} looks in Iceberg: its columns, then the rescue column, then the lineage. */
public final class TableSchema {
    /** The full name of the raw object that a row was read from. */
    public static final String SOURCE_OBJECT = "source_object";

    /** Where the row's record begins in the uncompressed object, in bytes. */
    public static final String SOURCE_OFFSET = "source_offset";

    private TableSchema() {}

    /** Whether a column tells where a row was read, and is none of the pipeline file's. */
    static boolean isLineage(String column) {
        return column.equals(SOURCE_OBJECT) || column.equals(SOURCE_OFFSET);
    }

    /** A type as the pipeline file writes it. */
    static String ddl(Type type) {
        return SparkSchemaUtil.convert(type).catalogString();
    }

    /** The schema; field ids are fresh and only stand for the order of the columns. */
    public static Schema of(TableDefinition definition) {
        AtomicInteger ids = new AtomicInteger();
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : definition.columns()) {
            int id = ids.incrementAndGet();
            Type type = type(column.type(), ids);
            fields.add(
                    column.required()
                            ? Types.NestedField.required(id, column.name(), type)
                            : Types.NestedField.optional(id, column.name(), type));
        }
        if (definition.rescue() != null) {
            fields.add(Types.NestedField.optional(ids.incrementAndGet(), definition.rescue(), Types.StringType.get()));
        }
        fields.add(Types.NestedField.required(ids.incrementAndGet(), SOURCE_OBJECT, Types.StringType.get()));
        fields.add(Types.NestedField.required(ids.incrementAndGet(), SOURCE_OFFSET, Types.LongType.get()));
        return new Schema(fields);
    }

    static PartitionSpec partitioning(TableDefinition definition, Schema schema) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        String from = definition.partitionBy().from();
        String name = partitionName(from, definition.partitionBy().unit(), schema);
        return switch (definition.partitionBy().unit()) {
            case HOUR -> spec.hour(from, name).build();
            case DAY -> spec.day(from, name).build();
            case MONTH -> spec.month(from, name).build();
        };
    }

    static String partitionName(String column, TableDefinition.Unit unit, Schema schema) {
        return free(column + "_" + unit.name().toLowerCase(Locale.ROOT), schema);
    }

    /** Iceberg refuses a partition that is named like a column. */
    static String free(String name, Schema schema) {
        return schema.findField(name) == null ? name : free(name + "_", schema);
    }

    static Map<String, String> properties(TableDefinition definition) {
        Map<String, String> properties = new HashMap<>(usualProperties());
        // A file without bounds meets every filter, so the columns that filters ask for have theirs in full.
        Set<String> bounded = new TreeSet<>(definition.key());
        bounded.add(definition.partitionBy().from());
        definition.columns().stream()
                .filter(column ->
                        column.type() == ColumnType.Primitive.TIMESTAMP || column.type() == ColumnType.Primitive.DATE)
                .forEach(column -> bounded.add(column.name()));
        bounded.forEach(column -> properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column, "full"));
        return properties;
    }

    /** What all tables of a lake have. */
    public static Map<String, String> usualProperties() {
        return Map.of(
                TableProperties.FORMAT_VERSION,
                "2",
                TableProperties.PARQUET_COMPRESSION,
                "zstd",
                // Commits of concurrent batches only lose races against each other; they are worth many short waits.
                TableProperties.COMMIT_NUM_RETRIES,
                "20",
                TableProperties.COMMIT_MAX_RETRY_WAIT_MS,
                "5000");
    }

    /** How a table's columns differ from the wanted ones, in clauses; their order does not matter. */
    static List<String> differences(Schema wanted, Schema present) {
        List<String> differences = new ArrayList<>();
        Map<String, Types.NestedField> byName = new HashMap<>();
        present.columns().forEach(field -> byName.put(field.name(), field));
        for (Types.NestedField field : wanted.columns()) {
            Types.NestedField other = byName.remove(field.name());
            if (other == null) {
                differences.add("column " + field.name() + " is missing there");
            } else if (!sameShape(field, other)) {
                differences.add("column " + field.name() + " is " + describe(other) + " there and " + describe(field)
                        + " in the file");
            }
        }
        byName.keySet().forEach(name -> differences.add("column " + name + " is missing in the file"));
        return differences;
    }

    private static boolean sameShape(Types.NestedField one, Types.NestedField other) {
        return one.isOptional() == other.isOptional() && renumbered(one).equals(renumbered(other));
    }

    private static Types.StructType renumbered(Types.NestedField field) {
        Types.NestedField copy = Types.NestedField.optional(0, field.name(), field.type());
        int[] next = {0};
        return TypeUtil.assignFreshIds(Types.StructType.of(copy), () -> ++next[0])
                .asStructType();
    }

    private static String describe(Types.NestedField field) {
        return (field.isRequired() ? "required " : "") + ddl(field.type());
    }

    private static Type type(ColumnType type, AtomicInteger ids) {
        if (type instanceof ColumnType.Primitive primitive) {
            return primitive(primitive);
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return Types.DecimalType.of(decimal.precision(), decimal.scale());
        }
        if (type instanceof ColumnType.Array array) {
            int id = ids.incrementAndGet();
            return Types.ListType.ofOptional(id, type(array.element(), ids));
        }
        if (type instanceof ColumnType.Map map) {
            int key = ids.incrementAndGet();
            int value = ids.incrementAndGet();
            return Types.MapType.ofOptional(key, value, Types.StringType.get(), type(map.value(), ids));
        }
        ColumnType.Struct struct = (ColumnType.Struct) type;
        List<Types.NestedField> fields = new ArrayList<>();
        for (ColumnType.Field field : struct.fields()) {
            int id = ids.incrementAndGet();
            fields.add(Types.NestedField.optional(id, field.name(), type(field.type(), ids)));
        }
        return Types.StructType.of(fields);
    }

    private static Type primitive(ColumnType.Primitive primitive) {
        return switch (primitive) {
            case STRING -> Types.StringType.get();
            case BOOLEAN -> Types.BooleanType.get();
            case INT -> Types.IntegerType.get();
            case BIGINT -> Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case DATE -> Types.DateType.get();
            case TIMESTAMP -> Types.TimestampType.withZone();
        };
    }
}
