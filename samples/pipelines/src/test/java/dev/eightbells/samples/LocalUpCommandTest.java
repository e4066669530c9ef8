package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.steps.Console;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@EnabledOnOs(OS.LINUX)
class LocalUpCommandTest {
    private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S+)");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    Path home;

    private CommandLine command() {
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new CommandLine(new LocalUpCommand(new Console(printed, printed, Console.Progress.LINES), home));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path build(String name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("empty"));
        }
        return file;
    }

    @Test
    @Timeout(120)
    void runsAllServicesUntilItIsStopped() throws Exception {
        Path jar = build("emr-steps/target/eightbells-emr-steps.jar");
        build("lambda-trigger/target/eightbells-lambda.zip");
        Path pipeline = Files.writeString(home.resolve("shop.yaml"), "version: 1\n");
        Path data = home.resolve("data");
        AtomicInteger exit = new AtomicInteger(-1);
        Thread command = new Thread(() -> exit.set(
                command().execute("--dir", data.toString(), "--bucket", "raw", "--pipeline", pipeline.toString())));
        command.start();
        try {
            while (!printed().contains("Ctrl-C stops it.") && command.isAlive()) {
                Thread.sleep(50);
            }
            Map<String, String> exports = new TreeMap<>();
            Matcher export = EXPORT.matcher(printed());
            while (export.find()) {
                exports.put(export.group(1), export.group(2));
            }
            assertThat(exports)
                    .as(printed())
                    .containsKeys(
                            "AWS_ENDPOINT_URL_EMR",
                            "AWS_ENDPOINT_URL_LAMBDA",
                            "AWS_ENDPOINT_URL_S3",
                            "AWS_REGION",
                            "EIGHTBELLS_CATALOG_PASSWORD");
            try (ObjectStore code = ObjectStores.open(Location.of("s3://code/"), exports)) {
                assertThat(code.read("eightbells-emr-steps.jar").orElseThrow().bytes())
                        .isEqualTo(Files.readAllBytes(jar));
                assertThat(code.find("pipelines/shop.yaml")).isPresent();
            }
            assertThat(clusters(exports.get("AWS_ENDPOINT_URL_EMR")))
                    .contains("\"Name\":\"local\"", "\"State\":\"WAITING\"");
            // The package is an empty one.
            assertThat(post(exports.get("AWS_ENDPOINT_URL_LAMBDA") + "/2015-03-31/functions/eightbells/invocations"))
                    .contains("ClassNotFoundException", "dev.eightbells.trigger.Handler");
        } finally {
            command.interrupt();
            command.join();
        }

        assertThat(exit).hasValue(0);
        assertThat(printed())
                .contains(
                        "buckets     raw, code",
                        "emr         cluster j-",
                        "lambda      function eightbells, for every .yaml file directly below s3://code/pipelines/",
                        "logs        " + data.resolve("emr") + ", " + data.resolve("lambda/log"),
                        "curl -sS -d \"{\\\"scheduledTime\\\": \\\"$(date -u +%FT%TZ)\\\"}\" http://127.0.0.1:",
                        "stopped");
    }

    private static String clusters(String endpoint) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(endpoint))
                                .header("X-Amz-Target", "ElasticMapReduce.ListClusters")
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/elasticmapreduce/aws4_request, x")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String post(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void saysWhatIsNotBuilt() throws IOException {
        assertThatThrownBy(() -> new LocalUpCommand(null, home).call())
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot run what is not built: there is no "
                        + home.resolve("emr-steps/target/eightbells-emr-steps.jar")
                        + ". Build it by ./mvnw -DskipTests package.");
        build("emr-steps/target/eightbells-emr-steps.jar");
        assertThatThrownBy(() -> new LocalUpCommand(null, home).call())
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot run what is not built: there is no "
                        + home.resolve("lambda-trigger/target/eightbells-lambda.zip")
                        + ". Build it by ./mvnw -DskipTests package.");
    }

    @Test
    void saysThatThereIsNoSuchPipelineFile() throws IOException {
        build("emr-steps/target/eightbells-emr-steps.jar");
        build("lambda-trigger/target/eightbells-lambda.zip");
        LocalUpCommand up = new LocalUpCommand(null, home);
        new CommandLine(up).parseArgs("--pipeline", "none.yaml");
        assertThatThrownBy(up::call)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read the pipeline file none.yaml: there is no such file. Correct --pipeline.");
    }
}
