package dev.eightbells.care;

import dev.eightbells.table.SnapshotFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * Which snapshots are to be forgotten.
 *
 * @param snapshots their ids
 * @param because what keeps more from being forgotten than their age does, in a clause; null when nothing does
 */
record Expiry(List<Long> snapshots, String because) {
    Expiry {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * Decides. Of the main line only an end is cut off, so that whoever follows it meets no gap.
     *
     * @param facts what there is
     */
    static Expiry of(SnapshotFacts facts, Needs needs) {
        if (needs.unknown() != null) {
            return new Expiry(List.of(), needs.unknown());
        }
        List<SnapshotFacts.Known> main = facts.main();
        int needed = 0;
        String because = null;
        for (int place = 1; place < main.size(); place++) {
            SnapshotFacts.Known snapshot = main.get(place);
            // It was what readers saw until the next one came.
            boolean isYoung = !main.get(place - 1).committed().isBefore(needs.since());
            String reason = isYoung ? null : reason(snapshot, needs);
            if (reason == null && !isYoung) {
                reason = forgetting(main.get(place - 1), needs);
            }
            if (isYoung || reason != null) {
                needed = place;
                because = reason;
            }
        }
        List<Long> expired = new ArrayList<>();
        main.stream().skip(needed + 1L).forEach(snapshot -> expired.add(snapshot.id()));
        facts.beside().stream()
                .filter(snapshot -> snapshot.committed().isBefore(needs.since()) && reason(snapshot, needs) == null)
                .forEach(snapshot -> expired.add(snapshot.id()));
        return new Expiry(expired, because);
    }

    private static String reason(SnapshotFacts.Known snapshot, Needs needs) {
        if (snapshot.batch() != null && needs.open().contains(snapshot.batch())) {
            return "batch " + snapshot.batch() + " is not done";
        }
        if (needs.loaded() != null && snapshot.id() == needs.loaded()) {
            return "the warehouse has come as far as commit " + snapshot.id();
        }
        String forgetting = forgetting(snapshot, needs);
        if (forgetting != null) {
            return forgetting;
        }
        return snapshot.isHeld() ? "a tag holds commit " + snapshot.id() : null;
    }

    /** Whoever goes on with it reads which rows a commit took, of those that were there before. */
    private static String forgetting(SnapshotFacts.Known snapshot, Needs needs) {
        return snapshot.forget() != null && needs.forgets().contains(snapshot.forget())
                ? snapshot.forget() + " is not done"
                : null;
    }
}
