package dev.eightbells.pipeline;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One mapping of a pipeline file whose keys have been checked against those that its section knows. */
final class Mapping {
    private final Value self;
    private final Map<String, Value> values;

    /** Refuses unknown keys and misses required ones. */
    Mapping(Section section, Value self, Map<String, Value> values) {
        this.self = self;
        this.values = values;
        Set<String> meant = new HashSet<>(values.keySet());
        for (String key : values.keySet()) {
            if (!section.keys().contains(key)) {
                self.problemAt(values.get(key).keyLine(), section.refusal(key));
                section.nearest(key).ifPresent(meant::add);
            }
        }
        section.required().stream()
                .filter(key -> !meant.contains(key))
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
