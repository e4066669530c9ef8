package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Condition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What was measured before, as far as the rules ask for it; read once. */
final class History {
    /** So many batches show what is usual: a week and more of watches. */
    static final int BATCHES_FOR_ANOMALIES = 50;

    private final Map<String, List<Double>> values;
    private final RuntimeException error;

    private History(Map<String, List<Double>> values, RuntimeException error) {
        this.values = values;
        this.error = error;
    }

    /** Reads what rules ask for; nothing when they ask for nothing. */
    static History of(Understanding understanding, MetricHistory history) {
        Set<String> names = new HashSet<>();
        int batches = 0;
        for (Check check :
                understanding.checks().stream().flatMap(Understanding::leaves).toList()) {
            int asked = asked(check);
            if (asked > 0) {
                names.addAll(names(check));
                batches = Math.max(batches, asked);
            }
        }
        if (names.isEmpty()) {
            return new History(Map.of(), null);
        }
        try {
            return new History(history.newest(names, batches), null);
        } catch (RuntimeException e) {
            return new History(Map.of(), e);
        }
    }

    private static int asked(Check check) {
        if (check instanceof Check.OfAnomalies) {
            return BATCHES_FOR_ANOMALIES;
        }
        Condition condition = condition(check);
        return condition == null ? 0 : Thresholds.history(condition);
    }

    /** The condition over a number that a check has; null when it has none. */
    static Condition condition(Check check) {
        if (check instanceof Check.OfRows rows) {
            return rows.share();
        }
        if (check instanceof Check.OfMetric metric) {
            return metric.rule().condition();
        }
        if (check instanceof Check.OfQuery query) {
            return query.rule().condition();
        }
        return check instanceof Check.OfReference compared ? compared.rule().condition() : null;
    }

    private static List<String> names(Check check) {
        return check instanceof Check.OfAnomalies anomalies
                ? anomalies.metrics().stream().map(Metric::name).toList()
                : Stream.of(name(check)).toList();
    }

    /** The name under which the number of a check is kept. */
    static String name(Check check) {
        if (check instanceof Check.OfRows rows) {
            return rows.measure();
        }
        if (check instanceof Check.OfMetric measured) {
            return measured.metric().name();
        }
        if (check instanceof Check.OfQuery query) {
            return Metric.name("CustomSQL", List.of()) + " " + query.sql();
        }
        Check.OfReference compared = (Check.OfReference) check;
        return Metric.name(compared.rule().type().dqdl(), List.of()) + " "
                + String.join(" ", compared.rule().parameters());
    }

    /**
     * The earlier values of a metric, the newest first.
     *
     * @throws RuntimeException when the history could not be read
     */
    List<Double> of(String name) {
        if (error != null) {
            throw error;
        }
        return values.getOrDefault(name, List.of());
    }
}
