package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.iceberg.io.FileIO;

/**
 * Writes which records one task dropped for which of their batch, a JSON object a line. Only places are kept: they are
 * enough to find the records again, and nothing of what stands in these lies in the lake once more.
 */
final class DuplicatesWriter implements AutoCloseable {
    /** The folder, relative to the lake. */
    static final String FOLDER = "duplicates/";

    static final String OBJECT = "object";
    static final String OFFSET = "offset";
    static final String WINNER_OBJECT = "winnerObject";
    static final String WINNER_OFFSET = "winnerOffset";

    private final JsonLines lines;

    DuplicatesWriter(FileIO io, BatchInput batch, int task, long taskAttempt) {
        this.lines = new JsonLines(FOLDER, io, batch, task, taskAttempt);
    }

    void add(Place duplicate, Place winner) throws IOException {
        JsonGenerator out = lines.begin();
        out.writeStringField(OBJECT, duplicate.object());
        out.writeNumberField(OFFSET, duplicate.offset());
        out.writeStringField(WINNER_OBJECT, winner.object());
        out.writeNumberField(WINNER_OFFSET, winner.offset());
        lines.end();
    }

    /** Completes the file; null when there was nothing to write. */
    DuplicatesFile finish() throws IOException {
        long bytes = lines.finish();
        return lines.lines() == 0 ? null : new DuplicatesFile(lines.location(), bytes, lines.lines());
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
