package dev.eightbells.care;

import dev.eightbells.pipeline.TableName;
import java.util.Map;

/** Asks the warehouse how far it has come. */
@FunctionalInterface
public interface LoadedCommits {
    /**
     * The last commit of each table that is in the warehouse; a table of which nothing is there is missing.
     *
     * @throws RuntimeException when the warehouse cannot be asked
     */
    Map<TableName, Long> lastLoaded();
}
