package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestJobs jobs = new TestJobs();
    private final Harbour.MovedClock clock = new Harbour.MovedClock(Instant.parse("2026-11-22T08:20:00Z"));
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("pipelines"));
        writePipeline("clicks");
        writePipeline("orders");
    }

    @Test
    void looksAfterAllPipelinesOfItsConfiguration() throws IOException {
        deliver("clicks");
        deliver("orders");

        JsonNode answer = JSON.readTree(handle("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}"));

        assertThat(answer.at("/pipelines/0/pipeline").asText()).isEqualTo("clicks");
        assertThat(answer.at("/pipelines/1/pipeline").asText()).isEqualTo("orders");
        assertThat(answer.at("/pipelines/0/batches/0/became").asText()).isEqualTo("submitted");
        assertThat(jobs.sent).hasSize(2);
    }

    @Test
    void printsALineThatCloudWatchReadsMetricsFrom() throws IOException {
        deliver("clicks");

        handle("{\"pipeline\":\"clicks\"}");

        JsonNode line = JSON.readTree(log.toString(StandardCharsets.UTF_8));
        assertThat(line.at("/_aws/Timestamp").asLong())
                .isEqualTo(clock.instant().toEpochMilli());
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").asText()).isEqualTo("Eightbells");
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString()).isEqualTo("[[\"pipeline\"],[]]");
        assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).allSatisfy(metric -> assertThat(
                        line.path(metric.path("Name").asText()).isNumber())
                .as(metric.toString())
                .isTrue());
        assertThat(line.path("pipeline").asText()).isEqualTo("clicks");
        assertThat(line.path("SubmittedBatches").asInt()).isEqualTo(1);
        assertThat(line.path("BacklogAge").asInt()).isEqualTo(20 * 60);
        assertThat(line.path("Healthy").asInt()).isEqualTo(1);
    }

    @Test
    void aBrokenPipelineFileKeepsNoOtherPipelineFromBeingLookedAfterAndFailsInTheEnd() throws IOException {
        Files.writeString(folder.resolve("pipelines/broken.yaml"), "version: 1\npipelin: broken\n");
        deliver("clicks");
        deliver("orders");

        assertThatThrownBy(() -> handle("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("broken.yaml:2: unknown key 'pipelin'; did you mean 'pipeline'?");

        assertThat(jobs.sent).hasSize(2);
        assertThat(log.toString(StandardCharsets.UTF_8).lines()).hasSize(3);
    }

    @Test
    void failsWithEverySentenceWhenBatchesCannotBeSubmitted() throws IOException {
        deliver("clicks");
        deliver("orders");
        jobs.unreachable = Failure.input("Cannot find a cluster named etl. Start one.");

        assertThatThrownBy(() -> handle("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}"))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot find a cluster named etl. Start one.\nCannot find a cluster named etl. Start one.");
    }

    @Test
    void failsAtEachFiringWhileABatchWaitsForAPerson() throws IOException {
        deliver("clicks");
        for (int attempt = 1; attempt <= 3; attempt++) {
            handle("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}");
            jobs.fail(jobs.last(), "step convert is FAILED (Unknown Error.)");
        }

        for (int firing = 0; firing < 2; firing++) {
            log.reset();
            assertThatThrownBy(() -> handle("{\"scheduledTime\":\"2026-11-22T08:20:00Z\"}"))
                    .hasMessage(
                            "Batch 20261122T0800Z of clicks failed 3 times, the last time on emr-steps j-1: step convert"
                                    + " is FAILED (Unknown Error.). Mend that and fire for pipeline clicks by hand, which submits"
                                    + " it once more; or abandon the batch.");
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("\"FailedBatches\":1", "\"Healthy\":0");
        }
        assertThat(jobs.sent).hasSize(3);
    }

    @Test
    void aFiringForOnePipelineHearsOfThatOneAlone() throws IOException {
        Files.writeString(folder.resolve("pipelines/broken.yaml"), "version: 1\n");
        deliver("clicks");

        assertThat(handle("{\"pipeline\":\"clicks\"}")).contains("\"became\":\"submitted\"");
    }

    @Test
    void namesAPipelineThatIsNotThere() {
        assertThatThrownBy(() -> handle("{\"pipeline\":\"clickz\"}"))
                .hasMessage(
                        "Cannot look after pipeline clickz: no pipeline file has that name. Send another name, or add"
                                + " its file to EIGHTBELLS_PIPELINES.");
    }

    @Test
    void wantsToBeToldOfPipelines() {
        assertThatThrownBy(() -> handle(Map.of(), "{\"pipeline\":\"clicks\"}"))
                .hasMessage(
                        "Cannot look after any pipeline: EIGHTBELLS_PIPELINES is not set. Set it to the locations of"
                                + " pipeline files, separated by blanks, or to a folder of them that ends with a slash.");
    }

    @Test
    void saysThatAFolderHoldsNoPipelineFile() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThatThrownBy(() -> handle(Map.of("EIGHTBELLS_PIPELINES", empty + "/"), "{\"pipeline\":\"clicks\"}"))
                .hasMessage("Cannot look after any pipeline in " + empty
                        + "/: there is no .yaml file in it. Upload one, or correct EIGHTBELLS_PIPELINES.");
    }

    private String handle(String event) throws IOException {
        return handle(
                Map.of("EIGHTBELLS_PIPELINES", folder + "/pipelines/", "EIGHTBELLS_STEPS_JAR", Harbour.JAR), event);
    }

    private String handle(Map<String, String> environment, String event) throws IOException {
        Handler handler =
                new Handler(environment, compute -> jobs, clock, new PrintStream(log, true, StandardCharsets.UTF_8));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(Harbour.bytes(event)), answer, new FifteenMinutes());
        return answer.toString(StandardCharsets.UTF_8);
    }

    private void writePipeline(String name) throws IOException {
        Files.createDirectories(folder.resolve(name + "-raw"));
        Files.writeString(
                folder.resolve("pipelines/" + name + ".yaml"),
                """
                version: 1
                pipeline: %1$s
                source: {location: ../%1$s-raw}
                lake: ../%1$s-lake
                table:
                  name: web.%1$s
                  partitionBy: {from: at, unit: day}
                  columns: [{name: at, type: timestamp, required: true}]
                compute: {type: emr-steps, cluster: {name: etl}}
                """
                        .formatted(name));
    }

    private void deliver(String name) throws IOException {
        Path hour = folder.resolve(name + "-raw/2026/11/22/05");
        Files.createDirectories(hour);
        Files.writeString(hour.resolve("a"), "{}");
    }

    private static final class FifteenMinutes implements Context {
        @Override
        public int getRemainingTimeInMillis() {
            return 900_000;
        }

        @Override
        public String getAwsRequestId() {
            return "8476a536";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "eightbells";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn:aws:lambda:eu-west-1:123456789012:function:eightbells";
        }

        @Override
        public CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }

        @Override
        public LambdaLogger getLogger() {
            return null;
        }
    }
}
