package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.emr.LocalEmr;
import dev.eightbells.localaws.emr.SparkSubmitProgram;
import dev.eightbells.localaws.lambda.Answer;
import dev.eightbells.localaws.lambda.LocalLambda;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What is deployed, end to end: the function's package under AWS's runtime client, EMR, the steps' jar under Spark's own
 * SparkSubmit, Parquet on S3. Both packages are made by the modules before this one.
 */
@EnabledOnOs(OS.LINUX)
class DeployedTest {
    private static final Path ZIP = Path.of("../../lambda-trigger/target/eightbells-lambda.zip");
    private static final Path JAR = Path.of("../../emr-steps/target/eightbells-emr-steps.jar");
    private static final int CLICKS = 50;

    @Test
    @Timeout(300)
    void aFiringBecomesParquetOnS3() throws Exception {
        assumeTrue(
                Files.exists(ZIP) && Files.exists(JAR),
                "SKIPPED: the packages are not built; run ./mvnw verify to try them");
        try (LocalS3 s3 = LocalS3.start();
                LocalPostgres postgres = LocalPostgres.start();
                LocalEmr emr = LocalEmr.start(new SparkSubmitProgram(
                        s3,
                        SparkSubmitProgram.Image.ofThisProcess(
                                JAR, Map.of("EIGHTBELLS_CATALOG_PASSWORD", postgres.password()))))) {
            String cluster = emr.startCluster("etl", Map.of("team", "data"), 1);
            upload(s3, postgres);
            Map<String, String> environment = new HashMap<>(s3.environment());
            environment.putAll(emr.environment());
            environment.put("EIGHTBELLS_PIPELINES", "s3://code/pipelines/");
            environment.put("EIGHTBELLS_STEPS_JAR", "s3://code/eightbells-emr-steps.jar");

            try (LocalLambda lambda =
                    LocalLambda.start(ZIP, "dev.eightbells.trigger.Handler::handleRequest", environment, 1024)) {
                Answer fired = lambda.invoke("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}");
                while (emr.runs(cluster)) {
                    Thread.sleep(100);
                }
                Answer next = lambda.invoke("{\"scheduledTime\":\"2026-11-22T12:20:00Z\"}");

                assertThat(fired.payload())
                        .contains("\"became\":\"submitted\"", "was given to emr-steps " + cluster + " (submission 1).");
                assertThat(next.payload()).contains("\"batches\":[]", "\"failures\":[]");
                assertThat(lambda.log()).contains("\"Namespace\":\"Eightbells\"", "\"SubmittedBatches\":1");
                assertThat(keys(s3, "lake"))
                        .as(lambda.log())
                        .contains(
                                "batches/20261122T0800Z/submissions/1.json",
                                "batches/20261122T0800Z/published.json",
                                "batches/20261122T0800Z/sessionize.json")
                        .anyMatch(key -> key.startsWith("tables/web/clicks/data/") && key.endsWith(".parquet"));
                assertThat(marker(s3)).contains("\"read\":" + CLICKS + ",\"published\":" + CLICKS);
            }
        }
    }

    private static void upload(LocalS3 s3, LocalPostgres postgres) throws Exception {
        List.of("code", "raw", "lake").forEach(s3::createBucket);
        put(s3, "code", "eightbells-emr-steps.jar", Files.readAllBytes(JAR));
        put(
                s3,
                "code",
                "pipelines/clicks.dqdl",
                "Rules = [ IsComplete \"id\", RowCount > 0 ]".getBytes(StandardCharsets.UTF_8));
        put(
                s3,
                "code",
                "pipelines/clicks.yaml",
                """
                version: 1
                pipeline: clicks
                source: {location: s3://raw/}
                lake: s3://lake/
                catalog: {type: jdbc, uri: "%s", user: %s}
                table:
                  name: web.clicks
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: id, type: string, required: true}
                    - {name: at, type: timestamp, required: true}
                    - {name: visitor, type: string}
                quality: {rules: clicks.dqdl}
                sessions: {name: web.visits, by: visitor, time: at, gap: 30m}
                compute: {type: emr-steps, cluster: {tag: team=data}}
                """
                        .formatted(postgres.jdbcUrl(), postgres.user())
                        .getBytes(StandardCharsets.UTF_8));
        put(
                s3,
                "raw",
                "2026/11/22/05/clicks-1-2026-11-22-05-00-00-a",
                IntStream.range(0, CLICKS)
                        .mapToObj(number -> "{\"id\":\"c%d\",\"at\":\"2026-11-22T05:%02d:00Z\",\"visitor\":\"v%d\"}"
                                .formatted(number, number, number % 7))
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void put(LocalS3 s3, String bucket, String key, byte[] content) {
        try (ObjectStore store = open(s3, bucket)) {
            store.create(key, content);
        }
    }

    private static List<String> keys(LocalS3 s3, String bucket) {
        try (ObjectStore store = open(s3, bucket);
                Stream<StoredObject> objects = store.list("", "")) {
            return objects.map(StoredObject::key).toList();
        }
    }

    private static String marker(LocalS3 s3) {
        try (ObjectStore store = open(s3, "lake")) {
            return new String(
                    store.read("batches/20261122T0800Z/published.json")
                            .orElseThrow()
                            .bytes(),
                    StandardCharsets.UTF_8);
        }
    }

    private static ObjectStore open(LocalS3 s3, String bucket) {
        return ObjectStores.open(Location.of("s3://" + bucket + "/"), s3.environment());
    }
}
