package dev.eightbells.warehouse;

import dev.eightbells.pipeline.TableName;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a load did to one table of the warehouse.
 *
 * @param target the warehouse's table
 * @param source the lake's table
 * @param commits of the lake's table that were loaded now, in their order; of a reload only the newest
 * @param rows how many came in
 * @param whyReloaded why all rows came anew, as a clause; null when only new ones came
 */
public record Loaded(TableName target, TableName source, Set<Long> commits, long rows, String whyReloaded) {
    public Loaded {
        commits = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(commits));
    }

    /** Whether the rows of a commit of the lake's table came in now, and had not before. */
    public boolean brought(long commit) {
        return whyReloaded != null || commits.contains(commit);
    }
}
