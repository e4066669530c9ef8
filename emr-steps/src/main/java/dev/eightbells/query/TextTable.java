package dev.eightbells.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows for people: columns under their names, numbers to the right. */
public final class TextTable {
    /** More of a value is rarely read. */
    private static final int WIDEST = 60;

    private static final String GAP = "  ";

    private TextTable() {}

    /** The lines of a table: the names, a rule, and the rows. */
    public static List<String> of(StructType columns, List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(Arrays.stream(columns.fieldNames()).map(TextTable::cell).toList());
        rows.forEach(row -> cells.add(cells(row)));
        int[] widths = new int[columns.length()];
        for (List<String> line : cells) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], width(line.get(column)));
            }
        }
        List<String> lines = new ArrayList<>();
        cells.forEach(line -> lines.add(line(line, columns.fields(), widths)));
        lines.add(
                1, String.join(GAP, Arrays.stream(widths).mapToObj("─"::repeat).toList()));
        return lines;
    }

    private static List<String> cells(Row row) {
        List<String> cells = new ArrayList<>();
        for (int column = 0; column < row.length(); column++) {
            cells.add(cell(row.isNullAt(column) ? "NULL" : Cell.text(row.get(column))));
        }
        return cells;
    }

    /** One line that does nothing to the terminal. */
    private static String cell(String text) {
        // No more is looked at than can be shown, in whatever pairs its letters come.
        String line = text.substring(0, Math.min(text.length(), 2 * WIDEST + 2)).replaceAll("[\\p{Cntrl}\\p{Cf}]", " ");
        return width(line) <= WIDEST ? line : line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String line(List<String> cells, StructField[] columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String text = cells.get(column);
            String space = " ".repeat(widths[column] - width(text));
            boolean isNumber = columns[column].dataType() instanceof NumericType;
            line.append(column == 0 ? "" : GAP).append(isNumber ? space + text : text + space);
        }
        return line.toString().stripTrailing();
    }
}
