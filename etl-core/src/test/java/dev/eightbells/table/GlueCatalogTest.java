package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What is asked of Glue, side by side with {@code glue-requests.json}, and what its answers mean.
 * {@code -Deightbells.requests=write} writes the file anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GlueCatalogTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = Path.of("src/test/resources/dev/eightbells/table/glue-requests.json");
    private static final Path VALIDATOR =
            Path.of("../lambda-trigger/src/test/resources/dev/eightbells/job/validate_requests.py");
    private static final Provenance BATCH = new Provenance("b1", 1, "convert");

    private final Map<String, String> before = new HashMap<>();
    private LocalS3 s3;
    private GlueStandIn glue;
    private Pipeline pipeline;
    private int lakes;

    @BeforeAll
    void openTheLake() throws IOException {
        s3 = LocalS3.start();
        s3.createBucket("lake");
        // Glue's own client looks for these two nowhere else; a retry and no more keeps the tests short.
        set("aws.accessKeyId", s3.accessKey());
        set("aws.secretAccessKey", s3.secretKey());
        set("aws.maxAttempts", "2");
    }

    private void set(String property, String value) {
        before.put(property, System.getProperty(property));
        System.setProperty(property, value);
    }

    @AfterAll
    void closeTheLake() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
        s3.close();
    }

    @BeforeEach
    void start() throws IOException {
        glue = GlueStandIn.start();
        pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: "s3://raw/"}
                lake: s3://lake/%d/
                table:
                  name: order.select
                  key: [table]
                  partitionBy: {from: timestamp, unit: day}
                  columns:
                    - {name: table, type: string, required: true}
                    - {name: timestamp, type: timestamp}
                    - {name: order, type: "array<struct<item:string,price:decimal(10,2)>>"}
                """
                        .formatted(lakes++),
                "shop.yaml",
                Map.of());
    }

    @AfterEach
    void stop() {
        glue.close();
    }

    private EventsTable events() {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
        hadoop.set("fs.s3a.endpoint", s3.endpoint().toString());
        hadoop.set("fs.s3a.endpoint.region", s3.region());
        hadoop.set("fs.s3a.path.style.access", "true");
        hadoop.set("fs.s3a.access.key", s3.accessKey());
        hadoop.set("fs.s3a.secret.key", s3.secretKey());
        Map<String, String> environment = Map.of("AWS_REGION", "eu-west-1", "AWS_ENDPOINT_URL_GLUE", glue.endpoint());
        return EventsTable.openOrCreate(Catalogs.open(pipeline, environment, hadoop), pipeline, new Turn(1, 0));
    }

    private void publish(EventsTable events) {
        List<DataFile> files = List.of(CatalogContract.file(events, "a"));
        long staged = events.stage(BATCH, null, files);
        assertThat(events.publish(BATCH, staged, null, files)).isPresent();
    }

    @Test
    void asksForWhatIsWrittenInTheFileWhichIsAsTheServicesModelSays() throws IOException, InterruptedException {
        publish(events());
        List<Map<String, Object>> asked = glue.requests().stream()
                .distinct()
                .map(request -> Map.<String, Object>of(
                        "service", "glue", "operation", request.operation(), "path", "/", "body", request.body()))
                .toList();
        String text = JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(JSON.readTree(JSON.writeValueAsBytes(asked)))
                        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
                        .replaceAll("s3://lake/[0-9]+/", "s3://lake/")
                + "\n";
        if ("write".equals(System.getProperty("eightbells.requests"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, text);
        }
        assertThat(JSON.readTree(text)).isEqualTo(JSON.readTree(Files.readString(GOLDEN)));

        Process python = new ProcessBuilder("python3", "-c", "import botocore")
                .redirectErrorStream(true)
                .start();
        assumeTrue(python.waitFor() == 0, "botocore is not installed");
        Process validation = new ProcessBuilder("python3", VALIDATOR.toString(), GOLDEN.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(validation.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(validation.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).endsWith("requests are valid\n");
    }

    @Test
    void aCommitThatSomebodyElseWasBeforeIsMadeAgain() {
        EventsTable events = events();
        glue.next(GlueStandIn.Fault.BEATEN);
        publish(events);
        assertThat(glue.hasNoMore()).isTrue();
        assertThat(events().published("b1")).isEqualTo(events.published("b1"));
        assertThat(events().table().history()).hasSize(1);
    }

    @Test
    void aCommitThatWasMadeUnheardIsFoundThoughTheClientAsksAgain() {
        EventsTable events = events();
        List<DataFile> files = List.of(CatalogContract.file(events, "a"));
        long staged = events.stage(BATCH, null, files);
        glue.next(GlueStandIn.Fault.MADE_UNHEARD);
        assertThat(events.publish(BATCH, staged, null, files)).isPresent();
        assertThat(events().table().history()).hasSize(1);
        assertThat(events().publishedFiles(events().refreshedHead(), null, List.of(1)))
                .hasSize(1);
    }

    @Test
    void whatIsDeniedIsSaidWithItsActionAndOnWhat() {
        EventsTable events = events();
        glue.next(GlueStandIn.Fault.DENIED);
        assertThatThrownBy(() -> publish(events))
                .rootCause()
                .hasMessageContaining("is not authorized to perform: glue:UpdateTable on resource:"
                        + " arn:aws:glue:eu-west-1:123456789012:table/order/select");
        assertThat(events().table().snapshots()).isEmpty();
        publish(events());
    }

    @Test
    void whatIsThrottledAgainAndAgainIsNotPublishedAndCanBeLater() {
        EventsTable events = events();
        glue.next(GlueStandIn.Fault.THROTTLED, GlueStandIn.Fault.THROTTLED);
        assertThatThrownBy(() -> publish(events)).hasStackTraceContaining("Rate exceeded");
        assertThat(events().table().snapshots()).isEmpty();
        publish(events());
    }

    @Test
    void aTableThatIsNotIcebergsIsRefused() {
        glue.hold("order", "select", Map.of("classification", "json"));
        assertThatThrownBy(this::events)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot use table order.select: what has this name in the catalog is not an Iceberg table."
                        + " Name another table, or drop that one.");
        assertThat(glue.requests().stream().map(GlueStandIn.Request::operation))
                .doesNotContain("UpdateTable", "DeleteTable");
    }
}
