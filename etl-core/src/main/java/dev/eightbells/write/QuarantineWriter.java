package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eightbells.read.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Writes one task's rejected records, a JSON object a line. */
final class QuarantineWriter implements AutoCloseable {
    private final BatchInput batch;
    private final JsonLines lines;
    private JsonGenerator out;

    QuarantineWriter(FileIO io, BatchInput batch, int task, long taskAttempt) {
        this.batch = batch;
        this.lines = new JsonLines("quarantine/", io, batch, task, taskAttempt);
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
            throw new UncheckedIOException("Cannot write " + lines.location(), e);
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
            throw new UncheckedIOException("Cannot write " + lines.location(), e);
        }
    }

    /**
     * A record that convert dropped for another of its batch with the same key, which rules have rejected since. Nobody has
     * judged it; it is kept by its place.
     */
    void addDuplicate(Place duplicate, Place winner) {
        try {
            begin("raw");
            out.writeBooleanField("reference", true);
            out.writeStringField("object", duplicate.object());
            out.writeNumberField("offset", duplicate.offset());
            out.writeStringField("reason", "duplicate-of-rejected");
            out.writeObjectFieldStart("winner");
            out.writeStringField("object", winner.object());
            out.writeNumberField("offset", winner.offset());
            out.writeEndObject();
            out.writeStringField(
                    "sentence",
                    "The record has the key of the one at " + winner.offset() + " of " + winner.object()
                            + ", which came first in the batch and was rejected by rules."
                            + " To have it judged, replay the records with this reason.");
            end("validate");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + lines.location(), e);
        }
    }

    private void begin(String form) throws IOException {
        out = lines.begin();
        out.writeStringField("form", form);
    }

    private void end(String step) throws IOException {
        out.writeStringField("batch", batch.batch());
        out.writeStringField("step", step);
        lines.end();
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

    /** Completes the file; null when there was nothing to write. */
    QuarantineFile finish() throws IOException {
        long bytes = lines.finish();
        return lines.lines() == 0 ? null : new QuarantineFile(lines.location(), bytes, lines.lines());
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
