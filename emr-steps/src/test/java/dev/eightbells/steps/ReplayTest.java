package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.ChildRun.Death;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rejected records get another chance under a mended pipeline file, each in one batch at a time. */
@ExtendWith(LocalServices.class)
class ReplayTest {
    private static final String BATCH = "20260302T0400Z";
    private static final String REPLAY = BATCH + "-r1";
    private static final String MENDED =
            Site.SHOP.replace("{name: amount, type: int}", "{name: amount, type: int, from: nowhere}");

    @TempDir
    private Path folder;

    private Site site;

    /** Three good records, two whose amount does not cast, and two that no file can mend. */
    @BeforeEach
    void publishABatchWithBadRecords(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-02T01:00:00Z", 10)
                        + "{\"id\":\"2\",\"at\":\"2026-03-02T01:00:00Z\",\"amount\":\"twenty\"}\n"
                        + "oops\n");
        site.deliver(
                "2026-03-02T02",
                "b.gz",
                Site.gzip("{\"id\":\"3\",\"at\":\"2026-03-01T23:00:00Z\",\"amount\":1.5}\n"
                        + Site.event("4", "2026-03-01T23:00:00Z", 40)
                        + "{\"amount\":50}\n"));
        site.deliver("2026-03-02T03", "c", Site.event("5", "2026-03-02T03:00:00Z", 50));
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "        read 7 = written 3 + duplicates 0 + quarantined 4\n");
    }

    private Result list(String... more) {
        return quarantine("list", more);
    }

    private Result quarantine(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("quarantine", command, "--pipeline", site.file().toString()));
        arguments.addAll(List.of(more));
        return site.run(Map.of(), arguments.toArray(String[]::new));
    }

    private Result replay(String... more) {
        List<String> options = new ArrayList<>(List.of("--batch", BATCH));
        options.addAll(List.of(more));
        return site.command("replay", options.toArray(String[]::new));
    }

    @Test
    void recordsThatTheMendedFileTakesArePublishedAndTheOthersAreInTheReplaysQuarantine() throws IOException {
        site.define(MENDED);
        assertThat(replay())
                .isEqualTo(new Result(
                        0,
                        "Batch " + REPLAY + " replays 4 of 4 records in the quarantine of batch " + BATCH + ".\n"
                                + REPLAY + "     read 4 = written 2 + duplicates 0 + quarantined 2\n",
                        ""));
        assertThat(site.rows("concat_ws(' ', id, date(at), amount)"))
                .containsExactly(
                        "1 2026-03-02 10", "2 2026-03-02", "3 2026-03-01", "4 2026-03-01 40", "5 2026-03-02 50");
        JsonNode published = site.json("batches/" + REPLAY + "/published.json");
        assertThat(published.get("number").asInt()).isEqualTo(2);
        assertThat(published.get("records").toString())
                .isEqualTo("{\"read\":4,\"published\":2,\"duplicates\":0,\"quarantined\":2}");
        assertThat(site.quarantine(REPLAY))
                .extracting(record -> record.get("reason").asText())
                .containsExactlyInAnyOrder("not-json", "missing-required");
        assertThat(list().out().lines())
                .containsExactly(
                        "batch              reason            column or rule  records  in open replays",
                        "20260302T0400Z-r1  missing-required  id                    1                0",
                        "20260302T0400Z-r1  not-json          -                     1                0",
                        "total                                                      2                0");
        assertThat(list("--batch", BATCH).out()).isEqualTo("No records in quarantine of batch " + BATCH + ".\n");

        // What was replayed is gone; what failed again is the replay's, and can be replayed from there.
        assertThat(replay())
                .isEqualTo(new Result(
                        0,
                        "Nothing to replay of batch " + BATCH
                                + ": of 4 records in its quarantine 4 were replayed and published before.\n",
                        ""));
        assertThat(site.command("run").out()).startsWith("Nothing new").contains("of 3 objects listed, 3 planned");
        site.define(MENDED.replace("required: true", "required: true, from: [id, amount]"));
        assertThat(site.command("replay", "--batch", REPLAY, "--reason", "missing-required")
                        .out())
                .isEqualTo("Batch " + BATCH + "-r2 replays 1 of 1 record in the quarantine of batch " + REPLAY + ".\n"
                        + BATCH + "-r2     read 1 = written 1 + duplicates 0 + quarantined 0\n");
        assertThat(site.command("status").out().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.contains("replays 4 records of " + BATCH + "; read 4 = written 2"))
                .anyMatch(line -> line.contains("replays 1 record of " + REPLAY + "; read 1 = written 1"));
        assertThat(Files.readString(site.lake("report/index.html"))).contains("replays 1 record of " + REPLAY + ".");
    }

    @Test
    void aReplayTakesTheObjectsThatHoldItsRecordsAndListsNothing() throws IOException {
        site.define(MENDED);
        replay("--reason", "not-castable");
        JsonNode manifest =
                Site.parse(site.command("status", "--json").out()).get(1).get("manifest");
        assertThat(manifest.get("replayOf").asText()).isEqualTo(BATCH);
        assertThat(manifest.get("listed").isNull()).isTrue();
        assertThat(manifest.get("objects").findValuesAsText("key"))
                .containsExactly("2026/03/02/01/a", "2026/03/02/02/b.gz");
        assertThat(manifest.get("records").findValuesAsText("offset")).containsExactly("51", "0");
        assertThat(manifest.get("records").get(0).fieldNames())
                .toIterable()
                .containsExactly("key", "etag", "offset", "length");
    }

    @Test
    void aRecordThatWasDeliveredAgainMeanwhileIsADuplicate() throws IOException {
        site.define(MENDED);
        site.deliver("2026-03-02T02", "again", "{\"id\":\"3\",\"at\":\"2026-03-01T23:00:00Z\",\"amount\":30}\n");
        site.command("run");
        assertThat(replay("--reason", "not-castable").out().lines())
                .contains(REPLAY + "     read 2 = written 1 + duplicates 1 + quarantined 0");
    }

    @Test
    void replayedEventsAreMergedIntoTheSessionsThatTheyTouch(@TempDir Path visits) throws IOException {
        this.site = new Site(visits, site.session());
        site.define(Site.VISITS);
        Visits.deliver(
                site,
                "visits",
                List.of(
                        Visits.Event.of("a", "anna", "2026-03-02T01:00:00Z"),
                        new Visits.Event("b", "anna", Instant.parse("2026-03-02T01:25:00Z"), "/b", "much"),
                        Visits.Event.of("c", "anna", "2026-03-02T01:50:00Z")));
        site.command("run");
        assertThat(site.sessionRows()).hasSize(2);

        site.define(Site.VISITS.replace("\"decimal(10,2)\"}", "\"decimal(10,2)\", from: price}"));
        assertThat(replay().out().lines())
                .contains(
                        REPLAY + "     read 1 = written 1 + duplicates 0 + quarantined 0; sessions: 0 new, 0 extended,"
                                + " 1 bridged");
        assertThat(site.sessionRows()).hasSize(1).isEqualTo(Visits.expected(site));
    }

    @Test
    void aReplayThatAcceptsNothingEndsAndItsRecordsCanBeReplayedFromThere() throws IOException {
        assertThat(replay("--reason", "not-castable"))
                .isEqualTo(new Result(
                        0,
                        "Batch " + REPLAY + " replays 2 of 2 records in the quarantine of batch " + BATCH + ".\n"
                                + REPLAY + "     read 2 = written 0 + duplicates 0 + quarantined 2\n",
                        ""));
        assertThat(list().out().lines())
                .contains("20260302T0400Z-r1  not-castable      amount                2                0")
                .contains("total                                                      4                0");
        assertThat(site.commits()).isEqualTo(2);
        site.define(MENDED);
        assertThat(site.command("replay", "--batch", REPLAY).out())
                .isEqualTo("Batch " + BATCH + "-r2 replays 2 of 2 records in the quarantine of batch " + REPLAY + ".\n"
                        + BATCH + "-r2     read 2 = written 2 + duplicates 0 + quarantined 0\n");
    }

    @Test
    void rulesAboutTheDataSetDoNotStopAReplay() throws IOException {
        site.define(MENDED + "quality:\n  rules: 'Rules = [ RowCount > 10, IsComplete \"id\" ]'\n");
        Result replayed = replay("--reason", "not-castable");
        assertThat(replayed.err()).isEmpty();
        assertThat(replayed.exitCode()).isZero();
        assertThat(replayed.out())
                .endsWith(REPLAY + "     read 2 = written 2 + duplicates 0 + quarantined 0; 1 of 2 rules failed\n"
                        + "    RowCount > 10: Dataset.*.RowCount is 2, and should be > 10.\n");
        assertThat(site.rows("id")).containsExactly("1", "2", "3", "4", "5");
        assertThat(site.judgements()).containsExactly("1 WARNED");
    }

    @Test
    void rowsThatFailRulesAgainAreInTheReplaysQuarantine() throws IOException {
        site.define(MENDED + "quality:\n  rules: 'Rules = [ IsComplete \"amount\" ]'\n  maxQuarantined: 10%\n");
        Result replayed = replay("--reason", "not-castable");
        assertThat(replayed.err()).isEmpty();
        assertThat(replayed.out()).contains("read 2 = written 0 + duplicates 0 + quarantined 2; 1 of 1 rule failed");
        assertThat(site.rows("id")).containsExactly("1", "4", "5");
        assertThat(list("--batch", REPLAY, "--by", "rule").out().lines())
                .contains("20260302T0400Z-r1  IsComplete \"amount\"        2                0");
    }

    @Test
    void whatAnOpenReplayHasIsNotReplayedAgainUntilItIsAbandoned() throws IOException {
        claimWithoutRunning("not-castable");
        assertThat(list().out().lines())
                .contains("20260302T0400Z  not-castable      amount                2                2")
                .contains("total                                                   4                2");
        assertThat(quarantine("show", "--batch", BATCH, "--reason", "not-castable", "--limit", "1")
                        .out())
                .startsWith("2026/03/02/01/a at 51  not-castable  amount  (in " + REPLAY + ", which is open)\n");
        assertThat(replay("--reason", "not-castable"))
                .isEqualTo(new Result(
                        0,
                        "Nothing to replay of batch " + BATCH + ": of 2 records in its quarantine 2 lie in " + REPLAY
                                + ", which is open. Finish what is open with eightbells run, or abandon it.\n",
                        ""));
        assertThat(site.command("replay", "--batch", REPLAY))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot replay batch " + REPLAY
                                + ": it is not published yet. Finish it with eightbells run.\n"));

        Result abandoned = site.command("abandon", "--batch", REPLAY, "--reason", "file not mended", "--return");
        assertThat(abandoned)
                .isEqualTo(new Result(
                        0,
                        "Abandoned batch " + REPLAY + " (file not mended); its 2 records are free for another replay of"
                                + " batch " + BATCH + ".\n",
                        ""));
        assertThat(site.command("abandon", "--batch", REPLAY, "--reason", "again"))
                .isEqualTo(abandoned);
        assertThat(list().out().lines())
                .contains("total                                                   4                0");
        assertThat(site.command("run").out()).startsWith("Nothing new");
        site.define(MENDED);
        assertThat(replay("--reason", "not-castable").out())
                .isEqualTo("Batch " + BATCH + "-r2 replays 2 of 2 records in the quarantine of batch " + BATCH + ".\n"
                        + BATCH + "-r2     read 2 = written 2 + duplicates 0 + quarantined 0\n");
    }

    @Test
    void aReplayThatWasCutOffAfterItsManifestIsFinishedByTheNextRun() throws IOException {
        site.define(MENDED);
        claimWithoutRunning(null);
        assertThat(list("--batch", BATCH, "--by", "reason").out().lines())
                .containsExactly(
                        "batch           reason            records  in open replays",
                        "20260302T0400Z  missing-required        1                1",
                        "20260302T0400Z  not-castable            2                2",
                        "20260302T0400Z  not-json                1                1",
                        "total                                   4                4");
        assertThat(site.command("run"))
                .isEqualTo(new Result(0, REPLAY + "     read 4 = written 2 + duplicates 0 + quarantined 2\n", ""));
        assertThat(site.rows("id")).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aReplayWhoseProcessWasKilledIsFinishedByTheNextRun() throws Exception {
        site.define(MENDED);
        claimWithoutRunning(null);
        Process child = ChildRun.start(site, Death.BEFORE, "/published.json");
        ChildRun.go(site);
        assertThat(child.waitFor()).as(Files.readString(site.output())).isEqualTo(137);
        assertThat(site.lake("batches/" + REPLAY + "/convert.json")).exists();
        assertThat(site.command("run").out())
                .isEqualTo(REPLAY + "     read 4 = written 2 + duplicates 0 + quarantined 2\n");
        assertThat(site.rows("id")).containsExactly("1", "2", "3", "4", "5");
        assertThat(site.commits()).isEqualTo(2);
        assertThat(site.tags()).isEmpty();
    }

    /** As a process that dies as soon as the manifest is there. */
    private void claimWithoutRunning(String reason) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            ReplayCommand.claim(workplace, BatchOption.find(workplace, BATCH), reason);
        }
    }

    @Test
    void aReplayWhoseRawObjectIsGoneEndsWithThreeAndItsName() throws IOException {
        Files.delete(site.raw("2026/03/02/02/b.gz"));
        site.define(MENDED);
        Result gone = replay();
        assertThat(gone.exitCode()).isEqualTo(3);
        assertThat(gone.err())
                .isEqualTo("eightbells: Cannot read " + folder + "/raw/2026/03/02/02/b.gz: it is gone since it was"
                        + " planned. Restore it, or abandon the batch that holds it with --return.\n");
        site.command("abandon", "--batch", REPLAY, "--reason", "b is lost");
        assertThat(replay("--reason", "not-json").out())
                .endsWith(BATCH + "-r2     read 1 = written 0 + duplicates 0 + quarantined 1\n");
    }

    @Test
    void filesBesideTheOnesThatMarkersNameCountForNothing() throws IOException {
        Files.write(
                site.lake("quarantine/" + BATCH + "/1/zombie.json.gz"),
                Site.gzip("{\"form\":\"raw\",\"object\":\"x\",\"offset\":0,\"reason\":\"not-json\"}\n"));
        assertThat(list().out().lines()).last().asString().matches("total +4 +0");
        assertThat(replay("--reason", "not-json").out())
                .startsWith("Batch " + REPLAY + " replays 1 of 1 record in the quarantine of batch " + BATCH + ".");
    }

    @Test
    void aSourceThatHasMovedIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("moved"));
        site.define(Site.SHOP.replace("raw/", "moved/"));
        assertThat(replay())
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot replay batch " + BATCH + ": its objects lie in " + folder
                                + "/raw/, and the pipeline file's source.location is " + folder
                                + "/moved/. Name the former in the file that you replay it with.\n"));
    }
}
