package dev.eightbells.batch;

import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a planner knows of earlier plans.
 *
 * @param manifests without what they take, from the newest backwards, without gaps; all of them, or so many that no earlier
 *     one holds a key that the planner will list
 * @param returned batches whose objects are free again
 * @param owed the bounds of those returned batches whose objects no later listing has covered yet
 * @param taken what these manifests have taken for good
 */
record History(List<Manifest> manifests, Set<BatchId> returned, Map<BatchId, Bounds> owed, Digests taken) {
    static final History NONE = new History(List.of(), Set.of(), Map.of(), Digests.NONE);

    History {
        manifests = List.copyOf(manifests);
        returned = Set.copyOf(returned);
        owed = Map.copyOf(owed);
    }

    /** A history of these manifests, from the newest backwards. */
    static History of(List<Outline> outlines, Set<BatchId> returned, Map<BatchId, Bounds> owed) {
        List<long[]> taken = outlines.stream()
                .filter(outline -> !returned.contains(outline.manifest().batch()))
                .map(Outline::taken)
                .toList();
        return new History(outlines.stream().map(Outline::manifest).toList(), returned, owed, Digests.NONE.and(taken));
    }

    boolean hasTaken(StoredObject object) {
        return taken.contains(object.key(), object.etag());
    }

    Optional<Manifest> newest() {
        return manifests.stream().findFirst();
    }

    /** The number of the next manifest. */
    int nextNumber() {
        return newest().map(Manifest::number).orElse(0) + 1;
    }

    /** Whether these are all manifests there are. */
    boolean isWhole() {
        return manifests.isEmpty() || manifests.get(manifests.size() - 1).number() == 1;
    }

    /** Whether none of these manifests comes from a listing: only replays, or nothing at all. */
    boolean isWithoutListing() {
        return manifests.stream().allMatch(Manifest::isReplay);
    }

    /** The end of the newest window that was planned from a listing; empty when there is none. */
    Optional<Instant> newestEnd() {
        return manifests.stream()
                .filter(manifest -> !manifest.isReplay())
                .map(manifest -> manifest.window().end())
                .max(Comparator.naturalOrder());
    }

    /** This history and the manifest that came next. */
    History and(Outline next) {
        List<Manifest> all = new ArrayList<>(manifests.size() + 1);
        all.add(next.manifest());
        all.addAll(manifests);
        return new History(all, returned, owed, taken.and(List.of(next.taken())));
    }
}
