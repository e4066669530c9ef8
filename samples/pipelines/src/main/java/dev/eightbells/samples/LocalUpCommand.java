package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.emr.LocalEmr;
import dev.eightbells.localaws.emr.SparkSubmitProgram;
import dev.eightbells.localaws.lambda.LambdaFunction;
import dev.eightbells.localaws.lambda.LocalLambda;
import dev.eightbells.steps.Console;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs until its thread is interrupted, or the process ends. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Run stand-ins for S3, EMR, Lambda and Redshift together, until Ctrl-C.")
final class LocalUpCommand implements Callable<Integer> {
    private static final String CODE = "code";
    private static final String CODE_PLACE = "s3://" + CODE + "/";
    private static final String PIPELINES = "pipelines/";
    private static final String JAR = "eightbells-emr-steps.jar";
    private static final String FUNCTION = "eightbells";
    private static final int FUNCTION_MEMORY = 1024;

    private final Console console;
    private final Path home;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where they keep their data and logs; by default in memory and in a temporary folder.")
    private Path folder;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where S3 listens; EMR, Lambda, Redshift and the catalog's database take the four ports after"
                    + " it. By default any that are free.")
    private int port;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "lake",
            description =
                    "A bucket to create unless it is there, may be repeated; by default ${DEFAULT-VALUE}. There is"
                            + " always one by the name " + CODE + ".")
    private List<String> buckets;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "A pipeline file to put where the function looks for them, may be repeated.")
    private List<Path> pipelines = List.of();

    /** @param home the checkout, where the function's package and the steps' jar are built */
    LocalUpCommand(Console console, Path home) {
        this.console = console;
        this.home = home;
    }

    @Override
    public Integer call() {
        Path jar = built("emr-steps/target/" + JAR);
        Path zip = built("lambda-trigger/target/eightbells-lambda.zip");
        for (Path pipeline : pipelines) {
            if (!Files.isRegularFile(pipeline)) {
                throw Failure.input("Cannot read the pipeline file " + pipeline + ": there is no such file. Correct"
                        + " --pipeline.");
            }
        }
        try {
            Path logs = folder == null ? Files.createTempDirectory("eightbells-local-") : folder;
            LocalRedshift.Ports ports = new LocalRedshift.Ports(port(3), port(4));
            try (LocalS3 s3 = folder == null ? LocalS3.start(port(0)) : LocalS3.start(folder.resolve("s3"), port(0));
                    LocalRedshift redshift = folder == null
                            ? LocalRedshift.start(s3, ports)
                            : LocalRedshift.start(s3, folder.resolve("redshift"), ports);
                    LocalEmr emr = LocalEmr.start(
                            new SparkSubmitProgram(s3, SparkSubmitProgram.Image.ofThisProcess(jar, Directions.CATALOG)),
                            port(1),
                            logs.resolve("emr"));
                    LocalLambda lambda = LocalLambda.start(function(zip, s3, emr), port(2), logs.resolve("lambda"))) {
                fill(s3, jar);
                String cluster = emr.startCluster("local", Map.of(), 1);
                print(s3, redshift, emr, cluster, lambda, logs);
                new CountDownLatch(1).await();
            }
        } catch (IOException e) {
            throw Failure.input("Cannot run AWS in " + (folder == null ? "memory" : folder) + ": "
                    + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
                    + ". Choose another --dir or --port, or end what uses it.");
        } catch (InterruptedException e) {
            console.println("stopped");
        }
        return 0;
    }

    private int port(int offset) {
        return port == 0 ? 0 : port + offset;
    }

    private Path built(String name) {
        Path file = home.resolve(name);
        if (!Files.exists(file)) {
            throw Failure.input(
                    "Cannot run what is not built: there is no " + file + ". Build it by ./mvnw -DskipTests package.");
        }
        return file;
    }

    private static LambdaFunction function(Path zip, LocalS3 s3, LocalEmr emr) {
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.putAll(emr.environment());
        environment.put("EIGHTBELLS_PIPELINES", CODE_PLACE + PIPELINES);
        environment.put("EIGHTBELLS_STEPS_JAR", CODE_PLACE + JAR);
        return new LambdaFunction(
                FUNCTION,
                zip,
                "dev.eightbells.trigger.Handler::handleRequest",
                environment,
                FUNCTION_MEMORY,
                Duration.ofMinutes(15));
    }

    /** Creates the buckets, and puts what is deployed into the one for code, in place of what an earlier time put there. */
    private void fill(LocalS3 s3, Path jar) throws IOException {
        all().forEach(s3::createBucket);
        try (ObjectStore code = ObjectStores.open(Location.of(CODE_PLACE), s3.environment())) {
            put(code, JAR, jar);
            for (Path pipeline : pipelines) {
                put(code, PIPELINES + pipeline.getFileName(), pipeline);
            }
        }
    }

    private static void put(ObjectStore store, String key, Path file) throws IOException {
        store.delete(key);
        store.create(key, Files.readAllBytes(file));
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(buckets);
        all.remove(CODE);
        all.add(CODE);
        return all;
    }

    private void print(
            LocalS3 s3, LocalRedshift redshift, LocalEmr emr, String cluster, LocalLambda lambda, Path logs) {
        Directions directions = new Directions(console);
        directions.redshift(redshift);
        directions.buckets(all());
        directions.row(
                "emr", "cluster " + cluster + " by the name local: compute: {type: emr-steps, cluster: {name: local}}");
        directions.row(
                "lambda", "function " + FUNCTION + ", for every .yaml file directly below " + CODE_PLACE + PIPELINES);
        directions.row(
                "logs", logs.resolve("emr") + ", " + logs.resolve("lambda").resolve("log"));
        Map<String, String> exports = new HashMap<>(Directions.CATALOG);
        exports.putAll(s3.environment());
        exports.putAll(emr.environment());
        exports.put("AWS_ENDPOINT_URL_LAMBDA", lambda.endpoint().toString());
        directions.exports(exports);
        console.println("");
        console.println("Fire it:");
        console.println("curl -sS -d \"{\\\"scheduledTime\\\": \\\"$(date -u +%FT%TZ)\\\"}\" " + lambda.endpoint()
                + "/2015-03-31/functions/" + FUNCTION + "/invocations");
        directions.end();
    }
}
