package dev.eightbells.query;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eightbells.Failure;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** One JSON object a line, null members included. */
public final class JsonLines implements Format {
    @Override
    public void begin(Writer out, StructType columns) {
        Set<String> names = new HashSet<>();
        for (String name : columns.fieldNames()) {
            if (!names.add(name)) {
                throw Failure.input("Cannot write the rows as JSON: two of their columns are called " + name
                        + ". Give one of them another name with AS.");
            }
        }
    }

    @Override
    public void row(Writer out, Row row) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator generator = Cell.JSON.createGenerator(line)) {
            Cell.write(generator, row);
        }
        out.write(line.append('\n').toString());
    }
}
