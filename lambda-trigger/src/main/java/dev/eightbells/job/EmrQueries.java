package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.job.AwsFailures.Call;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * What EMR is asked. Each question throws a {@link Failure} of kind INPUT when it may not be asked, and TRANSIENT when EMR
 * does not answer.
 */
final class EmrQueries implements AutoCloseable {
    private final EmrClient client;

    /** Asks with this client, which is closed with it. */
    EmrQueries(EmrClient client) {
        this.client = client;
    }

    /** The cluster with this id; empty when EMR knows none. */
    Optional<Cluster> cluster(String id) {
        Call call = new Call(Service.EMR, "look up cluster " + id, "elasticmapreduce:DescribeCluster", "cluster " + id);
        return known(call, () -> client.describeCluster(request -> request.clusterId(id))
                .cluster());
    }

    /** The clusters in one of these states, the newest first. */
    List<ClusterSummary> clusters(List<ClusterState> states) {
        return listed(() -> client.listClustersPaginator(request -> request.clusterStates(states)).clusters().stream()
                .toList());
    }

    /** The clusters that were ordered then or later, in any state, the newest first. */
    List<ClusterSummary> clustersSince(Instant created) {
        return listed(() -> client.listClustersPaginator(request -> request.createdAfter(created)).clusters().stream()
                .toList());
    }

    /** All steps of a cluster, the newest first; none when EMR does not know the cluster. */
    List<StepSummary> steps(String cluster) {
        return known(
                        stepsOf(cluster),
                        () -> client.listStepsPaginator(request -> request.clusterId(cluster)).steps().stream()
                                .toList())
                .orElse(List.of());
    }

    /** The steps with these ids, at most ten, in any order; none when EMR does not know one of them or the cluster. */
    List<StepSummary> steps(String cluster, List<String> ids) {
        return known(stepsOf(cluster), () -> client.listSteps(
                                request -> request.clusterId(cluster).stepIds(ids))
                        .steps())
                .orElse(List.of());
    }

    /** A cluster's steps that were added then or later, the newest first; none when EMR does not know the cluster. */
    List<StepSummary> stepsSince(String cluster, Instant added) {
        return known(
                        stepsOf(cluster),
                        () -> client.listStepsPaginator(request -> request.clusterId(cluster)).steps().stream()
                                .takeWhile(step -> !isBefore(step, added))
                                .toList())
                .orElse(List.of());
    }

    @Override
    public void close() {
        client.close();
    }

    private static boolean isBefore(StepSummary step, Instant instant) {
        return step.status() != null
                && step.status().timeline() != null
                && step.status().timeline().creationDateTime() != null
                && step.status().timeline().creationDateTime().isBefore(instant);
    }

    private static Call stepsOf(String cluster) {
        return new Call(
                Service.EMR,
                "look at the steps of cluster " + cluster,
                "elasticmapreduce:ListSteps",
                "cluster " + cluster);
    }

    private static List<ClusterSummary> listed(Supplier<List<ClusterSummary>> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            throw AwsFailures.asking(
                    new Call(Service.EMR, "list the clusters", "elasticmapreduce:ListClusters", "all clusters (*)"), e);
        }
    }

    private static <T> Optional<T> known(Call call, Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (SdkException e) {
            if (AwsFailures.isUnknown(e)) {
                return Optional.empty();
            }
            throw AwsFailures.asking(call, e);
        }
    }
}
