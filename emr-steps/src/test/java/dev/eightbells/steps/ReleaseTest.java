package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Manifest;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.table.EventsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stopped batch waits for a person, who can judge it again, publish it as it is, or give it up. */
@ExtendWith(LocalServices.class)
class ReleaseTest {
    private static final String BATCH = "20260302T0400Z";
    private static final String STRICT = "rules: 'Rules = [ RowCount > 3, ColumnValues \"amount\" > 0 ]'";
    private static final String MENDED = "rules: 'Rules = [ RowCount > 1, ColumnValues \"amount\" > 0 ]'";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void stopABatch(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.shopWith(STRICT));
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-02T01:00:00Z", 10)
                        + Site.event("2", "2026-03-02T01:00:00Z", 20)
                        + Site.event("bad", "2026-03-02T01:00:00Z", -1));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
    }

    private Result release(String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of("--batch", BATCH));
        arguments.addAll(List.of(more));
        return site.command("release", arguments.toArray(String[]::new));
    }

    private void assertRefused(Result result, String sentence) {
        assertThat(result).isEqualTo(new Result(2, "", "eightbells: " + sentence + "\n"));
    }

    @Test
    void aBatchThatPassesTodaysRulesIsPublishedWithoutTheRowsThatFailThem() throws IOException {
        site.define(Site.shopWith(MENDED));
        Result released = release();
        assertThat(released.err()).isEmpty();
        assertThat(released.out())
                .startsWith(BATCH + "        read 3 = written 2 + duplicates 0 + quarantined 1;"
                        + " 1 of 2 rules failed, 1 row quarantined by rules\n");
        assertThat(site.rows("id")).containsExactly("1", "2");
        assertThat(site.tags()).isEmpty();
        assertThat(site.command("status").out()).contains("published");
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(release().out()).endsWith("1 row quarantined by rules  (already done)\n");
        assertThat(site.judgements()).containsExactly("1 FAILED", "2 PASSED");
    }

    @Test
    void aBatchThatFailsAgainStaysStopped() throws IOException {
        site.define(Site.shopWith(STRICT.replace("> 3", "> 4")));
        Result released = release();
        assertThat(released.exitCode()).isEqualTo(3);
        assertThat(released.err()).contains("RowCount > 4 (").contains("/quality/" + BATCH + "/2.json");
        assertThat(site.command("run").err()).contains("RowCount > 3 (");
        assertThat(site.command("status").out()).contains("stopped");
        site.define(Site.shopWith(MENDED));
        assertThat(release().exitCode()).isZero();
        assertThat(site.rows("id")).containsExactly("1", "2");
    }

    @Test
    void aRuleOfTodayThatCannotBeEvaluatedIsMendedAndTheBatchReleasedAgain() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ CustomSql \"select raise_error(''no'') from primary\" > 0 ]'"));
        Result refused = release();
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("eightbells: Cannot judge batch " + BATCH + " by the rule CustomSql ")
                .endsWith(" Mend the rule, and release the batch again.\n");
        site.define(Site.shopWith(MENDED));
        assertThat(release().exitCode()).isZero();
    }

    @Test
    void anAcceptedBatchIsPublishedAsItIs() throws IOException {
        Result accepted = release("--accept");
        assertThat(accepted)
                .isEqualTo(new Result(
                        0,
                        BATCH + "        read 3 = written 3 + duplicates 0 + quarantined 0;"
                                + " accepted whatever its rules say\n",
                        ""));
        assertThat(site.rows("id")).containsExactly("1", "2", "bad");
        JsonNode marker = site.json("batches/" + BATCH + "/validate.json");
        assertThat(marker.at("/quality/accepted").asBoolean()).isTrue();
        assertThat(marker.get("snapshot"))
                .isEqualTo(site.json("batches/" + BATCH + "/convert.json").get("snapshot"));
        assertThat(site.judgements()).containsExactly("1 FAILED", "2 ACCEPTED");
        assertThat(site.session()
                        .spark()
                        .table(site.historyName())
                        .where("verdict = 'ACCEPTED' and metric = 'Dataset.*.RowCount'")
                        .selectExpr("value")
                        .head()
                        .getDouble(0))
                .isEqualTo(3);
        assertThat(release("--accept").out()).endsWith("(already done)\n");
    }

    @Test
    void aBatchOfWhichNoRecordWasAcceptedCanOnlyBeAcceptedOrAbandoned() throws IOException {
        site.define(Site.shopWith(MENDED));
        site.deliver("2026-03-02T02", "b", "oops\n");
        site.command("run");
        assertRefused(
                site.command("release", "--batch", BATCH + "-2"),
                "Cannot release batch " + BATCH
                        + "-2: none of its records was accepted, so that there is nothing to judge."
                        + " Mend the pipeline file or the source, and abandon it with --return, or publish it without rows"
                        + " with --accept.");
        assertThat(site.command("release", "--batch", BATCH + "-2", "--accept").out())
                .isEqualTo(BATCH + "-2      read 1 = written 0 + duplicates 0 + quarantined 1;"
                        + " accepted whatever its rules say\n");
        assertThat(site.commits()).isEqualTo(1);
    }

    @Test
    void aBatchWithoutRulesCanBeAcceptedToo() throws IOException {
        site.define(Site.SHOP);
        site.deliver("2026-03-02T02", "b", "oops\n");
        site.command("run");
        assertThat(dieAt(BATCH + "-2", "/published.json", Judging.NO_RULES)).isTrue();
        assertThat(site.command("status").out()).contains("running");
        assertThat(site.command("run").out())
                .isEqualTo(BATCH + "-2      read 1 = written 0 + duplicates 0 + quarantined 1;"
                        + " accepted whatever its rules say\n");
    }

    @Test
    void onlyStoppedBatchesCanBeReleasedAndOnlyWithRulesToJudgeBy() throws IOException {
        site.define(Site.SHOP);
        assertRefused(
                release(),
                "Cannot release batch " + BATCH
                        + ": the pipeline file has no quality part to judge it by. Put rules there,"
                        + " or publish it as it is with --accept.");
        site.deliver("2026-03-02T02", "b", Site.event("3", "2026-03-02T01:00:00Z", 30));
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
        assertRefused(
                site.command("release", "--batch", BATCH + "-2", "--accept"),
                "Cannot release batch " + BATCH
                        + "-2: it is not stopped. Run: eightbells run --pipeline FILE, which finishes open batches.");
    }

    @Test
    void todaysRulesMustFitTheTableThatTheBatchWasPlannedFor() throws IOException {
        site.define(Site.SHOP + "    - {name: more, type: int}\n"
                + "quality:\n  rules: 'Rules = [ IsComplete \"more\" ]'\n");
        assertRefused(
                release(),
                "Cannot judge by the rules of today for batch " + BATCH
                        + ": quality.rules:1:11: 'IsComplete \"more\"' cannot"
                        + " be evaluated: there is no column more (there are id, at, amount).");
    }

    @Test
    void anAbandonedBatchHasNoWayBackAndItsObjectsMakeANewOne() throws IOException {
        assertThat(site.command("abandon", "--batch", BATCH, "--reason", "too few", "--return")
                        .exitCode())
                .isZero();
        assertThat(site.tags()).isEmpty();
        assertThat(release().exitCode()).isEqualTo(2);
        site.define(Site.shopWith(MENDED));
        assertThat(site.command("run").out()).startsWith(BATCH + "-2      read 3 = written 2");
        assertThat(site.rows("id")).containsExactly("1", "2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"TODAYS_RULES", "NO_RULES"})
    void whatWasPublishedMeanwhileIsNotPublishedAgain(Judging judging) throws IOException {
        site.deliver(
                "2026-03-02T01",
                "b",
                Site.event("2", "2026-03-02T01:00:00Z", 20)
                        + Site.event("3", "2026-03-02T01:00:00Z", 30)
                        + Site.event("4", "2026-03-02T01:00:00Z", 40)
                        + Site.event("5", "2026-03-02T01:00:00Z", 50));
        site.command("run");
        site.define(Site.shopWith(MENDED));
        Result released = judging == Judging.NO_RULES ? release("--accept") : release();
        assertThat(released.err()).isEmpty();
        JsonNode records = site.json("batches/" + BATCH + "/published.json").get("records");
        assertThat(records.toString())
                .isEqualTo(
                        judging == Judging.NO_RULES
                                ? "{\"read\":3,\"published\":2,\"duplicates\":1,\"quarantined\":0}"
                                : "{\"read\":3,\"published\":1,\"duplicates\":1,\"quarantined\":1}");
        assertThat(site.rows("id"))
                .doesNotHaveDuplicates()
                .contains("1", "2", "3", "4", "5")
                .hasSize(judging == Judging.NO_RULES ? 6 : 5);
    }

    @Test
    void aBatchIsReleasedThoughTheHeadItWasJudgedAtHasExpired() throws IOException {
        for (String id : List.of("x", "y")) {
            site.deliver(
                    "2026-03-02T01",
                    id,
                    Site.event(id, "2026-03-02T01:00:00Z", 1)
                            + Site.event(id.equals("x") ? "2" : "y0", "2026-03-02T01:00:00Z", 1)
                            + Site.event(id + 1, "2026-03-02T01:00:00Z", 1)
                            + Site.event(id + 2, "2026-03-02T01:00:00Z", 1));
            site.command("run");
        }
        try (Workplace workplace = site.workplace(lake -> lake)) {
            EventsTable.open(workplace.catalog(), workplace.pipeline())
                    .orElseThrow()
                    .table()
                    .expireSnapshots()
                    .expireOlderThan(Long.MAX_VALUE)
                    .commit();
        }
        site.define(Site.shopWith(MENDED));
        assertThat(release().err()).isEmpty();
        assertThat(site.rows("id")).containsExactly("1", "2", "x", "x1", "x2", "y", "y0", "y1", "y2");
    }

    @Test
    void aReleasedBatchGoesOnToTheStepsThatFollow() throws IOException {
        String rules = "quality:\n  rules: 'Rules = [ RowCount > 3 ]'\n";
        Site visits = new Site(folder.resolve("visits"), site.session());
        visits.define(Site.VISITS + rules);
        Visits.deliver(
                visits,
                "a",
                List.of(
                        Visits.Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                        Visits.Event.of("b", "anna", "2026-03-02T00:10:00Z")));
        assertThat(visits.command("run").exitCode()).isEqualTo(3);
        visits.define(Site.VISITS + rules.replace("> 3", "> 1"));
        assertThat(visits.command("release", "--batch", BATCH))
                .isEqualTo(new Result(
                        0,
                        BATCH + "        read 2 = written 2 + duplicates 0 + quarantined 0; its rule passed;"
                                + " sessions: 1 new, 0 extended, 0 bridged\n",
                        ""));
        assertThat(visits.sessionRows()).hasSize(1).isEqualTo(Visits.expected(visits));
    }

    /** Whether a release dies when a key is about to be, or has been, created. */
    private boolean dieAt(String batch, String key, Judging judging) {
        Consumer<String> dying = created -> {
            if (created.endsWith("/" + batch + key)) {
                throw Failure.transientFailure("killed", null);
            }
        };
        try (Workplace workplace = site.workplace(lake -> new WatchedStore(lake, dying, any -> {}))) {
            Manifest manifest = workplace
                    .ledger()
                    .batches()
                    .find(BatchId.parse(batch))
                    .orElseThrow()
                    .manifest();
            assertThatThrownBy(() -> new BatchRunner(workplace).release(manifest, judging))
                    .hasMessage("killed");
        }
        return true;
    }

    @ParameterizedTest(name = "before {0}, then {1}")
    @CsvSource({
        "/validate.json, release",
        "/published.json, release",
        "/published.json, run",
    })
    void aReleaseThatDiesCanBeRepeated(String key, String command) throws IOException {
        site.define(Site.shopWith(MENDED));
        assertThat(dieAt(BATCH, key, Judging.TODAYS_RULES)).isTrue();
        assertThat(site.command("status").out()).contains(key.equals("/validate.json") ? "stopped" : "running");
        Result again = command.equals("run") ? site.command("run") : release();
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).startsWith(BATCH + "        read 3 = written 2 + duplicates 0 + quarantined 1");
        assertThat(site.rows("id")).containsExactly("1", "2");
        assertThat(site.quarantine(BATCH, "validate")).hasSize(1);
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.tags()).isEmpty();
    }
}
