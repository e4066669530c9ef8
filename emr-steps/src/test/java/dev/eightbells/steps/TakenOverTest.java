package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Manifest;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.table.EventsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An attempt that was taken over without noticing decides nothing any more, and holds nothing of its own. */
@ExtendWith(LocalServices.class)
class TakenOverTest {
    private static final String BATCH = "20260302T0400Z";
    private static final String TAG = "eightbells-" + BATCH;
    private static final String LATER = "2026-03-02T04:30:00Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void planABatchOfTwoRows(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 1 ]'"));
        site.deliver(
                "2026-03-02T01",
                "a",
                Site.event("1", "2026-03-02T01:00:00Z", 10) + Site.event("2", "2026-03-02T01:00:00Z", 20));
    }

    /** Runs the batch, and lets something happen once around the creation or the replacement of an object. */
    private BatchRunner.Outcome run(Moment moment, Meanwhile meanwhile) {
        try (Workplace workplace =
                site.workplace(lake -> new WatchedStore(lake, moment.before(meanwhile), moment.after(meanwhile)))) {
            Manifest manifest = workplace.planning().claim(Site.NOW, null).orElseThrow();
            return new BatchRunner(workplace).run(manifest);
        }
    }

    /** What others do while an attempt sleeps. */
    @FunctionalInterface
    private interface Meanwhile {
        void happens() throws IOException;
    }

    /**
     * When an attempt sleeps.
     *
     * @param key the end of the key that is written
     * @param time which of the times that it is written; it sleeps after it
     */
    private record Moment(String key, int time) {
        /** Before a key is created for the first time. */
        static Moment before(String key) {
            return new Moment(key, 0);
        }

        Consumer<String> before(Meanwhile meanwhile) {
            return time == 0 ? at(1, meanwhile) : any -> {};
        }

        Consumer<String> after(Meanwhile meanwhile) {
            return time == 0 ? any -> {} : at(time, meanwhile);
        }

        private Consumer<String> at(int wanted, Meanwhile meanwhile) {
            int[] times = new int[1];
            return written -> {
                if (written.endsWith(key) && ++times[0] == wanted) {
                    try {
                        meanwhile.happens();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            };
        }
    }

    /** The first look at the lease is the one right before convert stages. */
    private static final Moment BEFORE_STAGING = new Moment("/attempts/1.json", 2);

    private void assertTakenOver(Moment moment, Meanwhile meanwhile) {
        assertThatThrownBy(() -> run(moment, meanwhile))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot go on with batch " + BATCH + ": attempt 2 has taken it over from attempt 1, which was"
                                + " not heard of for too long. Let that one finish.");
    }

    private void runByAnother() {
        Result result = site.commandAt(LATER, "run");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith(BATCH + "        read 2 = written 2");
    }

    private void convertByAnother() {
        try (Workplace workplace = site.workplace(Clock.fixed(Instant.parse(LATER), ZoneOffset.UTC), lake -> lake)) {
            new BatchRunner(workplace).convert(manifest(workplace));
        }
    }

    private static Manifest manifest(Workplace workplace) {
        return workplace
                .ledger()
                .batches()
                .find(BatchId.parse(BATCH))
                .orElseThrow()
                .manifest();
    }

    @Test
    void itDecidesNothing() {
        assertTakenOver(Moment.before("quality/" + BATCH + "/1.json"), this::runByAnother);
        assertThat(site.judgements()).containsExactly("2 PASSED");
        assertThat(site.rows("id")).containsExactly("1", "2");
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.tags()).isEmpty();
    }

    @Test
    void whatConvertsMarkerNamesStaysHeldThoughItStagesLater() throws IOException {
        assertTakenOver(BEFORE_STAGING, this::convertByAnother);
        long counts =
                site.json("batches/" + BATCH + "/convert.json").get("snapshot").asLong();
        try (Workplace workplace = site.workplace(lake -> lake)) {
            EventsTable table =
                    EventsTable.open(workplace.catalog(), workplace.pipeline()).orElseThrow();
            assertThat(table.table().refs().get(TAG).snapshotId()).isEqualTo(counts);
            assertThat(table.table().snapshots()).hasSize(2);
        }
    }

    @Test
    void itLeavesNoTagWhenTheBatchIsPublishedMeanwhile() {
        assertTakenOver(BEFORE_STAGING, this::runByAnother);
        assertThat(site.tags()).isEmpty();
        assertThat(site.rows("id")).containsExactly("1", "2");
    }

    @Test
    void aBatchThatAnotherAttemptHasStoppedStaysStopped() throws IOException {
        Path known = folder.resolve("known.csv");
        Files.writeString(known, "id\n1\n2\n");
        site.define(Site.shopWith(
                "rules: 'Rules = [ RowCountMatch \"known\" = 1.0 ]'", "references: {known: ./known.csv}"));
        assertThatThrownBy(() -> run(Moment.before("quality/" + BATCH + "/1.json"), () -> {
                    Files.writeString(known, "id\n1\n2\n3\n");
                    assertThat(site.commandAt(LATER, "run").exitCode()).isEqualTo(3);
                }))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Stopped batch " + BATCH + ": 1 of 1 rules failed: RowCountMatch ")
                .hasMessageContaining("/quality/" + BATCH + "/2.json");
        assertThat(site.lake("batches/" + BATCH + "/validate.json")).doesNotExist();
        assertThat(site.tags()).containsExactly(TAG);
    }

    @Test
    void aBatchThatIsReleasedMeanwhileIsNotToldToBeStopped() throws IOException {
        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 5 ]'"));
        BatchRunner.Outcome outcome = run(Moment.before("/stopped.json"), () -> {
            assertThat(site.commandAt(LATER, "run").exitCode()).isEqualTo(3);
            assertThat(site.command("release", "--batch", BATCH, "--accept").exitCode())
                    .isZero();
        });
        assertThat(outcome.validated().quality().accepted()).isTrue();
        assertThat(outcome.published().attempt()).isEqualTo(3);
        assertThat(site.judgements()).containsExactly("2 FAILED", "3 ACCEPTED");
        assertThat(site.tags()).isEmpty();
    }
}
