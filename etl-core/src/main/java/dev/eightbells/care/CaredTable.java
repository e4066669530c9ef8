package dev.eightbells.care;

import dev.eightbells.pipeline.TableName;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.Table;

/**
 * A table that is taken care of.
 *
 * @param timeColumn the column by which its rows age
 * @param sortBy the columns that compacted files are sorted by
 * @param age how old rows may become; null means for ever
 */
public record CaredTable(TableName name, Table table, String timeColumn, List<String> sortBy, Duration age) {
    public CaredTable {
        sortBy = List.copyOf(sortBy);
    }
}
