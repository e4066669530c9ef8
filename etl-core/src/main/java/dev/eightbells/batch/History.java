package dev.eightbells.batch;

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
 * @param manifests from the newest backwards, without gaps; all of them, or so many that no earlier one holds a key that
 *     the planner will list
 * @param returned batches whose objects are free again
 * @param owed the bounds of those returned batches whose objects no later listing has covered yet
 */
record History(List<Manifest> manifests, Set<BatchId> returned, Map<BatchId, Bounds> owed) {
    static final History NONE = new History(List.of(), Set.of(), Map.of());

    History {
        manifests = List.copyOf(manifests);
        returned = Set.copyOf(returned);
        owed = Map.copyOf(owed);
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
    History and(Manifest next) {
        List<Manifest> all = new ArrayList<>(manifests.size() + 1);
        all.add(next);
        all.addAll(manifests);
        return new History(all, returned, owed);
    }
}
