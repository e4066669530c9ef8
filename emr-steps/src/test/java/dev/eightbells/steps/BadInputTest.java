package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the user got wrong ends with 2 and one sentence that says what to do, and changes nothing. */
@ExtendWith(LocalServices.class)
class BadInputTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
    }

    private void assertRefused(Result result, String sentence) {
        assertThat(result.err()).isEqualTo("eightbells: " + sentence + "\n");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private void assertRefusedUnchanged(String command, String sentence) throws IOException {
        List<String> before = site.everything();
        assertRefused(site.command(command), sentence);
        assertThat(site.everything()).isEqualTo(before);
    }

    @Test
    void thereIsNoSuchPipelineFile() throws IOException {
        Files.delete(site.file());
        assertRefusedUnchanged(
                "run",
                "Cannot read the pipeline file " + site.file() + ": there is no such file. Name one with --pipeline.");
    }

    @Test
    void thePipelineFileIsNoYaml() throws IOException {
        site.define("version: 1\npipeline: [shop\n");
        assertRefusedUnchanged(
                "run",
                site.file()
                        + ":3: this is no YAML (while parsing a flow sequence, expected ',' or ']', but got <stream end>);"
                        + " check indentation, colons and quotes there and in the line before.");
    }

    @Test
    void thePipelineFileHasAnUnknownKey() throws IOException {
        site.define(Site.SHOP.replace("lake:", "lakes:"));
        assertRefusedUnchanged("run", site.file() + ":5: unknown key 'lakes'; did you mean 'lake'?");
    }

    @Test
    void aTypeIsWrong() throws IOException {
        site.define(Site.SHOP.replace("type: int}", "type: number}"));
        assertRefusedUnchanged(
                "run",
                site.file()
                        + ":13: table.columns[2].type: 'number' is no type; the types are string, boolean, int, bigint,"
                        + " float, double, decimal(p,s), date, timestamp, array<…>, struct<name:type,…> and map<string,…>.");
    }

    @Test
    void aVariableIsNotSet() throws IOException {
        site.define(Site.SHOP.replace("raw/", "${RAW_FOLDER}"));
        assertRefusedUnchanged(
                "run",
                site.file() + ":4: source.location: the variable RAW_FOLDER is not set; set it, or write"
                        + " ${RAW_FOLDER:-default}.");
        assertThat(site.run(
                                Map.of("RAW_FOLDER", "raw/"),
                                "plan",
                                "--pipeline",
                                site.file().toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void columnsDifferOnlyByCase() throws IOException {
        site.define(Site.SHOP + "    - {name: Amount, type: int}\n");
        assertRefusedUnchanged(
                "run",
                site.file() + ":14: table.columns[3].name: 'Amount' is no name of a column; use a-z, 0-9 and _, not"
                        + " beginning with a digit ('from' reaches any name in the JSON).\n" + site.file()
                        + ":14: table.columns[3].name: the name 'Amount' is taken by line 13 (upper and lower case are the"
                        + " same); choose another.");
    }

    @Test
    void theSourceFolderIsNotThere() throws IOException {
        site.define(Site.SHOP.replace("raw/", "elsewhere/"));
        assertRefusedUnchanged(
                "run",
                "Cannot list " + folder
                        + "/elsewhere: there is no such file or folder. Create it, or name another location.");
        assertRefusedUnchanged(
                "plan",
                "Cannot list " + folder
                        + "/elsewhere: there is no such file or folder. Create it, or name another location.");
    }

    @Test
    void theLakeBelongsToAnotherPipeline() throws IOException {
        site.command("run");
        site.define(Site.SHOP.replace("pipeline: shop", "pipeline: bakery"));
        for (String command : List.of("run", "plan", "status")) {
            assertRefusedUnchanged(
                    command,
                    "Cannot use the lake " + folder + "/lake/ for the pipeline bakery: it belongs to the pipeline shop."
                            + " Give each pipeline a lake of its own.");
        }
    }

    @Test
    void theLakeWasMoved() throws IOException {
        site.command("run");
        Files.move(site.lake(""), folder.resolve("moved"));
        site.define(Site.SHOP.replace("lake: lake/", "lake: moved/"));
        assertRefusedUnchanged(
                "run",
                "Cannot use the lake " + folder + "/moved/ of the pipeline shop: it was made at " + folder
                        + "/lake/ and its tables name that place. Move it back, or start a new lake.");
    }

    @Test
    void aRuleIsAboutAColumnThatIsNotThere() throws IOException {
        site.define(Site.shopWith("rules: |", "  Rules = [", "    IsComplete \"id\",", "    IsComplete \"ammount\" ]"));
        assertRefusedUnchanged(
                "run",
                site.file()
                        + ":18:7: 'IsComplete \"ammount\"' cannot be evaluated: there is no column ammount (there are id,"
                        + " at, amount).");
        Files.writeString(folder.resolve("shop.dqdl"), "Rules = [\n  IsComplete \"ammount\"\n]\n");
        site.define(Site.shopWith("rules: shop.dqdl"));
        assertRefusedUnchanged(
                "plan",
                folder + "/shop.dqdl:2:3: 'IsComplete \"ammount\"' cannot be evaluated: there is no column ammount"
                        + " (there are id, at, amount).");
    }

    @Test
    void thereIsNoSuchBatch() throws IOException {
        assertRefused(
                site.command("convert", "--batch", "20260302T0800Z"),
                "Cannot find batch 20260302T0800Z in the lake " + folder
                        + "/lake/. Ask eightbells status for the batches there are.");
        assertRefused(
                site.command("abandon", "--batch", "20260302T0800Z", "--reason", "test"),
                "Cannot find batch 20260302T0800Z in the lake " + folder
                        + "/lake/. Ask eightbells status for the batches there are.");
        assertRefused(
                site.command("convert", "--batch", "yesterday"),
                "Invalid batch: yesterday (a batch is named like 20261122T0800Z, 20261122T0800Z-2 or"
                        + " 20261122T0800Z-r1). Ask eightbells status for the batches there are.");
    }

    @Test
    void aPublishedBatchCannotBeAbandoned() throws IOException {
        site.command("run");
        assertRefused(
                site.command("abandon", "--batch", BATCH, "--reason", "regret", "--return"),
                "Cannot abandon batch " + BATCH + ": it is published, and readers may have used it."
                        + " Leave it, or mend its rows in the table.");
        assertThat(site.lake("batches/" + BATCH + "/abandoned.json")).doesNotExist();
        assertThat(site.command("run").exitCode()).isZero();
    }

    @Test
    void anAbandonedBatchCannotBeConverted() throws IOException {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        Result abandoned = site.command("abandon", "--batch", BATCH, "--reason", "not wanted");
        assertThat(abandoned)
                .isEqualTo(new Result(
                        0, "Abandoned batch " + BATCH + " (not wanted); its 1 object is not read again.\n", ""));
        assertThat(site.command("abandon", "--batch", BATCH, "--reason", "again"))
                .isEqualTo(abandoned);
        assertRefused(
                site.command("convert", "--batch", BATCH),
                "Cannot run batch " + BATCH
                        + ": it was abandoned on 2026-03-02T04:20:00Z (not wanted). Run the pipeline"
                        + " instead; objects that were returned are in a newer batch.");
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(site.command("status").out()).contains("abandoned").contains("not wanted");
    }

    @Test
    void anInstantThatHasNotPassedCannotBePlanned() throws IOException {
        assertRefused(
                site.command("run", "--at", "2026-03-02T09:00:00Z"),
                "Cannot plan at 2026-03-02T09:00:00Z: the window 2026-03-02T04:00:00Z to 2026-03-02T08:00:00Z has not ended"
                        + " (it is 2026-03-02T04:20:00Z). Give an instant that has passed.");
        assertRefused(
                site.command("run", "--at", "yesterday"),
                "Invalid value for option '--at': Invalid instant: yesterday (not ISO 8601 in UTC). Write it like"
                        + " 2026-11-22T08:00:00Z. Run eightbells run --help for what there is.");
    }

    @Test
    void argumentsAreMissingOrUnknown() {
        assertRefused(
                site.run(Map.of(), "run"),
                "Missing required option: '--pipeline=FILE'. Run eightbells run --help for what there is.");
        assertRefused(
                site.command("abandon", "--batch", BATCH),
                "Missing required option: '--reason=TEXT'. Run eightbells abandon --help for what there is.");
        assertRefused(
                site.command("run", "--form", "2026-03-01T00:00:00Z"),
                "Unknown options: '--form', '2026-03-01T00:00:00Z'. Run eightbells run --help for what there is.");
        assertRefused(
                site.run(Map.of(), "rum"),
                "Unmatched argument at index 0: 'rum'. Run eightbells --help for what there is.");
    }

    @Test
    void theTableHasOtherColumnsThanTheFile() throws IOException {
        site.command("run");
        site.define(Site.SHOP.replace("amount, type: int", "amount, type: string"));
        site.deliver("2026-03-02T02", "b", Site.event("2", "2026-03-02T01:00:00Z", 20));
        String refusal =
                "Cannot use table analytics.events under the pipeline file's columns: column amount is int there and"
                        + " string in the file (put it back, or give the new column another name; the old one is dropped"
                        + " when the file does not have it). Batches that are planned with such columns stay so: abandon"
                        + " them with --return once the file is mended.";
        assertRefused(site.command("run"), refusal);
        assertThat(site.lake("manifests/00000002.json.gz")).doesNotExist();

        // Planned elsewhere, it has these columns for ever, so it takes an end to it to go back.
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertRefused(site.command("run"), refusal);
        site.define(Site.SHOP);
        assertThat(site.command("run").exitCode()).isEqualTo(2);
        site.command("abandon", "--batch", BATCH + "-2", "--reason", "wrong columns", "--return");
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "-3      read 1 = written 1 + duplicates 0 + quarantined 0\n");
        assertThat(site.rows("id")).containsExactly("1", "2");
    }
}
