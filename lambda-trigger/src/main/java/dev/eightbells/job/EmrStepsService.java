package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.job.AwsFailures.Call;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Steps on a running EMR cluster. They run one after the other, or as one step where the cluster runs several at once and
 * would run them side by side.
 */
final class EmrStepsService implements JobService {
    private final Compute.EmrSteps target;
    private final Map<String, String> spark;
    private final EmrQueries emr;
    private final EmrClient once;

    EmrStepsService(Compute.EmrSteps target, Map<String, String> spark, AwsClients clients) {
        this.target = target;
        this.spark = spark;
        this.emr = new EmrQueries(clients.emr());
        this.once = clients.emrOnce();
    }

    @Override
    public String place() {
        return new ClusterChoice(emr).of(target.cluster());
    }

    @Override
    public Job send(JobRequest request) {
        AddJobFlowStepsRequest added = AddJobFlowStepsRequest.builder()
                .jobFlowId(request.place())
                .steps(steps(request))
                .executionRoleArn(target.runtimeRole())
                .build();
        try {
            return new Job(request.place(), once.addJobFlowSteps(added).stepIds());
        } catch (SdkException e) {
            String cluster = "cluster " + request.place();
            throw AwsFailures.sending(
                    new Call(
                            Service.EMR,
                            "send " + request.name() + " to " + cluster,
                            "elasticmapreduce:AddJobFlowSteps",
                            cluster),
                    e);
        }
    }

    @Override
    public Optional<Job> find(JobRequest request) {
        Map<String, String> ids = new HashMap<>();
        emr.stepsSince(request.place(), EmrClock.before(request.claimed())).stream()
                .filter(step -> isOf(request, step))
                .forEach(step -> ids.putIfAbsent(step.name(), step.id()));
        List<String> found = EmrSteps.names(request).stream()
                .filter(ids::containsKey)
                .map(ids::get)
                .toList();
        return Optional.of(new Job(request.place(), found))
                .filter(job -> !job.ids().isEmpty());
    }

    @Override
    public Repeats repeats() {
        return Repeats.TWO_JOBS;
    }

    @Override
    public JobState state(Job job) {
        // The cluster first: the steps of one that has ended change no more.
        Optional<Cluster> cluster = emr.cluster(job.place());
        Map<String, StepSummary> steps = new HashMap<>();
        emr.steps(job.place(), job.ids()).forEach(step -> steps.put(step.id(), step));
        List<String> gone =
                job.ids().stream().filter(id -> !steps.containsKey(id)).toList();
        if (cluster.isEmpty() || !gone.isEmpty()) {
            return new JobState(
                    Phase.FAILED,
                    cluster.isEmpty()
                            ? "cluster " + job.place() + " is gone"
                            : "step " + gone.get(0) + " of cluster " + job.place() + " is gone");
        }

        JobState state = StepStates.of(job.ids().stream().map(steps::get).toList());
        ClusterState ended = cluster.get().status().state();
        boolean isLeftBehind = !state.phase().isEnded()
                && (ended == ClusterState.TERMINATED || ended == ClusterState.TERMINATED_WITH_ERRORS);
        return isLeftBehind
                ? new JobState(
                        Phase.FAILED,
                        "cluster " + job.place() + " is "
                                + ClusterChoice.described(cluster.get().status()) + " with " + state.said())
                : state;
    }

    @Override
    public void close() {
        emr.close();
        once.close();
    }

    private List<StepConfig> steps(JobRequest request) {
        Cluster cluster = emr.cluster(request.place())
                .orElseThrow(() -> Failure.input("Cannot send " + request.name() + ": EMR knows no cluster "
                        + request.place() + " here any more. Start one and name it under compute.cluster."));
        Map<String, String> settings = SparkSettings.onYarn(Sizing.of(request.bytes()), spark);
        Integer atOnce = cluster.stepConcurrencyLevel();
        return atOnce != null && atOnce > 1 ? EmrSteps.one(request, settings) : EmrSteps.each(request, settings);
    }

    // Another pipeline may have this one's name and another lake; the definition lies in the lake.
    private static boolean isOf(JobRequest request, StepSummary step) {
        return EmrSteps.names(request).contains(step.name())
                && (step.config() == null
                        || step.config().args().isEmpty()
                        || step.config().args().contains(request.definition()));
    }
}
