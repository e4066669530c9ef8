package dev.eightbells.write;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that a record gives, without the lineage, and which of them are the key and the partition. */
final class RowShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StructType columns;
    private final int[] key;
    private final int partitionColumn;
    private final Partitioning partitioning;

    private RowShape(StructType columns, int[] key, int partitionColumn, Partitioning partitioning) {
        this.columns = columns;
        this.key = key;
        this.partitionColumn = partitionColumn;
        this.partitioning = partitioning;
    }

    static RowShape of(TableDefinition definition) {
        StructType whole = SparkSchemaUtil.convert(TableSchema.of(definition));
        StructField[] fields = new StructField[whole.length() - 2];
        System.arraycopy(whole.fields(), 0, fields, 0, fields.length);
        List<String> names = definition.columns().stream().map(Column::name).toList();
        return new RowShape(
                new StructType(fields),
                definition.key().stream().mapToInt(names::indexOf).toArray(),
                names.indexOf(definition.partitionBy().from()),
                Partitioning.of(definition));
    }

    StructType columns() {
        return columns;
    }

    /** The columns of rows with their lineage, as the table knows them: it may have them in another order. */
    Schema schema(Schema table) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (StructField column : columns.fields()) {
            fields.add(table.findField(column.name()));
        }
        fields.add(table.findField(TableSchema.SOURCE_OBJECT));
        fields.add(table.findField(TableSchema.SOURCE_OFFSET));
        return new Schema(fields);
    }

    boolean hasKey() {
        return key.length > 0;
    }

    Partitioning partitioning() {
        return partitioning;
    }

    int partitionOf(InternalRow row) {
        DataType type = columns.fields()[partitionColumn].dataType();
        return partitioning.partitionOf(row.isNullAt(partitionColumn) ? null : row.get(partitionColumn, type));
    }

    /** Makes binary rows of values; for one thread. */
    UnsafeProjection projection() {
        return UnsafeProjection.create(columns);
    }

    /** Makes keys of rows; for one thread. */
    Keys keys() {
        DataType[] types = new DataType[key.length];
        for (int i = 0; i < key.length; i++) {
            types[i] = columns.fields()[key[i]].dataType();
        }
        return new Keys(types);
    }

    /** Extracts keys in a binary form whose equality is the keys' equality. */
    final class Keys {
        private final DataType[] types;
        private final UnsafeProjection projection;
        private final Object[] values;
        private final InternalRow row;

        private Keys(DataType[] types) {
            this.types = types;
            this.projection = UnsafeProjection.create(types);
            this.values = new Object[types.length];
            this.row = new GenericInternalRow(values);
        }

        /** The key of a row of {@link #columns()}; reused by the next call. */
        UnsafeRow of(InternalRow columnsOfRow) {
            for (int i = 0; i < key.length; i++) {
                values[i] = columnsOfRow.get(key[i], types[i]);
            }
            return projection.apply(row);
        }

        /** The key of a row that holds nothing but the key's columns, in their order; reused by the next call. */
        UnsafeRow ofKeyColumns(InternalRow keyColumns) {
            return projection.apply(keyColumns);
        }
    }
}
