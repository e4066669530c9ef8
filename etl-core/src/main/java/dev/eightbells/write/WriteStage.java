package dev.eightbells.write;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Table;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The writing task: the rows of its slots, with their lineage, into the files of their partitions. */
final class WriteStage implements FlatMapFunction<Iterator<Judged>, WriteStage.Report> {
    private static final long serialVersionUID = 1L;

    private final BatchInput batch;
    private final RowShape shape;
    private final Slots slots;
    private final String[] locations;
    private final Broadcast<Table> table;
    private final String operation;
    private final PartitionFiles.Sizes sizes;

    /**
     * @param locations the full names of the manifest's objects
     * @param operation names the files; different for each attempt
     */
    WriteStage(
            BatchInput batch,
            RowShape shape,
            Slots slots,
            String[] locations,
            Broadcast<Table> table,
            String operation,
            PartitionFiles.Sizes sizes) {
        this.batch = batch.withoutObjects();
        this.shape = shape;
        this.slots = slots;
        this.locations = locations;
        this.table = table;
        this.operation = operation;
        this.sizes = sizes;
    }

    /**
     * What one writing task did.
     *
     * @param duplicates the rows it dropped
     * @param dropped the file of those that were dropped for another of the batch; null when there were none, or none were
     *     to be noted
     */
    record Report(WriteReport written, long duplicates, DuplicatesFile dropped) implements java.io.Serializable {}

    @Override
    public Iterator<Report> call(Iterator<Judged> judged) throws IOException {
        if (!judged.hasNext()) {
            return java.util.Collections.emptyIterator();
        }
        try (PartitionFiles files = new PartitionFiles(
                        table.value(), shape.spec(), shape.present(), shape.columns(), slots, operation, sizes);
                DuplicatesWriter dropped = new DuplicatesWriter(
                        table.value().io(),
                        batch,
                        TaskContext.getPartitionId(),
                        TaskContext.get().taskAttemptId())) {
            UnaryOperator<InternalRow> present = shape.presentOnly();
            Lineage lineage = new Lineage();
            long duplicates = 0;
            while (judged.hasNext()) {
                Judged next = judged.next();
                if (next instanceof Judged.Kept kept) {
                    UnsafeRow columns = kept.row().columns(lineage.columns);
                    files.write(kept.row().partition(), columns, present.apply(lineage.of(kept.row())));
                } else if (next instanceof Judged.Lost lost) {
                    dropped.add(
                            new Place(locations[lost.ordinal()], lost.offset()),
                            new Place(
                                    locations[lost.winner().ordinal()],
                                    lost.winner().offset()));
                } else {
                    duplicates += ((Judged.Dropped) next).rows();
                }
            }
            return List.of(new Report(files.report(), duplicates, dropped.finish()))
                    .iterator();
        }
    }

    /** Puts a row's place behind its columns; all objects are reused. */
    private final class Lineage {
        private final UTF8String[] sources = new UTF8String[locations.length];
        private final UnsafeRow columns = new UnsafeRow(shape.columns().length());
        private final GenericInternalRow place = new GenericInternalRow(2);
        private final JoinedRow row = new JoinedRow();

        JoinedRow of(EventRow event) {
            place.update(0, source(event.ordinal()));
            place.setLong(1, event.offset());
            return row.apply(columns, place);
        }

        private UTF8String source(int ordinal) {
            if (sources[ordinal] == null) {
                sources[ordinal] = UTF8String.fromString(locations[ordinal]);
            }
            return sources[ordinal];
        }
    }
}
