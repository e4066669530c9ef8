package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/** A step of a cluster, whose lock guards it. */
final class LocalStep {
    private final String id;
    private final StepOrder order;

    /** The role that runs it; null for the cluster's own. */
    private final String role;

    private final Path logs;
    private final Instant created = Instant.now();
    private StepState state = StepState.PENDING;
    private String reason;
    private StepFailure failure;
    private Instant started;
    private Instant ended;

    LocalStep(String id, StepOrder order, String role, Path logs) {
        this.id = id;
        this.order = order;
        this.role = role;
        this.logs = logs;
    }

    String id() {
        return id;
    }

    StepOrder order() {
        return order;
    }

    StepState state() {
        return state;
    }

    Path logs() {
        return logs;
    }

    void start() {
        state = StepState.RUNNING;
        started = Instant.now();
    }

    /** A step that runs is cancelled once its program has ended. */
    void askToCancel() {
        state = StepState.CANCEL_PENDING;
    }

    void complete() {
        end(StepState.COMPLETED, null);
    }

    void cancel(String why) {
        end(StepState.CANCELLED, why);
    }

    void interrupt(String why) {
        end(StepState.INTERRUPTED, why);
    }

    void fail(StepFailure why) {
        failure = Objects.requireNonNull(why, "why");
        end(StepState.FAILED, null);
    }

    private void end(StepState end, String why) {
        state = end;
        reason = why;
        ended = Instant.now();
    }

    /** The step as DescribeStep and ListSteps tell it. */
    ObjectNode describe() {
        ObjectNode step = Members.object().put("Id", id).put("Name", order.name());
        step.set("Config", order.config());
        step.put("ActionOnFailure", order.action().name());
        Members.putText(step, "ExecutionRoleArn", role);
        ObjectNode status = step.putObject("Status").put("State", state.name());
        Members.putText(status.putObject("StateChangeReason"), "Message", reason);
        if (failure != null) {
            ObjectNode details = status.putObject("FailureDetails").put("Reason", failure.reason());
            Members.putText(details, "Message", failure.message());
            details.put("LogFile", failure.log().toString());
        }
        ObjectNode timeline = status.putObject("Timeline");
        Members.putTime(timeline, "CreationDateTime", created);
        Members.putTime(timeline, "StartDateTime", started);
        Members.putTime(timeline, "EndDateTime", ended);
        return step;
    }
}
