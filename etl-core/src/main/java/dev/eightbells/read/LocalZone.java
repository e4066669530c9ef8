package dev.eightbells.read;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * The offsets of one zone. Remembers the stretch of local time, between two changes of the clocks, that it was asked about
 * last. For one thread.
 */
final class LocalZone {
    /** The offset of a local time that does not exist. */
    static final int GAP = Integer.MIN_VALUE;

    private final ZoneRules rules;
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private int offset;

    private LocalZone(ZoneRules rules) {
        this.rules = rules;
        if (rules.isFixedOffset()) {
            from = Long.MIN_VALUE;
            to = Long.MAX_VALUE;
            offset = rules.getOffset(Instant.EPOCH).getTotalSeconds();
        }
    }

    static LocalZone of(ZoneId zone) {
        return new LocalZone(zone.getRules());
    }

    /** The offset, in seconds, at this local time; the earlier one's when the time exists twice; or {@link #GAP}. */
    int offsetAt(long localSeconds) {
        if (localSeconds >= from && localSeconds < to) {
            return offset;
        }
        LocalDateTime local = LocalDateTime.ofEpochSecond(localSeconds, 0, ZoneOffset.UTC);
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            return GAP;
        }
        ZoneOffset earlier = offsets.get(0);
        if (offsets.size() == 1) {
            remember(local.toInstant(earlier), earlier.getTotalSeconds());
        }
        return earlier.getTotalSeconds();
    }

    /** The offset, in seconds, at this instant. */
    int offsetAt(Instant instant) {
        return rules.getOffset(instant).getTotalSeconds();
    }

    private void remember(Instant instant, int seconds) {
        ZoneOffsetTransition before = rules.previousTransition(instant.plusNanos(1));
        ZoneOffsetTransition after = rules.nextTransition(instant);
        offset = seconds;
        from = before == null ? Long.MIN_VALUE : later(before);
        to = after == null ? Long.MAX_VALUE : earlier(after);
    }

    private static long later(ZoneOffsetTransition change) {
        return change.toEpochSecond()
                + Math.max(
                        change.getOffsetBefore().getTotalSeconds(),
                        change.getOffsetAfter().getTotalSeconds());
    }

    private static long earlier(ZoneOffsetTransition change) {
        return change.toEpochSecond()
                + Math.min(
                        change.getOffsetBefore().getTotalSeconds(),
                        change.getOffsetAfter().getTotalSeconds());
    }
}
