package dev.eightbells.write;

import dev.eightbells.table.Partitioning;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
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
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The files that one writing task makes of the rows of its slots, one Parquet file for each partition, and what it
 * measured on the way. At most one file is open for each partition of the slots' present row. Closed without a report,
 * it takes back what it began.
 */
public final class PartitionFiles implements AutoCloseable {
    private static final long SMALLEST_ROW_GROUP = 8L << 20;
    private static final long LARGEST_ROW_GROUP = 128L << 20;

    /** Where the guess was too low, a file ends here and another begins. */
    private static final long LARGEST_FILE = 2 * WritePlan.FILE_BYTES;

    /** Asking a writer for its length is not free. */
    private static final int ROWS_BETWEEN_LOOKS = 1000;

    private final Table table;
    private final PartitionSpec spec;
    private final Schema schema;
    private final StructType rowType;
    private final Slots slots;
    private final Sizes sizes;
    private final OutputFileFactory factory;
    private final Map<Integer, DataWriter<InternalRow>> open = new HashMap<>();
    private final List<DataFile> done = new ArrayList<>();
    private final List<String> begun = new ArrayList<>();
    private final boolean[] text;
    private final long[] maxBytes;
    private final long[] nulls;
    private int slotRow = -1;
    private long written;

    /**
     * How large row groups may become before they are written.
     *
     * @param partitionsByRow how many files are open at the same time, by row of slots
     * @param bytes the memory for all of them
     */
    public record Sizes(Map<Integer, Integer> partitionsByRow, long bytes) implements Serializable {
        long rowGroup(int row) {
            long share = bytes / partitionsByRow.getOrDefault(row, 1);
            return Math.max(SMALLEST_ROW_GROUP, Math.min(LARGEST_ROW_GROUP, share));
        }
    }

    /**
     * Begins in a task of Spark; nothing is written yet.
     *
     * @param spec what the files are partitioned by, which the table knows
     * @param schema the columns of the rows, with the ids by which the table knows them
     * @param measured the first of these columns, of which lengths and nulls are measured
     * @param operation names the files; different for each attempt
     */
    public PartitionFiles(
            Table table,
            PartitionSpec spec,
            Schema schema,
            StructType measured,
            Slots slots,
            String operation,
            Sizes sizes) {
        this.table = table;
        this.spec = spec;
        this.schema = schema;
        this.rowType = SparkSchemaUtil.convert(schema);
        this.slots = slots;
        this.sizes = sizes;
        this.factory = OutputFileFactory.builderFor(
                        table, TaskContext.getPartitionId(), TaskContext.get().taskAttemptId())
                .format(FileFormat.PARQUET)
                .operationId(operation)
                .build();
        StructField[] fields = measured.fields();
        this.text = new boolean[fields.length];
        this.maxBytes = new long[fields.length];
        this.nulls = new long[fields.length];
        for (int i = 0; i < text.length; i++) {
            text[i] = fields[i].dataType() == DataTypes.StringType;
        }
    }

    /**
     * Writes a row. Rows come slot by slot.
     *
     * @param columns the measured columns of the row
     * @param row all its columns
     */
    public void write(int partition, UnsafeRow columns, InternalRow row) throws IOException {
        int rowOfSlots = slots.rowOf(partition);
        if (rowOfSlots != slotRow) {
            closeAll();
            slotRow = rowOfSlots;
        }
        DataWriter<InternalRow> writer = open.get(partition);
        if (writer == null) {
            writer = open(partition);
            open.put(partition, writer);
        }
        measure(columns);
        writer.write(row);
        written++;
        if (written % ROWS_BETWEEN_LOOKS == 0 && writer.length() > LARGEST_FILE) {
            open.remove(partition);
            close(writer);
        }
    }

    private void measure(UnsafeRow columns) {
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
        PartitionData values = new PartitionData(spec.partitionType());
        values.set(0, partition == Partitioning.NONE ? null : partition);
        EncryptedOutputFile file = factory.newOutputFile(spec, values);
        begun.add(file.encryptingOutputFile().location());
        return Parquet.writeData(file.encryptingOutputFile())
                .forTable(table)
                .schema(schema)
                .withSpec(spec)
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

    /** Ends all files, and tells of them. */
    public WriteReport report() throws IOException {
        closeAll();
        begun.clear();
        return new WriteReport(List.copyOf(done), written, maxBytes, nulls);
    }

    /**
     * Drops what a failure left: it is in no report, and so in no table. A disk that was full would stay so, and the task
     * is tried again.
     */
    @Override
    public void close() throws IOException {
        if (begun.isEmpty()) {
            return;
        }
        try (CloseableGroup left = new CloseableGroup()) {
            left.setSuppressCloseFailure(true);
            open.values().forEach(left::addCloseable);
            begun.forEach(file -> left.addCloseable(() -> table.io().deleteFile(file)));
        }
    }
}
