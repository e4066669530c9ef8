package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalServices.class)
class RunTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private void deliverOneWindow() throws IOException {
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-02T01:00:00Z", 10)
                        + Site.event("2", "2026-03-02T01:00:00Z", 20)
                        + Site.event("1", "2026-03-02T01:00:00Z", 11)
                        + "oops\n");
        site.deliver("2026-03-02T02", "b.gz", Site.gzip(Site.event("3", "2026-03-01T23:00:00Z", 30)));
    }

    @Test
    void aRunPublishesWhatIsNewAndAccountsForIt() throws IOException {
        deliverOneWindow();
        Result result = site.command("run");
        assertThat(result)
                .isEqualTo(new Result(0, BATCH + "        read 5 = written 3 + duplicates 1 + quarantined 1\n", ""));
        assertThat(site.rows("concat_ws(' ', id, date(at), amount)"))
                .containsExactly("1 2026-03-02 10", "2 2026-03-02 20", "3 2026-03-01 30");
        JsonNode published = site.json("batches/" + BATCH + "/published.json");
        assertThat(published.get("records").toString())
                .isEqualTo("{\"read\":5,\"published\":3,\"duplicates\":1,\"quarantined\":1}");
        for (JsonNode file : published.get("files")) {
            assertThat(Files.size(site.lake(file.get("location").asText())))
                    .isEqualTo(file.get("bytes").asLong());
        }
        assertThat(site.quarantine(BATCH))
                .singleElement()
                .satisfies(record -> assertThat(record.get("text").asText()).isEqualTo("oops"));
    }

    @Test
    void aSecondRunFindsNothingNewAndChangesNothing() throws IOException {
        deliverOneWindow();
        site.command("run");
        List<String> before = site.everything();
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        0,
                        "Nothing new for the window 2026-03-02T00:00:00Z to 2026-03-02T04:00:00Z:"
                                + " of 2 objects listed, 2 planned already and 0 ignored.\n",
                        ""));
        assertThat(site.everything()).isEqualTo(before);
    }

    @Test
    void convertingAPublishedBatchAgainSaysSoAndChangesNothing() throws IOException {
        deliverOneWindow();
        site.command("run");
        List<String> before = site.everything();
        assertThat(site.command("convert", "--batch", BATCH))
                .isEqualTo(new Result(
                        0, BATCH + "        read 5 = written 3 + duplicates 1 + quarantined 1  (already done)\n", ""));
        assertThat(site.everything()).isEqualTo(before);
    }

    @Test
    void aPlanShowsWhatARunWouldDoAndChangesNothing() throws IOException {
        deliverOneWindow();
        List<String> before = site.everything();
        Result plan = site.command("plan");
        assertThat(plan.exitCode()).isZero();
        assertThat(plan.out())
                .startsWith("Batch " + BATCH + " for the window 2026-03-02T00:00:00Z to 2026-03-02T04:00:00Z takes"
                        + " 2 objects (")
                .endsWith(" bytes); 0 planned already and 0 ignored.\n");
        assertThat(site.everything()).isEqualTo(before);
    }

    @Test
    void aPlanAsJsonIsTheManifestThatARunWrites() throws IOException {
        deliverOneWindow();
        JsonNode plan = Site.parse(site.command("plan", "--json").out());
        site.command("run");
        JsonNode status = Site.parse(site.command("status", "--json").out());
        assertThat(plan).isEqualTo(status.get(0).get("manifest"));
        assertThat(plan.fieldNames())
                .toIterable()
                .contains(
                        "version",
                        "number",
                        "batch",
                        "pipeline",
                        "definition",
                        "window",
                        "listed",
                        "objects",
                        "left",
                        "ignored");
        assertThat(plan.get("window").fieldNames()).toIterable().containsExactly("start", "end");
        assertThat(plan.get("objects").get(0).fieldNames())
                .toIterable()
                .containsExactly("key", "etag", "bytes", "modified");
    }

    @Test
    void theStatusAsJsonHoldsTheMarkersAsTheyLieInTheLake() throws IOException {
        deliverOneWindow();
        site.command("run");
        Result result = site.command("status", "--json");
        assertThat(result.exitCode()).isZero();
        JsonNode batch = Site.parse(result.out()).get(0);
        assertThat(batch.get("batch").asText()).isEqualTo(BATCH);
        assertThat(batch.get("state").asText()).isEqualTo("published");
        assertThat(batch.get("convert")).isEqualTo(site.json("batches/" + BATCH + "/convert.json"));
        assertThat(batch.get("published")).isEqualTo(site.json("batches/" + BATCH + "/published.json"));
        assertThat(batch.get("attempt")).isEqualTo(site.json("batches/" + BATCH + "/attempts/1.json"));
        JsonNode convert = batch.get("convert");
        assertThat(convert.get("records").toString())
                .isEqualTo("{\"read\":5,\"written\":3,\"duplicates\":1,\"quarantined\":1}");
        assertThat(convert.get("columns").get("id").toString()).isEqualTo("{\"maxBytes\":1,\"nulls\":0}");
        assertThat(convert.get("columns").get("amount").toString()).isEqualTo("{\"nulls\":0}");
    }

    @Test
    void theStatusTellsBatchesStatesAndCounts() throws IOException {
        deliverOneWindow();
        site.command("run");
        Result result = site.command("status");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("1 +" + BATCH + " +published +20m +2 +[\\d,]+  "
                        + "read 5 = written 3 \\+ duplicates 1 \\+ quarantined 1");
    }

    @Test
    void aLakeThatIsNotThereYetCanBeAsked() throws IOException {
        deliverOneWindow();
        List<String> before = site.everything();
        assertThat(site.command("status")).isEqualTo(new Result(0, "No batches yet in " + folder + "/lake/.\n", ""));
        assertThat(site.command("status", "--json").out()).isEqualTo("[ ]\n");
        assertThat(site.command("plan").exitCode()).isZero();
        assertThat(site.everything()).isEqualTo(before);
    }

    @Test
    void anEmptySourceIsNothingNew() throws IOException {
        Result result = site.command("run");
        assertThat(result)
                .isEqualTo(new Result(
                        0,
                        "Nothing new for the window 2026-03-02T00:00:00Z to 2026-03-02T04:00:00Z:"
                                + " of 0 objects listed, 0 planned already and 0 ignored.\n",
                        ""));
        assertThat(site.lake("")).doesNotExist();
    }

    @Test
    void anOutageLongerThanTheLookbackLosesNothing() throws IOException {
        site.deliver("2026-03-02T01", "a", Site.event("before", "2026-03-02T01:00:00Z", 1));
        site.command("run");
        // Seventy hours pass without a run, with a lookback of 48.
        for (int hour = 4; hour < 72; hour += 3) {
            String folderOfHour = String.format("2026-03-%02dT%02d", 2 + hour / 24, hour % 24);
            site.deliver(folderOfHour, "a", Site.event("h" + hour, folderOfHour + ":00:00Z", hour));
        }
        site.deliver("2026-03-02T02", "late", Site.event("late", "2026-03-02T02:00:00Z", 1));
        Result result = site.commandAt("2026-03-05T02:20:00Z", "run");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("read 24 = written 24 + duplicates 0 + quarantined 0");
        assertThat(site.rows("id")).hasSize(25);
    }

    @Test
    void aBackfillTakesWhatIsYearsOld() throws IOException {
        site.define(Site.SHOP.replace("location: raw/", "location: raw/\n  from: 2026-03-01T00:00:00Z"));
        site.deliver("2024-02-29T01", "old", Site.event("old", "2024-02-29T01:00:00Z", 1));
        site.deliver("2026-03-02T01", "new", Site.event("new", "2026-03-02T01:00:00Z", 2));
        assertThat(site.command("run").out()).contains("read 1 = written 1");
        assertThat(site.rows("id")).containsExactly("new");
        Result result = site.command("run", "--from", "2024-01-01T00:00:00Z");
        assertThat(result.out()).isEqualTo(BATCH + "-2      read 1 = written 1 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("id")).containsExactly("new", "old");
    }

    @Test
    void aCapMakesSeveralBatchesInOneRun() throws IOException {
        site.define(Site.SHOP.replace("location: raw/", "location: raw/\n  maxBytes: 110B"));
        for (int hour = 0; hour < 4; hour++) {
            site.deliver("2026-03-02T0" + hour, "a", Site.event("h" + hour, "2026-03-02T00:00:00Z", hour));
        }
        Result result = site.command("run");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceFirst(" +", " ")))
                .containsExactly(
                        BATCH + " read 2 = written 2 + duplicates 0 + quarantined 0",
                        BATCH + "-2 read 2 = written 2 + duplicates 0 + quarantined 0");
        assertThat(site.rows("id")).containsExactly("h0", "h1", "h2", "h3");
    }

    @Test
    void openBatchesAreFinishedFirst() throws IOException {
        deliverOneWindow();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertThat(site.command("plan").out())
                .startsWith("Nothing new")
                .endsWith("\nBatch " + BATCH + " is open (planned): the next run finishes it.\n");
        site.deliver("2026-03-02T03", "c", Site.event("4", "2026-03-02T03:00:00Z", 40));
        Result result = site.command("run");
        assertThat(result.out().lines().map(line -> line.replaceFirst(" +", " ")))
                .containsExactly(
                        BATCH + " read 5 = written 3 + duplicates 1 + quarantined 1",
                        BATCH + "-2 read 1 = written 1 + duplicates 0 + quarantined 0");
    }

    @Test
    void aBatchUsesTheDefinitionThatWasFrozenWithIt() throws IOException {
        deliverOneWindow();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        site.define(Site.SHOP.replace("amount, type: int", "amount, type: int, from: nowhere"));
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.rows("amount")).containsExactly("10", "20", "30");
    }

    @Test
    void statusTellsOfOlderBatchesThatWait() throws IOException {
        deliverOneWindow();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
            site.deliver("2026-03-02T03", "c", "no json");
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertThat(site.command("convert", "--batch", BATCH + "-2").exitCode()).isEqualTo(3);
        assertThat(site.command("plan").out())
                .contains(
                        "\nBatch " + BATCH + " is open (planned): the next run finishes it.\n",
                        "\nStopped batch " + BATCH + "-2: ");
        assertThat(site.command("status").out()).doesNotContain("the next run finishes it");
        assertThat(site.command("status", "--last", "1").out())
                .endsWith("\nBatch " + BATCH + " is open (planned): the next run finishes it.\n");
    }
}
