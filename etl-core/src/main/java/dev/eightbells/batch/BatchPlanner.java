package dev.eightbells.batch;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Decides what the next batch takes. Pure: the same facts give the same plan. */
final class BatchPlanner {
    private final Pipeline pipeline;
    private final String definition;

    /**
     * @param pipeline today's definition
     * @param definition the SHA-256 of its frozen text
     */
    BatchPlanner(Pipeline pipeline, String definition) {
        this.pipeline = pipeline;
        this.definition = definition;
    }

    /**
     * The folders to list for a window.
     *
     * @param from where to begin if that is earlier than usual, or if nothing has been planned yet; null means as usual
     */
    Bounds bounds(Window window, History history, Instant from) {
        if (pipeline.source().layout().isFlat()) {
            return Bounds.EVERYTHING;
        }
        Folders folders = new Folders(pipeline.source().layout());
        return new Bounds(begin(folders, history, from), folders.ceiling(window.end()));
    }

    /**
     * Whether a manifest, or one before it, may hold a key that will be listed.
     *
     * @param later the manifests after it
     */
    boolean mayHoldKeys(Manifest manifest, History later, Instant from) {
        if (pipeline.source().layout().isFlat() || manifest.reached() == null) {
            return true;
        }
        Instant begin = begin(new Folders(pipeline.source().layout()), later, from);
        return begin == null || begin.isBefore(manifest.reached());
    }

    private Instant begin(Folders folders, History history, Instant from) {
        Instant usual = history.newestEnd()
                .map(end -> usualFrom(folders, history, end))
                .orElseGet(() -> from == null ? floor(folders, pipeline.source().from()) : folders.floor(from));
        Instant begin = from == null ? usual : Bounds.earlier(usual, folders.floor(from));
        Optional<Bounds> unfinished = history.newest().map(Manifest::unfinished);
        if (unfinished.isPresent()) {
            begin = Bounds.earlier(begin, floor(folders, unfinished.get().from()));
        }
        for (Bounds owed : history.owed().values()) {
            begin = Bounds.earlier(begin, floor(folders, owed.from()));
        }
        return begin;
    }

    /**
     * The plan for a window.
     *
     * @param listed the bounds of the listing
     * @param offer what all objects in these bounds offer after this history
     */
    Plan plan(Window window, Bounds listed, Offer offer, History history) {
        if (offer.free().isEmpty()) {
            return new Plan.Idle(window, listed, offer.counts());
        }
        List<StoredObject> free = offer.free();
        if (pipeline.source().layout().isFlat()) {
            free = free.stream()
                    .sorted(Comparator.comparing(StoredObject::modified).thenComparing(StoredObject::key))
                    .toList();
        }
        return new Plan.NewBatch(manifest(window, listed, free, offer.counts(), history), offer.counts());
    }

    private Manifest manifest(
            Window window, Bounds listed, List<StoredObject> free, Plan.Counts counts, History history) {
        int taken = 1;
        long bytes = free.get(0).bytes();
        while (taken < free.size()
                && free.get(taken).bytes() <= pipeline.source().maxBytes() - bytes) {
            bytes += free.get(taken).bytes();
            taken++;
        }
        List<StoredObject> rest = free.subList(taken, free.size());
        Manifest.Left left = new Manifest.Left(
                rest.size(), rest.stream().mapToLong(StoredObject::bytes).sum());
        return new Manifest(
                LedgerJson.VERSION,
                history.nextNumber(),
                name(window, history),
                pipeline.name(),
                definition,
                window,
                listed,
                history.newest()
                        .map(newest -> Bounds.later(newest.reached(), listed.to()))
                        .orElse(listed.to()),
                unfinished(listed, rest.isEmpty(), history),
                free.subList(0, taken).stream().map(ManifestObject::of).toList(),
                left,
                counts.ignored(),
                null,
                null);
    }

    /** All batches of the window are in the history: their listings and this one hold the window's last folder. */
    private static BatchId name(Window window, History history) {
        return history.manifests().stream()
                .map(Manifest::batch)
                .filter(batch -> batch.windowEnd().equals(window.end()) && batch.kind() == BatchId.Kind.OBJECTS)
                .max(Comparator.comparingInt(BatchId::sequence))
                .map(BatchId::next)
                .orElseGet(() -> BatchId.of(window));
    }

    private static Bounds unfinished(Bounds listed, boolean tookAll, History history) {
        Bounds before = history.newest().map(Manifest::unfinished).orElse(null);
        if (before == null) {
            return tookAll ? null : listed;
        }
        if (!tookAll) {
            return before.hull(listed);
        }
        return listed.covers(before) ? null : before;
    }

    /**
     * The lookback before the newest planned window, but not before everything that was ever listed: what is older was
     * left on purpose, by {@code source.from} or {@code --from}.
     */
    private Instant usualFrom(Folders folders, History history, Instant newestEnd) {
        Instant from = folders.floor(newestEnd.minus(pipeline.source().lookback()));
        if (!history.isWhole()) {
            return from;
        }
        Instant earliest = history.manifests().stream()
                .map(Manifest::listed)
                .filter(listed -> listed != null)
                .reduce(Bounds::hull)
                .map(Bounds::from)
                .orElse(null);
        return earliest == null || earliest.isBefore(from) ? from : earliest;
    }

    private static Instant floor(Folders folders, Instant instant) {
        return instant == null ? null : folders.floor(instant);
    }
}
