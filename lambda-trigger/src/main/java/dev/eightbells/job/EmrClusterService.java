package dev.eightbells.job;

import dev.eightbells.job.AwsFailures.Call;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.Application;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterStatus;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.Configuration;
import software.amazon.awssdk.services.emr.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;
import software.amazon.awssdk.services.emr.model.StepSummary;
import software.amazon.awssdk.services.emr.model.Tag;

/** An EMR cluster for each batch, with the batch's steps in it, which ends itself when they have ended. */
final class EmrClusterService implements JobService {
    private static final String TOKEN = "eightbells:token";

    private static final List<String> BOTH = List.of("STDOUT", "STDERR");

    // A cluster that has nothing to do and yet does not end costs money.
    private static final long IDLE_SECONDS = 900;

    private final Compute.EmrCluster target;
    private final Map<String, String> spark;
    private final EmrQueries emr;
    private final EmrClient once;

    EmrClusterService(Compute.EmrCluster target, Map<String, String> spark, AwsClients clients) {
        this.target = target;
        this.spark = spark;
        this.emr = new EmrQueries(clients.emr());
        this.once = clients.emrOnce();
    }

    @Override
    public String place() {
        return "emr";
    }

    @Override
    public Job send(JobRequest request) {
        RunJobFlowRequest ordered = order(request);
        try {
            return new Job(request.place(), List.of(once.runJobFlow(ordered).jobFlowId()));
        } catch (SdkException e) {
            throw AwsFailures.sending(
                    new Call(
                            Service.EMR,
                            "start a cluster for " + request.name(),
                            "elasticmapreduce:RunJobFlow",
                            "all clusters (*)"),
                    e);
        }
    }

    @Override
    public Optional<Job> find(JobRequest request) {
        return emr.clustersSince(EmrClock.before(request.claimed())).stream()
                .filter(cluster -> request.name().equals(cluster.name()))
                .map(ClusterSummary::id)
                .filter(id -> isOf(request, id))
                .findFirst()
                .map(id -> new Job(request.place(), List.of(id)));
    }

    @Override
    public Repeats repeats() {
        return Repeats.TWO_JOBS;
    }

    @Override
    public JobState state(Job job) {
        String id = job.ids().get(0);
        return emr.cluster(id)
                .map(cluster -> state(id, cluster.status()))
                .orElseGet(() -> new JobState(Phase.GONE, "cluster " + id + " is gone"));
    }

    @Override
    public void close() {
        emr.close();
        once.close();
    }

    private JobState state(String id, ClusterStatus status) {
        String said = "cluster " + id + " " + ClusterChoice.described(status);
        return switch (status.state()) {
            case STARTING, BOOTSTRAPPING -> new JobState(Phase.WAITING, said);
            case TERMINATED, TERMINATED_WITH_ERRORS -> ended(id, said);
            default -> new JobState(Phase.RUNNING, said);
        };
    }

    private JobState ended(String id, String said) {
        List<StepSummary> steps = new ArrayList<>(emr.steps(id));
        Collections.reverse(steps);
        if (steps.isEmpty()) {
            return new JobState(Phase.FAILED, said);
        }

        JobState state = StepStates.of(steps);
        return state.phase() == Phase.SUCCEEDED ? state : new JobState(Phase.FAILED, said + " with " + state.said());
    }

    // Another pipeline may have this one's name and another lake; the token differs.
    private boolean isOf(JobRequest request, String id) {
        return emr.cluster(id).map(Cluster::tags).stream()
                .flatMap(List::stream)
                .anyMatch(tag -> TOKEN.equals(tag.key()) && request.token().equals(tag.value()));
    }

    private RunJobFlowRequest order(JobRequest request) {
        Sizing sizing = Sizing.of(request.bytes());
        Fleets fleets = Fleets.of(target, sizing);
        return RunJobFlowRequest.builder()
                .name(request.name())
                .releaseLabel(target.release())
                .applications(applications())
                .configurations(Configuration.builder()
                        .classification("iceberg-defaults")
                        .properties(Map.of("iceberg.enabled", "true"))
                        .build())
                .serviceRole(target.serviceRole())
                .jobFlowRole(target.instanceProfile())
                .securityConfiguration(target.securityConfiguration())
                .logUri(logsToCloudWatch() ? null : target.logs())
                .monitoringConfiguration(logsToCloudWatch() ? monitoring(target.logs()) : null)
                .instances(instances -> instances
                        .keepJobFlowAliveWhenNoSteps(false)
                        .ec2SubnetIds(target.subnets())
                        .instanceFleets(fleets.configs()))
                .managedScalingPolicy(scaling -> scaling.computeLimits(fleets.limits()))
                .autoTerminationPolicy(termination -> termination.idleTimeout(IDLE_SECONDS))
                .steps(EmrSteps.each(request, SparkSettings.onYarn(sizing, spark)))
                .tags(tags(request))
                .build();
    }

    private boolean logsToCloudWatch() {
        return target.logs() != null && !JobRuns.isOnS3(target.logs());
    }

    private List<Application> applications() {
        // The agent is what carries the logs.
        Stream<String> names = logsToCloudWatch() ? Stream.of("Spark", "AmazonCloudWatchAgent") : Stream.of("Spark");
        return names.map(name -> Application.builder().name(name).build()).toList();
    }

    // The driver's standard output has the lines that CloudWatch makes metrics of.
    private static MonitoringConfiguration monitoring(String group) {
        return MonitoringConfiguration.builder()
                .cloudWatchLogConfiguration(logs -> logs.enabled(true)
                        .logGroupName(group)
                        .logTypes(new TreeMap<>(Map.of("SPARK_DRIVER", BOTH, "STEP_LOGS", BOTH))))
                .build();
    }

    private static List<Tag> tags(JobRequest request) {
        List<Tag> tags = new ArrayList<>();
        // Without it the policy that AWS keeps for EMR's role, AmazonEMRServicePolicy_v2, starts no machine.
        tags.add(tag("for-use-with-amazon-emr-managed-policies", "true"));
        request.tags().forEach((key, value) -> tags.add(tag(key, value)));
        tags.add(tag(TOKEN, request.token()));
        return tags;
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
