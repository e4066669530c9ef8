package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.Failure;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster's driver says of the steps, and with what it ends. */
@ExtendWith(LocalServices.class)
class MainTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-02T01:00:00Z", 10) + Site.event("1", "2026-03-02T01:00:00Z", 11) + "oops\n");
    }

    /** Plans the window's batch. */
    private void plan() {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            workplace.planning().claim(Site.NOW, null, () -> {});
        }
    }

    private static List<JsonNode> lines(Result result) {
        return result.out()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(MainTest::json)
                .toList();
    }

    private static JsonNode json(String line) {
        try {
            return Site.parse(line);
        } catch (IOException e) {
            throw new IllegalStateException("No JSON: " + line, e);
        }
    }

    private static List<String> metrics(JsonNode line) {
        return StreamSupport.stream(line.at("/_aws/CloudWatchMetrics/0/Metrics").spliterator(), false)
                .map(metric -> metric.get("Name").asText() + " in "
                        + metric.get("Unit").asText())
                .toList();
    }

    @Test
    void aStepTellsItsResultInOneLineThatIsMetricsToo() {
        plan();
        Result result = site.onCluster("convert", "--batch", BATCH, "--submission", "2");

        assertThat(result.exitCode()).isZero();
        assertThat(lines(result)).singleElement().satisfies(line -> {
            assertThat(line.at("/_aws/Timestamp").asLong()).isEqualTo(Site.NOW.toEpochMilli());
            assertThat(line.at("/_aws/CloudWatchMetrics/0/Namespace").asText()).isEqualTo("Eightbells");
            assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions")).hasToString("[[\"pipeline\",\"step\"]]");
            assertThat(metrics(line))
                    .containsExactly(
                            "Records in Count",
                            "Quarantined in Count",
                            "Bytes in Bytes",
                            "Seconds in Seconds",
                            "BacklogAge in Seconds");
            assertThat(line.get("pipeline").asText()).isEqualTo("shop");
            assertThat(line.get("batch").asText()).isEqualTo(BATCH);
            assertThat(line.get("step").asText()).isEqualTo("convert");
            assertThat(line.get("attempt").asInt()).isEqualTo(1);
            assertThat(line.get("exitCode").asInt()).isZero();
            assertThat(line.has("kind")).isFalse();
            assertThat(line.get("sentence").asText()).isEqualTo("read 3 = written 1 + duplicates 1 + quarantined 1");
            assertThat(line.get("records"))
                    .hasToString("{\"read\":3,\"published\":1,\"duplicates\":1,\"quarantined\":1}");
            assertThat(line.get("Records").asLong()).isEqualTo(3);
            assertThat(line.get("Quarantined").asLong()).isEqualTo(1);
            assertThat(line.get("Bytes").asLong())
                    .isEqualTo(site.raw("2026/03/02/01/a").toFile().length());
            assertThat(line.get("Seconds").asDouble()).isZero();
            assertThat(line.get("BacklogAge").asLong()).isEqualTo(20 * 60);
        });
    }

    @Test
    void theAttemptSaysWhichSubmissionItBelongsTo() throws IOException {
        plan();
        site.onCluster("run", "--batch", BATCH, "--submission", "2");

        assertThat(site.json("batches/" + BATCH + "/attempts/1.json")
                        .get("submission")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aRunOfABatchTellsEachOfItsSteps() throws IOException {
        site.define(Site.shopWith("rules: \"Rules = [ RowCount > 0 ]\""));
        plan();
        Result result = site.onCluster("run", "--batch", BATCH);

        assertThat(result.exitCode()).isZero();
        assertThat(lines(result).stream().map(line -> line.get("step").asText() + " " + line.get("records")))
                .containsExactly(
                        "convert {\"read\":3,\"written\":1,\"duplicates\":1,\"quarantined\":1}",
                        "validate {\"read\":3,\"published\":1,\"duplicates\":1,\"quarantined\":1}");
        assertThat(site.table().count()).isEqualTo(1);
    }

    @Test
    void whatEarlierAttemptsHadDoneIsNotToldAgain() throws IOException {
        site.define(Site.shopWith("rules: \"Rules = [ RowCount > 0 ]\""));
        plan();
        site.onCluster("convert", "--batch", BATCH);

        assertThat(lines(site.onCluster("run", "--batch", BATCH)))
                .extracting(line -> line.get("step").asText())
                .containsExactly("validate");
        assertThat(lines(site.onCluster("run", "--batch", BATCH))).isEmpty();
    }

    @Test
    void aFailureIsToldWithoutCounts() throws IOException {
        site.define(Site.shopWith("rules: \"Rules = [ RowCount > 9 ]\""));
        plan();
        Result result = site.onCluster("run", "--batch", BATCH);

        assertThat(result.exitCode()).isEqualTo(3);
        JsonNode failed = lines(result).get(1);
        assertThat(failed.get("step").asText()).isEqualTo("validate");
        assertThat(failed.get("exitCode").asInt()).isEqualTo(3);
        assertThat(failed.get("kind").asText()).isEqualTo("DATA");
        assertThat(result.err())
                .endsWith("eightbells: " + failed.get("sentence").asText() + "\n");
        assertThat(failed.has("records")).isFalse();
        assertThat(metrics(failed)).containsExactly("Seconds in Seconds", "BacklogAge in Seconds");
    }

    @Test
    void aStepWhosePredecessorIsMissingSaysSoAndHasNoAttempt() throws IOException {
        site.define(Site.shopWith("rules: \"Rules = [ RowCount > 0 ]\""));
        plan();
        Result result = site.onCluster("validate", "--batch", BATCH);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(lines(result)).singleElement().satisfies(line -> {
            assertThat(line.get("step").asText()).isEqualTo("validate");
            assertThat(line.has("attempt")).isFalse();
            assertThat(line.get("sentence").asText())
                    .isEqualTo("Cannot validate batch " + BATCH
                            + ": it has no convert.json yet. Run eightbells convert for it first.");
        });
    }

    @Test
    void thePlatformIsLookedAtFirst() {
        Result result = site.onCluster(new Platform("4.0.2", "2.13.16", "1.10.1", 17), "run", "--batch", BATCH);

        assertThat(result)
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot run here: Spark is 4.0.2, and Eightbells needs 3.5."
                                + " Use an EMR release that brings it: emr-7.13.0 or emr-7.14.0.\n"));
    }

    @Test
    void argumentsThatMakeNoSenseAreAFailureToo() {
        Result result = site.onCluster("convert");

        assertThat(result)
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Missing required option: '--batch=ID'. Run eightbells convert --help for what there"
                                + " is.\n"));
    }

    @Test
    void whatSparkReportsOfADriverNamesTheExitCode() {
        assertThat(Main.withExitCode(Failure.data("Stopped batch 1: no. Look.")))
                .hasMessage("Stopped batch 1: no. Look. (exit code 3, DATA)");
    }
}
