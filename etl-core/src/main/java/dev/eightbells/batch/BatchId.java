package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eightbells.Failure;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A batch's name: the end of its window, {@code 20261122T0800Z}; more batches of the same window are
 * {@code 20261122T0800Z-2} and so on, replays {@code 20261122T0800Z-r1}. A name only names: batches are ordered by the
 * numbers of their manifests, so this is not comparable.
 *
 * @param windowEnd the end of the batch's window, a whole minute
 * @param sequence 1 for the window's first batch, or its first replay
 * @param kind whether it takes raw objects or records that were quarantined
 */
public record BatchId(Instant windowEnd, int sequence, Kind kind) implements Serializable {
    private static final Pattern FORM = Pattern.compile("([0-9]{8}T[0-9]{4})Z(?:-(r?)([1-9][0-9]{0,8}))?");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /** What a batch takes. */
    public enum Kind {
        /** Raw objects that no other batch has taken. */
        OBJECTS,
        /** Records that another batch put into quarantine. */
        REPLAY
    }

    public BatchId {
        if (sequence < 1) {
            throw new IllegalArgumentException("Invalid batch sequence: " + sequence + " (at least 1).");
        }
        if (windowEnd.getEpochSecond() % 60 != 0 || windowEnd.getNano() != 0) {
            throw new IllegalArgumentException("Invalid window end: " + windowEnd + " (a whole minute names a batch).");
        }
    }

    /** The name of a window's first batch. */
    public static BatchId of(Window window) {
        return new BatchId(window.end(), 1, Kind.OBJECTS);
    }

    /** The name of a window's replay, counted from 1. */
    public static BatchId replay(Window window, int sequence) {
        return new BatchId(window.end(), sequence, Kind.REPLAY);
    }

    /**
     * Reads a batch's name.
     *
     * @throws Failure of kind INPUT when it is none
     */
    @JsonCreator
    public static BatchId parse(String text) {
        return find(text)
                .orElseThrow(() -> Failure.input("Invalid batch: " + text
                        + " (a batch is named like 20261122T0800Z, 20261122T0800Z-2 or 20261122T0800Z-r1)."
                        + " Ask eightbells status for the batches there are."));
    }

    /** The batch that a text names; empty when it names none. */
    public static Optional<BatchId> find(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean isReplay = "r".equals(matcher.group(2));
        int sequence = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
        try {
            Instant end = LocalDateTime.parse(matcher.group(1), MINUTE).toInstant(ZoneOffset.UTC);
            BatchId batch = new BatchId(end, sequence, isReplay ? Kind.REPLAY : Kind.OBJECTS);
            return Optional.of(batch).filter(read -> read.toString().equals(text));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /** The name of the next batch, or the next replay, of the same window. */
    public BatchId next() {
        return new BatchId(windowEnd, sequence + 1, kind);
    }

    @Override
    @JsonValue
    public String toString() {
        String minute = MINUTE.format(windowEnd.atOffset(ZoneOffset.UTC)) + "Z";
        if (kind == Kind.REPLAY) {
            return minute + "-r" + sequence;
        }
        return sequence == 1 ? minute : minute + "-" + sequence;
    }
}
