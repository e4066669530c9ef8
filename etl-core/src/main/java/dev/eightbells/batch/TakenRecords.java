package dev.eightbells.batch;

import dev.eightbells.batch.BatchState.State;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a batch's quarantined records its replays have taken. An abandoned replay has given its records back; a
 * published one keeps them for ever.
 */
public final class TakenRecords {
    private final Map<Place, BatchState> takers;

    private TakenRecords(Map<Place, BatchState> takers) {
        this.takers = takers;
    }

    /**
     * The records of a batch that replays have taken.
     *
     * @param batch the batch that rejected the records
     * @param batches those among which its replays are looked for: all that came after it
     */
    public static TakenRecords of(BatchId batch, List<BatchState> batches) {
        Map<Place, BatchState> takers = new HashMap<>();
        for (BatchState replay : batches) {
            if (batch.equals(replay.manifest().replayOf()) && replay.state() != State.ABANDONED) {
                for (ReplayedRecord record : replay.manifest().records()) {
                    takers.merge(
                            new Place(record.key(), record.offset()),
                            replay,
                            (one, other) -> one.isPublished() ? one : other);
                }
            }
        }
        return new TakenRecords(takers);
    }

    /**
     * The replay that has a record, open or published; empty when the record is free.
     *
     * @param key the raw object that holds it
     * @param offset where it begins in the uncompressed object
     */
    public Optional<BatchState> taker(String key, long offset) {
        return Optional.ofNullable(takers.get(new Place(key, offset)));
    }

    private record Place(String key, long offset) {}
}
