package dev.eightbells.write;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.table.DefinedColumns;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.TableSchema;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.IndexedSeq;
import scala.collection.JavaConverters;

/** The columns that a record gives, without the lineage, and which of them are the key and the partition. */
final class RowShape implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StructType columns;
    private final int[] key;
    private final int partitionColumn;
    private final Partitioning partitioning;
    private final Stored stored;

    private RowShape(StructType columns, int[] key, int partitionColumn, Partitioning partitioning, Stored stored) {
        this.columns = columns;
        this.key = key;
        this.partitionColumn = partitionColumn;
        this.partitioning = partitioning;
        this.stored = stored;
    }

    /**
     * How the rows lie in the table's files.
     *
     * @param all the columns of rows and their lineage, to read files by
     * @param present those that the table has, to write files by
     * @param places where these stand among all
     * @param looked the key's columns as the table has them now, and the partition's if it is none of them: files may have
     *     been written under narrower types
     * @param spec what files are partitioned by
     */
    private record Stored(Schema all, Schema present, int[] places, Schema looked, PartitionSpec spec)
            implements Serializable {}

    /** The shape of rows of a definition, in the table as it was last looked at. */
    static RowShape of(TableDefinition definition, EventsTable events) {
        StructType whole = SparkSchemaUtil.convert(TableSchema.of(definition));
        StructField[] fields = new StructField[whole.length() - 2];
        System.arraycopy(whole.fields(), 0, fields, 0, fields.length);
        List<String> names = definition.columns().stream().map(Column::name).toList();
        DefinedColumns defined = events.columns();
        Set<String> looked = new LinkedHashSet<>(definition.key());
        looked.add(definition.partitionBy().from());
        return new RowShape(
                new StructType(fields),
                definition.key().stream().mapToInt(names::indexOf).toArray(),
                names.indexOf(definition.partitionBy().from()),
                Partitioning.of(definition),
                new Stored(
                        defined.all(),
                        defined.present(),
                        defined.places(),
                        new Schema(looked.stream().map(defined::inTable).toList()),
                        events.spec()));
    }

    StructType columns() {
        return columns;
    }

    /** The columns of rows with their lineage, to read files by. */
    Schema all() {
        return stored.all();
    }

    /** Those of them that the table has, to write files by. */
    Schema present() {
        return stored.present();
    }

    /** The columns of the key and the partition, as the table has them, to read files by. */
    Schema looked() {
        return stored.looked();
    }

    /** Where the partition's column stands among {@link #looked()}. */
    int partitionAmongLooked() {
        String name = columns.fieldNames()[partitionColumn];
        for (int i = 0; i < key.length; i++) {
            if (columns.fieldNames()[key[i]].equals(name)) {
                return i;
            }
        }
        return key.length;
    }

    /** What files are partitioned by. */
    PartitionSpec spec() {
        return stored.spec();
    }

    /** Leaves out of rows with their lineage what the table does not have; for one thread, and reused. */
    UnaryOperator<InternalRow> presentOnly() {
        int[] places = stored.places();
        if (places.length == stored.all().columns().size()) {
            return UnaryOperator.identity();
        }
        IndexedSeq<Object> ordinals = JavaConverters.asScalaBufferConverter(
                        Arrays.stream(places).<Object>mapToObj(Integer::valueOf).toList())
                .asScala()
                .toIndexedSeq();
        ProjectingInternalRow projecting =
                new ProjectingInternalRow(SparkSchemaUtil.convert(stored.present()), ordinals);
        return row -> {
            projecting.project(row);
            return projecting;
        };
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

    /** Makes keys of rows, in the types that the table has for them; for one thread. */
    Keys keys() {
        DataType[] own = new DataType[key.length];
        DataType[] types = new DataType[key.length];
        StructType looked = SparkSchemaUtil.convert(stored.looked());
        for (int i = 0; i < key.length; i++) {
            own[i] = columns.fields()[key[i]].dataType();
            types[i] = looked.fields()[i].dataType();
        }
        return new Keys(own, types);
    }

    /** Extracts keys in a binary form whose equality is the keys' equality. */
    final class Keys {
        private final DataType[] own;
        private final DataType[] types;
        private final UnsafeProjection projection;
        private final Object[] values;
        private final InternalRow row;

        private Keys(DataType[] own, DataType[] types) {
            this.own = own;
            this.types = types;
            this.projection = UnsafeProjection.create(types);
            this.values = new Object[types.length];
            this.row = new GenericInternalRow(values);
        }

        /** The key of a row of {@link #columns()}; reused by the next call. */
        UnsafeRow of(InternalRow columnsOfRow) {
            for (int i = 0; i < key.length; i++) {
                Object value = columnsOfRow.get(key[i], own[i]);
                // A decimal takes the precision of its column by itself.
                values[i] = value instanceof Integer number && types[i] == DataTypes.LongType
                        ? (Object) number.longValue()
                        : value;
            }
            return projection.apply(row);
        }

        /** The key of a row of {@link #looked()}; reused by the next call. */
        UnsafeRow ofLooked(InternalRow looked) {
            return projection.apply(looked);
        }
    }
}
