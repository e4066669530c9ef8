package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A cluster as it was asked for, held to EMR's limits.
 *
 * @param request of RunJobFlow
 */
record ClusterOrder(String name, WhenIdle whenIdle, int stepConcurrency, List<StepOrder> steps, JsonNode request) {
    private static final int LONGEST_NAME = 256;
    private static final int MOST_AT_ONCE = 256;

    /** What a cluster does when it has no step left. */
    enum WhenIdle {
        WAIT,
        END
    }

    ClusterOrder {
        steps = List.copyOf(steps);
        checkedConcurrency(stepConcurrency);
    }

    static int checkedConcurrency(int level) {
        if (level < 1 || level > MOST_AT_ONCE) {
            throw Refusal.invalid(
                    "StepConcurrencyLevel must be from 1 to " + MOST_AT_ONCE + "; this one is " + level + ".");
        }
        return level;
    }

    static ClusterOrder parse(JsonNode request) {
        String name = request.path("Name").asText();
        if (!request.hasNonNull("Name") || name.length() > LONGEST_NAME) {
            throw Refusal.invalid("The cluster's name must be of at most " + LONGEST_NAME + " characters.");
        }
        JsonNode instances = request.path("Instances");
        if (!instances.isObject()) {
            throw Refusal.invalid("Instances are missing.");
        }
        if (instances.hasNonNull("InstanceGroups") && instances.hasNonNull("InstanceFleets")) {
            throw Refusal.invalid("Instance fleets and instance groups are mutually exclusive.");
        }
        return new ClusterOrder(
                name,
                instances.path("KeepJobFlowAliveWhenNoSteps").asBoolean(false) ? WhenIdle.WAIT : WhenIdle.END,
                request.path("StepConcurrencyLevel").asInt(1),
                StepOrder.parseAll(request.path("Steps")),
                request);
    }

    /** A cluster that somebody has started before, and that waits for steps. */
    static ClusterOrder waiting(String name, Map<String, String> tags, int stepConcurrency) {
        ObjectNode request = Members.object().put("ReleaseLabel", "emr-7.14.0");
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tags.forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        request.set("Tags", list);
        return new ClusterOrder(name, WhenIdle.WAIT, stepConcurrency, List.of(), request);
    }
}
