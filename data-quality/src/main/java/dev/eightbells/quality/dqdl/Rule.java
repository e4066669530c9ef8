package dev.eightbells.quality.dqdl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One rule of a rules file. */
public sealed interface Rule {
    /** Where it begins. */
    Place place();

    /** The rule as it was written, without comments and labels, and with single blanks; what reports call it. */
    String text();

    /** Its labels, with the file's default labels; in their order. */
    Map<String, String> labels();

    /**
     * A rule of one type.
     *
     * @param type what it looks at
     * @param parameters mostly columns; without quotes, in their order
     * @param condition what the measured value, or each value of the column, must fulfil; null when the type has none
     * @param where a predicate in SQL; only rows that fulfil it are looked at; null means all
     * @param threshold what the share of rows that fulfil the condition must itself fulfil; null means that all must
     * @param tags other {@code with NAME = "VALUE"}, in their order
     */
    record Simple(
            RuleType type,
            List<String> parameters,
            Condition condition,
            String where,
            Condition threshold,
            Map<String, String> tags,
            Map<String, String> labels,
            Place place,
            String text)
            implements Rule {
        public Simple {
            parameters = List.copyOf(parameters);
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
            labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        }
    }

    /**
     * Rules connected by {@code and} or {@code or}.
     *
     * @param parts at least two
     */
    record Composite(Connective connective, List<Rule> parts, Map<String, String> labels, Place place, String text)
            implements Rule {
        public Composite {
            parts = List.copyOf(parts);
            labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        }
    }

    /** How the parts of a composite rule are connected. */
    enum Connective {
        AND,
        OR
    }
}
