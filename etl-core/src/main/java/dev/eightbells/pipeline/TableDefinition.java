package dev.eightbells.pipeline;

import java.io.Serializable;
import java.util.List;

/**
 * The events table.
 *
 * @param name {@code database.table}
 * @param key the columns that are unique within a partition; empty when the table has no key
 * @param partitionBy the column and unit of Iceberg's hidden partitioning
 * @param nullValues the strings that mean null
 * @param columns in the order of the table, without the lineage columns
 * @param rescue the name of the column that keeps unknown fields as JSON text; null when there is none
 */
public record TableDefinition(
        TableName name,
        List<String> key,
        PartitionBy partitionBy,
        List<String> nullValues,
        List<Column> columns,
        String rescue)
        implements Serializable {
    public TableDefinition {
        key = List.copyOf(key);
        nullValues = List.copyOf(nullValues);
        columns = List.copyOf(columns);
    }

    /** The partition column (a date or timestamp) and the unit of time of one partition. */
    public record PartitionBy(String from, Unit unit) implements Serializable {}

    /** One partition's length, the shortest first. */
    public enum Unit {
        HOUR,
        DAY,
        MONTH
    }
}
