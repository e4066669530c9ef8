package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState.State;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import dev.eightbells.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     * @param quarantined the records of its quarantine that are asked for
     * @param look called before the replay exists; what it throws keeps it from being planned
     * @throws Failure of kind INPUT when the batch is not published
     */
    public ReplayPlan claim(BatchState original, List<Rejected> quarantined, Runnable look) {
        requirePublished(original);
        return claim(gather(original.manifest(), quarantined), look);
    }

    ReplayPlan claim(Facts first, Runnable look) {
        Facts facts = first;
        while (planner.plan(facts) instanceof ReplayPlan.NewBatch batch) {
            look.run();
            ledger.freeze(definition);
            if (ledger.create(batch.manifest())) {
                return batch;
            }
            facts = facts.and(ledger.existingManifest(batch.manifest().number()));
        }
        return planner.plan(facts);
    }

    /** Everything that the planner decides on. */
    Facts gather(Manifest original, List<Rejected> quarantined) {
        List<BatchState> batches =
                ledger.batches().backToWindow(original.window().end());
        return new Facts(original, records(original, quarantined), batches);
    }

    private static List<ReplayedRecord> records(Manifest original, List<Rejected> quarantined) {
        Map<String, ManifestObject> objects = new HashMap<>();
        original.objects().forEach(object -> objects.put(object.key(), object));
        List<ReplayedRecord> records = new ArrayList<>(quarantined.size());
        for (Rejected rejected : quarantined) {
            ManifestObject object = objects.get(rejected.key());
            if (object == null) {
                throw Failure.input("Cannot replay batch " + original.batch() + ": its quarantine names the object "
                        + rejected.key() + ", which is not in its manifest. Restore what lies in quarantine/"
                        + original.batch() + "/; nothing but Eightbells may write there.");
            }
            records.add(new ReplayedRecord(object.key(), object.etag(), rejected.offset(), rejected.length()));
        }
        return records;
    }

    /**
     * What a replay is decided on.
     *
     * @param original the manifest of the batch that rejected the records
     * @param quarantined the records that are asked for, all of objects of that manifest
     * @param batches from the newest back to at least the first batch of the window, without gaps
     */
    record Facts(Manifest original, List<ReplayedRecord> quarantined, List<BatchState> batches) {
        /** These facts and the manifest that came next; whatever has become of it, it has what it takes. */
        Facts and(Manifest next) {
            BatchState planned = new BatchState(next, State.PLANNED, Set.of(), 0);
            return new Facts(
                    original,
                    quarantined,
                    Stream.concat(Stream.of(planned), batches.stream()).toList());
        }
    }
}
