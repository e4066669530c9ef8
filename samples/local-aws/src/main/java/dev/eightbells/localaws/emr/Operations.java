package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The calls that are known: from a request's JSON to the answer's. */
final class Operations {
    private static final int MOST_STEP_IDS = 10;

    private final Clusters clusters;

    Operations(Clusters clusters) {
        this.clusters = clusters;
    }

    /** Carries a request out. */
    ObjectNode answer(String operation, JsonNode request) {
        return switch (operation) {
            case "RunJobFlow" -> runJobFlow(request);
            case "AddJobFlowSteps" -> addJobFlowSteps(request);
            case "DescribeCluster" -> wrapped("Cluster", cluster(request).describe());
            case "ListClusters" -> clusters.list(request);
            case "ListSteps" -> listSteps(request);
            case "DescribeStep" ->
                wrapped(
                        "Step",
                        cluster(request).describeStep(request.path("StepId").asText()));
            case "CancelSteps" -> cancelSteps(request);
            case "ModifyCluster" -> modifyCluster(request);
            case "TerminateJobFlows" -> terminateJobFlows(request);
            default -> throw Refusal.unknownOperation(operation);
        };
    }

    /** The ARN of the cluster that a request is about; null when it is about none. */
    String resource(JsonNode request) {
        String id = request.path("ClusterId").asText(request.path("JobFlowId").asText());
        return clusters.has(id) ? clusters.find(id).arn() : null;
    }

    private static ObjectNode wrapped(String name, ObjectNode inner) {
        ObjectNode outer = Members.object();
        outer.set(name, inner);
        return outer;
    }

    private LocalCluster cluster(JsonNode request) {
        return clusters.find(request.path("ClusterId").asText());
    }

    private LocalCluster jobFlow(String id) {
        if (!clusters.has(id)) {
            throw Refusal.invalid("Specified job flow ID does not exist.");
        }
        return clusters.find(id);
    }

    private ObjectNode runJobFlow(JsonNode request) {
        LocalCluster cluster = clusters.create(ClusterOrder.parse(request));
        return Members.object().put("JobFlowId", cluster.id()).put("ClusterArn", cluster.arn());
    }

    private ObjectNode addJobFlowSteps(JsonNode request) {
        LocalCluster cluster = jobFlow(request.path("JobFlowId").asText());
        List<StepOrder> steps = StepOrder.parseAll(request.path("Steps"));
        if (steps.isEmpty()) {
            throw Refusal.invalid("Steps are missing.");
        }
        ObjectNode answer = Members.object();
        cluster.add(steps, request.path("ExecutionRoleArn").asText(null)).forEach(answer.putArray("StepIds")::add);
        return answer;
    }

    private ObjectNode listSteps(JsonNode request) {
        if (request.path("StepIds").size() > MOST_STEP_IDS) {
            throw Refusal.unknown("You can specify at most " + MOST_STEP_IDS + " step ids.");
        }
        return cluster(request).listSteps(request);
    }

    private ObjectNode cancelSteps(JsonNode request) {
        LocalCluster cluster = cluster(request);
        ObjectNode answer = Members.object();
        ArrayNode infos = answer.putArray("CancelStepsInfoList");
        infos.addAll(cluster.cancel(Members.texts(request.path("StepIds"))));
        return answer;
    }

    private ObjectNode modifyCluster(JsonNode request) {
        int level = request.path("StepConcurrencyLevel").asInt();
        cluster(request).changeStepConcurrency(ClusterOrder.checkedConcurrency(level));
        return Members.object().put("StepConcurrencyLevel", level);
    }

    private ObjectNode terminateJobFlows(JsonNode request) {
        List<LocalCluster> ending = Members.texts(request.path("JobFlowIds")).stream()
                .map(this::jobFlow)
                .toList();
        ending.forEach(cluster -> cluster.end(LocalCluster.EndCode.USER_REQUEST, "Terminated by user request"));
        return Members.object();
    }
}
