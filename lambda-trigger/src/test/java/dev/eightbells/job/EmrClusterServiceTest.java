package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.Failure.Kind;
import dev.eightbells.batch.BatchId;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmrClusterServiceTest {
    @RegisterExtension
    private final RunningEmr running = new RunningEmr();

    private JobService service;

    @BeforeEach
    void open() {
        service = running.service(Fixtures.cluster(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null));
    }

    @Test
    void aClusterRunsTheStepsOfABatchAndEndsItself() throws InterruptedException {
        running.emr().holdClusters();
        Job job = service.send(Fixtures.request(service.place()));

        assertThat(service.place()).isEqualTo("emr");
        assertThat(job.place()).isEqualTo("emr");
        assertThat(job.ids()).hasSize(1);
        assertThat(service.state(job).phase()).isEqualTo(Phase.WAITING);
        assertThat(service.state(job).said()).isEqualTo("cluster " + job.ids().get(0) + " STARTING");

        running.emr().releaseClusters();
        assertThat(running.await(service, job, Phase.RUNNING).said())
                .isEqualTo("cluster " + job.ids().get(0) + " RUNNING (Running step)");

        running.steps().end(0, "convert", "validate", "sessionize", "load");
        assertThat(running.await(service, job, Phase.SUCCEEDED).said())
                .isEqualTo("convert COMPLETED, validate COMPLETED, sessionize COMPLETED, load COMPLETED");
    }

    @Test
    void tellsWhichStepFailed() throws InterruptedException {
        Job job = service.send(Fixtures.request(service.place()));
        running.steps().end(0, "convert");
        running.steps().end(3, "validate", "sessionize", "load");

        assertThat(running.await(service, job, Phase.FAILED).said())
                .startsWith("cluster " + job.ids().get(0)
                        + " TERMINATED (ALL_STEPS_COMPLETED: Steps completed with errors) with validate (s-")
                .contains(") FAILED: Unknown Error; log ");
    }

    @Test
    void aClusterThatDiesFailsItsJob() throws InterruptedException {
        Job job = service.send(Fixtures.request(service.place()));
        running.await(service, job, Phase.RUNNING);

        running.emr().killCluster(job.ids().get(0));

        assertThat(running.await(service, job, Phase.FAILED).said())
                .startsWith(
                        "cluster " + job.ids().get(0)
                                + " TERMINATED_WITH_ERRORS (INSTANCE_FAILURE: The master node was terminated) with convert (s-");
    }

    @Test
    void aLostAnswerMakesNoSecondCluster() {
        JobRequest request = Fixtures.request(service.place());
        running.emr().faults().dropAfter("RunJobFlow");

        assertThatThrownBy(() -> service.send(request))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN))
                .hasMessage(
                        "Cannot tell whether it worked to start a cluster for eightbells web-events 20261122T0800Z #1:"
                                + " EMR did not answer (Unexpected end of file from server). Look for the job before sending it"
                                + " again.");
        assertThat(running.requests("RunJobFlow")).isEqualTo(1);
        assertThat(service.find(request)).isPresent();
        assertThat(service.repeats()).isEqualTo(JobService.Repeats.TWO_JOBS);
    }

    @Test
    void findsOnlyItsOwnCluster() {
        JobRequest request = Fixtures.request(service.place());
        JobRequest theirs = new JobRequest(
                request.pipeline(),
                BatchId.parse("20261122T0800Z"),
                1,
                request.place(),
                request.claimed(),
                request.definition().replace("acme-lake", "test-lake"),
                request.jar(),
                request.steps(),
                1);
        service.send(theirs);
        assertThat(service.find(request)).isEmpty();

        Job job = service.send(request);
        assertThat(service.find(request)).contains(job);
        assertThat(service.find(Fixtures.request("emr", 2, request.claimed()))).isEmpty();
        assertThat(service.find(Fixtures.request("emr", 1, Instant.now().plus(Duration.ofMinutes(6)))))
                .isEmpty();
    }

    @Test
    void whatWasThrottledIsSentAgain() {
        running.emr().faults().throttle("RunJobFlow", 2);

        service.send(Fixtures.request(service.place()));

        assertThat(running.requests("RunJobFlow")).isEqualTo(3);
    }

    @Test
    void namesTheRightThatIsMissing() {
        running.emr().faults().deny("RunJobFlow");

        assertThatThrownBy(() -> service.send(Fixtures.request("emr")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.INPUT))
                .hasMessageStartingWith(
                        "Cannot start a cluster for eightbells web-events 20261122T0800Z #1: access denied (User: ")
                .hasMessageEndingWith("Grant elasticmapreduce:RunJobFlow on *.");
    }

    @Test
    void aClusterThatEmrKnowsNoMoreHasFailed() {
        assertThat(service.state(new Job("emr", List.of("j-NOPE"))))
                .isEqualTo(new JobState(Phase.FAILED, "cluster j-NOPE is gone"));
    }
}
