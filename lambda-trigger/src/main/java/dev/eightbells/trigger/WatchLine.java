package dev.eightbells.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.eightbells.trigger.Watched.Became;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of one pipeline as one line of JSON, out of which CloudWatch takes metrics by itself.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 *     embedded metric format</a>
 */
final class WatchLine {
    private static final String NAMESPACE = "Eightbells";
    private static final String SECONDS = "BacklogAge";

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private WatchLine() {}

    /**
     * The line.
     *
     * @param at when
     */
    static String of(Watched watched, Instant at) {
        Map<String, Long> metrics = metrics(watched);
        ObjectNode line = JSON.createObjectNode();
        ObjectNode aws = line.putObject("_aws").put("Timestamp", at.toEpochMilli());
        ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
        ArrayNode dimensions = directive.putArray("Dimensions");
        dimensions.addArray().add("pipeline");
        // And over all pipelines of the function, which is what alarms look at.
        dimensions.addArray();
        ArrayNode names = directive.putArray("Metrics");
        metrics.forEach((name, value) -> {
            names.addObject().put("Name", name).put("Unit", name.equals(SECONDS) ? "Seconds" : "Count");
            line.put(name, value);
        });
        line.setAll((ObjectNode) JSON.valueToTree(watched));
        return text(line);
    }

    /** What a function answers. */
    static String answer(List<Watched> all) {
        return text(Map.of("pipelines", all));
    }

    private static Map<String, Long> metrics(Watched watched) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("SubmittedBatches", watched.count(Became.SUBMITTED));
        metrics.put("RunningBatches", watched.count(Became.RUNNING));
        metrics.put("FailedBatches", watched.count(Became.FAILED));
        metrics.put("StoppedBatches", watched.count(Became.STOPPED));
        metrics.put(SECONDS, watched.backlogSeconds());
        if (watched.stragglers() != null) {
            metrics.put("Stragglers", watched.stragglers().objects());
        }
        metrics.put("Healthy", watched.isHealthy() ? 1L : 0L);
        return metrics;
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException notWritable) {
            throw new IllegalStateException("Cannot write " + value + " as JSON.", notWritable);
        }
    }
}
