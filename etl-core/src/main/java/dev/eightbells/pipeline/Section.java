package dev.eightbells.pipeline;

import java.util.List;
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
        return Nearest.to(unknown, keys);
    }
}
