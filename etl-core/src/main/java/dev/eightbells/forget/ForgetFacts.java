package dev.eightbells.forget;

import dev.eightbells.batch.BatchId;
import java.util.List;

/**
 * What was found before anything is forgotten.
 *
 * @param found what is to go
 * @param all how many rows the events' table has
 * @param open the oldest batch that is neither done nor waits for a decision; null when there is none
 * @param withoutSessions a published batch of which no sessions were made though the pipeline has some; null when there is
 *     none
 * @param stopped the batches that wait for a decision with rows that are to go
 * @param refs branches and tags that others have made in the tables
 */
record ForgetFacts(
        ForgetCounts found, long all, BatchId open, BatchId withoutSessions, List<BatchId> stopped, List<String> refs) {
    ForgetFacts {
        stopped = List.copyOf(stopped);
        refs = List.copyOf(refs);
    }
}
