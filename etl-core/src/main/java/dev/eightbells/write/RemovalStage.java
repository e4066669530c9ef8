package dev.eightbells.write;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Table;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** The task that parts rows: those that pass into the files of their partitions, those that fail into quarantine. */
final class RemovalStage implements FlatMapFunction<Iterator<InternalRow>, RemovalStage.Report> {
    private static final long serialVersionUID = 1L;

    private final BatchInput batch;
    private final RowShape shape;
    private final Broadcast<Table> table;
    private final String operation;
    private final PartitionFiles.Sizes sizes;

    /**
     * @param operation names the files; different for each attempt
     */
    RemovalStage(
            BatchInput batch, RowShape shape, Broadcast<Table> table, String operation, PartitionFiles.Sizes sizes) {
        this.batch = batch.withoutObjects();
        this.shape = shape;
        this.table = table;
        this.operation = operation;
        this.sizes = sizes;
    }

    /**
     * What one task did.
     *
     * @param quarantine null when no row failed
     * @param nulls by column, the rows that failed without a value there
     */
    record Report(WriteReport written, QuarantineFile quarantine, long[] nulls) implements Serializable {}

    @Override
    public Iterator<Report> call(Iterator<InternalRow> rows) throws IOException {
        int width = shape.columns().length();
        long[] nulls = new long[width];
        // Whole files come one after the other, so that neighbouring rows share a partition already.
        Slots slots = Slots.sizedFor(0, 1);
        try (PartitionFiles files = new PartitionFiles(
                        table.value(), shape.spec(), shape.present(), shape.columns(), slots, operation, sizes);
                QuarantineWriter quarantine = new QuarantineWriter(
                        table.value().io(),
                        batch,
                        TaskContext.getPartitionId(),
                        TaskContext.get().taskAttemptId())) {
            UnaryOperator<InternalRow> present = shape.presentOnly();
            while (rows.hasNext()) {
                UnsafeRow row = (UnsafeRow) rows.next();
                List<String> failed = texts(row.isNullAt(width + 2) ? null : row.getArray(width + 2));
                if (failed.isEmpty()) {
                    files.write(shape.partitionOf(row), row, present.apply(row));
                } else {
                    quarantine.add(
                            row.getUTF8String(width).toString(), row.getLong(width + 1), row, shape.columns(), failed);
                    for (int i = 0; i < width; i++) {
                        nulls[i] += row.isNullAt(i) ? 1 : 0;
                    }
                }
            }
            return List.of(new Report(files.report(), quarantine.finish(), nulls))
                    .iterator();
        }
    }

    /** The strings in an array; none when it is null. */
    private static List<String> texts(ArrayData array) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; array != null && i < array.numElements(); i++) {
            texts.add(array.getUTF8String(i).toString());
        }
        return texts;
    }
}
