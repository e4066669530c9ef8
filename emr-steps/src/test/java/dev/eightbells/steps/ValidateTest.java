package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.table.EventsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Staged rows are judged before anybody sees them. */
@ExtendWith(LocalServices.class)
class ValidateTest {
    private static final String BATCH = "20260302T0400Z";
    private static final String MARKER = "batches/" + BATCH + "/validate.json";
    private static final String POSITIVE = "rules: 'Rules = [ RowCount > 0, ColumnValues \"amount\" > 0 ]'";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    /** Two days of three good rows, a bad one on the second day, and a record that is no row. */
    private void deliver() throws IOException {
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-01T01:00:00Z", 10)
                        + Site.event("2", "2026-03-02T01:00:00Z", 20)
                        + Site.event("bad", "2026-03-02T01:00:00Z", -1)
                        + Site.event("1", "2026-03-01T01:00:00Z", 11)
                        + Site.event("3", "2026-03-02T01:00:00Z", 30)
                        + "oops\n");
    }

    private List<String> filesOf(String marker) throws IOException {
        List<String> files = new ArrayList<>();
        site.json("batches/" + BATCH + "/" + marker)
                .get("files")
                .forEach(file -> files.add(file.get("location").asText()));
        return files;
    }

    @Test
    void rowsThatFailGoToQuarantineAndTheOthersArePublished() throws IOException {
        site.define(Site.shopWith(POSITIVE));
        deliver();
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .hasSize(2)
                .first()
                .isEqualTo(BATCH + "        read 6 = written 3 + duplicates 1 + quarantined 2;"
                        + " 1 of 2 rules failed, 1 row quarantined by rules");
        assertThat(result.out().lines().toList().get(1)).startsWith("    ColumnValues \"amount\" > 0: ");
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("1 10", "2 20", "3 30");
        JsonNode marker = site.json(MARKER);
        assertThat(marker.get("records").toString())
                .isEqualTo("{\"read\":6,\"published\":3,\"duplicates\":1,\"quarantined\":2}");
        assertThat(marker.get("quality").toString())
                .isEqualTo("{\"rules\":2,\"passed\":1,\"failed\":1,\"movedRows\":1,\"accepted\":false,"
                        + "\"report\":\"quality/" + BATCH + "/1.json\"}");
        assertThat(marker.at("/columns/id").toString()).isEqualTo("{\"maxBytes\":3,\"nulls\":0}");
        assertThat(site.json("batches/" + BATCH + "/published.json").get("records"))
                .isEqualTo(marker.get("records"));
        assertThat(site.quarantine(BATCH)).hasSize(1);
        assertThat(site.quarantine(BATCH, "validate")).singleElement().satisfies(record -> {
            assertThat(record.get("row").toString())
                    .isEqualTo("{\"id\":\"bad\",\"at\":\"2026-03-02T01:00:00Z\",\"amount\":-1}");
            assertThat(record.get("rules").toString()).isEqualTo("[\"ColumnValues \\\"amount\\\" > 0\"]");
            assertThat(record.get("object").asText())
                    .isEqualTo(site.raw("2026/03/02/01/a").toString());
        });
        JsonNode report = site.json("quality/" + BATCH + "/1.json");
        assertThat(report.get("verdict").asText()).isEqualTo("FAILED");
        assertThat(report.at("/outcomes/1/failingRows").asLong()).isEqualTo(1);
        assertThat(report.at("/outcomes/1/samples/0").asText()).contains("-1");
        assertThat(site.tags()).isEmpty();
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.command("status").out())
                .contains("quarantined 2; 1 of 2 rules failed, 1 row quarantined by rules");
    }

    @Test
    void onlyFilesWithRowsThatFailAreWrittenAnew() throws IOException {
        site.define(Site.shopWith(POSITIVE));
        deliver();
        site.command("run");
        List<String> converted = filesOf("convert.json");
        List<String> validated = filesOf("validate.json");
        assertThat(converted).hasSize(2);
        assertThat(validated).hasSize(2);
        assertThat(validated.stream().filter(converted::contains))
                .singleElement()
                .asString()
                .contains("at_day=2026-03-01");
        assertThat(filesOf("published.json")).containsExactlyInAnyOrderElementsOf(validated);
    }

    @Test
    void filesThatAreTakenOverKeepTheBoundsOfTheirColumns() throws IOException {
        site.define(Site.shopWith(POSITIVE));
        deliver();
        site.command("run");
        long published = site.json("batches/" + BATCH + "/published.json")
                .get("snapshot")
                .asLong();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            EventsTable table =
                    EventsTable.open(workplace.catalog(), workplace.pipeline()).orElseThrow();
            int id = table.table().schema().findField("id").fieldId();
            assertThat(table.addedFiles(published)).hasSize(2).allSatisfy(file -> {
                assertThat(file.lowerBounds()).containsKey(id);
                assertThat(file.valueCounts()).containsKey(id);
            });
        }
    }

    @Test
    void aBatchThatPassesIsPublishedAsItIsStaged() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ RowCount = 4, IsComplete \"id\" ]'"));
        deliver();
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        0,
                        BATCH + "        read 6 = written 4 + duplicates 1 + quarantined 1; all 2 rules passed\n",
                        ""));
        JsonNode convert = site.json("batches/" + BATCH + "/convert.json");
        JsonNode validate = site.json(MARKER);
        for (String same : List.of("snapshot", "files", "columns")) {
            assertThat(validate.get(same)).isEqualTo(convert.get(same));
        }
        assertThat(validate.get("quarantine")).isEmpty();
        assertThat(site.command("validate", "--batch", BATCH).out())
                .isEqualTo(BATCH + "        read 6 = written 4 + duplicates 1 + quarantined 1; all 2 rules passed"
                        + "  (already done)\n");
    }

    @Test
    void aFailedRuleAboutTheBatchStopsItUntilSomebodyDecides() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 10, ColumnValues \"amount\" > 0 ]'"));
        deliver();
        Result stopped = site.command("run");
        assertThat(stopped.exitCode()).isEqualTo(3);
        assertThat(stopped.err())
                .isEqualTo("eightbells: Stopped batch " + BATCH
                        + ": 1 of 2 rules failed: RowCount > 10 (Dataset.*.RowCount is 4, and should be > 10)."
                        + " Look at " + site.lake("quality/" + BATCH + "/1.json")
                        + "; when its rules are mended, judge it again with: eightbells release --pipeline FILE --batch "
                        + BATCH + ", or publish it as it is with --accept, or give it up with: eightbells abandon"
                        + " --pipeline FILE --batch " + BATCH + " --reason TEXT --return.\n");
        assertThat(site.rows("id")).isEmpty();
        assertThat(site.tags()).containsExactly("eightbells-" + BATCH);
        assertThat(site.lake(MARKER)).doesNotExist();
        assertThat(site.json("batches/" + BATCH + "/stopped.json").get("step").asText())
                .isEqualTo("validate");
        for (Result again : List.of(
                site.command("run"),
                site.command("validate", "--batch", BATCH),
                site.command("convert", "--batch", BATCH))) {
            assertThat(again.exitCode()).isEqualTo(3);
            assertThat(again.err()).isEqualTo(stopped.err());
        }
        assertThat(site.command("status").out()).contains("stopped").contains("RowCount > 10");
    }

    @Test
    void laterBatchesGoOnWhileOneIsStopped() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 1 ]'"));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        site.command("run");
        site.deliver(
                "2026-03-02T01",
                "b",
                Site.event("1", "2026-03-02T01:00:00Z", 10) + Site.event("2", "2026-03-02T01:00:00Z", 20));
        Result result = site.command("run");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).startsWith("eightbells: Stopped batch " + BATCH + ": ");
        assertThat(result.out()).contains(BATCH + "-2      read 2 = written 2 + duplicates 0 + quarantined 0");
        assertThat(site.rows("id")).containsExactly("1", "2");
    }

    @Test
    void warningPublishesAndTellsWhatFails() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 10, IsComplete \"id\" ]'", "onFailure: warn"));
        deliver();
        Result result = site.command("run");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith(BATCH + "        read 6 = written 4 + duplicates 1 + quarantined 1; 1 of 2 rules failed\n"
                        + "    RowCount > 10: ");
        assertThat(site.rows("id")).hasSize(4);
    }

    @Test
    void rowsThatAreKeptStopTheBatchOrAreWarnedOf() throws IOException {
        site.define(Site.shopWith(POSITIVE, "onRowFailure: keep"));
        deliver();
        assertThat(site.command("run").err()).contains("1 of 2 rules failed: ColumnValues \"amount\" > 0 (");
        site.command("abandon", "--batch", BATCH, "--reason", "again", "--return");
        site.define(Site.shopWith(POSITIVE, "onRowFailure: keep", "onFailure: warn"));
        assertThat(site.command("run").out())
                .contains("written 4 + duplicates 1 + quarantined 1; 1 of 2 rules failed\n");
        assertThat(site.rows("id")).containsExactly("1", "2", "3", "bad");
    }

    @Test
    void moreInQuarantineThanIsAllowedStops() throws IOException {
        site.define(Site.shopWith(POSITIVE, "maxQuarantined: 30%"));
        deliver();
        assertThat(site.command("run").err())
                .contains("2 of its 6 records are rejected, 33.3333%, and at most 30% may be. Look at ");
        site.command("abandon", "--batch", BATCH, "--reason", "again", "--return");
        site.define(Site.shopWith(POSITIVE, "maxQuarantined: 40%"));
        assertThat(site.command("run").exitCode()).isZero();
    }

    @Test
    void aBatchOfWhichEveryRowFailsStopsUnlessThatIsAllowed() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ ColumnValues \"amount\" > 100 ]'"));
        deliver();
        assertThat(site.command("run").err()).contains("every one of its 4 rows fails a rule, e.g. ColumnValues");
        site.command("abandon", "--batch", BATCH, "--reason", "again", "--return");
        site.define(Site.shopWith("rules: 'Rules = [ ColumnValues \"amount\" > 100 ]'", "maxQuarantined: 100%"));
        assertThat(site.command("run").out())
                .contains("read 6 = written 0 + duplicates 0 + quarantined 6; 1 of 1 rule failed, 4 rows quarantined"
                        + " by rules, and 1 duplicate of such rows with them\n");
        assertThat(site.rows("id")).isEmpty();
        assertThat(site.commits()).isEqualTo(1);
    }

    @Test
    void rowsAreRemovedWhateverTheyAreComparedWith() throws IOException {
        Path shops = folder.resolve("known.csv");
        Files.writeString(shops, "id\n1\n2\n3\n");
        site.define(Site.shopWith(
                "rules: 'Rules = [ ReferentialIntegrity \"id\" \"known.id\" = 1.0, RowCountMatch \"rows\" > 0.1 ]'",
                "references: {known: ./known.csv, rows: ./known.csv}"));
        deliver();
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        assertThat(site.rows("id")).containsExactly("1", "2", "3");
        assertThat(site.quarantine(BATCH, "validate"))
                .extracting(record -> record.at("/row/id").asText())
                .containsExactly("bad");
    }

    @Test
    void aReferenceThatIsNotThereIsNoFaultOfTheData() throws IOException {
        site.define(Site.shopWith(
                "rules: 'Rules = [ RowCountMatch \"rows\" > 0.1 ]'", "references: {rows: analytics.rows}"));
        deliver();
        Result result = site.command("run");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("eightbells: Cannot compare with rows: there is no table analytics.rows. Create it, or"
                        + " name another one under quality.references and abandon with --return the batches that were"
                        + " planned with this one.\n");
        assertThat(site.lake("batches/" + BATCH + "/stopped.json")).doesNotExist();
    }

    @Test
    void aRuleThatCannotBeEvaluatedSaysNothingAboutTheData() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ CustomSql \"select raise_error(''no'') from primary\" > 0 ]'"));
        deliver();
        Result result = site.command("run");
        assertThat(result.err())
                .startsWith("eightbells: Cannot judge batch " + BATCH + " by the rule CustomSql ")
                .endsWith(" Mend the rule, and judge the batch by it: eightbells release --pipeline FILE --batch "
                        + BATCH + ".\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(site.lake("batches/" + BATCH + "/stopped.json")).doesNotExist();
        assertThat(site.lake(MARKER)).doesNotExist();
        assertThat(site.command("status").out()).contains("running");

        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 100 ]'"));
        Result stopped = site.command("release", "--batch", BATCH);
        assertThat(stopped.exitCode()).isEqualTo(3);
        assertThat(site.command("run").err()).isEqualTo(stopped.err());

        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 0 ]'"));
        assertThat(site.command("release", "--batch", BATCH).exitCode()).isZero();
        assertThat(site.rows("id")).isNotEmpty();
    }

    @Test
    void rowsAreAsFreshAsWhenTheyWereConvertedHoweverLateTheyAreJudged() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ DataFreshness \"at\" <= 4 hours, RowCount > 0 ]'"));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        site.command("convert", "--batch", BATCH);
        assertThat(site.commandAt("2026-03-05T04:20:00Z", "run").out())
                .isEqualTo(BATCH + "        read 1 = written 1 + duplicates 0 + quarantined 0; all 2 rules passed\n");
    }

    @Test
    void aRawObjectThatARuleAsksForAndThatIsGoneIsNoFaultOfTheData() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ FileMatch in [\"aa\"] ]'"));
        deliver();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        site.command("convert", "--batch", BATCH);
        Files.delete(site.raw("2026/03/02/01/a"));
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot judge batch " + BATCH + " by the rule FileMatch in [\"aa\"]: Cannot read "
                                + site.raw("2026/03/02/01/a") + ": it is gone since it was planned. Restore it, or"
                                + " abandon the batch that holds it with --return.\n"));
        assertThat(site.lake("batches/" + BATCH + "/stopped.json")).doesNotExist();
    }

    @Test
    void aBatchIsJudgedByTheRulesItWasPlannedWithWhateverTheFileSaysToday() throws IOException {
        site.define(Site.shopWith(POSITIVE));
        deliver();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        site.define(Site.SHOP);
        assertThat(site.command("run").out()).contains("1 row quarantined by rules");

        site.deliver("2026-03-02T02", "b", Site.event("worse", "2026-03-02T01:00:00Z", -2));
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        site.define(Site.shopWith(POSITIVE));
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "-2      read 1 = written 1 + duplicates 0 + quarantined 0\n");
    }

    @Test
    void stepByStepConvertStagesAndValidatePublishes() throws IOException {
        site.define(Site.shopWith(POSITIVE));
        deliver();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertThat(site.command("validate", "--batch", BATCH))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot validate batch " + BATCH
                                + ": it has no convert.json yet. Run eightbells convert for it first.\n"));
        String converted = BATCH + "        read 6 = written 4 + duplicates 1 + quarantined 1; not validated yet";
        assertThat(site.command("convert", "--batch", BATCH)).isEqualTo(new Result(0, converted + "\n", ""));
        assertThat(site.command("convert", "--batch", BATCH))
                .isEqualTo(new Result(0, converted + "  (already done)\n", ""));
        assertThat(site.rows("id")).isEmpty();
        assertThat(site.command("validate", "--batch", BATCH).out())
                .startsWith(BATCH + "        read 6 = written 3 + duplicates 1 + quarantined 2; 1 of 2 rules failed");
        assertThat(site.rows("id")).containsExactly("1", "2", "3");
    }

    @Test
    void aPipelineWithoutRulesHasNoStepToValidate() throws IOException {
        deliver();
        site.command("run");
        assertThat(site.command("validate", "--batch", BATCH))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot validate batch " + BATCH
                                + ": the pipeline file that it was planned under has"
                                + " no quality part, and convert publishes it.\n"));
    }
}
