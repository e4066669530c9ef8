package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Session;
import dev.eightbells.trigger.Watched;
import dev.eightbells.trigger.Watched.Became;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watch is fired against the local S3 and EMR, and every batch runs for real. */
@Timeout(300)
class FiringsTest {
    private static LocalS3 s3;
    private static LocalPostgres postgres;
    private static Session session;

    private Watchtower tower;

    @BeforeAll
    static void start() throws Exception {
        s3 = LocalS3.start();
        postgres = LocalPostgres.start();
        session = new Session(s3.environment());
    }

    @AfterAll
    static void stop() {
        session.close();
        postgres.close();
        s3.close();
    }

    @BeforeEach
    void build() throws Exception {
        tower = new Watchtower(s3, postgres, session);
    }

    @AfterEach
    void close() {
        tower.close();
    }

    @Test
    void everyObjectIsInOneManifestAndEveryBatchRunsToItsEndOnceHoweverItIsFired() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        fireTwice("2026-11-22T04:20:00Z");
        tower.deliver("2026/11/22/05", "b");
        // Three hours late.
        tower.deliver("2026/11/22/02", "c");
        fireThreeAtOnce("2026-11-22T08:20:00Z");
        tower.awaitSteps();
        // Two firings are missed, and the last one comes before one that was delayed.
        tower.deliver("2026/11/22/10", "d");
        tower.deliver("2026/11/22/15", "e");
        tower.deliver("2026/11/22/18", "f");
        fireTwice("2026-11-22T20:20:00Z");
        tower.fire("2026-11-22T12:20:00Z", "2026-11-22T20:21:00Z");
        tower.awaitSteps();

        List<BatchState> batches = tower.batches();
        assertThat(batches.stream()
                        .flatMap(batch -> batch.manifest().objects().stream().map(object -> object.key())))
                .containsExactlyInAnyOrderElementsOf(tower.delivered());
        assertThat(batches).allMatch(BatchState::isPublished).hasSize(3);
        assertThat(batches).extracting(BatchState::attempts).containsOnly(1);
        assertThat(batches).extracting(BatchState::submissions).containsOnly(1);
        assertThat(sent("AddJobFlowSteps")).isEqualTo(3);
        assertThat(tower.published())
                .containsExactly("a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2", "f1", "f2");
        assertThat(tower.fire("2026-11-22T20:25:00Z").batches()).isEmpty();
    }

    @Test
    void aLostAnswerLeadsToNoSecondRun() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        tower.emr.faults().dropAfter("AddJobFlowSteps");

        Watched watched = tower.fire("2026-11-22T04:20:00Z");
        tower.awaitSteps();
        Watched next = tower.fire("2026-11-22T08:20:00Z");

        assertThat(watched.failures()).isEmpty();
        assertThat(next.batches()).isEmpty();
        assertThat(sent("AddJobFlowSteps")).isEqualTo(1);
        assertThat(tower.batches()).extracting(BatchState::attempts).containsExactly(1);
        assertThat(tower.published()).containsExactly("a1", "a2");
    }

    @Test
    void aStepThatFailsTwiceAndThenWorksTakesThreeAttempts() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        tower.instead.add(run -> 1);
        tower.instead.add(run -> {
            throw new IllegalStateException("Container killed by YARN for exceeding memory limits.");
        });

        for (String now : List.of("2026-11-22T04:20:00Z", "2026-11-22T08:20:00Z", "2026-11-22T12:20:00Z")) {
            assertThat(tower.fire(now).batches())
                    .extracting(Watched.Told::became)
                    .containsExactly(Became.SUBMITTED);
            tower.awaitSteps();
        }

        assertThat(tower.fire("2026-11-22T16:20:00Z").batches()).isEmpty();
        assertThat(tower.batches()).extracting(BatchState::submissions).containsExactly(3);
        assertThat(tower.published()).containsExactly("a1", "a2");
    }

    @Test
    void aStepThatFailsForItsDataIsReportedAndNotRetried() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        tower.deliver("2026/11/22/02", "b");
        tower.instead.add(run -> {
            // Between the listing and the reading somebody deletes it.
            tower.delete("2026/11/22/02/b");
            return 1;
        });
        tower.fire("2026-11-22T04:20:00Z");
        tower.awaitSteps();
        tower.fire("2026-11-22T08:20:00Z");
        tower.awaitSteps();

        Watched watched = tower.fire("2026-11-22T12:20:00Z");

        assertThat(watched.isHealthy()).isFalse();
        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.FAILED);
        assertThat(watched.batches().get(0).sentence())
                .startsWith("Batch 20261122T0400Z of clicks failed 2 times, the last time on emr-steps " + tower.cluster
                        + ": Cannot")
                .contains("raw/2026/11/22/02/b");
        assertThat(sent("AddJobFlowSteps")).isEqualTo(2);
    }

    @Test
    void aClusterThatDiesIsReplacedByTheNextOfItsName() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        tower.instead.add(run -> {
            tower.emr.killCluster(tower.cluster);
            return 1;
        });
        tower.fire("2026-11-22T04:20:00Z");
        tower.awaitSteps();

        Watched without = tower.fire("2026-11-22T08:20:00Z");
        String other = tower.emr.startCluster("etl", Map.of(), 1);
        Watched with = tower.fire("2026-11-22T12:20:00Z");
        tower.awaitSteps(other);

        assertThat(without.failures()).extracting(Watched.Sentence::kind).containsExactly(Failure.Kind.INPUT);
        assertThat(without.failures().get(0).sentence()).contains("etl");
        assertThat(with.failures()).isEmpty();
        assertThat(tower.published()).containsExactly("a1", "a2");
    }

    @Test
    void whatIsNotAllowedIsNamedAndTheBatchWaits() throws Exception {
        tower.deliver("2026/11/22/01", "a");
        tower.emr.faults().deny("AddJobFlowSteps");

        Watched denied = tower.fire("2026-11-22T04:20:00Z");
        tower.emr.faults().reset();
        tower.emr.faults().throttle("AddJobFlowSteps", 2);
        Watched throttled = tower.fire("2026-11-22T08:20:00Z");
        tower.awaitSteps();

        assertThat(denied.failures()).hasSize(1);
        assertThat(denied.failures().get(0).sentence()).contains("elasticmapreduce:AddJobFlowSteps");
        assertThat(throttled.failures()).isEmpty();
        assertThat(tower.published()).containsExactly("a1", "a2");
    }

    private void fireTwice(String now) throws InterruptedException {
        tower.fire(now);
        tower.fire(now);
        tower.awaitSteps();
        tower.fire(now);
    }

    private void fireThreeAtOnce(String now) throws Exception {
        ExecutorService firings = Executors.newFixedThreadPool(3);
        try {
            List<Future<Watched>> together = new ArrayList<>();
            for (int firing = 0; firing < 3; firing++) {
                together.add(firings.submit(() -> tower.fire(now)));
            }
            for (Future<Watched> firing : together) {
                assertThat(firing.get().failures()).allMatch(failure -> failure.kind() == Failure.Kind.TRANSIENT);
            }
        } finally {
            firings.shutdown();
        }
    }

    private long sent(String operation) {
        return tower.emr.requests().stream()
                .filter(request -> request.operation().equals(operation))
                .count();
    }
}
