package dev.eightbells.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * How a step ended, as one line of JSON in CloudWatch's embedded metric format: whoever ships the log to CloudWatch gets
 * metrics by pipeline and step.
 */
final class ResultLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COUNT = "Count";
    /** The decimals of a second in milliseconds. */
    private static final int MILLIS = 3;

    private final ObjectNode line = JSON.createObjectNode();
    private final ArrayNode metrics;

    private ResultLine(StepEnd end) {
        ObjectNode aws = line.putObject("_aws");
        aws.put("Timestamp", end.ended().toEpochMilli());
        ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject();
        directive.put("Namespace", "Eightbells");
        directive.putArray("Dimensions").addArray().add("pipeline").add("step");
        this.metrics = directive.putArray("Metrics");
    }

    static String of(StepEnd end) {
        ResultLine result = new ResultLine(end);
        result.tell(end);
        result.measure(end);
        try {
            return JSON.writeValueAsString(result.line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Cannot write the result of batch " + end.manifest().batch(), e);
        }
    }

    private void tell(StepEnd end) {
        line.put("pipeline", end.manifest().pipeline());
        line.put("batch", end.manifest().batch().toString());
        line.put("step", end.step().text());
        if (end.attempt() != null) {
            line.put("attempt", end.attempt());
        }
        line.put("exitCode", end.exitCode());
        if (end.kind() != null) {
            line.put("kind", end.kind().name());
        }
        line.put("sentence", end.sentence());
        if (end.records() != null) {
            line.set("records", JSON.valueToTree(end.records()));
        }
    }

    /** CloudWatch refuses a metric that is named and not there, so a failure names no counts. */
    private void measure(StepEnd end) {
        if (end.records() != null) {
            metric("Records", COUNT).put("Records", end.records().read());
            metric("Quarantined", COUNT).put("Quarantined", end.records().quarantined());
            metric("Bytes", "Bytes").put("Bytes", end.manifest().bytes());
        }
        metric("Seconds", "Seconds")
                .put("Seconds", BigDecimal.valueOf(end.took().toMillis(), MILLIS));
        metric("BacklogAge", "Seconds").put("BacklogAge", end.behind().toSeconds());
    }

    private ObjectNode metric(String name, String unit) {
        metrics.addObject().put("Name", name).put("Unit", unit);
        return line;
    }
}
