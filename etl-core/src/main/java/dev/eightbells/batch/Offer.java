package dev.eightbells.batch;

import dev.eightbells.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a listing offers to a plan. The rest is only counted: most of a listing has been planned before.
 *
 * @param free objects with content that no batch has taken, in the order of their keys
 * @param counts of the whole listing
 */
record Offer(List<StoredObject> free, Plan.Counts counts) {
    Offer {
        free = List.copyOf(free);
    }

    /**
     * Goes through a listing.
     *
     * @param listing in the order of its keys
     */
    static Offer of(Stream<StoredObject> listing, History history) {
        Tally tally = new Tally();
        List<StoredObject> free = new ArrayList<>();
        listing.forEachOrdered(object -> {
            if (tally.admits(object) && tally.isNew(!history.hasTaken(object))) {
                free.add(object);
            }
        });
        return new Offer(free, tally.counts());
    }

    /** What is left of this when more has been planned. */
    Offer after(History history) {
        List<StoredObject> left =
                free.stream().filter(object -> !history.hasTaken(object)).toList();
        return new Offer(
                left,
                new Plan.Counts(
                        counts.listed(),
                        counts.planned() + free.size() - left.size(),
                        counts.hidden(),
                        counts.directories(),
                        counts.empty()));
    }

    /** Whether a planner would take the object, were it new. */
    static boolean isData(StoredObject object) {
        return new Tally().admits(object);
    }

    /** Counts a listing as it goes by. */
    private static final class Tally {
        private long listed;
        private long planned;
        private long hidden;
        private long directories;
        private long empty;

        private boolean admits(StoredObject object) {
            listed++;
            String key = object.key();
            String name = key.substring(key.lastIndexOf('/') + 1);
            if (name.isEmpty()) {
                directories++;
                return false;
            }
            if (name.startsWith(".") || name.startsWith("_")) {
                hidden++;
                return false;
            }
            if (object.bytes() == 0) {
                empty++;
                return false;
            }
            return true;
        }

        private boolean isNew(boolean unseen) {
            planned += unseen ? 0 : 1;
            return unseen;
        }

        private Plan.Counts counts() {
            return new Plan.Counts(listed, planned, hidden, directories, empty);
        }
    }
}
