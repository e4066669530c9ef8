package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A good record is not lost from sight because a bad one with its key came before it in the batch. */
@ExtendWith(LocalServices.class)
class DuplicatesOfRejectedTest {
    private static final String BATCH = "20260302T0400Z";
    private static final String REPLAY = BATCH + "-r1";
    private static final String POSITIVE = "rules: 'Rules = [ RowCount > 0, ColumnValues \"amount\" > 0 ]'";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.shopWith(POSITIVE));
    }

    private static String event(String id, int amount) {
        return Site.event(id, "2026-03-02T01:00:00Z", amount);
    }

    private static String published(long read, long published, long duplicates, long quarantined) {
        return "{\"read\":" + read + ",\"published\":" + published + ",\"duplicates\":" + duplicates
                + ",\"quarantined\":" + quarantined + "}";
    }

    private JsonNode records(String batch) throws IOException {
        return site.json("batches/" + batch + "/published.json").get("records");
    }

    private Result quarantine(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("quarantine", command, "--pipeline", site.file().toString()));
        arguments.addAll(List.of(more));
        return site.run(Map.of(), arguments.toArray(String[]::new));
    }

    @Test
    void aCorrectionInTheSameBatchIsQuarantinedWithTheBadRecordAndPublishedByAReplay() throws IOException {
        site.deliver("2026-03-02T01", "a", event("1", 10) + event("x", -1) + event("1", 11));
        site.deliver("2026-03-02T02", "b", event("x", 7) + event("2", 20) + event("x", 8));
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith(BATCH + "        read 6 = written 2 + duplicates 1 + quarantined 3; 1 of 2 rules failed,"
                        + " 1 row quarantined by rules, and 2 duplicates of such rows with them\n");
        assertThat(records(BATCH).toString()).isEqualTo(published(6, 2, 1, 3));
        JsonNode validated = site.json("batches/" + BATCH + "/validate.json");
        assertThat(validated.get("records")).isEqualTo(records(BATCH));
        assertThat(validated.at("/quality/movedRows").asLong()).isEqualTo(1);
        assertThat(validated.at("/quality/movedDuplicates").asLong()).isEqualTo(2);
        assertThat(site.command("status").out())
                .contains("1 row quarantined by rules, and 2 duplicates of such rows with them");
        assertThat(site.json("batches/" + BATCH + "/convert.json").get("duplicates"))
                .hasSize(1);
        assertThat(site.notesOfDuplicates()).as("nobody asks for them any more").isEmpty();

        assertThat(quarantine("list").out().lines())
                .containsExactly(
                        "batch           reason                 column or rule             records  in open replays",
                        "20260302T0400Z  duplicate-of-rejected  -                                2                0",
                        "20260302T0400Z  rule                   ColumnValues \"amount\" > 0        1                0",
                        "total                                                                   3                0");
        assertThat(quarantine("show", "--batch", BATCH, "--reason", "duplicate-of-rejected", "--limit", "1")
                        .out()
                        .lines())
                .hasSize(4)
                .startsWith("2026/03/02/02/b at 0  duplicate-of-rejected")
                .contains("  (not kept here)");

        assertThat(site.command("replay", "--batch", BATCH, "--reason", "duplicate-of-rejected"))
                .isEqualTo(new Result(
                        0,
                        "Batch " + REPLAY + " replays 2 of 2 records in the quarantine of batch " + BATCH + ".\n"
                                + REPLAY
                                + "     read 2 = written 1 + duplicates 1 + quarantined 0; all 2 rules passed\n",
                        ""));
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("1 10", "2 20", "x 7");
        assertThat(quarantine("list", "--by", "reason").out()).contains("rule").doesNotContain("duplicate-of");
        assertThat(site.notesOfDuplicates()).isEmpty();
    }

    @Test
    void recordsWhoseKeyIsPublishedAreDuplicatesWhateverTheOthersOfTheBatchAre() throws IOException {
        site.deliver("2026-03-02T01", "a", event("x", 5));
        assertThat(site.command("run").exitCode()).isZero();
        site.deliver("2026-03-02T02", "b", event("x", -1) + event("x", 6) + event("y", -2) + event("y", 9));
        site.deliver("2026-03-02T03", "c", event("y", -3) + event("z", 1));
        assertThat(site.command("run").exitCode()).isZero();
        assertThat(records(BATCH + "-2").toString()).isEqualTo(published(6, 1, 2, 3));

        // Together with the one that came first it is that one's duplicate again; without it, it is the first.
        assertThat(site.command("replay", "--batch", BATCH + "-2").exitCode()).isZero();
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("x 5", "z 1");
        assertThat(records(REPLAY).toString()).isEqualTo(published(3, 0, 0, 3));
        site.command("replay", "--batch", REPLAY, "--reason", "duplicate-of-rejected");
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("x 5", "y 9", "z 1");
    }

    @Test
    void aBatchThatWaitsKeepsWhatItNotedUntilSomebodyDecides() throws IOException {
        site.define(Site.shopWith(POSITIVE.replace("> 0,", "> 2,")));
        site.deliver("2026-03-02T01", "a", event("1", 10) + event("x", -1) + event("x", 7));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
        Path notes = site.notesOfDuplicates().get(0);
        site.define(Site.shopWith(POSITIVE));

        Path elsewhere = Files.move(notes, folder.resolve("notes"));
        assertThat(site.command("release", "--batch", BATCH))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot look for duplicates of rejected rows in " + notes
                                + ": it is gone or not what was written. Restore it, or abandon batch " + BATCH
                                + " with --return, and run the pipeline again.\n"));
        Files.move(elsewhere, notes);
        assertThat(site.command("release", "--batch", BATCH).out())
                .startsWith(BATCH + "        read 3 = written 1 + duplicates 0 + quarantined 2;");
        assertThat(site.notesOfDuplicates()).isEmpty();
        assertThat(site.quarantine(BATCH, "validate"))
                .extracting(record -> record.get("reason").asText())
                .containsExactly("rule", "duplicate-of-rejected");
    }

    @Test
    void aBatchThatIsAcceptedOrAbandonedMovesNothing() throws IOException {
        site.define(Site.shopWith(POSITIVE.replace("> 0,", "> 2,")));
        site.deliver("2026-03-02T01", "a", event("1", 10) + event("x", -1) + event("x", 7));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
        site.command("abandon", "--batch", BATCH, "--reason", "again", "--return");
        assertThat(site.notesOfDuplicates()).isEmpty();

        assertThat(site.command("run").exitCode()).isEqualTo(3);
        assertThat(site.command("release", "--batch", BATCH + "-2", "--accept").out())
                .isEqualTo(BATCH + "-2      read 3 = written 2 + duplicates 1 + quarantined 0;"
                        + " accepted whatever its rules say\n");
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("1 10", "x -1");
        assertThat(site.notesOfDuplicates()).isEmpty();
    }

    @Test
    void howManyRecordsMayBeInQuarantineIsJudgedByThoseThatWereRejected() throws IOException {
        site.define(Site.shopWith(POSITIVE, "maxQuarantined: 25%"));
        site.deliver("2026-03-02T01", "a", event("1", 10) + event("x", -1) + event("x", 7) + event("x", 8));
        assertThat(site.command("run").exitCode()).isZero();
        assertThat(records(BATCH).toString()).isEqualTo(published(4, 1, 0, 3));
    }
}
