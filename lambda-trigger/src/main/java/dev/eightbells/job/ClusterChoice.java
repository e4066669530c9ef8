package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Compute;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterStateChangeReason;
import software.amazon.awssdk.services.emr.model.ClusterStatus;
import software.amazon.awssdk.services.emr.model.ClusterSummary;

/** Finds the one cluster that takes steps and is what the pipeline file says. */
final class ClusterChoice {
    /** The states in which a cluster takes steps. */
    private static final List<ClusterState> OPEN =
            List.of(ClusterState.STARTING, ClusterState.BOOTSTRAPPING, ClusterState.RUNNING, ClusterState.WAITING);

    private static final int SHOWN = 5;

    private final EmrQueries emr;

    ClusterChoice(EmrQueries emr) {
        this.emr = emr;
    }

    /**
     * The cluster's id.
     *
     * @throws Failure of kind INPUT when none or several are meant; otherwise as {@link EmrQueries}
     */
    String of(Compute.Cluster wanted) {
        return switch (wanted.by()) {
            case ID -> byId(wanted.value());
            case NAME ->
                only("named " + wanted.value(), cluster -> wanted.value().equals(cluster.name()));
            case TAG -> only("tagged " + wanted.value(), cluster -> hasTag(cluster.id(), wanted.value()));
        };
    }

    /** A cluster's state, with the reason where there is one. */
    static String described(ClusterStatus status) {
        ClusterStateChangeReason reason = status.stateChangeReason();
        String why = reason == null
                ? ""
                : List.of(text(reason.codeAsString()), text(reason.message())).stream()
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(": "));
        return status.stateAsString() + (why.isEmpty() ? "" : " (" + why + ")");
    }

    private String byId(String id) {
        Cluster cluster = emr.cluster(id)
                .orElseThrow(
                        () -> Failure.input(
                                "Cannot find cluster " + id
                                        + ": EMR knows none of that id here. Correct compute.cluster.id, or set AWS_REGION to its region."));
        if (!OPEN.contains(cluster.status().state())) {
            throw Failure.input("Cannot use cluster " + id + ": it is " + described(cluster.status())
                    + " and takes no steps. Start one like it and put its id into compute.cluster.id, or name it by name or"
                    + " tag, which outlive it.");
        }
        return id;
    }

    private String only(String what, Predicate<ClusterSummary> isMeant) {
        List<ClusterSummary> open = emr.clusters(OPEN);
        List<ClusterSummary> meant = open.stream().filter(isMeant).toList();
        if (meant.isEmpty()) {
            throw Failure.input("Cannot find a cluster " + what + ": EMR runs "
                    + (open.isEmpty() ? "none here" : shown(open)) + ". Start it, or correct compute.cluster.");
        }
        if (meant.size() > 1) {
            throw Failure.input("Cannot choose a cluster " + what + ": there are " + shown(meant)
                    + ". End the others, or choose one by compute.cluster.id.");
        }
        return meant.get(0).id();
    }

    private boolean hasTag(String cluster, String tag) {
        return emr.cluster(cluster).stream()
                .flatMap(found -> found.tags().stream())
                .anyMatch(found -> tag.equals(found.key() + "=" + text(found.value())));
    }

    private static String shown(List<ClusterSummary> clusters) {
        String shown = clusters.stream()
                .limit(SHOWN)
                .map(cluster -> cluster.name() + " (" + cluster.id() + ")")
                .collect(Collectors.joining(", "));
        return clusters.size() > SHOWN ? shown + " and " + (clusters.size() - SHOWN) + " more" : shown;
    }

    private static String text(String value) {
        return value == null ? "" : value.strip().replaceFirst("\\.+$", "");
    }
}
