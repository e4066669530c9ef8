package dev.eightbells.batch;

import dev.eightbells.batch.BatchState.State;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of a batch's quarantined records its replays have taken. An abandoned replay has given its records back; a
 * published one keeps them for ever.
 */
public final class TakenRecords {
    private final Map<Place, Taker> takers;

    private TakenRecords(Map<Place, Taker> takers) {
        this.takers = takers;
    }

    /**
     * The records of a batch that replays have taken.
     *
     * @param batch the batch that rejected the records
     * @param batches those among which its replays are looked for: all that came after it
     */
    public static TakenRecords of(BatchId batch, Stream<BatchState> batches) {
        Map<Place, Taker> takers = new HashMap<>();
        batches.filter(replay -> batch.equals(replay.manifest().replayOf()))
                .filter(replay -> replay.state() != State.ABANDONED)
                .forEach(replay -> {
                    Taker taker = new Taker(replay.batch(), replay.isPublished());
                    for (ReplayedRecord record : replay.manifest().records()) {
                        takers.merge(
                                new Place(record.key(), record.offset()),
                                taker,
                                (one, other) -> one.isPublished() ? one : other);
                    }
                });
        return new TakenRecords(takers);
    }

    /**
     * A replay that has a record.
     *
     * @param isPublished whether it has it for ever; otherwise it is open
     */
    public record Taker(BatchId batch, boolean isPublished) {}

    /**
     * The replay that has a record, open or published; empty when the record is free.
     *
     * @param key the raw object that holds it
     * @param offset where it begins in the uncompressed object
     */
    public Optional<Taker> taker(String key, long offset) {
        return Optional.ofNullable(takers.get(new Place(key, offset)));
    }

    private record Place(String key, long offset) {}
}
