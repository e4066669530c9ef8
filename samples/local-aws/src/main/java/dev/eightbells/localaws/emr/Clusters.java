package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All clusters of a stand-in, those that have ended too. Safe for use by many threads. */
final class Clusters {
    private final StepProgram program;
    private final Path logs;
    private final List<LocalCluster> clusters = new ArrayList<>();
    private boolean held;

    Clusters(StepProgram program, Path logs) {
        this.program = program;
        this.logs = logs;
    }

    LocalCluster create(ClusterOrder order) {
        LocalCluster cluster = new LocalCluster(Ids.cluster(), order, program, logs);
        cluster.add(order.steps(), null);
        synchronized (this) {
            clusters.add(cluster);
            if (held) {
                return cluster;
            }
        }
        cluster.begin();
        return cluster;
    }

    /** From now on new clusters stay in STARTING. */
    synchronized void hold() {
        held = true;
    }

    /** Lets those begin that were held, and new ones too. */
    void release() {
        List<LocalCluster> all;
        synchronized (this) {
            held = false;
            all = List.copyOf(clusters);
        }
        all.forEach(LocalCluster::begin);
    }

    synchronized List<LocalCluster> all() {
        return List.copyOf(clusters);
    }

    synchronized boolean has(String id) {
        return clusters.stream().anyMatch(cluster -> cluster.id().equals(id));
    }

    synchronized LocalCluster find(String id) {
        return clusters.stream()
                .filter(cluster -> cluster.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.unknown("Cluster id '" + id + "' is not valid."));
    }

    /** The clusters that a request asks for, the newest first. */
    ObjectNode list(JsonNode request) {
        List<String> states = Members.texts(request.path("ClusterStates"));
        List<LocalCluster> wanted = new ArrayList<>(all().stream()
                .filter(cluster ->
                        states.isEmpty() || states.contains(cluster.state().name()))
                .filter(cluster -> !request.hasNonNull("CreatedAfter")
                        || !cluster.created().isBefore(time(request.get("CreatedAfter"))))
                .filter(cluster -> !request.hasNonNull("CreatedBefore")
                        || !cluster.created().isAfter(time(request.get("CreatedBefore"))))
                .toList());
        Collections.reverse(wanted);
        return Page.of(request, "Clusters", wanted, LocalCluster::id, LocalCluster::summarize);
    }

    private static Instant time(JsonNode seconds) {
        return Instant.ofEpochMilli(seconds.decimalValue().movePointRight(3).longValue());
    }
}
