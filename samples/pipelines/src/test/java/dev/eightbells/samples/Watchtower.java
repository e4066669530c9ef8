package dev.eightbells.samples;

import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Ledger;
import dev.eightbells.job.JobServices;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.emr.LocalEmr;
import dev.eightbells.localaws.emr.StepProgram;
import dev.eightbells.localaws.emr.StepRun;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Eightbells;
import dev.eightbells.steps.Session;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.trigger.Firing;
import dev.eightbells.trigger.Watch;
import dev.eightbells.trigger.Watched;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;

/**
 * A pipeline of clicks that is fired with the real clients, against the local S3 and EMR; its steps run for real, in this
 * process, so that they share one Spark.
 */
final class Watchtower implements AutoCloseable {
    static final Console QUIET = new Console(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            Console.Progress.LINES);

    final LocalEmr emr;
    final String cluster;
    /** What the next steps do instead of their work. */
    final ConcurrentLinkedDeque<StepProgram> instead = new ConcurrentLinkedDeque<>();

    private final Session session;
    private final Map<String, String> environment;
    private final String bucket = "clicks-" + UUID.randomUUID();
    private final Pipeline pipeline;

    Watchtower(LocalS3 s3, LocalPostgres postgres, Session session) throws IOException {
        this.session = session;
        this.emr = LocalEmr.start(this::step);
        this.cluster = emr.startCluster("etl", Map.of(), 1);
        this.environment = new HashMap<>(s3.environment());
        environment.putAll(emr.environment());
        environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        environment.put("EIGHTBELLS_STEPS_JAR", "s3://code/eightbells-emr-steps.jar");
        s3.createBucket(bucket);
        this.pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: clicks
                source: {location: s3://%1$s/raw/}
                lake: s3://%1$s/lake/
                catalog: {type: jdbc, uri: "%2$s", user: %3$s}
                table:
                  name: %4$s.clicks
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: id, type: string, required: true}
                    - {name: at, type: timestamp, required: true}
                compute: {type: emr-steps, cluster: {name: etl}}
                """
                        .formatted(bucket, postgres.jdbcUrl(), postgres.user(), bucket.replace('-', '_')),
                "clicks.yaml",
                Map.of());
    }

    /** Delivers a raw object with two clicks into the folder of an hour, e.g. {@code 2026/11/22/05}. */
    void deliver(String hour, String name) {
        String at = hour.substring(0, 10).replace('/', '-') + "T" + hour.substring(11) + ":30:00Z";
        try (ObjectStore source = source()) {
            source.create(
                    hour + "/" + name,
                    "{\"id\":\"%1$s1\",\"at\":\"%2$s\"}{\"id\":\"%1$s2\",\"at\":\"%2$s\"}"
                            .formatted(name, at)
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    void delete(String key) {
        try (ObjectStore source = source()) {
            source.delete(key);
        }
    }

    /** Fires for an instant, at an instant. */
    Watched fire(String scheduled, String now) {
        return fire(Instant.parse(scheduled), Instant.parse(now), Firing.By.SCHEDULE);
    }

    /** Fires at an instant. */
    Watched fire(String now) {
        return fire(now, now);
    }

    private Watched fire(Instant scheduled, Instant now, Firing.By by) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new Watch(environment, compute -> JobServices.open(compute, environment), clock)
                .one(pipeline, new Firing(null, scheduled, null, by), now.plus(Duration.ofMinutes(14)));
    }

    /** Waits until no step of the cluster is on its way. */
    void awaitSteps() throws InterruptedException {
        awaitSteps(cluster);
    }

    /** Waits until no step of a cluster is on its way. */
    void awaitSteps(String cluster) throws InterruptedException {
        while (emr.runs(cluster)) {
            Thread.sleep(20);
        }
    }

    List<BatchState> batches() {
        try (ObjectStore lake = lake()) {
            return Ledger.open(lake, pipeline).batches().all();
        }
    }

    /** The keys of all raw objects. */
    List<String> delivered() {
        try (ObjectStore source = source();
                Stream<StoredObject> objects = source.list("", "")) {
            return objects.map(StoredObject::key).toList();
        }
    }

    /** The ids of all published clicks. */
    List<String> published() {
        return EventsTable.open(
                        Catalogs.open(
                                pipeline,
                                environment,
                                session.spark().sparkContext().hadoopConfiguration()),
                        pipeline)
                .map(table -> ScannedFiles.all(session.spark(), table.table()).select("id").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    private int step(StepRun run) throws Exception {
        StepProgram other = instead.poll();
        if (other != null) {
            return other.run(run);
        }
        int jar = run.arguments().indexOf("s3://code/eightbells-emr-steps.jar");
        List<String> arguments =
                run.arguments().subList(jar + 1, run.arguments().size());
        return Eightbells.configured(Eightbells.commandLine(session, QUIET, environment, Clock.systemUTC()), QUIET)
                .execute(arguments.toArray(String[]::new));
    }

    private ObjectStore source() {
        return ObjectStores.open(Location.of("s3://" + bucket + "/raw/"), environment);
    }

    private ObjectStore lake() {
        return ObjectStores.open(Location.of("s3://" + bucket + "/lake/"), environment);
    }

    @Override
    public void close() {
        emr.close();
    }
}
