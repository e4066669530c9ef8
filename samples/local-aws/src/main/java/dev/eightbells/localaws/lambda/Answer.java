package dev.eightbells.localaws.lambda;

import java.time.Duration;

/**
 * How an invocation ended.
 *
 * @param outcome in one word
 * @param payload what the handler returned; after an error a JSON object with {@code errorType}, {@code errorMessage} and,
 *     when the handler threw, {@code stackTrace}
 * @param duration from the event's delivery to the answer
 * @param initialization how long the function's process took to be ready for its first event; null when it was running
 */
public record Answer(Outcome outcome, String payload, Duration duration, Duration initialization) {

    /** Whether the handler returned. */
    public enum Outcome {
        RETURNED,
        /** It threw, could not be loaded, took too long, or its process ended. */
        FAILED
    }

    public boolean isError() {
        return outcome == Outcome.FAILED;
    }

    /** Whether the function's process was started for this invocation. */
    public boolean isCold() {
        return initialization != null;
    }
}
