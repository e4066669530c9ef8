package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Looks up what is new among the raw objects, and claims it for a batch. Closes no store. */
public final class Planning {
    private final Pipeline pipeline;
    private final String definition;
    private final ObjectStore source;
    private final Ledger ledger;
    private final Clock clock;
    private final BatchPlanner planner;

    /**
     * @param pipeline today's definition
     * @param definition its frozen text
     * @param source the raw objects, below {@code pipeline.source().location()}
     * @param ledger of the pipeline's lake
     * @param clock what time it is
     */
    public Planning(Pipeline pipeline, String definition, ObjectStore source, Ledger ledger, Clock clock) {
        this.pipeline = pipeline;
        this.definition = definition;
        this.source = source;
        this.ledger = ledger;
        this.clock = clock;
        this.planner = new BatchPlanner(pipeline, Ledger.sha256(definition));
    }

    /**
     * What {@link #claim} would decide now. Changes nothing.
     *
     * @param at plans for the newest window that ended at or before this
     * @param from reaches back to this instant if that is earlier than usual, or begins there when nothing has been
     *     planned yet; null means as usual
     * @throws Failure of kind INPUT when the window has not ended yet
     */
    public Plan preview(Instant at, Instant from) {
        Facts facts = gather(window(at), from);
        return plan(facts);
    }

    /**
     * Plans one batch and claims it: from then on it exists, and is to be finished. While its manifest says that objects
     * are left over, claim again for the next batch of the same window.
     *
     * @param at plans for the newest window that ended at or before this
     * @param from reaches back to this instant if that is earlier than usual, or begins there when nothing has been
     *     planned yet; null means as usual
     * @return the batch's manifest; empty when there is nothing new
     * @throws Failure of kind INPUT when the window has not ended yet or the lake is another pipeline's
     */
    public Optional<Manifest> claim(Instant at, Instant from) {
        return claim(at, from, () -> {});
    }

    /**
     * The same, with a last look before a batch exists: its definition is its own for ever.
     *
     * @param at as above
     * @param from as above
     * @param look called when there is something new; what it throws keeps the batch from being planned
     */
    public Optional<Manifest> claim(Instant at, Instant from, Runnable look) {
        return claim(gather(window(at), from), look);
    }

    /**
     * Looks for objects that were delivered later than the lookback: below what {@link #preview} would list now, as far as
     * {@code reach} and not below all that was ever listed. Changes nothing.
     *
     * @return what was found; empty when listings have no lower bound, as with a flat layout
     * @throws Failure as {@link #preview} does
     */
    public Optional<Stragglers> stragglers(Instant at, Duration reach) {
        History history = history(null);
        Instant listedFrom = planner.bounds(window(at), history, null).from();
        if (listedFrom == null || history.newest().isEmpty()) {
            return Optional.empty();
        }
        Folders folders = new Folders(pipeline.source().layout());
        Instant begin = folders.floor(listedFrom.minus(reach));
        LongStream.Builder taken = LongStream.builder();
        try (Stream<Outline> manifests =
                ledger.outlinesBackFrom(history.newest().get().number())) {
            List<Manifest> outlines = manifests
                    .takeWhile(outline -> planner.mayHoldKeys(outline.manifest(), History.NONE, begin))
                    .peek(outline -> Stragglers.digests(outline).forEach(taken))
                    .map(Outline::manifest)
                    .toList();
            Optional<Bounds> all = outlines.stream()
                    .filter(outline -> !outline.isReplay())
                    .map(Manifest::listed)
                    .reduce(Bounds::hull);
            boolean isWhole =
                    outlines.isEmpty() || outlines.get(outlines.size() - 1).number() == 1;
            Instant from = isWhole
                            && all.isPresent()
                            && all.get().from() != null
                            && all.get().from().isAfter(begin)
                    ? all.get().from()
                    : begin;
            Bounds below = new Bounds(from, listedFrom);
            try (Stream<StoredObject> listing = list(below)) {
                return Optional.of(Stragglers.of(
                        clock.instant(), below, listing, taken.build().sorted().toArray()));
            }
        }
    }

    Optional<Manifest> claim(Facts first) {
        return claim(first, () -> {});
    }

    private Optional<Manifest> claim(Facts first, Runnable look) {
        Facts facts = first;
        while (plan(facts) instanceof Plan.NewBatch batch) {
            look.run();
            Manifest manifest = batch.manifest();
            ledger.own();
            ledger.freeze(definition);
            if (ledger.create(manifest)) {
                settle(facts, manifest.left());
                return Optional.of(manifest);
            }
            facts = afterLosing(facts, ledger.existingManifest(manifest.number()));
        }
        settle(facts, Manifest.Left.NOTHING);
        return Optional.empty();
    }

    /** Everything that the planner decides on. */
    Facts gather(Window window, Instant from) {
        History history = history(from);
        Bounds bounds = planner.bounds(window, history, from);
        return new Facts(window, from, history, bounds, offer(bounds, history));
    }

    Window window(Instant at) {
        Window window = Window.newestEndedBy(at, pipeline.window());
        Instant now = clock.instant();
        if (window.end().isAfter(now)) {
            throw Failure.input("Cannot plan at " + at + ": the window " + window + " has not ended (it is " + now
                    + "). Give an instant that has passed.");
        }
        return window;
    }

    private Plan plan(Facts facts) {
        return planner.plan(facts.window(), facts.bounds(), facts.offer(), facts.history());
    }

    /** The facts when somebody else was first; the listing holds, unless the winner left over what it does not cover. */
    private Facts afterLosing(Facts facts, Manifest winner) {
        History history = facts.history().and(Outline.of(winner));
        Bounds bounds = planner.bounds(facts.window(), history, facts.from());
        if (facts.bounds().covers(bounds)) {
            return new Facts(
                    facts.window(),
                    facts.from(),
                    history,
                    facts.bounds(),
                    facts.offer().after(history));
        }
        return gather(facts.window(), facts.from());
    }

    /** Reads manifests backwards until no earlier one holds a key that is going to be listed. */
    private History history(Instant from) {
        Batches batches = ledger.batches();
        Set<BatchId> returned = new HashSet<>();
        Map<BatchId, Bounds> owed = new HashMap<>();
        for (Batches.Returned batch : batches.returned()) {
            returned.add(batch.marker().batch());
            if (!batch.replanned()) {
                Manifest manifest = ledger.existingManifest(batch.marker().number());
                owed.put(manifest.batch(), manifest.listed());
            }
        }
        List<Outline> read = new ArrayList<>();
        List<Manifest> known = new ArrayList<>();
        try (Stream<Outline> manifests = ledger.outlinesBackFrom(batches.size())) {
            manifests
                    .takeWhile(outline -> {
                        History later = new History(known, returned, owed, Digests.NONE);
                        return later.isWithoutListing() || planner.mayHoldKeys(outline.manifest(), later, from);
                    })
                    .forEach(outline -> {
                        read.add(outline);
                        known.add(outline.manifest());
                    });
        }
        return History.of(read, returned, owed);
    }

    private Offer offer(Bounds bounds, History history) {
        try (Stream<StoredObject> listing = list(bounds)) {
            return Offer.of(listing, history);
        }
    }

    /** To be closed. */
    private Stream<StoredObject> list(Bounds bounds) {
        if (bounds.isEmpty()) {
            return Stream.empty();
        }
        return bounds.equals(Bounds.EVERYTHING) ? source.list("", "") : listed(bounds);
    }

    /** The objects in bounds that have an end; to be closed. */
    private Stream<StoredObject> listed(Bounds bounds) {
        Folders folders = new Folders(pipeline.source().layout());
        String last = folders.last(bounds);
        return source.list("", folders.startAfter(bounds)).takeWhile(object -> Folders.isBeforeEnd(object.key(), last));
    }

    /** Notes that the objects of returned batches have been planned, so that later listings need not reach for them. */
    private void settle(Facts facts, Manifest.Left left) {
        if (left.objects() > 0) {
            return;
        }
        facts.history().owed().forEach((batch, owed) -> {
            if (facts.bounds().covers(owed)) {
                ledger.markers(batch).replanned(clock.instant());
            }
        });
    }

    /**
     * What a plan is decided on.
     *
     * @param window to plan for
     * @param from how far to reach back; null means as usual
     * @param history the earlier plans
     * @param bounds of the listing
     * @param offer what all objects in these bounds offer after this history
     */
    record Facts(Window window, Instant from, History history, Bounds bounds, Offer offer) {}
}
