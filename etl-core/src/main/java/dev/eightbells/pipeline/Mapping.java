package dev.eightbells.pipeline;

import java.util.Map;

/** One mapping of a pipeline file whose keys have been checked against those that its section knows. */
final class Mapping {
    private final Value self;
    private final Map<String, Value> values;

    /** Refuses unknown keys and misses required ones. */
    Mapping(Section section, Value self, Map<String, Value> values) {
        this.self = self;
        this.values = values;
        values.keySet().stream()
                .filter(key -> !section.keys().contains(key))
                .forEach(key -> self.problemAt(values.get(key).keyLine(), section.refusal(key)));
        section.required().stream()
                .filter(key -> !values.containsKey(key))
                .forEach(key -> self.problem("the key '" + key + "' is missing; add it"));
    }

    /** The value of this key; an absent one when the mapping has none. */
    Value value(String key) {
        return values.containsKey(key) ? values.get(key) : self.absent(key);
    }

    /** Where the mapping itself stands. */
    Value self() {
        return self;
    }
}
