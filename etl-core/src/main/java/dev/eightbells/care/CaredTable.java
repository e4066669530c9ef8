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
 * @param followers who needs the commits that batches have made
 */
public record CaredTable(
        TableName name, Table table, String timeColumn, List<String> sortBy, Duration age, Followers followers) {
    /** Who goes by a table's commits. */
    public enum Followers {
        /** Steps of the batches that made them, until those are done. */
        STEPS,
        NOBODY
    }

    public CaredTable {
        sortBy = List.copyOf(sortBy);
    }
}
