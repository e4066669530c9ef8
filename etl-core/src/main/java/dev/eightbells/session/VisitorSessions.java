package dev.eightbells.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All sessions of one visitor that a batch may touch, as they come: new ones, and stored ones that touch no other. */
final class VisitorSessions {
    private static final int FEW = 64;

    private final SessionAlgebra algebra;
    private final List<Session> stored = new ArrayList<>(0);
    private List<Session> added = new ArrayList<>();
    private int room = FEW;

    VisitorSessions(SessionAlgebra algebra) {
        this.algebra = algebra;
    }

    /**
     * What some sessions have become.
     *
     * @param stored the stored ones among them
     */
    record Merged(Session session, List<Session> stored, boolean hasNewEvents) {}

    void addStored(Session session) {
        stored.add(session);
    }

    void addNew(Session session) {
        added.add(session);
        if (added.size() > room) {
            // However many events a visitor has, only so many sessions fit into their time.
            added = new ArrayList<>(algebra.mergeAll(added));
            room = Math.max(FEW, 2 * added.size());
        }
    }

    /** Merges until nothing touches; returns what is left in the order of time. */
    List<Merged> merge() {
        List<Merged> all = new ArrayList<>();
        stored.forEach(session -> all.add(new Merged(session, List.of(session), false)));
        algebra.mergeAll(added).forEach(session -> all.add(new Merged(session, List.of(), true)));
        all.sort(Comparator.comparingLong(merged -> merged.session().start));
        List<Merged> left = new ArrayList<>();
        for (Merged next : all) {
            int last = left.size() - 1;
            if (last >= 0 && algebra.touch(left.get(last).session(), next.session())) {
                left.set(last, merge(left.get(last), next));
            } else {
                left.add(next);
            }
        }
        return left;
    }

    private Merged merge(Merged one, Merged other) {
        List<Session> both = new ArrayList<>(one.stored());
        both.addAll(other.stored());
        return new Merged(
                algebra.merge(one.session(), other.session()), both, one.hasNewEvents() || other.hasNewEvents());
    }
}
