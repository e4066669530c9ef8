package dev.eightbells.session;

import dev.eightbells.pipeline.Sessions;
import dev.eightbells.table.Partitioning;
import dev.eightbells.write.PartitionFiles;
import dev.eightbells.write.Slots;
import dev.eightbells.write.WriteReport;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/** The last task: rows of the session table in, by their days, into files. */
final class SessionWriteStage implements FlatMapFunction<Iterator<InternalRow>, WriteReport> {
    private static final long serialVersionUID = 1L;

    private final SessionShape shape;
    private final Broadcast<Table> table;
    private final Partitioning days;
    private final Slots slots;
    private final String operation;
    private final PartitionFiles.Sizes sizes;

    /**
     * @param operation names the files; different for each attempt
     */
    SessionWriteStage(
            SessionShape shape,
            Broadcast<Table> table,
            Partitioning days,
            Slots slots,
            String operation,
            PartitionFiles.Sizes sizes) {
        this.shape = shape;
        this.table = table;
        this.days = days;
        this.slots = slots;
        this.operation = operation;
        this.sizes = sizes;
    }

    @Override
    public Iterator<WriteReport> call(Iterator<InternalRow> rows) throws IOException {
        StructType columns = shape.table();
        int start = columns.fieldIndex(Sessions.START);
        try (PartitionFiles files = new PartitionFiles(
                table.value(), table.value().spec(), schema(columns), columns, slots, operation, sizes)) {
            while (rows.hasNext()) {
                UnsafeRow row = (UnsafeRow) rows.next();
                files.write(days.partitionOf(row.getLong(start)), row, row);
            }
            return List.of(files.report()).iterator();
        }
    }

    /** The rows' columns, as the table knows them. */
    private Schema schema(StructType columns) {
        return new Schema(Arrays.stream(columns.fieldNames())
                .map(name -> table.value().schema().findField(shape.inTable(name)))
                .toList());
    }
}
