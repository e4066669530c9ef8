package dev.eightbells.quality;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that was found out about the rows, before anything is judged. */
final class Facts {
    private final Map<Metric, Measured> metrics = new LinkedHashMap<>();
    private final Map<Check, Measured> numbers = new HashMap<>();
    private final Map<Check, Rows> rows = new HashMap<>();
    private final Map<Check, Throwable> errors = new HashMap<>();
    private final Map<Check, List<String>> samples = new HashMap<>();

    /**
     * What was counted for a test of rows.
     *
     * @param rows how many rows it looks at
     * @param failing how many of them do not fulfil it
     */
    record Rows(long rows, long failing) {}

    void put(Metric metric, Measured measured) {
        metrics.put(metric, measured);
    }

    void put(Check check, Measured measured) {
        numbers.put(check, measured);
    }

    void put(Check check, Rows counted) {
        rows.put(check, counted);
    }

    /** Notes what keeps a check from being evaluated; the first holds. */
    void fail(Check check, Throwable error) {
        errors.putIfAbsent(check, error);
    }

    void show(Check check, List<String> values) {
        samples.put(check, values);
    }

    Measured measured(Metric metric) {
        return metrics.get(metric);
    }

    Measured measured(Check check) {
        return numbers.get(check);
    }

    /** What was counted; null when it was not. */
    Rows rows(Check check) {
        return rows.get(check);
    }

    /** What keeps a check from being evaluated; null when nothing does. */
    Throwable error(Check check) {
        return errors.get(check);
    }

    List<String> samples(Check check) {
        return samples.getOrDefault(check, List.of());
    }

    /** All metrics that have a value, by name. */
    Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((metric, measured) -> {
            if (measured instanceof Measured.Value value) {
                values.put(metric.name(), value.value());
            }
        });
        return values;
    }
}
