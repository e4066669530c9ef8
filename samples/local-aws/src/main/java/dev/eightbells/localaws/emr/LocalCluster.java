package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A cluster, its steps and the threads that run them. A step begins when there is room for it, which an ended one makes
 * only when its program has returned. Safe for use by many threads.
 */
final class LocalCluster {
    private static final int MOST_ACTIVE = 256;

    private final String id;
    private final ClusterOrder order;
    private final StepProgram program;
    private final Path logs;
    private final List<LocalStep> steps = new ArrayList<>();
    private final Map<LocalStep, Thread> live = new LinkedHashMap<>();
    private final Instant created = Instant.now();
    private int stepConcurrency;
    private ClusterState state = ClusterState.STARTING;
    private Reason reason = Reason.none();
    private Instant ready;
    private Instant ended;

    LocalCluster(String id, ClusterOrder order, StepProgram program, Path logs) {
        this.id = id;
        this.order = order;
        this.program = program;
        this.logs = logs;
        this.stepConcurrency = order.stepConcurrency();
    }

    /** Why a cluster is in its state; without a code while it lives, and without a message when it has just begun. */
    private record Reason(EndCode code, String message) {
        static Reason none() {
            return new Reason(null, null);
        }

        static Reason goesOn(String message) {
            return new Reason(null, message);
        }
    }

    /** Why a cluster ends, as EMR names it, and the state it ends in. */
    enum EndCode {
        ALL_STEPS_COMPLETED(ClusterState.TERMINATED),
        USER_REQUEST(ClusterState.TERMINATED),
        STEP_FAILURE(ClusterState.TERMINATED_WITH_ERRORS),
        INSTANCE_FAILURE(ClusterState.TERMINATED_WITH_ERRORS);

        private final ClusterState end;

        EndCode(ClusterState end) {
            this.end = end;
        }
    }

    String id() {
        return id;
    }

    Instant created() {
        return created;
    }

    synchronized boolean runs() {
        return steps.stream().anyMatch(step -> !step.state().isEnded());
    }

    synchronized ClusterState state() {
        return state;
    }

    String arn() {
        return "arn:aws:elasticmapreduce:us-east-1:123456789012:cluster/" + id;
    }

    /** The machines are there. */
    synchronized void begin() {
        if (state == ClusterState.STARTING) {
            state = ClusterState.BOOTSTRAPPING;
            ready = Instant.now();
            reason = Reason.goesOn("Cluster ready to run steps.");
            proceed();
        }
    }

    /** The new steps, in their order. */
    synchronized List<String> add(List<StepOrder> orders, String role) {
        if (!state.takesSteps()) {
            throw Refusal.invalid("A job flow that is shutting down, terminating, or finished may not be modified.");
        }
        if (stepConcurrency > 1
                && orders.stream().anyMatch(step -> step.action() != StepOrder.ActionOnFailure.CONTINUE)) {
            throw Refusal.invalid(
                    "ActionOnFailure setting is not valid: a cluster whose StepConcurrencyLevel is greater"
                            + " than 1 takes only CONTINUE.");
        }
        long active = steps.stream().filter(step -> !step.state().isEnded()).count();
        if (active + orders.size() > MOST_ACTIVE) {
            throw Refusal.invalid("Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending') for"
                    + " cluster exceeded.");
        }
        List<String> ids = new ArrayList<>();
        for (StepOrder step : orders) {
            String stepId = Ids.step();
            ids.add(stepId);
            steps.add(new LocalStep(stepId, step, role, folder(stepId)));
        }
        if (state != ClusterState.STARTING) {
            proceed();
        }
        return ids;
    }

    private Path folder(String step) {
        try {
            return Files.createDirectories(logs.resolve(id).resolve("steps").resolve(step));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a folder for the logs of step " + step, e);
        }
    }

    /** Starts what there is room for. */
    private void proceed() {
        for (LocalStep step : steps) {
            if (live.size() < stepConcurrency && step.state() == StepState.PENDING) {
                start(step);
            }
        }
        if (!live.isEmpty()) {
            state = ClusterState.RUNNING;
            reason = Reason.goesOn("Running step");
        } else if (order.whenIdle() == ClusterOrder.WhenIdle.END) {
            boolean allWell = steps.stream().allMatch(step -> step.state() == StepState.COMPLETED);
            end(EndCode.ALL_STEPS_COMPLETED, allWell ? "Steps completed" : "Steps completed with errors");
        } else if (state != ClusterState.WAITING) {
            if (state == ClusterState.RUNNING) {
                reason = Reason.goesOn("Cluster ready after last step completed.");
            }
            state = ClusterState.WAITING;
        }
    }

    private void start(LocalStep step) {
        step.start();
        Thread thread = new Thread(() -> run(step), "local-emr-" + step.id());
        thread.setDaemon(true);
        live.put(step, thread);
        thread.start();
    }

    /** The program is anybody's: whatever it throws is how its step failed, as on a cluster. */
    private void run(LocalStep step) {
        StepFailure failure;
        try {
            int exit = program.run(
                    new StepRun(id, step.id(), step.order().name(), step.order().arguments(), step.logs()));
            failure = exit == 0 ? null : StepFailure.of(step.logs());
        } catch (Throwable thrown) {
            failure = StepFailure.of(step.logs(), thrown);
        }
        ended(step, failure);
    }

    private synchronized void ended(LocalStep step, StepFailure failure) {
        live.remove(step);
        if (step.state() == StepState.CANCEL_PENDING) {
            step.cancel("Step cancelled by user");
        } else if (step.state() == StepState.RUNNING) {
            if (failure == null) {
                step.complete();
            } else {
                step.fail(failure);
                actOnFailure(step.order().action());
            }
        }
        if (state == ClusterState.TERMINATING) {
            settle();
        } else if (!state.isEnded()) {
            proceed();
        }
    }

    /** EMR leaves a failure without effect on clusters that run steps side by side. */
    private void actOnFailure(StepOrder.ActionOnFailure action) {
        if (stepConcurrency > 1) {
            return;
        }
        if (action.endsCluster()) {
            end(EndCode.STEP_FAILURE, "Shut down as step failed");
        } else if (action == StepOrder.ActionOnFailure.CANCEL_AND_WAIT) {
            cancelPending("A step before it failed");
        }
    }

    private void cancelPending(String why) {
        steps.stream().filter(step -> step.state() == StepState.PENDING).forEach(step -> step.cancel(why));
    }

    /** Ends the cluster when its running steps have; nothing happens to one that ends already. */
    synchronized void end(EndCode code, String message) {
        if (!state.takesSteps()) {
            return;
        }
        state = ClusterState.TERMINATING;
        reason = new Reason(code, message);
        cancelPending("The cluster was terminated");
        List.copyOf(live.keySet()).forEach(this::interrupt);
        settle();
    }

    /** The cluster is gone at once, and nothing on it is waited for. */
    synchronized void die() {
        end(EndCode.INSTANCE_FAILURE, "The master node was terminated");
        live.clear();
        settle();
    }

    private void settle() {
        if (state == ClusterState.TERMINATING && live.isEmpty()) {
            state = reason.code().end;
            ended = Instant.now();
        }
    }

    private void interrupt(LocalStep step) {
        if (!step.state().isEnded()) {
            step.interrupt("The step was interrupted");
        }
        live.get(step).interrupt();
    }

    /** Whether there was such a step that ran. */
    synchronized boolean interruptStep(String step) {
        List<LocalStep> found =
                live.keySet().stream().filter(one -> one.id().equals(step)).toList();
        found.forEach(this::interrupt);
        return !found.isEmpty();
    }

    /** What CancelSteps says about each of some steps; none of them begins because another one ends. */
    synchronized List<ObjectNode> cancel(List<String> stepIds) {
        return stepIds.stream().map(this::cancel).toList();
    }

    private ObjectNode cancel(String stepId) {
        LocalStep step = step(stepId);
        ObjectNode info = Members.object().put("StepId", stepId);
        if (step.state().isEnded()) {
            return info.put("Status", "FAILED")
                    .put("Reason", "Step " + stepId + " is in state " + step.state() + " and cannot be cancelled.");
        }
        if (step.state() == StepState.PENDING) {
            step.cancel("Step cancelled by user");
        } else {
            step.askToCancel();
            live.get(step).interrupt();
        }
        return info.put("Status", "SUBMITTED");
    }

    synchronized void changeStepConcurrency(int level) {
        stepConcurrency = level;
        if (state == ClusterState.RUNNING) {
            proceed();
        }
    }

    private LocalStep step(String step) {
        return steps.stream()
                .filter(one -> one.id().equals(step))
                .findFirst()
                .orElseThrow(() -> Refusal.unknown("Step id '" + step + "' is not valid."));
    }

    synchronized ObjectNode describeStep(String step) {
        return step(step).describe();
    }

    /** The steps that a request asks for, the newest first. */
    synchronized ObjectNode listSteps(JsonNode request) {
        List<String> ids = Members.texts(request.path("StepIds"));
        List<String> states = Members.texts(request.path("StepStates"));
        ids.forEach(this::step);
        Predicate<LocalStep> wanted = step -> (ids.isEmpty() || ids.contains(step.id()))
                && (states.isEmpty() || states.contains(step.state().name()));
        List<LocalStep> newestFirst =
                new ArrayList<>(steps.stream().filter(wanted).toList());
        Collections.reverse(newestFirst);
        return Page.of(request, "Steps", newestFirst, LocalStep::id, LocalStep::describe);
    }

    /** The cluster as ListClusters tells it. */
    synchronized ObjectNode summarize() {
        ObjectNode cluster = Members.object().put("Id", id).put("Name", order.name());
        ObjectNode status = cluster.putObject("Status").put("State", state.name());
        ObjectNode change = status.putObject("StateChangeReason");
        Members.putText(
                change, "Code", reason.code() == null ? null : reason.code().name());
        Members.putText(change, "Message", reason.message());
        ObjectNode timeline = status.putObject("Timeline");
        Members.putTime(timeline, "CreationDateTime", created);
        Members.putTime(timeline, "ReadyDateTime", ready);
        Members.putTime(timeline, "EndDateTime", ended);
        return cluster.put("NormalizedInstanceHours", 0).put("ClusterArn", arn());
    }

    /** The cluster as DescribeCluster tells it. */
    synchronized ObjectNode describe() {
        ObjectNode cluster = summarize();
        cluster.put("AutoTerminate", order.whenIdle() == ClusterOrder.WhenIdle.END);
        cluster.put("TerminationProtected", false);
        cluster.put("StepConcurrencyLevel", stepConcurrency);
        Members.copy(
                order.request(),
                cluster,
                "ReleaseLabel",
                "LogUri",
                "ServiceRole",
                "SecurityConfiguration",
                "Applications",
                "Configurations",
                "Tags");
        return cluster;
    }
}
