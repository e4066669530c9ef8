package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.eightbells.table.HadoopPaths;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;

/**
 * One task's gzip file of JSON objects, one a line. The file is made with the first line, and counts for nothing until the
 * task's report names it.
 */
final class JsonLines implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BUFFER = 1 << 16;

    private final FileIO io;
    private final BatchInput batch;
    private final String location;
    private OutputFile file;
    private JsonGenerator out;
    private long lines;

    /**
     * @param folder of all batches' files of this kind, relative to the lake, with its slash
     */
    JsonLines(String folder, FileIO io, BatchInput batch, int task, long taskAttempt) {
        this.io = io;
        this.batch = batch;
        this.location = folder + batch.batch() + "/" + batch.attempt() + "/"
                + String.format(Locale.ROOT, "%05d-%d.json.gz", task, taskAttempt);
    }

    /** Begins a line; its fields are to be written next. */
    JsonGenerator begin() throws IOException {
        if (out == null) {
            file = io.newOutputFile(HadoopPaths.of(batch.pipeline().lake()) + location);
            out = JSON.createGenerator(new GZIPOutputStream(file.createOrOverwrite(), BUFFER));
            out.setRootValueSeparator(new SerializedString("\n"));
        }
        out.writeStartObject();
        return out;
    }

    /** Ends the line. */
    void end() throws IOException {
        out.writeEndObject();
        lines++;
    }

    /** Where the file is, or would be, relative to the lake. */
    String location() {
        return location;
    }

    long lines() {
        return lines;
    }

    /** Completes the file; returns its size as stored, 0 when there is none, because nothing was written. */
    long finish() throws IOException {
        if (out == null) {
            return 0;
        }
        out.writeRaw('\n');
        out.close();
        return file.toInputFile().getLength();
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
