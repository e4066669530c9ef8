package dev.eightbells.care;

import java.time.Instant;
import java.util.Set;

/**
 * What of a table's past is still needed.
 *
 * @param since readers may ask for the table as of any moment since then
 * @param loaded the last commit that is in the warehouse, from which loading goes on; null when there is none
 * @param open the batches that are not done; their commits are needed by the steps to come
 * @param forgets what is to be forgotten and is not yet, as its commits name it; those and what they took rows from are
 *     needed to go on
 * @param unknown why it cannot be told, in a clause; null when it can
 */
record Needs(Instant since, Long loaded, Set<String> open, Set<String> forgets, String unknown) {
    Needs {
        open = Set.copyOf(open);
        forgets = Set.copyOf(forgets);
    }
}
