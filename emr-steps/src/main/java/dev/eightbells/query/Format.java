package dev.eightbells.query;

import java.io.IOException;
import java.io.Writer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A form in which rows are written one by one, each when it comes. */
public interface Format {
    /**
     * Begins.
     *
     * @throws dev.eightbells.Failure of kind INPUT when the form cannot tell these columns apart
     */
    void begin(Writer out, StructType columns) throws IOException;

    void row(Writer out, Row row) throws IOException;
}
