package dev.eightbells.write;

import dev.eightbells.table.Partitioning;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableGroup;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.data.SparkParquetWriters;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The writing task: the rows of its slots into one Parquet file for each partition, and what it measured on the way. */
final class WriteStage implements FlatMapFunction<Iterator<Judged>, WriteReport> {
    private static final long serialVersionUID = 1L;

    private static final long SMALLEST_ROW_GROUP = 8L << 20;
    private static final long LARGEST_ROW_GROUP = 128L << 20;

    /** Where the guess was too low, a file ends here and another begins. */
    private static final long LARGEST_FILE = 2 * WritePlan.FILE_BYTES;

    /** Asking a writer for its length is not free. */
    private static final int ROWS_BETWEEN_LOOKS = 1000;

    private final RowShape shape;
    private final Slots slots;
    private final String[] locations;
    private final Broadcast<Table> table;
    private final String operation;
    private final Sizes sizes;

    /**
     * How large row groups may become before they are written.
     *
     * @param partitionsByRow how many files are open at the same time, by row of slots
     * @param bytes the memory for all of them
     */
    record Sizes(Map<Integer, Integer> partitionsByRow, long bytes) implements Serializable {
        long rowGroup(int row) {
            long share = bytes / partitionsByRow.getOrDefault(row, 1);
            return Math.max(SMALLEST_ROW_GROUP, Math.min(LARGEST_ROW_GROUP, share));
        }
    }

    /**
     * @param locations the full names of the manifest's objects
     * @param operation names the files; different for each attempt
     */
    WriteStage(RowShape shape, Slots slots, String[] locations, Broadcast<Table> table, String operation, Sizes sizes) {
        this.shape = shape;
        this.slots = slots;
        this.locations = locations;
        this.table = table;
        this.operation = operation;
        this.sizes = sizes;
    }

    @Override
    public Iterator<WriteReport> call(Iterator<Judged> judged) throws IOException {
        if (!judged.hasNext()) {
            return java.util.Collections.emptyIterator();
        }
        try (Files files = new Files()) {
            long duplicates = 0;
            while (judged.hasNext()) {
                Judged next = judged.next();
                if (next instanceof Judged.Kept kept) {
                    files.write(kept.row());
                } else {
                    duplicates += ((Judged.Dropped) next).rows();
                }
            }
            return List.of(files.report(duplicates)).iterator();
        }
    }

    /** The open files of one task, at most one for each partition of the slots' present row. */
    private final class Files implements AutoCloseable {
        private final Schema schema = shape.schema(table.value().schema());
        private final StructType rowType = SparkSchemaUtil.convert(schema);
        private final OutputFileFactory factory = OutputFileFactory.builderFor(
                        table.value(),
                        TaskContext.getPartitionId(),
                        TaskContext.get().taskAttemptId())
                .format(FileFormat.PARQUET)
                .operationId(operation)
                .build();
        private final Map<Integer, DataWriter<InternalRow>> open = new HashMap<>();
        private final List<DataFile> done = new ArrayList<>();
        private final List<String> begun = new ArrayList<>();
        private final UTF8String[] sources = new UTF8String[locations.length];
        private final UnsafeRow columns = new UnsafeRow(shape.columns().length());
        private final GenericInternalRow lineage = new GenericInternalRow(2);
        private final JoinedRow row = new JoinedRow();
        private final boolean[] text = new boolean[shape.columns().length()];
        private final long[] maxBytes = new long[text.length];
        private final long[] nulls = new long[text.length];
        private int slotRow = -1;
        private long written;

        Files() {
            StructField[] fields = shape.columns().fields();
            for (int i = 0; i < text.length; i++) {
                text[i] = fields[i].dataType() == DataTypes.StringType;
            }
        }

        void write(EventRow event) throws IOException {
            int rowOfSlots = slots.rowOf(event.partition());
            if (rowOfSlots != slotRow) {
                closeAll();
                slotRow = rowOfSlots;
            }
            DataWriter<InternalRow> writer = open.get(event.partition());
            if (writer == null) {
                writer = open(event.partition());
                open.put(event.partition(), writer);
            }
            event.columns(columns);
            measure();
            lineage.update(0, source(event.ordinal()));
            lineage.setLong(1, event.offset());
            writer.write(row.apply(columns, lineage));
            written++;
            if (written % ROWS_BETWEEN_LOOKS == 0 && writer.length() > LARGEST_FILE) {
                open.remove(event.partition());
                close(writer);
            }
        }

        private UTF8String source(int ordinal) {
            if (sources[ordinal] == null) {
                sources[ordinal] = UTF8String.fromString(locations[ordinal]);
            }
            return sources[ordinal];
        }

        private void measure() {
            for (int i = 0; i < text.length; i++) {
                if (columns.isNullAt(i)) {
                    nulls[i]++;
                } else if (text[i]) {
                    // The low half of the word is the length.
                    maxBytes[i] = Math.max(maxBytes[i], columns.getLong(i) & 0xFFFF_FFFFL);
                }
            }
        }

        private DataWriter<InternalRow> open(int partition) throws IOException {
            PartitionData values = new PartitionData(table.value().spec().partitionType());
            values.set(0, partition == Partitioning.NONE ? null : partition);
            EncryptedOutputFile file = factory.newOutputFile(table.value().spec(), values);
            begun.add(file.encryptingOutputFile().location());
            return Parquet.writeData(file.encryptingOutputFile())
                    .forTable(table.value())
                    .schema(schema)
                    .withSpec(table.value().spec())
                    .withPartition(values)
                    .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(sizes.rowGroup(slotRow)))
                    .createWriterFunc(message -> SparkParquetWriters.buildWriter(rowType, message))
                    .overwrite()
                    .build();
        }

        private void closeAll() throws IOException {
            for (DataWriter<InternalRow> writer : open.values()) {
                close(writer);
            }
            open.clear();
        }

        private void close(DataWriter<InternalRow> writer) throws IOException {
            writer.close();
            done.add(writer.toDataFile());
        }

        WriteReport report(long duplicates) throws IOException {
            closeAll();
            begun.clear();
            return new WriteReport(List.copyOf(done), written, duplicates, maxBytes, nulls);
        }

        /**
         * Drops what a failure left: it is in no report, and so in no table. A disk that was full would stay so, and the
         * task is tried again.
         */
        @Override
        public void close() throws IOException {
            if (begun.isEmpty()) {
                return;
            }
            try (CloseableGroup left = new CloseableGroup()) {
                left.setSuppressCloseFailure(true);
                open.values().forEach(left::addCloseable);
                begun.forEach(file -> left.addCloseable(() -> table.value().io().deleteFile(file)));
            }
        }
    }
}
