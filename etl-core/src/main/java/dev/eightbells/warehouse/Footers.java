package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import dev.eightbells.table.TableHistory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Looks at the files that are to be copied: whether they are there, how long they are, and what their footers say. */
final class Footers {
    private static final int AT_ONCE = 16;
    private static final String ICEBERG_SCHEMA = "iceberg.schema";

    private final Configuration hadoop;

    /**
     * @param hadoop how the lake's file system is reached
     */
    Footers(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /**
     * What was seen of some files, in their order.
     *
     * @param findings why COPY would refuse some of them
     */
    record Seen(List<LoadFile> files, List<Finding> findings) {}

    Seen look(List<TableHistory.File> files) {
        List<LoadFile> found = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, files.size())));
        try {
            List<Future<LoadFile>> looks = new ArrayList<>();
            files.forEach(file -> looks.add(threads.submit(() -> look(file))));
            for (Future<LoadFile> look : looks) {
                try {
                    found.add(look.get());
                } catch (ExecutionException e) {
                    findings.add(finding(e.getCause()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while looking at the files of a load", e);
        } finally {
            threads.shutdownNow();
        }
        return new Seen(found, findings);
    }

    private static Finding finding(Throwable thrown) {
        if (thrown instanceof Unfit unfit) {
            return unfit.finding();
        }
        if (thrown instanceof Failure failure) {
            throw failure;
        }
        throw new IllegalStateException("Cannot look at the files of a load", thrown);
    }

    private LoadFile look(TableHistory.File file) throws Unfit {
        try {
            return lookAt(file);
        } catch (AccessDeniedException e) {
            throw new Unfit(Failure.Kind.INPUT, "the file " + file.location() + " may not be read; grant it", e);
        } catch (IOException e) {
            throw Failure.transientFailure(
                    "Cannot read the file " + file.location() + ": " + e.getMessage() + ". Run it again.", e);
        }
    }

    private LoadFile lookAt(TableHistory.File file) throws IOException, Unfit {
        HadoopInputFile input;
        try {
            input = HadoopInputFile.fromPath(new Path(file.location()), hadoop);
        } catch (FileNotFoundException e) {
            throw new Unfit(Failure.Kind.DATA, "the file " + file.location() + " is gone; restore it", e);
        }
        if (input.getLength() != file.bytes()) {
            throw new Unfit(
                    Failure.Kind.DATA,
                    "the file " + file.location() + " has " + input.getLength() + " bytes, and the table says "
                            + file.bytes() + "; restore it",
                    null);
        }
        FileMetaData footer;
        try (ParquetFileReader reader = ParquetFileReader.open(input)) {
            footer = reader.getFooter().getFileMetaData();
        } catch (RuntimeException e) {
            throw new Unfit(
                    Failure.Kind.DATA,
                    "the file " + file.location() + " is no Parquet file (" + e.getMessage() + "); restore it",
                    e);
        }
        return new LoadFile(file.location(), file.bytes(), file.rows(), columns(file, footer));
    }

    private static List<LoadFile.Column> columns(TableHistory.File file, FileMetaData footer) throws Unfit {
        String json = footer.getKeyValueMetaData().get(ICEBERG_SCHEMA);
        if (json == null) {
            throw new Unfit(
                    Failure.Kind.DATA,
                    "the file " + file.location() + " does not say which columns of the table it holds, for another"
                            + " writer than Iceberg made it; rewrite it with Iceberg's rewrite_data_files",
                    null);
        }
        Schema schema = SchemaParser.fromJson(json);
        List<LoadFile.Column> columns = new ArrayList<>();
        for (org.apache.parquet.schema.Type written : footer.getSchema().getFields()) {
            Types.NestedField field = written.getId() == null
                    ? null
                    : schema.findField(written.getId().intValue());
            if (field == null || !isWrittenAs(field.type(), written)) {
                throw new Unfit(
                        Failure.Kind.DATA,
                        "the file " + file.location() + " holds column " + written.getName() + " as " + written
                                + ", not as " + (field == null ? "a column of the table" : field.type())
                                + "; rewrite it with Iceberg's rewrite_data_files",
                        null);
            }
            columns.add(new LoadFile.Column(field.fieldId(), field.name(), field.type()));
        }
        return columns;
    }

    /** COPY goes by the width of what is in the file. */
    private static boolean isWrittenAs(Type type, org.apache.parquet.schema.Type written) {
        if (type.isNestedType()) {
            return !written.isPrimitive();
        }
        if (!written.isPrimitive()) {
            return false;
        }
        PrimitiveTypeName name = written.asPrimitiveType().getPrimitiveTypeName();
        return switch (type.typeId()) {
            case BOOLEAN -> name == PrimitiveTypeName.BOOLEAN;
            case INTEGER, DATE -> name == PrimitiveTypeName.INT32;
            case LONG, TIMESTAMP -> name == PrimitiveTypeName.INT64;
            case FLOAT -> name == PrimitiveTypeName.FLOAT;
            case DOUBLE -> name == PrimitiveTypeName.DOUBLE;
            case STRING -> name == PrimitiveTypeName.BINARY;
            default -> true;
        };
    }

    /** A file that COPY would refuse. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        private final Failure.Kind kind;

        Unfit(Failure.Kind kind, String message, Throwable cause) {
            super(message, cause);
            this.kind = kind;
        }

        Finding finding() {
            return new Finding(kind, getMessage());
        }
    }
}
