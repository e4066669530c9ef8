package dev.eightbells.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a definition in a table that may have changed since, or has not changed yet: each is the table's column
 * with the same field id, whatever its name and type are there.
 */
public final class DefinedColumns {
    /** Ids that no column of a table has: what is read under them is null. */
    private static final int NOWHERE = 1_000_000_000;

    private final ColumnMatch match;
    private final List<Types.NestedField> fitted;
    private final List<String> misfits = new ArrayList<>();
    private int nextNowhere = NOWHERE;

    DefinedColumns(ColumnMatch match) {
        this.match = match;
        this.fitted = match.wanted().columns().stream().map(this::fitted).toList();
    }

    /** What keeps rows of the definition from being written into the table, in clauses; empty when nothing does. */
    List<String> misfits() {
        return List.copyOf(misfits);
    }

    /**
     * The table's column that a column of the definition is.
     *
     * @throws Failure of kind INPUT when the table does not have it any more
     */
    public Types.NestedField inTable(String column) {
        return match.find(column)
                .orElseThrow(() -> Failure.input("Cannot use column " + column
                        + ": the table does not have it any more. Abandon the batches that were planned with it, with"
                        + " --return."));
    }

    /** What the table calls a column of the definition; the same where it does not have it. */
    public String nameInTable(String column) {
        return match.find(column).map(Types.NestedField::name).orElse(column);
    }

    /** The definition's columns and the lineage, to read files by; a column that the table does not have is null. */
    public Schema all() {
        return new Schema(fitted);
    }

    /** Those of them that the table has, to write files by. They have the definition's names and types, and the table's ids. */
    public Schema present() {
        return new Schema(Arrays.stream(places()).mapToObj(fitted::get).toList());
    }

    /** Where the columns of {@link #present()} stand among {@link #all()}. */
    public int[] places() {
        int[] places = new int[match.found().size()];
        int next = 0;
        for (int i = 0; i < fitted.size(); i++) {
            if (match.find(fitted.get(i).name()).isPresent()) {
                places[next++] = i;
            }
        }
        return places;
    }

    private Types.NestedField fitted(Types.NestedField wanted) {
        Optional<Types.NestedField> there = match.find(wanted.name());
        if (there.isEmpty()) {
            return Types.NestedField.optional(nextNowhere++, wanted.name(), nowhere(wanted.type()));
        }
        Type type = fitted(wanted.name(), wanted.type(), there.get().type());
        return wanted.isOptional()
                ? Types.NestedField.optional(there.get().fieldId(), wanted.name(), type)
                : Types.NestedField.required(there.get().fieldId(), wanted.name(), type);
    }

    /** The wanted type with the ids of the one that is there. */
    private Type fitted(String path, Type wanted, Type there) {
        if (wanted.isStructType() && there.isStructType()) {
            List<Types.NestedField> fields = new ArrayList<>();
            for (Types.NestedField field : wanted.asStructType().fields()) {
                Types.NestedField other = there.asStructType().field(field.name());
                if (other == null) {
                    misfits.add("column " + path + " has no field " + field.name() + " there");
                    fields.add(Types.NestedField.optional(nextNowhere++, field.name(), nowhere(field.type())));
                } else {
                    String name = path + "." + field.name();
                    fields.add(Types.NestedField.optional(
                            other.fieldId(), field.name(), fitted(name, field.type(), other.type())));
                }
            }
            return Types.StructType.of(fields);
        }
        if (wanted.isListType() && there.isListType()) {
            Types.ListType list = there.asListType();
            Type element = fitted(path + ".element", wanted.asListType().elementType(), list.elementType());
            return Types.ListType.ofOptional(list.elementId(), element);
        }
        if (wanted.isMapType() && there.isMapType()) {
            Types.MapType map = there.asMapType();
            Type value = fitted(path + ".value", wanted.asMapType().valueType(), map.valueType());
            return Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value);
        }
        if (wanted.isPrimitiveType() && isReadAs(wanted, there)) {
            return wanted;
        }
        misfits.add("column " + path + " is " + TableSchema.ddl(there) + " there and " + TableSchema.ddl(wanted)
                + " in the definition");
        return nowhere(wanted);
    }

    private static boolean isReadAs(Type written, Type read) {
        return written.equals(read)
                || (read.isPrimitiveType() && TypeUtil.isPromotionAllowed(written, read.asPrimitiveType()));
    }

    private Type nowhere(Type type) {
        return type.isPrimitiveType() ? type : TypeUtil.assignFreshIds(type, () -> nextNowhere++);
    }

    /**
     * Rows of the table as rows of the definition: its columns, by its names and in its types, then whatever else was asked
     * for that is no column of the table.
     *
     * @param rows with the table's columns by their names there
     * @param table the table's schema
     */
    public Dataset<Row> of(Dataset<Row> rows, Schema table) {
        List<Column> columns = new ArrayList<>();
        StructType types = SparkSchemaUtil.convert(match.wanted());
        Set<String> present = new HashSet<>(Arrays.asList(rows.columns()));
        for (StructField wanted : types.fields()) {
            Optional<String> there = match.find(wanted.name()).map(Types.NestedField::name);
            columns.add(
                    there.map(name -> as(quoted(name), rows.schema().apply(name).dataType(), wanted.dataType()))
                            .orElse(lit(null).cast(wanted.dataType()))
                            .as(wanted.name()));
        }
        table.columns().forEach(field -> present.remove(field.name()));
        Arrays.stream(rows.columns()).filter(present::contains).forEach(other -> columns.add(quoted(other)));
        return rows.select(columns.toArray(Column[]::new));
    }

    private static Column quoted(String name) {
        return col("`" + name + "`");
    }

    /** A value in another type; structs by the names of their fields. */
    private static Column as(Column value, DataType from, DataType to) {
        if (from.sameType(to)) {
            return value;
        }
        if (from instanceof StructType has && to instanceof StructType wants) {
            Column[] fields = Arrays.stream(wants.fields())
                    .map(field -> (has.getFieldIndex(field.name()).isDefined()
                                    ? as(
                                            value.getField(field.name()),
                                            has.apply(field.name()).dataType(),
                                            field.dataType())
                                    : lit(null).cast(field.dataType()))
                            .as(field.name()))
                    .toArray(Column[]::new);
            return when(value.isNotNull(), struct(fields));
        }
        if (from instanceof ArrayType has && to instanceof ArrayType wants) {
            return transform(value, element -> as(element, has.elementType(), wants.elementType()));
        }
        if (from instanceof MapType has && to instanceof MapType wants) {
            return transform_values(value, (key, each) -> as(each, has.valueType(), wants.valueType()));
        }
        return value.cast(to);
    }
}
