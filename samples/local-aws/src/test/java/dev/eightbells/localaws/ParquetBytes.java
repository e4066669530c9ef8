package dev.eightbells.localaws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files as tests need them. */
final class ParquetBytes implements AutoCloseable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final SimpleGroupFactory rows;
    private final ParquetWriter<Group> writer;

    ParquetBytes(String fields) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message m {" + fields + "}");
        rows = new SimpleGroupFactory(schema);
        writer = ExampleParquetWriter.builder(new Memory())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build();
    }

    /** A file with these rows. */
    @SafeVarargs
    static byte[] of(String fields, Consumer<Group>... rows) throws IOException {
        ParquetBytes file = new ParquetBytes(fields);
        for (Consumer<Group> row : rows) {
            file.add(row);
        }
        return file.finish();
    }

    void add(Consumer<Group> row) throws IOException {
        Group group = rows.newGroup();
        row.accept(group);
        writer.write(group);
    }

    byte[] finish() throws IOException {
        writer.close();
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private final class Memory implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new DelegatingPositionOutputStream(bytes) {
                @Override
                public long getPos() {
                    return bytes.size();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
