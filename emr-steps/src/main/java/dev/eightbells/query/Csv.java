package dev.eightbells.query;

import java.io.IOException;
import java.io.Writer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * CSV by RFC 4180 with a line of names. Null is nothing at all, and the empty text is {@code ""}; what is nested is JSON.
 */
public final class Csv implements Format {
    private static final String END = "\r\n";

    @Override
    public void begin(Writer out, StructType columns) throws IOException {
        String[] names = columns.fieldNames();
        for (int column = 0; column < names.length; column++) {
            cell(out, column, names[column]);
        }
        out.write(END);
    }

    @Override
    public void row(Writer out, Row row) throws IOException {
        for (int column = 0; column < row.length(); column++) {
            cell(out, column, Cell.text(row.get(column)));
        }
        out.write(END);
    }

    private static void cell(Writer out, int column, String text) throws IOException {
        if (column > 0) {
            out.write(',');
        }
        if (text == null) {
            return;
        }
        boolean isBare = !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
        out.write(isBare ? text : '"' + text.replace("\"", "\"\"") + '"');
    }
}
