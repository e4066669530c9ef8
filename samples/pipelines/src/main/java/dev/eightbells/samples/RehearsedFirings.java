package dev.eightbells.samples;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.emr.LocalEmr;
import dev.eightbells.localaws.emr.StepRun;
import dev.eightbells.localaws.lambda.Answer;
import dev.eightbells.localaws.lambda.LambdaFunction;
import dev.eightbells.localaws.lambda.LocalLambda;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A new pipeline whose raw objects are only listed, looked after by the function's package in a process of its own, on a
 * cluster whose steps publish their batch at once.
 */
final class RehearsedFirings implements AutoCloseable {
    private static final String RAW = "raw";
    private static final String LAKE = "lake";
    private static final String CODE = "code";
    private static final Duration WINDOW = Duration.ofHours(4);
    private static final Duration DELAY = Duration.ofMinutes(20);
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final String PIPELINE =
            """
            version: 1
            pipeline: clicks
            source: {location: s3://raw/}
            lake: s3://lake/
            table:
              name: web.clicks
              partitionBy: {from: at, unit: day}
              columns:
                - {name: at, type: timestamp, required: true}
            compute: {type: emr-steps, cluster: {name: etl}}
            """;

    private final LocalS3 s3;
    private final ListedS3 listed;
    private final LocalEmr emr;
    private final String cluster;
    private final LocalLambda lambda;
    private final ObjectStore lake;

    /** When the first step since the last firing began, as {@link System#nanoTime} tells; 0 when none has. */
    private volatile long begun;

    /**
     * @param zip the function's package
     * @param memory of the function, in megabytes
     * @param folder for logs and what is unpacked
     * @param windows how many windows have raw objects
     * @param objects how many each of them has
     * @param latency of each page of the listing
     */
    RehearsedFirings(Path zip, int memory, Path folder, int windows, int objects, Duration latency) throws IOException {
        this.s3 = LocalS3.start();
        List.of(LAKE, CODE).forEach(s3::createBucket);
        this.listed = ListedS3.start(new FirehoseListing(RAW, FROM, WINDOW, windows, objects), latency, s3.endpoint());
        this.emr = LocalEmr.start(this::publish, 0, folder.resolve("emr"));
        this.cluster = emr.startCluster("etl", Map.of(), 1);
        this.lake = ObjectStores.open(Location.of("s3://" + LAKE + "/"), s3.environment());
        try (ObjectStore code = ObjectStores.open(Location.of("s3://" + CODE + "/"), s3.environment())) {
            code.create("clicks.yaml", PIPELINE.getBytes(StandardCharsets.UTF_8));
        }
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.putAll(emr.environment());
        environment.put("AWS_ENDPOINT_URL_S3", listed.endpoint().toString());
        environment.put("EIGHTBELLS_PIPELINES", "s3://" + CODE + "/clicks.yaml");
        environment.put("EIGHTBELLS_STEPS_JAR", "s3://" + CODE + "/eightbells-emr-steps.jar");
        LambdaFunction function = new LambdaFunction(
                "eightbells",
                zip,
                "dev.eightbells.trigger.Handler::handleRequest",
                environment,
                memory,
                Duration.ofMinutes(15));
        this.lambda = LocalLambda.start(function, 0, folder.resolve("lambda"));
    }

    /** What a step does instead of its work; the function looks only at whether the marker is there. */
    private int publish(StepRun run) {
        if (begun == 0) {
            this.begun = System.nanoTime();
        }
        List<String> arguments = run.arguments();
        BatchId batch = BatchId.parse(arguments.get(arguments.indexOf("--batch") + 1));
        lake.create(LakeLayout.batch(batch) + "published.json", "{\"version\":1}".getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    /**
     * Fires a new process of the function for a window, and waits until the steps are done.
     *
     * @param window counted from 1
     * @throws IllegalStateException when the function fails
     */
    Fired fire(int window) throws InterruptedException {
        lambda.coolDown();
        this.begun = 0;
        Instant at = FROM.plus(WINDOW.multipliedBy(window)).plus(DELAY);
        long fired = System.nanoTime();
        Answer answer = lambda.invoke("{\"scheduledTime\":\"" + at + "\"}");
        if (answer.isError()) {
            throw new IllegalStateException("The function failed: " + answer.payload() + "\n" + lambda.log());
        }
        long peak = lambda.peakMemory().orElseThrow();
        while (emr.runs(cluster)) {
            Thread.sleep(20);
        }
        return new Fired(
                seconds(answer.initialization().toNanos()),
                begun == 0 ? null : seconds(begun - fired),
                seconds(answer.initialization().plus(answer.duration()).toNanos()),
                peak);
    }

    /** How many manifests there are. */
    long manifests() {
        try (Stream<?> manifests = lake.list("manifests/", "")) {
            return manifests.count();
        }
    }

    /** The size of a manifest as stored. */
    long manifestBytes(int number) {
        return lake.find(LakeLayout.manifest(number)).orElseThrow().bytes();
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    @Override
    public void close() {
        lambda.close();
        lake.close();
        emr.close();
        listed.close();
        s3.close();
    }

    /**
     * What one firing took.
     *
     * @param cold seconds until the function's process was ready
     * @param submitted seconds from firing until the first step began, the cold start included; null when none did
     * @param whole seconds from firing to the function's answer
     * @param peak the most memory that the function's process had in use, in bytes
     */
    record Fired(double cold, Double submitted, double whole, long peak) {}
}
