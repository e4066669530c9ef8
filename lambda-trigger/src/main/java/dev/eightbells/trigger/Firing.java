package dev.eightbells.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * What fires the watch.
 *
 * @param pipeline the name of the one pipeline to look after; null for all
 * @param at plans for the newest window that ended at or before this
 * @param from reaches back to this instant; null means as usual
 * @param by who fired
 */
public record Firing(String pipeline, Instant at, Instant from, By by) {
    /** How far a clock may be behind the one that fired. */
    private static final Duration SKEW = Duration.ofMinutes(15);

    private static final Set<String> SCHEDULERS = Set.of("aws.scheduler", "aws.events");
    private static final int SHOWN = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Who fires the watch. */
    public enum By {
        SCHEDULE,
        /** A person, who wants batches tried once more that were given up. */
        PERSON
    }

    /**
     * Reads an event: what EventBridge Scheduler sends, by default or with the schedule's own input; what an EventBridge
     * rule sends; or what a person sends.
     *
     * @param event JSON
     * @param now what time it is here
     * @throws Failure of kind INPUT when it is none of these, or of a time that has not come
     */
    public static Firing read(String event, Instant now) {
        JsonNode root = tree(event);
        if (root.has("scheduledTime")) {
            return new Firing(text(root, "pipeline"), passed(instant(root, "scheduledTime"), now), null, By.SCHEDULE);
        }
        if (SCHEDULERS.contains(root.path("source").asText()) && root.has("time")) {
            return new Firing(null, passed(instant(root, "time"), now), null, By.SCHEDULE);
        }
        if (root.has("pipeline")) {
            Instant window = root.has("window") ? instant(root, "window") : now;
            return new Firing(
                    text(root, "pipeline"),
                    passed(window, now),
                    root.has("from") ? instant(root, "from") : null,
                    By.PERSON);
        }
        throw unknown(event);
    }

    private static JsonNode tree(String event) {
        try {
            JsonNode root = JSON.readTree(event);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException malformed) {
            throw Failure.of(Failure.Kind.INPUT, unknown(event).getMessage(), malformed);
        }
        throw unknown(event);
    }

    private static String text(JsonNode root, String key) {
        return Optional.of(root.path(key))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .orElse(null);
    }

    /** An instant, or the end of the window that a batch's name tells. */
    private static Instant instant(JsonNode root, String key) {
        String text = root.path(key).asText();
        Optional<BatchId> batch = BatchId.find(text);
        if (batch.isPresent()) {
            return batch.get().windowEnd();
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot read the event: its " + key + " is " + root.path(key)
                            + ". Write an instant like 2026-11-22T08:00:00Z.",
                    malformed);
        }
    }

    /** A clock that is a little behind takes its own time; objects that are too new for it come with the next firing. */
    private static Instant passed(Instant at, Instant now) {
        if (at.isAfter(now.plus(SKEW))) {
            throw Failure.input("Cannot fire for " + at + ": that has not come (it is " + now
                    + "). Send an instant that has passed.");
        }
        return at.isAfter(now) ? now : at;
    }

    private static Failure unknown(String event) {
        String shown = event.length() > SHOWN ? event.substring(0, SHOWN) + "…" : event;
        return Failure.input("Cannot read the event " + shown.replaceAll("\\s+", " ")
                + ": it comes from no scheduler and from no person. Send {\"scheduledTime\": \"2026-11-22T08:20:00Z\"}, or"
                + " {\"pipeline\": \"web-events\", \"window\": \"2026-11-22T08:00:00Z\"}.");
    }
}
