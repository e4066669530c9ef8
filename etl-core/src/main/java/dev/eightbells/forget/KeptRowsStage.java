package dev.eightbells.forget;

import dev.eightbells.table.Partitioning;
import dev.eightbells.write.PartitionFiles;
import dev.eightbells.write.Slots;
import dev.eightbells.write.WriteReport;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SerializableFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/** The task that writes rows which stay, file by file as they come, by the partitions that the table has now. */
final class KeptRowsStage implements FlatMapFunction<Iterator<InternalRow>, WriteReport> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<Table> table;
    private final String operation;
    private final PartitionFiles.Sizes sizes;

    /**
     * @param operation names the files; different for each attempt
     */
    KeptRowsStage(Broadcast<Table> table, String operation, PartitionFiles.Sizes sizes) {
        this.table = table;
        this.operation = operation;
        this.sizes = sizes;
    }

    @Override
    public Iterator<WriteReport> call(Iterator<InternalRow> rows) throws IOException {
        Schema schema = table.value().schema();
        StructType columns = SparkSchemaUtil.convert(schema);
        PartitionField field = table.value().spec().fields().get(0);
        Types.NestedField source = schema.findField(field.sourceId());
        int place = columns.fieldIndex(source.name());
        boolean isDate = source.type().equals(Types.DateType.get());
        SerializableFunction<Object, Integer> partition = transform(field, source.type());
        // Whole files come one after the other, so that neighbouring rows share a partition already.
        Slots slots = Slots.sizedFor(0, 1);
        try (PartitionFiles files =
                new PartitionFiles(table.value(), table.value().spec(), schema, columns, slots, operation, sizes)) {
            while (rows.hasNext()) {
                UnsafeRow row = (UnsafeRow) rows.next();
                Integer of = row.isNullAt(place)
                        ? null
                        : partition.apply(isDate ? (Object) row.getInt(place) : (Object) row.getLong(place));
                files.write(of == null ? Partitioning.NONE : of, row, row);
            }
            return List.of(files.report()).iterator();
        }
    }

    @SuppressWarnings("unchecked") // Units of time give numbers of hours, days or months.
    private static SerializableFunction<Object, Integer> transform(PartitionField field, Type source) {
        return (SerializableFunction<Object, Integer>)
                (SerializableFunction<?, ?>) ((Transform<Object, ?>) field.transform()).bind(source);
    }
}
