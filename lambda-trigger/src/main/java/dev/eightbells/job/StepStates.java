package dev.eightbells.job;

import dev.eightbells.job.JobState.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;

/** What the states of a job's steps say about the job. */
final class StepStates {
    private static final Set<StepState> ENDED =
            Set.of(StepState.COMPLETED, StepState.CANCELLED, StepState.FAILED, StepState.INTERRUPTED);

    private StepStates() {}

    /** The job of these steps, which are in their order and at least one. */
    static JobState of(List<StepSummary> steps) {
        List<StepSummary> failed = steps.stream()
                .filter(step -> ENDED.contains(state(step)) && state(step) != StepState.COMPLETED)
                .toList();
        String said = failed.isEmpty()
                ? steps.stream()
                        .map(step -> name(step) + " " + step.status().stateAsString())
                        .collect(Collectors.joining(", "))
                : described(failed.get(0));
        return new JobState(phase(steps, failed), said);
    }

    private static Phase phase(List<StepSummary> steps, List<StepSummary> failed) {
        if (steps.stream().allMatch(step -> ENDED.contains(state(step)))) {
            return failed.isEmpty() ? Phase.SUCCEEDED : Phase.FAILED;
        }
        return steps.stream().allMatch(step -> state(step) == StepState.PENDING) ? Phase.WAITING : Phase.RUNNING;
    }

    private static String described(StepSummary step) {
        StepStatus status = step.status();
        List<String> said = new ArrayList<>();
        if (status.stateChangeReason() != null) {
            add(said, "", status.stateChangeReason().message());
        }
        if (status.failureDetails() != null) {
            add(said, "", status.failureDetails().reason());
            add(said, "", status.failureDetails().message());
            add(said, "log ", status.failureDetails().logFile());
        }
        return name(step) + " (" + step.id() + ") " + status.stateAsString()
                + (said.isEmpty() ? "" : ": " + String.join("; ", said));
    }

    private static void add(List<String> said, String before, String text) {
        if (text != null && !text.isBlank()) {
            said.add(before + text.strip().replaceAll("\\s+", " ").replaceFirst("\\.+$", ""));
        }
    }

    // The last word of the name that it was sent with.
    private static String name(StepSummary step) {
        return step.name().substring(step.name().lastIndexOf(' ') + 1);
    }

    private static StepState state(StepSummary step) {
        return step.status().state();
    }
}
