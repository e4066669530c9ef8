package dev.eightbells.samples;

import static dev.eightbells.samples.Request.SECOND;

import java.io.IOException;
import java.util.PriorityQueue;

/**
 * Many visits at once: visitors who are new or return, their events in order of delivery, one in a thousand
 * malformed.
 */
final class WebEvents {
    /** Who may return: of a crowd, the ones who came last. */
    private static final int KNOWN_VISITORS = 10_000;
    /** Longer than any event takes to arrive. */
    private static final long LAST_ARRIVAL = 3 * SECOND;

    private final Request request;
    private final Dice dice;
    private final Deliveries deliveries;
    private final Rhythm rhythm;
    private final WebEventText text = new WebEventText();
    private final PriorityQueue<Visit> active = new PriorityQueue<>();
    private final Visitor[] known = new Visitor[KNOWN_VISITORS];
    private long newVisitors;
    private long planned;
    private long begun;
    private long malformed;
    private long visitors;
    private long sessions;

    private WebEvents(Request request, Dice dice, Deliveries deliveries) {
        this.request = request;
        this.dice = dice;
        this.deliveries = deliveries;
        this.rhythm = new Rhythm(request);
    }

    static Deliveries.Traffic emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
        return new WebEvents(request, dice, deliveries).run();
    }

    private Deliveries.Traffic run() throws IOException {
        Visit coming = nextVisit();
        while (coming != null || !active.isEmpty()) {
            if (coming != null
                    && (active.isEmpty() || coming.happens() <= active.peek().arrives())) {
                active.add(coming);
                coming = planned < request.events() ? nextVisit() : null;
                continue;
            }
            Visit visit = active.poll();
            sendEvent(visit);
            if (visit.advance()) {
                active.add(visit);
            }
        }
        return new Deliveries.Traffic(visitors, sessions);
    }

    private Visit nextVisit() {
        byte[] steps = Visit.walk(dice, request.events() - planned);
        long latest = request.end() - LAST_ARRIVAL - SECOND;
        long start = Math.min(latest, rhythm.when(planned + steps.length * (dice.below(1000) / 1000.0)));
        planned += steps.length;
        return Visit.begin(visitor(start), steps, start, request.end() - LAST_ARRIVAL, dice, begun++);
    }

    private Visitor visitor(long start) {
        if (newVisitors > 0 && dice.oneIn(3)) {
            Visitor returning = known[dice.below((int) Math.min(newVisitors, KNOWN_VISITORS))];
            if (returning.isFree(start)) {
                return returning;
            }
        }
        Visitor visitor = new Visitor(dice);
        known[(int) (newVisitors++ % KNOWN_VISITORS)] = visitor;
        return visitor;
    }

    private void sendEvent(Visit visit) throws IOException {
        RecordBytes record = text.write(visit, dice.next(), dice.next());
        if (dice.oneIn(1000)) {
            Malformation.of(malformed++).apply(record, dice);
            deliveries.sendMalformed(visit.arrives(), record);
            return;
        }
        if (visit.visitor.isNew()) {
            visitors++;
        }
        if (visit.visitor.beginsSession(visit.happens())) {
            sessions++;
        }
        deliveries.send(visit.happens(), visit.arrives(), record);
    }
}
