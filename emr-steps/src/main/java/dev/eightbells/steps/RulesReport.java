package dev.eightbells.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import dev.eightbells.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What validate wrote down of the rules of a batch.
 *
 * @param rules in their order
 * @param metrics everything that was measured, by name
 */
record RulesReport(List<Rule> rules, Map<String, Double> metrics) {
    private static final ObjectMapper JSON = new ObjectMapper();

    RulesReport {
        rules = List.copyOf(rules);
        metrics = Map.copyOf(metrics);
    }

    /**
     * What came out of one rule.
     *
     * @param scope whether it is about rows or about all of them
     * @param failingRows how many rows do not fulfil it; null when the rule says nothing of rows
     * @param samples some of their values; empty when there are none, or they are not shown
     */
    record Rule(String text, Verdict verdict, Scope scope, String sentence, Long failingRows, List<String> samples) {}

    /** The report at a key of the lake; empty when it is not there any more. */
    static Optional<RulesReport> read(ObjectStore lake, String key) {
        return lake.read(key)
                .map(content -> parse(content.bytes(), lake.location().resolve(key)));
    }

    private static RulesReport parse(byte[] text, String name) {
        try {
            JsonNode report = JSON.readTree(text);
            List<Rule> rules = new ArrayList<>();
            report.path("outcomes").forEach(outcome -> rules.add(rule(outcome)));
            Map<String, Double> metrics = new TreeMap<>();
            report.path("metrics")
                    .fields()
                    .forEachRemaining(metric ->
                            metrics.put(metric.getKey(), metric.getValue().asDouble()));
            return new RulesReport(rules, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
        }
    }

    private static Rule rule(JsonNode outcome) {
        List<String> samples = new ArrayList<>();
        outcome.path("samples").forEach(sample -> samples.add(sample.asText()));
        return new Rule(
                outcome.path("rule").asText(),
                Verdict.valueOf(outcome.path("verdict").asText()),
                Scope.valueOf(outcome.path("scope").asText()),
                outcome.path("sentence").asText(),
                outcome.hasNonNull("failingRows") ? outcome.get("failingRows").asLong() : null,
                samples);
    }

    /** The rules that failed, in their order. */
    List<Rule> failed() {
        return rules.stream().filter(rule -> rule.verdict() == Verdict.FAILED).toList();
    }
}
