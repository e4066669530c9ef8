package dev.eightbells.localaws.emr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A step as it was asked for, held to EMR's limits.
 *
 * @param main the main class; null for the jar's own
 * @param properties in the order in which they were given
 */
record StepOrder(
        String name,
        ActionOnFailure action,
        String jar,
        String main,
        List<String> arguments,
        Map<String, String> properties) {
    private static final String RUNNER = "command-runner.jar";
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_STRINGS = 10_240;

    /** What becomes of the cluster when a step fails, as EMR names it. */
    enum ActionOnFailure {
        TERMINATE_JOB_FLOW,
        TERMINATE_CLUSTER,
        CANCEL_AND_WAIT,
        CONTINUE;

        boolean endsCluster() {
            return this == TERMINATE_JOB_FLOW || this == TERMINATE_CLUSTER;
        }
    }

    StepOrder {
        arguments = List.copyOf(arguments);
    }

    static List<StepOrder> parseAll(JsonNode steps) {
        List<StepOrder> orders = new ArrayList<>();
        steps.forEach(step -> orders.add(parse(step)));
        return orders;
    }

    private static StepOrder parse(JsonNode step) {
        String name = step.path("Name").asText();
        if (!step.hasNonNull("Name") || name.length() > LONGEST_NAME) {
            throw Refusal.invalid("Step name must be of at most " + LONGEST_NAME + " characters; this one has "
                    + name.length() + ".");
        }
        JsonNode jarStep = step.path("HadoopJarStep");
        String jar = jarStep.path("Jar").asText();
        if (!jar.equals(RUNNER)) {
            throw Refusal.invalid(
                    "This stand-in runs only steps of " + RUNNER + "; the jar of step " + name + " is '" + jar + "'.");
        }
        List<String> arguments = new ArrayList<>();
        jarStep.path("Args").forEach(argument -> arguments.add(argument.asText()));
        Map<String, String> properties = Members.keyed(jarStep.path("Properties"));
        StepOrder order =
                new StepOrder(name, action(step), jar, jarStep.path("MainClass").asText(null), arguments, properties);
        if (order.length() > LONGEST_STRINGS) {
            throw Refusal.invalid("The string values passed into HadoopJarStep cannot exceed a total of "
                    + LONGEST_STRINGS + " characters; those of step " + name + " have " + order.length() + ".");
        }
        return order;
    }

    private static ActionOnFailure action(JsonNode step) {
        // Without one EMR continues.
        String action = step.path("ActionOnFailure").asText(ActionOnFailure.CONTINUE.name());
        try {
            return ActionOnFailure.valueOf(action);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("Invalid action on failure: " + action);
        }
    }

    private int length() {
        int length = jar.length() + (main == null ? 0 : main.length());
        for (String argument : arguments) {
            length += argument.length();
        }
        for (Map.Entry<String, String> property : properties.entrySet()) {
            length += property.getKey().length() + property.getValue().length();
        }
        return length;
    }

    /** The step's configuration as EMR tells it. */
    ObjectNode config() {
        ObjectNode config = Members.object().put("Jar", jar);
        Members.putText(config, "MainClass", main);
        arguments.forEach(config.putArray("Args")::add);
        properties.forEach(config.putObject("Properties")::put);
        return config;
    }
}
