package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Locale;
import java.util.Set;

/**
 * How far a batch has come, as its markers tell.
 *
 * @param manifest what it takes
 * @param state in one word
 * @param finished the steps whose markers are there
 * @param attempts the number of the newest attempt; 0 when nobody has worked on it
 * @param submissions the number of the newest submission to a compute service; 0 when there is none
 */
public record BatchState(Manifest manifest, State state, Set<Step> finished, int attempts, int submissions)
        implements Serializable {
    public BatchState {
        finished = Set.copyOf(finished);
    }

    public BatchId batch() {
        return manifest.batch();
    }

    /** Whether the batch has come to its end under a pipeline with these steps, or a person has ended it. */
    public boolean isDone(Set<Step> steps) {
        return isDone(state, finished, steps);
    }

    /** Whether the batch's events are visible. */
    public boolean isPublished() {
        return isPublished(state);
    }

    static boolean isDone(State state, Set<Step> finished, Set<Step> steps) {
        boolean sessionized = !steps.contains(Step.SESSIONIZE) || finished.contains(Step.SESSIONIZE);
        boolean loaded = !steps.contains(Step.LOAD) || finished.contains(Step.LOAD);
        return state == State.ABANDONED || (isPublished(state) && sessionized && loaded);
    }

    private static boolean isPublished(State state) {
        return state == State.PUBLISHED || state == State.LOADED;
    }

    /** The states of a batch. */
    public enum State {
        /** Nobody has worked on it, though it may have been submitted. */
        PLANNED,
        /** Somebody has begun to work on it. */
        RUNNING,
        /** Its events are visible. */
        PUBLISHED,
        /** It is in the warehouse. */
        LOADED,
        /** It waits for a person's decision. */
        STOPPED,
        /** A person gave it up. */
        ABANDONED;

        /** The state in lower case. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
