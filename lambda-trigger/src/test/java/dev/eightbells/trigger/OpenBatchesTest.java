package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.batch.Step;
import dev.eightbells.job.JobService.Repeats;
import dev.eightbells.trigger.Watched.Became;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a firing makes of batches that are not done. */
class OpenBatchesTest {
    private static final String SESSIONS = "sessions: {name: web.sessions, by: at, time: at, gap: 30m}\n";

    private static final String ROLE = "arn:aws:iam::123456789012:role/etl";

    private final Harbour harbour = new Harbour();
    private final TestJobs jobs = harbour.jobs;

    @Test
    void triesATransientFailureThreeTimesAndThenLeavesItToAPerson() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        for (int attempt = 1; attempt < 3; attempt++) {
            harbour.fail(jobs.last(), Failure.Kind.TRANSIENT, "Cannot finish batch X: a disk is full.");
            assertThat(harbour.fire().batches())
                    .extracting(Watched.Told::became)
                    .containsExactly(Became.SUBMITTED);
        }
        harbour.fail(jobs.last(), Failure.Kind.TRANSIENT, "Cannot finish batch X: a disk is full.");

        Watched watched = harbour.fire();

        assertThat(jobs.sent).hasSize(3);
        assertThat(watched.isHealthy()).isFalse();
        assertThat(watched.complaints())
                .extracting(Watched.Sentence::sentence)
                .containsExactly("Batch 20261122T0800Z of clicks failed 3 times, the last time on emr-steps j-1: Cannot"
                        + " finish batch X: a disk is full. Mend that and fire for pipeline clicks by hand, which submits it"
                        + " once more; or abandon the batch.");
        assertThat(harbour.fire().complaints()).isEqualTo(watched.complaints());
        assertThat(jobs.sent).hasSize(3);
    }

    @Test
    void submitsAGivenUpBatchOnceMoreWhenAPersonFires() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.fail(jobs.last(), Failure.Kind.INPUT, "Cannot finish batch X: access was denied.");
        harbour.fire();

        harbour.fireByHand();

        assertThat(jobs.sent).hasSize(2);
        harbour.finish(jobs.last());
        assertThat(harbour.fire().isHealthy()).isTrue();
    }

    @Test
    void leavesAFailureOfTheDataToAPersonAtOnce() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.fail(jobs.last(), Failure.Kind.DATA, "Cannot read s3://raw/clicks/2026/11/22/05/a: it is gone.");

        Watched watched = harbour.fire();

        assertThat(jobs.sent).hasSize(1);
        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.FAILED);
        assertThat(watched.batches().get(0).sentence())
                .startsWith("Batch 20261122T0800Z of clicks failed on emr-steps j-1: Cannot read s3://raw/clicks/");
    }

    @Test
    void takesAJobThatDiedWithoutAWordForTransientAndItsLeaseAway() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.begin(harbour.manifest("20261122T0800Z"), 1);
        jobs.fail(jobs.last(), "cluster j-1 is TERMINATED_WITH_ERRORS (INSTANCE_FAILURE)");

        Watched watched = harbour.fire();

        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.SUBMITTED);
        assertThat(jobs.sent).hasSize(2);
        assertThat(harbour.ledger()
                        .attempts(harbour.manifest("20261122T0800Z").batch())
                        .find(1)
                        .orElseThrow()
                        .supersededBy())
                .isEqualTo(2);
        assertThat(harbour.submission(1).end().sentence())
                .isEqualTo("cluster j-1 is TERMINATED_WITH_ERRORS (INSTANCE_FAILURE)");
    }

    @Test
    void leavesABatchAloneThatSomebodyRunsByHand() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        jobs.fail(jobs.last(), "step convert is CANCELLED");
        harbour.begin(harbour.manifest("20261122T0800Z"), null);

        Watched watched = harbour.fire();

        assertThat(jobs.sent).hasSize(1);
        assertThat(watched.batches().get(0).sentence())
                .contains("is worked on by process 4711 on ip-10-0-0-7, whose lease holds until");
        harbour.clock.pass(Duration.ofMinutes(6));
        harbour.fire();
        assertThat(jobs.sent).hasSize(2);
    }

    @Test
    void tellsOfStoppedBatchesAndLeavesThemAlone() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.stop("20261122T0800Z", "Batch 20261122T0800Z was stopped: IsComplete \"at\" failed.");
        jobs.fail(jobs.last(), "step validate is FAILED");

        Watched watched = harbour.fire();

        assertThat(jobs.sent).hasSize(1);
        assertThat(watched.batches())
                .containsExactly(new Watched.Told(
                        "20261122T0800Z",
                        Became.STOPPED,
                        "Batch 20261122T0800Z was stopped: IsComplete \"at\" failed."));
        assertThat(watched.backlogSeconds()).isZero();
        assertThat(watched.isHealthy()).isFalse();
    }

    @Test
    void findsAJobWhoseAnswerWasLost() {
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.ANSWER_LOST);

        Watched watched = harbour.fire();

        assertThat(watched.failures()).isEmpty();
        assertThat(jobs.sent).hasSize(1);
        harbour.clock.pass(Duration.ofHours(4));
        harbour.fire();
        assertThat(jobs.sent).hasSize(1);
    }

    @Test
    void findsAJobWhoseAnswerWasLostAlsoWhenThePipelineFileHasChangedSince() {
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.ANSWER_LOST);
        jobs.blind = true;
        assertThat(harbour.fire().failures()).hasSize(1);
        jobs.blind = false;
        harbour.pipeline = Harbour.pipeline(SESSIONS);
        harbour.clock.pass(Duration.ofHours(4));

        assertThat(harbour.fire().failures()).isEmpty();

        assertThat(jobs.sent).hasSize(1);
        assertThat(harbour.submission(1).job()).containsExactly(jobs.last().id());
    }

    @Test
    void submitsAnewWhatWasClaimedForAServiceThatTheFileDoesNotNameAnyMore() {
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.REFUSED);
        harbour.fire();
        harbour.pipeline = Harbour.pipeline("", "{type: emr-serverless, application: 00f1, role: \"" + ROLE + "\"}");

        harbour.fire();

        assertThat(jobs.sent).extracting(job -> job.request().submission()).containsExactly(2);
        assertThat(harbour.submission(2).service()).isEqualTo("emr-serverless");
        assertThat(harbour.fire().batches()).extracting(Watched.Told::became).containsExactly(Became.RUNNING);
    }

    @Test
    void goesByTheLeaseWhenTheServiceDoesNotKnowTheJob() {
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.begin(harbour.manifest("20261122T0800Z"), 1);
        jobs.forget(jobs.last());

        assertThat(harbour.fire().batches()).extracting(Watched.Told::became).containsExactly(Became.RUNNING);
        assertThat(jobs.sent).hasSize(1);

        harbour.clock.pass(Duration.ofMinutes(6));
        harbour.fire();
        assertThat(jobs.sent).hasSize(2);
    }

    @Test
    void submitsABatchThatAPersonReleasedAndDidNotFinish() {
        harbour.pipeline = Harbour.pipeline("quality: {rules: \"Rules = [ RowCount > 0 ]\"}\n");
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        harbour.fail(jobs.last(), Step.VALIDATE, Failure.Kind.DATA, "Batch was stopped: RowCount.");
        harbour.stop("20261122T0800Z", "Batch was stopped: RowCount.");
        harbour.fire();
        harbour.lake.create("batches/20261122T0800Z/validate.json", Harbour.bytes("{}"));

        Watched watched = harbour.fire();

        assertThat(watched.batches()).extracting(Watched.Told::became).containsExactly(Became.SUBMITTED);
        assertThat(jobs.sent).hasSize(2);
    }

    @Test
    void waitsTwoMinutesBeforeItSendsWhatMayHaveBeenSent() {
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.NEVER_ARRIVED);
        assertThat(harbour.fire().failures()).extracting(Watched.Sentence::kind).containsExactly(Failure.Kind.UNKNOWN);

        harbour.clock.pass(Duration.ofMinutes(1));
        assertThat(harbour.fire().failures())
                .extracting(Watched.Sentence::sentence)
                .containsExactly("Batch 20261122T0800Z of clicks was being submitted a moment ago (claimed at"
                        + " 2026-11-22T08:20:00Z), and nobody has said yet that it was. Fire again in two minutes.");
        assertThat(jobs.sent).isEmpty();

        harbour.clock.pass(Duration.ofMinutes(2));
        assertThat(harbour.fire().failures()).isEmpty();
        assertThat(jobs.sent).extracting(job -> job.request().submission()).containsExactly(1);
    }

    @Test
    void sendsTheSameAgainAtOnceToAServiceThatKnowsTokens() {
        jobs.repeats = Repeats.ONE_JOB;
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.ANSWER_LOST);
        jobs.faults.add(TestJobs.Fault.ANSWER_LOST);
        harbour.fire();
        harbour.fire();
        harbour.fire();

        assertThat(jobs.sent).hasSize(1);
        harbour.finish(jobs.last());
        assertThat(harbour.fire().isHealthy()).isTrue();
    }

    @Test
    void sendsWhatWasRefusedWithTheNextFiringAndCountsItNotAsAFailure() {
        harbour.deliver("2026/11/22/05", "a");
        for (int firing = 0; firing < 5; firing++) {
            jobs.faults.add(TestJobs.Fault.REFUSED);
            assertThat(harbour.fire().failures())
                    .extracting(Watched.Sentence::sentence)
                    .containsExactly("Cannot submit to j-1: access denied. Grant it.");
        }

        harbour.fire();

        assertThat(jobs.sent).extracting(job -> job.request().submission()).containsExactly(1);
    }

    @Test
    void takesASuccessWithoutItsMarkersForAFailure() {
        harbour.pipeline = Harbour.pipeline(SESSIONS);
        harbour.deliver("2026/11/22/05", "a");
        harbour.fire();
        assertThat(jobs.last().request().steps()).containsExactly(Step.CONVERT, Step.SESSIONIZE);
        harbour.finish(jobs.last());

        harbour.fire();

        assertThat(harbour.submission(2).attempt()).isEqualTo(2);
    }

    @Test
    void submitsABatchThatIsOpenAgainBecauseThePipelineHasMoreSteps() {
        harbour.pipeline = Harbour.pipeline(SESSIONS);
        harbour.deliver("2026/11/22/05", "a");
        jobs.faults.add(TestJobs.Fault.REFUSED);
        harbour.fire();
        harbour.pipeline = Harbour.pipeline("");
        harbour.fire();
        harbour.finish(jobs.last());
        assertThat(harbour.fire().batches()).isEmpty();

        harbour.pipeline = Harbour.pipeline(SESSIONS);
        harbour.fire();

        assertThat(harbour.submission(2).steps()).containsExactly(Step.CONVERT, Step.SESSIONIZE);
        assertThat(harbour.submission(2).attempt()).isEqualTo(1);
    }
}
