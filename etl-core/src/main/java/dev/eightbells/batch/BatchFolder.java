package dev.eightbells.batch;

import dev.eightbells.batch.BatchState.State;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/** What lies in the folder of a batch, by its names alone. */
final class BatchFolder {
    private final Set<String> names = new HashSet<>();
    private int attempts;
    private int submissions;

    void add(String key, String name) {
        OptionalInt submission = Submissions.number(name);
        if (submission.isPresent()) {
            this.submissions = Math.max(submissions, submission.getAsInt());
            return;
        }
        Attempts.number(key).ifPresent(number -> this.attempts = Math.max(attempts, number));
        names.add(name);
    }

    /** The number of the newest attempt; 0 when there is none. */
    int attempts() {
        return attempts;
    }

    /** The number of the newest submission; 0 when there is none. */
    int submissions() {
        return submissions;
    }

    /** Whether a person returned the batch and its objects have been offered to a plan since. */
    boolean isReplanned() {
        return names.contains(LakeLayout.REPLANNED);
    }

    Set<Step> finished() {
        Set<Step> finished = EnumSet.noneOf(Step.class);
        for (Step step : Step.values()) {
            if (names.contains(step.marker())) {
                finished.add(step);
            }
        }
        return finished;
    }

    /** What is visible is visible, whatever else was decided; so this comes first. */
    State state() {
        if (names.contains(LakeLayout.PUBLISHED)) {
            return names.contains(Step.LOAD.marker()) ? State.LOADED : State.PUBLISHED;
        }
        if (names.contains(LakeLayout.ABANDONED)) {
            return State.ABANDONED;
        }
        // A validate.json beside it is the decision: the batch waits for nobody any more.
        if (names.contains(LakeLayout.STOPPED) && !names.contains(Step.VALIDATE.marker())) {
            return State.STOPPED;
        }
        return names.isEmpty() ? State.PLANNED : State.RUNNING;
    }
}
