package dev.eightbells.quality;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came out of all rules over a data set.
 *
 * @param rows how many rows were judged
 * @param failingRows how many of them fail at least one rule of {@linkplain RuleOutcome.Scope#ROWS rows}
 * @param outcomes of each rule, in the order of the rules
 * @param metrics everything that was measured, by name
 */
@JsonAutoDetect(getterVisibility = JsonAutoDetect.Visibility.NONE, fieldVisibility = JsonAutoDetect.Visibility.ANY)
@JsonPropertyOrder({"verdict", "rows", "failingRows", "outcomes", "metrics"})
public record QualityReport(long rows, long failingRows, List<RuleOutcome> outcomes, Map<String, Double> metrics) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public QualityReport {
        outcomes = List.copyOf(outcomes);
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }

    /** ERROR when a rule could not be evaluated, else FAILED when one failed, else PASSED. */
    @JsonProperty("verdict")
    public Verdict verdict() {
        return outcomes.stream()
                .map(RuleOutcome::verdict)
                .max(Verdict::compareTo)
                .orElse(Verdict.PASSED);
    }

    /** The rules with a verdict, in their order. */
    public List<RuleOutcome> with(Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).toList();
    }

    /** The first rule that could not be evaluated; empty when all could. */
    public Optional<RuleOutcome> firstError() {
        return with(Verdict.ERROR).stream().findFirst();
    }

    /** The report in JSON. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a quality report as JSON", e);
        }
    }
}
