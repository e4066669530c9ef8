package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState.State;
import dev.eightbells.pipeline.Pipeline;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Claims quarantined records for new batches. A record is in at most one replay that is open or published. */
public final class Replays {
    /** What a manifest holds without being a burden to all who read it. */
    private static final int MOST_RECORDS = 100_000;

    private final String definition;
    private final Ledger ledger;
    private final ReplayPlanner planner;

    /**
     * @param pipeline today's definition
     * @param definition its frozen text
     * @param ledger of the pipeline's lake
     */
    public Replays(Pipeline pipeline, String definition, Ledger ledger) {
        this(pipeline, definition, ledger, MOST_RECORDS);
    }

    Replays(Pipeline pipeline, String definition, Ledger ledger, int most) {
        this.definition = definition;
        this.ledger = ledger;
        this.planner = new ReplayPlanner(pipeline.name(), Ledger.sha256(definition), most);
    }

    /**
     * A record of a batch's quarantine.
     *
     * @param key the raw object that holds it
     * @param offset where it begins in the uncompressed object
     * @param length its length in bytes; 0 when the quarantine does not tell
     */
    public record Rejected(String key, long offset, long length) {}

    /** The records of a batch's quarantine that are asked for. They are read anew whenever somebody wants to hear them. */
    @FunctionalInterface
    public interface Quarantine {
        /** Hands on each record. */
        void each(Consumer<Rejected> hears);
    }

    /**
     * Refuses a batch whose records are not to be replayed.
     *
     * @throws Failure of kind INPUT when it is not published
     */
    public static void requirePublished(BatchState batch) {
        String sentence = "Cannot replay batch " + batch.batch() + ": ";
        switch (batch.state()) {
            case PUBLISHED, LOADED -> {}
            case PLANNED, RUNNING ->
                throw Failure.input(sentence + "it is not published yet. Finish it with eightbells run.");
            case STOPPED ->
                throw Failure.input(sentence + "it is stopped, and waits for a decision."
                        + " Decide on it with eightbells release or eightbells abandon.");
            case ABANDONED ->
                throw Failure.input(sentence + "it was abandoned, and nothing of it is published."
                        + (batch.manifest().isReplay()
                                ? " Replay batch " + batch.manifest().replayOf() + ", which has its records again."
                                : " If its objects were returned, replay the newer batch that has them."));
        }
    }

    /**
     * Plans one replay and claims it: from then on it exists, and is to be finished. It takes those of the records that no
     * other replay has, and no more than a manifest holds.
     *
     * @param original a published batch
     * @param quarantine its records; heard again when another process was faster
     * @param look called before the replay exists; what it throws keeps it from being planned
     * @throws Failure of kind INPUT when the batch is not published
     */
    public ReplayPlan claim(BatchState original, Quarantine quarantine, Runnable look) {
        requirePublished(original);
        return claim(gather(original.manifest(), quarantine), look);
    }

    ReplayPlan claim(Facts first, Runnable look) {
        Facts facts = first;
        ReplayPlan plan = planner.plan(facts);
        while (plan instanceof ReplayPlan.NewBatch batch) {
            look.run();
            ledger.freeze(definition);
            if (ledger.create(batch.manifest())) {
                return batch;
            }
            facts = facts.and(ledger.existingManifest(batch.manifest().number()));
            plan = planner.plan(facts);
        }
        return plan;
    }

    /** Everything that the planner decides on. */
    Facts gather(Manifest original, Quarantine quarantine) {
        try (Stream<BatchState> batches =
                ledger.batches().backToWindow(original.window().end())) {
            return new Facts(
                    original,
                    quarantine,
                    batches.map(batch ->
                                    original.batch().equals(batch.manifest().replayOf()) ? batch : outline(batch))
                            .toList());
        }
    }

    private static BatchState outline(BatchState batch) {
        return new BatchState(
                batch.manifest().outline(), batch.state(), batch.finished(), batch.attempts(), batch.submissions());
    }

    /**
     * What a replay is decided on.
     *
     * @param original the manifest of the batch that rejected the records
     * @param quarantine the records that are asked for
     * @param batches from the newest back to at least the first batch of the window, without gaps; only replays of the
     *     original say what they take
     */
    record Facts(Manifest original, Quarantine quarantine, List<BatchState> batches) {
        /** These facts and the manifest that came next; whatever has become of it, it has what it takes. */
        Facts and(Manifest next) {
            BatchState planned = new BatchState(next, State.PLANNED, Set.of(), 0, 0);
            return new Facts(
                    original,
                    quarantine,
                    Stream.concat(Stream.of(planned), batches.stream()).toList());
        }
    }
}
