package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the data is told, costs only what it is, and loses nothing. */
@ExtendWith(LocalServices.class)
class DamagedObjectsTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private static String events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Site.event("e" + number, "2026-03-02T01:00:00Z", number))
                .collect(Collectors.joining());
    }

    private void plan() {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
    }

    @Test
    void anObjectThatIsGoneSinceItWasPlannedStopsTheBatchWithItsName() throws IOException {
        site.deliver("2026-03-02T01", "a", events(0, 3));
        site.deliver("2026-03-02T01", "b", events(3, 6));
        plan();
        byte[] content = Files.readAllBytes(site.raw("2026/03/02/01/b"));
        Files.delete(site.raw("2026/03/02/01/b"));
        Result gone = site.command("run");
        assertThat(gone)
                .isEqualTo(new Result(
                        3,
                        "",
                        "eightbells: Cannot read " + folder + "/raw/2026/03/02/01/b: it is gone since it was planned."
                                + " Restore it, or abandon the batch that holds it with --return.\n"));
        assertThat(site.json("batches/" + BATCH + "/attempts/1.json")
                        .get("end")
                        .get("exitCode")
                        .asInt())
                .isEqualTo(3);
        assertThat(content).isNotEmpty();
    }

    @Test
    void anObjectThatChangedSinceItWasPlannedStopsTheBatchUntilItIsAbandoned() throws IOException {
        site.deliver("2026-03-02T01", "a", events(0, 3));
        plan();
        site.deliver("2026-03-02T01", "a", events(10, 14));
        Result changed = site.command("run");
        // The changed object is another one: the next batch takes it.
        assertThat(changed)
                .isEqualTo(new Result(
                        3,
                        BATCH + "-2      read 4 = written 4 + duplicates 0 + quarantined 0\n",
                        "eightbells: Cannot read " + folder
                                + "/raw/2026/03/02/01/a: it has changed since it was planned."
                                + " Abandon the batch that holds it with --return, and run again.\n"));
        assertThat(site.command("run")).isEqualTo(new Result(3, "", changed.err()));
        assertThat(site.command("abandon", "--batch", BATCH, "--reason", "rewritten")
                        .exitCode())
                .isZero();
        assertThat(site.command("run").exitCode()).isZero();
        assertThat(site.rows("id")).containsExactly("e10", "e11", "e12", "e13");
    }

    @Test
    void whatCanBeUnpackedOfATruncatedGzipIsLoadedAndTheRestIsInQuarantine() throws IOException {
        byte[] whole = Site.gzip(events(0, 5000));
        site.deliver("2026-03-02T01", "a.gz", Arrays.copyOf(whole, whole.length / 2));
        site.deliver("2026-03-02T01", "b.gz", Site.gzip(events(6000, 6003)));
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        List<JsonNode> rejected = site.quarantine(BATCH);
        assertThat(rejected).extracting(record -> record.get("reason").asText()).contains("truncated-gzip");
        int loaded = site.rows("id").size();
        assertThat(loaded).isBetween(1000, 5000);
        assertThat(site.rows("id")).contains("e0", "e" + (loaded - 4), "e6000", "e6002");
        assertThat(result.out())
                .contains(String.format("written %,d + duplicates 0 + quarantined %d", loaded, rejected.size()));
    }

    @Test
    void aRecordOfFiftyMegabytesIsInQuarantineByReferenceAndItsNeighboursAreLoaded() throws IOException {
        site.deliver("2026-03-02T01", "a", events(0, 2));
        Path object = site.raw("2026/03/02/01/a");
        try (OutputStream out = Files.newOutputStream(object, java.nio.file.StandardOpenOption.APPEND)) {
            byte[] million = new byte[1_000_000];
            Arrays.fill(million, (byte) 'x');
            out.write("{\"id\":\"".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 50; i++) {
                out.write(million);
            }
            out.write(("\"}\n" + events(2, 4)).getBytes(StandardCharsets.UTF_8));
        }
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(BATCH + "        read 5 = written 4 + duplicates 0 + quarantined 1\n");
        assertThat(site.rows("id")).containsExactly("e0", "e1", "e2", "e3");
        JsonNode record = site.quarantine(BATCH).get(0);
        assertThat(record.get("reason").asText()).isEqualTo("too-long");
        assertThat(record.get("reference").asBoolean()).isTrue();
        assertThat(record.get("object").asText()).isEqualTo(object.toString());
        assertThat(record.get("offset").asLong()).isEqualTo(events(0, 2).length());
        assertThat(record.get("length").asLong()).isEqualTo(50_000_009);
        assertThat(record.has("text")).isFalse();
    }

    @Test
    void aBatchWithoutOneGoodRecordStopsUntilSomebodyDecides() throws IOException {
        site.define(Site.SHOP.replace("amount, type: int", "amount, type: int, required: true, from: total"));
        site.deliver("2026-03-02T01", "a", events(0, 10));
        Result first = site.command("run");
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(first.out()).isEmpty();
        assertThat(first.err())
                .isEqualTo("eightbells: Stopped batch " + BATCH + ": all of its 10 records were rejected, and lie in "
                        + folder + "/lake/quarantine/" + BATCH + "/1/ with the reasons. Mend the pipeline file or the"
                        + " source, then run: eightbells abandon --pipeline FILE --batch " + BATCH
                        + " --reason TEXT --return.\n");
        assertThat(site.quarantine(BATCH)).hasSize(10);
        assertThat(site.rows("id")).isEmpty();

        // Asked for, it ends the same way; later batches go on without it.
        assertThat(site.command("convert", "--batch", BATCH)).isEqualTo(first);
        assertThat(site.command("status").out()).contains("stopped").contains("all of its 10 records");
        site.deliver("2026-03-02T02", "b", "{\"id\":\"later\",\"total\":1}\n");
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        3, BATCH + "-2      read 1 = written 1 + duplicates 0 + quarantined 0\n", first.err()));

        assertThat(site.command("abandon", "--batch", BATCH, "--reason", "wrong column", "--return"))
                .isEqualTo(new Result(
                        0,
                        "Abandoned batch " + BATCH + " (wrong column); its 1 object is free for the next plan.\n",
                        ""));
        site.define(Site.SHOP.replace("amount, type: int", "amount, type: int, required: true, from: [total, amount]"));
        assertThat(site.command("run").out().lines())
                .containsExactly(BATCH + "-3      read 10 = written 10 + duplicates 0 + quarantined 0");
        assertThat(site.rows("id")).hasSize(11).contains("later", "e0", "e9");
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    @Test
    void aRunEndsWithThreeAgainAsLongAsABatchWaitsForADecision() throws IOException {
        site.deliver("2026-03-02T01", "a", "oops\n");
        Result first = site.command("run");
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(first.err()).contains(": its only record was rejected, and lies in ");
        List<String> before = site.everything();
        assertThat(site.command("run")).isEqualTo(first);
        assertThat(site.everything()).isEqualTo(before);
        site.command("abandon", "--batch", BATCH, "--reason", "garbage");
        assertThat(site.command("run").exitCode()).isZero();
    }

    @Test
    void aTypeThatRejectedEverythingCanBeMended() throws IOException {
        site.define(Site.SHOP.replace("amount, type: int", "amount, type: boolean"));
        site.deliver("2026-03-02T01", "a", events(0, 3));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
        site.command("abandon", "--batch", BATCH, "--reason", "amounts are numbers", "--return");
        site.define(Site.SHOP);
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "-2      read 3 = written 3 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("amount")).containsExactly("0", "1", "2");
    }
}
