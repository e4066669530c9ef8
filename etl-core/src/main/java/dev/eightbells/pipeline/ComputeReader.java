package dev.eightbells.pipeline;

import dev.eightbells.pipeline.Compute.Cluster;
import dev.eightbells.pipeline.Compute.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the section {@code compute}, which has keys of its own for each type. */
final class ComputeReader {
    private static final List<Section> TYPES =
            List.of(Section.EMR_STEPS, Section.EMR_CLUSTER, Section.EMR_SERVERLESS, Section.EMR_ON_EKS, Section.LOCAL);

    // What a fleet takes when it is made through the API with an allocation strategy.
    private static final int MOST_INSTANCE_TYPES = 30;

    private ComputeReader() {}

    /** The compute; local when there is none, and with null parts where a problem was noted. */
    static Compute read(Value value) {
        if (!value.isPresent()) {
            return Compute.LOCAL;
        }

        Map<String, Value> entries = value.entries();
        Value type = entries.getOrDefault("type", value.absent("type"));
        if (!type.isPresent()) {
            value.problem("the key 'type' is missing; use one of " + types());
        }

        Section section = type.as(ComputeReader::section);
        if (section == null) {
            return Compute.LOCAL;
        }

        Mapping compute = new Mapping(section, value, entries);
        return new Compute(
                target(section, compute),
                compute.value("jar").as(ComputeReader::jar),
                compute.value("maxAttempts").as(ComputeReader::attempts, Compute.DEFAULT_MAX_ATTEMPTS),
                spark(compute.value("spark")));
    }

    /** The section of this kind of compute, whose name is also its {@code type}. */
    static Section section(Target target) {
        return section(target.type());
    }

    private static Target target(Section section, Mapping compute) {
        return switch (section) {
            case EMR_STEPS ->
                new Compute.EmrSteps(
                        cluster(compute.value("cluster")),
                        compute.value("runtimeRole").as(WarehouseReader::role));
            case EMR_CLUSTER ->
                new Compute.EmrCluster(
                        compute.value("release").text(),
                        compute.value("serviceRole").text(),
                        compute.value("instanceProfile").text(),
                        compute.value("subnets").list().stream()
                                .map(Value::text)
                                .filter(Objects::nonNull)
                                .toList(),
                        instanceTypes(compute.value("instanceTypes")),
                        compute.value("maxUnits").as(ComputeReader::units),
                        compute.value("securityConfiguration").text(),
                        compute.value("logs").as(ComputeReader::logs));
            case EMR_SERVERLESS ->
                new Compute.EmrServerless(
                        compute.value("application").text(),
                        compute.value("role").as(WarehouseReader::role),
                        compute.value("logs").as(ComputeReader::logs));
            case EMR_ON_EKS ->
                new Compute.EmrOnEks(
                        compute.value("virtualCluster").text(),
                        compute.value("role").as(WarehouseReader::role),
                        compute.value("release").text(),
                        compute.value("logs").as(ComputeReader::logs));
            default -> new Compute.Local();
        };
    }

    private static Cluster cluster(Value value) {
        Mapping cluster = value.mapping(Section.CLUSTER);
        if (cluster == null) {
            return null;
        }

        List<Cluster.By> given = Arrays.stream(Cluster.By.values())
                .filter(by -> cluster.value(Value.nameOf(by)).isPresent())
                .toList();
        if (given.size() != 1) {
            value.problem("a cluster is found by exactly one of id, name and tag, and this one has "
                    + (given.isEmpty() ? "none" : given.size()));
            return null;
        }

        Cluster.By by = given.get(0);
        Value found = cluster.value(Value.nameOf(by));
        return new Cluster(by, by == Cluster.By.TAG ? found.as(ComputeReader::tag) : found.text());
    }

    private static List<String> instanceTypes(Value value) {
        if (!value.isPresent()) {
            return Compute.EmrCluster.DEFAULT_INSTANCE_TYPES;
        }

        List<Value> types = value.list();
        if (value.isEmptyList() || types.size() > MOST_INSTANCE_TYPES) {
            value.problem("a cluster chooses from 1 to " + MOST_INSTANCE_TYPES + " instance types, and these are "
                    + types.size());
        }
        return types.stream()
                .map(type -> type.as(ComputeReader::instanceType))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Map<String, String> spark(Value value) {
        Map<String, String> settings = new TreeMap<>();
        value.entries().forEach((key, setting) -> {
            if (!key.startsWith("spark.")) {
                setting.problem("'" + key + "' is no Spark setting; write spark.…");
            } else if (Secrets.isNameOfSecret(key)) {
                setting.problem(Secrets.refusal(key, Section.FILE));
            }

            String text = setting.text();
            if (text != null) {
                settings.put(key, text);
            }
        });
        return settings;
    }

    private static Section section(String text) {
        return TYPES.stream()
                .filter(type -> Value.nameOf(type).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("'" + text + "' is none of " + types() + "; use one of them"));
    }

    private static String types() {
        return TYPES.stream().map(Value::nameOf).collect(Collectors.joining(", "));
    }

    private static Integer attempts(String text) {
        if (!text.matches("[1-9][0-9]?")) {
            throw new IllegalArgumentException("'" + text + "' is no number of attempts; write 1 to 99");
        }

        return Integer.valueOf(text);
    }

    private static String jar(String text) {
        if (!text.matches("s3://[^/]+/.*")) {
            throw new IllegalArgumentException(
                    "'" + text + "' does not lie on S3, where EMR can reach it; write s3://bucket/…");
        }
        if (!text.endsWith(".jar")) {
            throw new IllegalArgumentException("'" + text + "' is no jar; write s3://bucket/….jar");
        }

        return text;
    }

    private static String instanceType(String text) {
        if (!text.matches("[a-z][a-z0-9-]*\\.([1-9][0-9]?)?xlarge")) {
            throw new IllegalArgumentException("'" + text
                    + "' is no instance type of 4 vCPUs or a multiple of them; write e.g. m5.xlarge or m5.2xlarge");
        }

        return text;
    }

    private static Integer units(String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("'" + text + "' is no number of units; write 1 to 9999");
        }

        return Integer.valueOf(text);
    }

    private static String logs(String text) {
        if (!text.matches("s3://[^/]+/.*|/[A-Za-z0-9._/#-]{1,511}")) {
            throw new IllegalArgumentException("'" + text
                    + "' is no place for logs; write s3://bucket/prefix/, or the name of a CloudWatch log group that begins"
                    + " with /");
        }

        return text;
    }

    private static String tag(String text) {
        if (!text.matches("[^=]+=.*")) {
            throw new IllegalArgumentException("'" + text + "' is no tag; write key=value");
        }

        return text;
    }
}
