package dev.eightbells.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eightbells.Failure;
import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * What a table knows of the definition that gave it its columns; it stands in a property. What is not in it was done by
 * somebody else.
 *
 * @param number the number of the manifest whose definition it was; 0 when that is not known
 * @param columns the names of the columns, without the lineage
 * @param key the columns of the key; null when they are not known
 * @param rescue the rescue column; null when there is none, or it is not known
 * @param partition how files are partitioned, in the words of {@link TableFacts#partition}; null when it is not known
 * @param was what columns were called before, by their names
 * @param earlier the shapes before it, the oldest first
 */
record Shape(
        int number,
        List<String> columns,
        List<String> key,
        String rescue,
        String partition,
        Map<String, List<String>> was,
        List<Earlier> earlier) {
    static final String PROPERTY = "eightbells.shape";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Shape {
        columns = List.copyOf(columns);
        key = key == null ? null : List.copyOf(key);
        was = new LinkedHashMap<>(was);
        earlier = List.copyOf(earlier);
    }

    /**
     * A shape that the table had.
     *
     * @param number the number of the manifest whose definition it was
     * @param schema the id of the schema that the table had then
     */
    record Earlier(int number, int schema) {}

    /** The shape that a definition gives, without any before it. */
    static Shape of(TableDefinition definition, int number) {
        Map<String, List<String>> was = new LinkedHashMap<>();
        definition.columns().stream()
                .filter(column -> !column.was().isEmpty())
                .forEach(column -> was.put(column.name(), column.was()));
        List<String> columns =
                new ArrayList<>(definition.columns().stream().map(Column::name).toList());
        if (definition.rescue() != null) {
            columns.add(definition.rescue());
        }
        return new Shape(
                number,
                columns,
                definition.key(),
                definition.rescue(),
                TableFacts.partition(
                        definition.partitionBy().unit(),
                        definition.partitionBy().from()),
                was,
                List.of());
    }

    /** The same after another one, with which the table had a schema. */
    Shape after(Shape before, int schema) {
        List<Earlier> all = new ArrayList<>(before.earlier);
        all.add(new Earlier(before.number, schema));
        return new Shape(number, columns, key, rescue, partition, was, all);
    }

    /**
     * The shape of a table; of one that does not tell, all columns that its oldest commit knows are taken for ours.
     *
     * @throws Failure of kind DATA when the property is damaged
     */
    static Shape of(Table table) {
        String text = table.properties().get(PROPERTY);
        if (text == null) {
            return new Shape(0, guessed(table), null, null, null, Map.of(), List.of());
        }
        try {
            return MAPPER.readValue(text, Shape.class);
        } catch (JsonProcessingException damaged) {
            throw Failure.data("Cannot read the property " + PROPERTY + " of table " + table.name()
                    + ": it is damaged. Put it back from an older metadata file of the table, or unset it: then all columns"
                    + " are taken for the pipeline's own.");
        }
    }

    private static List<String> guessed(Table table) {
        Schema then = StreamSupport.stream(table.snapshots().spliterator(), false)
                .min(Comparator.comparingLong(Snapshot::sequenceNumber))
                .map(snapshot -> table.schemas().get(snapshot.schemaId()))
                .orElse(table.schema());
        return table.schema().columns().stream()
                .filter(field -> then.findField(field.fieldId()) != null)
                .map(Types.NestedField::name)
                .filter(name -> !TableSchema.isLineage(name))
                .toList();
    }

    String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException notWritable) {
            throw new IllegalStateException("Cannot write " + this + " as JSON.", notWritable);
        }
    }
}
