package dev.eightbells.pipeline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of mappings in a pipeline file and the keys each of them knows. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are copies that nobody can change
enum Section {
    FILE(
            List.of("version", "pipeline", "source", "lake", "table"),
            List.of("window", "catalog", "quality", "sessions", "warehouse", "compute", "care", "retention")),
    SOURCE(List.of("location"), List.of("layout", "from", "lookback", "maxBytes", "maxRecord")),
    CATALOG(List.of("type"), List.of("uri", "user", "properties")),
    TABLE(List.of("name", "partitionBy", "columns"), List.of("key", "nullValues", "rescue")),
    PARTITION_BY(List.of("from", "unit"), List.of()),
    COLUMN(List.of("name", "type"), List.of("required", "from", "formats", "zone", "was")),
    QUALITY(List.of("rules"), List.of("onRowFailure", "onFailure", "maxQuarantined", "references", "sampleValues")),
    SESSIONS(List.of("name", "by", "time", "gap"), List.of("maxDuration", "columns")),
    SESSION_COLUMN(List.of("name"), List.of("count", "sum", "min", "max", "any", "first", "last", "expression")),
    WAREHOUSE(List.of("url", "events"), List.of("secret", "copyRole", "sessions", "distKey", "sortKey")),
    LOCAL(List.of("type"), List.of("jar", "maxAttempts", "spark")),
    EMR_STEPS(List.of("type", "cluster"), List.of("runtimeRole", "jar", "maxAttempts", "spark")),
    EMR_CLUSTER(
            List.of("type", "release", "serviceRole", "instanceProfile", "subnets"),
            List.of("instanceTypes", "maxUnits", "securityConfiguration", "logs", "jar", "maxAttempts", "spark")),
    EMR_SERVERLESS(List.of("type", "application", "role"), List.of("logs", "jar", "maxAttempts", "spark")),
    EMR_ON_EKS(List.of("type", "virtualCluster", "role", "release"), List.of("logs", "jar", "maxAttempts", "spark")),
    CLUSTER(List.of(), List.of("id", "name", "tag")),
    CARE(List.of(), List.of("keep", "every")),
    RETENTION(List.of(), List.of("events", "sessions", "quarantine", "metrics"));

    private final List<String> required;
    private final List<String> keys;

    Section(List<String> required, List<String> optional) {
        this.required = required;
        this.keys = Stream.concat(required.stream(), optional.stream()).toList();
    }

    List<String> required() {
        return required;
    }

    List<String> keys() {
        return keys;
    }

    /** What to say to somebody who wrote a key that is not known here. */
    String refusal(String unknown) {
        if (Secrets.isNameOfSecret(unknown)) {
            return Secrets.refusal(unknown, this);
        }

        return "unknown key '" + unknown + "'; "
                + nearest(unknown)
                        .map(key -> "did you mean '" + key + "'?")
                        .orElse("the known keys are " + String.join(", ", keys));
    }

    /** The known key that somebody meant who wrote this one; empty when none is near. */
    Optional<String> nearest(String unknown) {
        return keys.stream()
                .min(Comparator.comparingInt(key -> distance(unknown, key)))
                .filter(key -> distance(unknown, key) <= Math.max(2, unknown.length() / 3));
    }

    /** How many letters to insert, delete, replace or swap with a neighbour, whatever their case. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(cost[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            cost[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
