package dev.eightbells.quality;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of one rule.
 *
 * @param rule as it was written
 * @param verdict passed, failed, or could not be evaluated
 * @param scope whether rows that fail it are bad by themselves
 * @param sentence why, for people
 * @param failingRows how many rows do not fulfil it; null when the rule says nothing of rows
 * @param samples up to five of their values; empty when there are none, or they are not shown
 * @param metrics what was measured for it, by name
 * @param labels that the rule was given
 * @param error what kept it from being evaluated; null unless the verdict is ERROR
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"rule", "verdict", "scope", "sentence", "failingRows", "samples", "metrics", "labels"})
public record RuleOutcome(
        String rule,
        Verdict verdict,
        Scope scope,
        String sentence,
        Long failingRows,
        List<String> samples,
        Map<String, Double> metrics,
        Map<String, String> labels,
        @JsonIgnore Throwable error) {
    public RuleOutcome {
        samples = List.copyOf(samples);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** What a failed rule is about. */
    public enum Scope {
        /** The rows that do not fulfil it; without them the rule holds. */
        ROWS,
        /** The data set as a whole. */
        DATASET
    }
}
