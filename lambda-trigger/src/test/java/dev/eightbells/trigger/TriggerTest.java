package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.batch.Step;
import dev.eightbells.trigger.Watched.Became;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TriggerTest {
    private static final String SESSIONS = "sessions: {name: web.sessions, by: at, time: at, gap: 30m}\n";

    private final Harbour harbour = new Harbour();
    private final TestJobs jobs = harbour.jobs;

    @Test
    void plansWhatIsNewAndGivesItToTheService() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.deliver("2026/11/22/07", "b");

        Watched watched = harbour.fire();

        assertThat(watched.failures()).isEmpty();
        assertThat(watched.batches())
                .containsExactly(new Watched.Told(
                        "20261122T0800Z",
                        Became.SUBMITTED,
                        "Batch 20261122T0800Z of clicks was given to emr-steps j-1 (submission 1)."));
        assertThat(watched.backlogSeconds()).isEqualTo(20 * 60);
        assertThat(jobs.sent).hasSize(1);
        assertThat(jobs.last().request().name()).isEqualTo("eightbells clicks 20261122T0800Z #1");
        assertThat(jobs.last().request().steps()).containsExactly(Step.CONVERT);
        assertThat(jobs.last().request().jar()).isEqualTo(Harbour.JAR);
        assertThat(jobs.last().request().definition()).matches("s3://lake/clicks/definitions/[0-9a-f]{64}\\.yaml");
        assertThat(jobs.last().request().bytes()).isEqualTo(4);
    }

    @Test
    void isContentWhenNothingIsNew() {
        Watched watched = harbour.fire();

        assertThat(watched.isHealthy()).isTrue();
        assertThat(watched.batches()).isEmpty();
        assertThat(watched.backlogSeconds()).isZero();
        assertThat(harbour.lake.list("", "")).isEmpty();
    }

    @Test
    void leavesABatchAloneThatRuns() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();

        Watched watched = harbour.fire();

        assertThat(watched.isHealthy()).isTrue();
        assertThat(watched.batches())
                .containsExactly(
                        new Watched.Told(
                                "20261122T0800Z",
                                Became.RUNNING,
                                "Batch 20261122T0800Z of clicks runs as submission 1 on emr-steps j-1: step convert is RUNNING."));
        assertThat(jobs.sent).hasSize(1);
    }

    @Test
    void forgetsABatchThatIsDone() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.finish(jobs.last());

        Watched watched = harbour.fire();

        assertThat(watched.batches()).isEmpty();
        assertThat(watched.backlogSeconds()).isZero();
        assertThat(jobs.sent).hasSize(1);
    }

    @Test
    void takesWhatMaxBytesLeftInTheSameFiring() {
        harbour.pipeline = Harbour.cappedAt(2);
        harbour.deliver("2026/11/22/05", "a");
        harbour.deliver("2026/11/22/06", "b");
        harbour.deliver("2026/11/22/07", "c");

        harbour.fire();

        assertThat(jobs.sent)
                .extracting(job -> job.request().batch().toString())
                .containsExactly("20261122T0800Z", "20261122T0800Z-2", "20261122T0800Z-3");
    }

    @Test
    void makesUpForFiringsThatWereMissed() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.finish(jobs.last());
        harbour.deliver("2026/11/22/09", "b");
        harbour.deliver("2026/11/22/13", "c");
        harbour.deliver("2026/11/22/18", "d");

        harbour.clock.set("2026-11-22T20:20:00Z");
        harbour.fire();

        assertThat(harbour.planned()).isEqualTo(once());
        assertThat(jobs.sent).hasSize(2);
    }

    @Test
    void takesEveryObjectOnceWhenFiringsComeTwiceAndOutOfOrder() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.deliver("2026/11/22/09", "b");
        harbour.deliver("2026/11/22/13", "c");
        harbour.clock.set("2026-11-22T16:20:00Z");

        for (String at : List.of("2026-11-22T12:20:00Z", "2026-11-22T16:20:00Z", "2026-11-22T08:20:00Z")) {
            harbour.fireFor(at);
            harbour.fireFor(at);
        }

        assertThat(harbour.planned()).isEqualTo(once());
        assertThat(jobs.sent).extracting(job -> job.request().name()).doesNotHaveDuplicates();
        assertThat(jobs.sent).hasSize(harbour.batches().size());
    }

    @Test
    void submitsEveryBatchOnceWhenThreeFireAtTheSameMoment() throws Exception {
        ExecutorService firings = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 20; round++) {
                harbour.deliver("2026/11/22/05", "a" + round);
                harbour.deliver("2026/11/22/07", "b" + round);
                List<Future<Watched>> together = new ArrayList<>();
                for (int firing = 0; firing < 3; firing++) {
                    together.add(firings.submit(() -> harbour.fire()));
                }
                for (Future<Watched> firing : together) {
                    // A claim that another firing has not used yet is nothing to act on, and told as such.
                    assertThat(firing.get().failures()).allMatch(failure -> failure.kind() == Failure.Kind.TRANSIENT);
                }
            }
        } finally {
            firings.shutdown();
        }

        assertThat(harbour.planned()).isEqualTo(once());
        assertThat(jobs.sent).extracting(job -> job.request().name()).doesNotHaveDuplicates();
        assertThat(jobs.sent).hasSize(harbour.batches().size());
    }

    @Test
    void oneDamagedBatchKeepsNoOtherFromBeingLookedAfter() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.lake.delete("definitions/" + harbour.manifest("20261122T0800Z").definition() + ".yaml");
        harbour.pipeline = Harbour.pipeline(SESSIONS);
        harbour.deliver("2026/11/22/09", "b");
        harbour.clock.pass(Duration.ofHours(4));

        Watched watched = harbour.fire();

        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.OPEN, Became.SUBMITTED);
        assertThat(watched.failures()).hasSize(1);
        assertThat(watched.failures().get(0).sentence()).contains("it is gone. Restore it");
    }

    @Test
    void whatNobodyForesawIsToldAndKeepsNoOtherBatchFromBeingLookedAfter() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        jobs.bug = new IllegalStateException("No such state");
        harbour.deliver("2026/11/22/09", "b");
        harbour.clock.pass(Duration.ofHours(4));

        Watched watched = harbour.fire();

        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.OPEN, Became.SUBMITTED);
        assertThat(watched.failures())
                .containsExactly(new Watched.Sentence(
                        Failure.Kind.BUG,
                        "Cannot look after batch 20261122T0800Z: IllegalStateException (No such state). This was not"
                                + " expected: report it with its log."));
    }

    @Test
    void plansEvenWhenTheServiceCannotBeReached() {
        harbour.deliver("2026/11/22/05", "a");
        jobs.unreachable = Failure.input("Cannot find a cluster named etl. Start one.");

        Watched watched = harbour.fire();

        assertThat(watched.isHealthy()).isFalse();
        assertThat(watched.batches())
                .containsExactly(
                        new Watched.Told("20261122T0800Z", Became.OPEN, "Cannot find a cluster named etl. Start one."));
        jobs.unreachable = null;
        harbour.fire();
        assertThat(jobs.sent).hasSize(1);
    }

    @Test
    void looksOnceADayForObjectsThatCameTooLateForAnyListing() {
        harbour.deliver("2026/11/15/05", "a");
        harbour.clock.set("2026-11-15T08:20:00Z");
        harbour.fire();
        harbour.finish(jobs.last());
        harbour.clock.set("2026-11-22T08:20:00Z");
        harbour.deliver("2026/11/22/05", "b");
        harbour.fire();
        harbour.finish(jobs.last());
        harbour.deliver("2026/11/17/03", "late");

        harbour.clock.set("2026-11-23T08:20:00Z");
        Watched first = harbour.fire();
        Watched second = harbour.fire();

        assertThat(first.stragglers().objects()).isEqualTo(1);
        assertThat(first.stragglers().examples()).containsExactly("2026/11/17/03/late");
        assertThat(first.stragglers().looked().to()).isEqualTo(Instant.parse("2026-11-20T08:00:00Z"));
        assertThat(second.stragglers()).isNull();
    }

    @Test
    void beginsNothingWhenItsTimeIsUp() {
        harbour.deliver("2026/11/22/05", "a");
        Trigger trigger =
                new Trigger(harbour.pipeline, harbour.source, harbour.ledger(), jobs, Harbour.JAR, harbour.clock);

        Watched watched = trigger.fire(
                new Firing(null, harbour.clock.instant(), null, Firing.By.SCHEDULE),
                harbour.clock.instant().minusSeconds(1));

        assertThat(jobs.sent).isEmpty();
        assertThat(watched.failures())
                .extracting(Watched.Sentence::sentence)
                .containsOnly(
                        "Cannot finish looking after pipeline clicks: the time of this firing is up. Fire again; it"
                                + " goes on where this one stopped.");
    }

    private Map<String, Long> once() {
        return harbour.delivered().stream().collect(Collectors.toMap(key -> key, key -> 1L, Long::sum, TreeMap::new));
    }
}
