package dev.eightbells.samples;

import static dev.eightbells.samples.Request.MINUTE;

/** Who comes to the site, once or again, always with the same device. */
final class Visitor {
    private static final long GAP = 30 * MINUTE;
    private static final long NEVER = Long.MIN_VALUE;

    final long high;
    final long low;
    final long nameBits;
    final int city;
    final int latitude;
    final int longitude;
    final int address;
    final int device;
    final int language;
    private long busyUntil = Long.MIN_VALUE / 2;
    private long lastSeen = NEVER;

    Visitor(Dice dice) {
        this.high = dice.next();
        this.low = dice.next();
        this.nameBits = dice.next();
        this.city = dice.below(WebEventText.cities());
        this.latitude = dice.below(20_000) - 10_000;
        this.longitude = dice.below(20_000) - 10_000;
        this.address = (int) dice.next();
        this.device = dice.below(WebEventText.devices());
        this.language = dice.below(WebEventText.languages());
    }

    /** Whether a visit may begin at this time, after the end of the last one. */
    boolean isFree(long time) {
        return time > busyUntil + 10 * MINUTE;
    }

    void visitUntil(long time) {
        this.busyUntil = time;
    }

    /** Whether no event has been seen yet. */
    boolean isNew() {
        return lastSeen == NEVER;
    }

    /** Sees an event, not earlier than the last; returns whether it begins a session. */
    boolean beginsSession(long time) {
        boolean begins = isNew() || time - lastSeen > GAP;
        this.lastSeen = time;
        return begins;
    }
}
