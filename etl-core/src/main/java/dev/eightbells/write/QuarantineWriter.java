package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.eightbells.read.Rejection;
import dev.eightbells.store.Location;
import dev.eightbells.table.HadoopPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Writes one task's rejected records, a JSON object a line. The file is made with the first record, and counts for
 * nothing until the task's report names it.
 */
final class QuarantineWriter implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final FileIO io;
    private final BatchInput batch;
    private final String location;
    private OutputFile file;
    private JsonGenerator out;
    private long records;

    QuarantineWriter(FileIO io, BatchInput batch, int task, long taskAttempt) {
        this.io = io;
        this.batch = batch;
        this.location = "quarantine/" + batch.batch() + "/" + batch.attempt() + "/"
                + String.format(Locale.ROOT, "%05d-%d.json.gz", task, taskAttempt);
    }

    /** A record that became no row, as it stood. */
    void add(String object, long offset, long length, Rejection rejection) {
        try {
            begin("raw");
            writeText(rejection.text());
            out.writeStringField("object", object);
            out.writeNumberField("offset", offset);
            out.writeNumberField("length", length);
            out.writeStringField("reason", rejection.reason());
            if (rejection.column() != null) {
                out.writeStringField("column", rejection.column());
            }
            out.writeStringField("sentence", rejection.sentence());
            end("convert");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + location, e);
        }
    }

    /**
     * A row that rules rejected, by its columns.
     *
     * @param row begins with the columns
     * @param rules the texts of those that it fails
     */
    void add(String object, long offset, InternalRow row, StructType columns, List<String> rules) {
        try {
            begin("row");
            out.writeFieldName("row");
            new RowJson(out).write(row, columns);
            out.writeStringField("object", object);
            out.writeNumberField("offset", offset);
            out.writeStringField("reason", "rule");
            out.writeArrayFieldStart("rules");
            for (String rule : rules) {
                out.writeString(rule);
            }
            out.writeEndArray();
            out.writeStringField(
                    "sentence",
                    rules.size() == 1
                            ? "The row fails the rule " + rules.get(0) + "."
                            : "The row fails " + rules.size() + " rules: " + String.join("; ", rules) + ".");
            end("validate");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + location, e);
        }
    }

    private void begin(String form) throws IOException {
        if (out == null) {
            open();
        }
        out.writeStartObject();
        out.writeStringField("form", form);
    }

    private void end(String step) throws IOException {
        out.writeStringField("batch", batch.batch());
        out.writeStringField("step", step);
        out.writeEndObject();
        records++;
    }

    private void writeText(byte[] text) throws IOException {
        if (text == null) {
            // Too long to keep twice: the object, offset and length say where it is.
            out.writeBooleanField("reference", true);
            return;
        }
        try {
            out.writeStringField(
                    "text",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(text))
                            .toString());
        } catch (CharacterCodingException e) {
            out.writeFieldName("base64");
            out.writeBinary(text);
        }
    }

    private void open() throws IOException {
        Location lake = batch.pipeline().lake();
        file = io.newOutputFile(HadoopPaths.of(lake) + location);
        out = JSON.createGenerator(new GZIPOutputStream(file.createOrOverwrite(), 1 << 16));
        out.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("\n"));
    }

    /** Completes the file; null when there was nothing to write. */
    QuarantineFile finish() throws IOException {
        if (out == null) {
            return null;
        }
        out.writeRaw('\n');
        out.close();
        return new QuarantineFile(location, file.toInputFile().getLength(), records);
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
