package dev.eightbells.write;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The files that one writing task made.
 *
 * @param files the files
 * @param rows how many rows are in them
 * @param maxBytes by measured column, the longest text in bytes; 0 for columns without text
 * @param nulls by measured column, the rows without a value
 */
public record WriteReport(List<DataFile> files, long rows, long[] maxBytes, long[] nulls) implements Serializable {

    /** The files of all tasks. */
    public static List<DataFile> files(List<WriteReport> reports) {
        return reports.stream().flatMap(report -> report.files().stream()).toList();
    }

    /** What all tasks measured together, by column. */
    public static Map<String, ColumnStatistics> statistics(StructType measured, List<WriteReport> reports) {
        Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
        StructField[] fields = measured.fields();
        for (int i = 0; i < fields.length; i++) {
            long nulls = 0;
            long maxBytes = 0;
            for (WriteReport report : reports) {
                nulls += report.nulls()[i];
                maxBytes = Math.max(maxBytes, report.maxBytes()[i]);
            }
            boolean text = fields[i].dataType() == DataTypes.StringType;
            columns.put(fields[i].name(), new ColumnStatistics(text ? maxBytes : null, nulls));
        }
        return columns;
    }
}
