package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.LeaseTerms;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Owner;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Submission;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.Location;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A pipeline with its raw objects, its lake and a service, all in memory and under a clock that is moved by hand. */
final class Harbour {
    static final String JAR = "s3://code/eightbells-emr-steps.jar";

    final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T08:20:00Z"));
    final MemoryObjectStore source = new MemoryObjectStore(Location.of("s3://raw/clicks/"), clock);
    final MemoryObjectStore lake = new MemoryObjectStore(Location.of("s3://lake/clicks/"), clock);
    final TestJobs jobs = new TestJobs();
    Pipeline pipeline = pipeline("");

    /** @param more lines of the pipeline file */
    static Pipeline pipeline(String more) {
        return pipeline(more, "{type: emr-steps, cluster: {name: etl}}");
    }

    /** The same pipeline, whose batches run elsewhere. */
    static Pipeline pipeline(String more, String compute) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: clicks
                source: {location: s3://raw/clicks/}
                lake: s3://lake/clicks/
                catalog: {type: jdbc, uri: "jdbc:postgresql://db/catalog", user: eightbells}
                table:
                  name: web.clicks
                  partitionBy: {from: at, unit: day}
                  columns: [{name: at, type: timestamp, required: true}]
                compute: %s
                """
                                .formatted(compute)
                        + more,
                "clicks.yaml",
                Map.of());
    }

    /** The same pipeline, with so many bytes in a batch at most. */
    static Pipeline cappedAt(long bytes) {
        return PipelineFile.parse(
                PipelineFile.freeze(pipeline(""))
                        .replaceFirst("(location: \\S*raw\\S*)", "$1\n  maxBytes: " + bytes + "B"),
                "clicks.yaml",
                Map.of());
    }

    /** Delivers a raw object into the folder of an hour, e.g. {@code 2026/11/22/05}. */
    void deliver(String hour, String name) {
        source.create(hour + "/" + name, "{}".getBytes(StandardCharsets.UTF_8));
    }

    Ledger ledger() {
        return ledger(lake);
    }

    Ledger ledger(ObjectStore store) {
        return Ledger.open(store, pipeline);
    }

    /** Fires as the schedule does, now. */
    Watched fire() {
        return fire(lake, jobs, clock.instant(), Firing.By.SCHEDULE);
    }

    /** Fires as a person does, now. */
    Watched fireByHand() {
        return fire(lake, jobs, clock.instant(), Firing.By.PERSON);
    }

    /** Fires for an instant that may have passed long ago. */
    Watched fireFor(String at) {
        return fire(lake, jobs, Instant.parse(at), Firing.By.SCHEDULE);
    }

    Watched fire(ObjectStore store, dev.eightbells.job.JobService service, Instant at, Firing.By by) {
        Trigger trigger = new Trigger(pipeline, source, ledger(store), service, JAR, clock);
        return trigger.fire(new Firing(null, at, null, by), clock.instant().plus(Duration.ofMinutes(14)));
    }

    List<BatchState> batches() {
        return ledger().batches().all();
    }

    Manifest manifest(String batch) {
        return ledger().batches().find(BatchId.parse(batch)).orElseThrow().manifest();
    }

    /** Lets a job do its work: an attempt that succeeds, and the markers of its steps. */
    void finish(TestJobs.Sent job) {
        Manifest manifest = manifest(job.request().batch().toString());
        try (Lease lease = claim(manifest, job.request().submission())) {
            finishBatch(manifest);
            lease.succeed(Step.CONVERT, "Done.");
        }
        jobs.succeed(job);
    }

    /** What the steps of a batch leave in the end. */
    void finishBatch(Manifest manifest) {
        String folder = "batches/" + manifest.batch() + "/";
        lake.create(folder + "convert.json", bytes("{}"));
        lake.create(folder + "published.json", bytes("{}"));
    }

    /** Lets a job fail, and its attempt say why. */
    void fail(TestJobs.Sent job, Failure.Kind kind, String sentence) {
        fail(job, Step.CONVERT, kind, sentence);
    }

    /** The same at a step. */
    void fail(TestJobs.Sent job, Step step, Failure.Kind kind, String sentence) {
        Manifest manifest = manifest(job.request().batch().toString());
        try (Lease lease = claim(manifest, job.request().submission())) {
            lease.fail(step, kind, sentence);
        }
        jobs.fail(job, "step convert is FAILED (Unknown Error)");
    }

    /** Lets somebody begin to work on a batch, and say nothing more. */
    Attempt begin(Manifest manifest, Integer submission) {
        return claim(manifest, submission).attempt();
    }

    private Lease claim(Manifest manifest, Integer submission) {
        LeaseTerms terms = new LeaseTerms(clock, Duration.ofHours(1), Duration.ofMinutes(5), owner -> false);
        return ledger().attempts(manifest.batch())
                .claim(manifest, new Owner("ip-10-0-0-7", null, 4711, null), submission, terms);
    }

    /** Every raw object and how many manifests it is in. */
    Map<String, Long> planned() {
        return batches().stream()
                .flatMap(batch -> batch.manifest().objects().stream())
                .collect(java.util.stream.Collectors.groupingBy(
                        object -> object.key(), java.util.TreeMap::new, java.util.stream.Collectors.counting()));
    }

    List<String> delivered() {
        try (Stream<dev.eightbells.store.StoredObject> objects = source.list("", "")) {
            return objects.map(dev.eightbells.store.StoredObject::key).toList();
        }
    }

    /** A submission of the window's first batch. */
    Submission submission(int number) {
        return ledger().submissions(manifest("20261122T0800Z").batch())
                .find(number)
                .orElseThrow()
                .submission();
    }

    /** Lets a batch wait for a decision. */
    void stop(String batch, String sentence) {
        lake.create(
                "batches/" + batch + "/stopped.json",
                bytes("{\"version\":1,\"pipeline\":\"clicks\",\"batch\":\"" + batch
                        + "\",\"number\":1,\"attempt\":1,\"finished\":\"2026-11-22T08:30:00Z\",\"step\":\"validate\","
                        + "\"sentence\":\"" + sentence.replace("\"", "\\\"") + "\"}"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Stands still until it is moved. */
    static final class MovedClock extends Clock {
        private volatile Instant now;

        MovedClock(Instant now) {
            this.now = now;
        }

        void pass(Duration time) {
            this.now = now.plus(time);
        }

        void set(String instant) {
            this.now = Instant.parse(instant);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("This clock knows UTC only.");
        }
    }
}
