package dev.eightbells.job;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Compute;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the tests of this package send, and how. */
final class Fixtures {
    static final String ROLE = "arn:aws:iam::123456789012:role/etl";
    static final String DEFINITION =
            "s3://acme-lake/web-events/definitions/ab0c9d6f5c1f0bd4b4e6b5d2a3f1c7e8d9a0b1c2d3e4f5061728394a5b6c7d8e.yaml";
    static final List<Step> ALL_STEPS = List.of(Step.values());

    private Fixtures() {}

    /** A batch of 20 GB with all steps. */
    static JobRequest request(String place) {
        return request(place, 1, Instant.now());
    }

    static JobRequest request(String place, int submission, Instant claimed) {
        return new JobRequest(
                "web-events",
                BatchId.parse("20261122T0800Z"),
                submission,
                place,
                claimed,
                DEFINITION,
                "s3://acme-code/eightbells-emr-steps.jar",
                ALL_STEPS,
                20L << 30);
    }

    /** The compute with this target, and no settings of its own. */
    static Compute compute(Compute.Target target) {
        return compute(target, Map.of());
    }

    static Compute compute(Compute.Target target, Map<String, String> spark) {
        return new Compute(target, null, Compute.DEFAULT_MAX_ATTEMPTS, spark);
    }

    static Compute.EmrSteps steps(Compute.Cluster.By by, String value) {
        return new Compute.EmrSteps(new Compute.Cluster(by, value), null);
    }

    static Compute.EmrCluster cluster(List<String> types, Integer maxUnits) {
        return new Compute.EmrCluster(
                "emr-7.14.0",
                "EMR_DefaultRole",
                "EMR_EC2_DefaultRole",
                List.of("subnet-0a1b2c3d", "subnet-4e5f6a7b"),
                types,
                maxUnits,
                "encrypted",
                "s3://acme-logs/emr/");
    }

    /** Clients of what listens there, which lose no time. */
    static AwsClients clients(URI endpoint) {
        return AwsClients.of(Map.of(
                        "AWS_ENDPOINT_URL_EMR",
                        endpoint.toString(),
                        "AWS_ENDPOINT_URL_EMR_SERVERLESS",
                        endpoint.toString(),
                        "AWS_ENDPOINT_URL_EMR_CONTAINERS",
                        endpoint.toString(),
                        "AWS_REGION",
                        "eu-west-1",
                        "AWS_ACCESS_KEY_ID",
                        "key",
                        "AWS_SECRET_ACCESS_KEY",
                        "secret"))
                .waiting(Duration.ofMillis(1), Duration.ofSeconds(2));
    }
}
