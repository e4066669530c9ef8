package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.Failure.Kind;
import dev.eightbells.batch.BatchId;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Compute.Cluster.By;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmrStepsServiceTest {
    @RegisterExtension
    private final RunningEmr running = new RunningEmr();

    @Test
    void findsTheClusterByItsIdItsNameOrItsTag() {
        String other = running.emr().startCluster("other", Map.of("team", "shop"), 1);
        String cluster = running.emr().startCluster("acme-etl", Map.of("team", "web", "empty", ""), 1);

        assertThat(place(By.ID, cluster)).isEqualTo(cluster);
        assertThat(place(By.NAME, "acme-etl")).isEqualTo(cluster);
        assertThat(place(By.TAG, "team=web")).isEqualTo(cluster);
        assertThat(place(By.TAG, "empty=")).isEqualTo(cluster);
        assertThat(place(By.NAME, "other")).isEqualTo(other);
    }

    @Test
    void saysWhichClustersThereAreWhenNoneIsMeant() {
        assertThatThrownBy(() -> place(By.NAME, "acme-etl"))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot find a cluster named acme-etl: EMR runs none here. Start it, or correct compute.cluster.");

        String other = running.emr().startCluster("other", Map.of(), 1);

        assertThatThrownBy(() -> place(By.TAG, "team=web"))
                .hasMessage("Cannot find a cluster tagged team=web: EMR runs other (" + other
                        + "). Start it, or correct compute.cluster.");
    }

    @Test
    void choosesNoneOfSeveralClusters() {
        String first = running.emr().startCluster("acme-etl", Map.of(), 1);
        String second = running.emr().startCluster("acme-etl", Map.of(), 1);

        assertThatThrownBy(() -> place(By.NAME, "acme-etl"))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage("Cannot choose a cluster named acme-etl: there are acme-etl (" + second + "), acme-etl ("
                        + first + "). End the others, or choose one by compute.cluster.id.");
    }

    @Test
    void usesNoClusterThatHasEnded() {
        String cluster = running.emr().startCluster("acme-etl", Map.of(), 1);
        running.emr().killCluster(cluster);

        assertThatThrownBy(() -> place(By.ID, cluster))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage("Cannot use cluster " + cluster
                        + ": it is TERMINATED_WITH_ERRORS (INSTANCE_FAILURE: The master node was terminated) and takes no"
                        + " steps. Start one like it and put its id into compute.cluster.id, or name it by name or tag, which"
                        + " outlive it.");
        assertThatThrownBy(() -> place(By.NAME, "acme-etl"))
                .hasMessage(
                        "Cannot find a cluster named acme-etl: EMR runs none here. Start it, or correct compute.cluster.");
    }

    @Test
    void saysThatThereIsNoSuchId() {
        assertThatThrownBy(() -> place(By.ID, "j-NOPE"))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot find cluster j-NOPE: EMR knows none of that id here. Correct compute.cluster.id, or set"
                                + " AWS_REGION to its region.");
    }

    @Test
    void runsTheStepsOfABatchOneAfterTheOther() throws InterruptedException {
        JobService service = service(1);
        Job job = service.send(Fixtures.request(service.place()));

        JobState state = running.await(service, job, Phase.RUNNING);
        assertThat(state.said()).isEqualTo("convert RUNNING, validate PENDING, sessionize PENDING, load PENDING");
        assertThat(job.ids()).hasSize(4);

        running.steps().end(0, "convert", "validate", "sessionize", "load");
        assertThat(running.await(service, job, Phase.SUCCEEDED).said())
                .isEqualTo("convert COMPLETED, validate COMPLETED, sessionize COMPLETED, load COMPLETED");
        assertThat(running.steps().ran())
                .containsExactly(
                        "eightbells web-events 20261122T0800Z #1 convert",
                        "eightbells web-events 20261122T0800Z #1 validate",
                        "eightbells web-events 20261122T0800Z #1 sessionize",
                        "eightbells web-events 20261122T0800Z #1 load");
    }

    @Test
    void aJobThatWaitsForTheStepsOfAnotherHasNotBegun() {
        JobService service = service(1);
        service.send(Fixtures.request(service.place(), 1, Instant.now()));
        Job second = service.send(Fixtures.request(service.place(), 2, Instant.now()));

        assertThat(service.state(second))
                .isEqualTo(new JobState(
                        Phase.WAITING, "convert PENDING, validate PENDING, sessionize PENDING, load PENDING"));
    }

    @Test
    void runsAllStepsAsOneWhereTheyWouldRunSideBySide() throws InterruptedException {
        JobService service = service(10);
        JobRequest request = Fixtures.request(service.place());
        Job job = service.send(request);

        assertThat(job.ids()).hasSize(1);
        assertThat(service.find(request)).contains(job);
        running.steps().end(0, "run");
        assertThat(running.await(service, job, Phase.SUCCEEDED).said()).isEqualTo("run COMPLETED");
    }

    @Test
    void tellsWhichStepFailedAndWhyWhenAllHaveEnded() throws InterruptedException {
        JobService service = service(1);
        Job job = service.send(Fixtures.request(service.place()));
        running.steps().end(0, "convert");
        running.steps().end(3, "validate");

        while (running.steps().ran().size() < 3) {
            Thread.sleep(20);
        }
        JobState still = service.state(job);
        running.steps().end(1, "sessionize", "load");
        JobState state = running.await(service, job, Phase.FAILED);

        String log = job.place() + "/steps/" + job.ids().get(1) + "/stderr";
        assertThat(still.phase()).isEqualTo(Phase.RUNNING);
        assertThat(state.said())
                .startsWith("validate (" + job.ids().get(1) + ") FAILED: Unknown Error; log ")
                .endsWith(log);
    }

    @Test
    void aLostAnswerMakesNoSecondStep() {
        JobService service = service(1);
        JobRequest request = Fixtures.request(service.place());
        running.emr().faults().dropAfter("AddJobFlowSteps");

        assertThatThrownBy(() -> service.send(request))
                .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                .hasMessage("Cannot tell whether it worked to send eightbells web-events 20261122T0800Z #1 to cluster "
                        + request.place()
                        + ": EMR did not answer (Unexpected end of file from server). Look for the job"
                        + " before sending it again.");
        assertThat(running.requests("AddJobFlowSteps")).isEqualTo(1);

        Job found = service.find(request).orElseThrow();
        assertThat(found.place()).isEqualTo(request.place());
        assertThat(found.ids()).hasSize(4);
        running.steps().end(0, "convert", "validate", "sessionize", "load");
        assertThat(service.repeats()).isEqualTo(JobService.Repeats.TWO_JOBS);
    }

    @Test
    void aRequestThatGotLostIsNotSentAgain() {
        JobService service = service(1);
        JobRequest request = Fixtures.request(service.place());
        running.emr().faults().dropBefore("AddJobFlowSteps");

        assertThatThrownBy(() -> service.send(request))
                .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                .hasMessageContaining("EMR did not answer");
        assertThat(running.requests("AddJobFlowSteps")).isEqualTo(1);
        assertThat(service.find(request)).isEmpty();
    }

    @Test
    void anInternalErrorMayHaveAddedTheSteps() {
        JobService service = service(1);
        JobRequest request = Fixtures.request(service.place());
        running.emr().faults().failAfter("AddJobFlowSteps");

        assertThatThrownBy(() -> service.send(request))
                .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                .hasMessageEndingWith(
                        "EMR answered 500 InternalServerError: An internal error occurred. Look for the job"
                                + " before sending it again.");
        assertThat(running.requests("AddJobFlowSteps")).isEqualTo(1);
        assertThat(service.find(request)).isPresent();
    }

    @Test
    void whatWasThrottledIsSentAgain() {
        JobService service = service(1);
        running.emr().faults().throttle("AddJobFlowSteps", 2);

        Job job = service.send(Fixtures.request(service.place()));

        assertThat(job.ids()).hasSize(4);
        assertThat(running.requests("AddJobFlowSteps")).isEqualTo(3);
    }

    @Test
    void throttlingThatLastsIsWorthAnotherTry() {
        JobService service = service(1);
        String cluster = service.place();
        running.emr().faults().throttle("AddJobFlowSteps", 99);

        assertThatThrownBy(() -> service.send(Fixtures.request(cluster)))
                .isInstanceOfSatisfying(Failure.class, is(Kind.TRANSIENT))
                .hasMessage("Cannot send eightbells web-events 20261122T0800Z #1 to cluster " + cluster
                        + ": EMR takes no more requests at the moment (400 ThrottlingException: Rate exceeded). Run it again"
                        + " later.");
        assertThat(running.requests("AddJobFlowSteps")).isEqualTo(5);
    }

    @Test
    void questionsAreAskedAgain() {
        String cluster = running.emr().startCluster("acme-etl", Map.of(), 1);
        running.emr().faults().dropBefore("ListClusters");
        running.emr().faults().failBefore("ListClusters");

        assertThat(place(By.NAME, "acme-etl")).isEqualTo(cluster);
    }

    @Test
    void namesTheRightThatIsMissing() {
        JobService service = service(1);
        String cluster = service.place();
        running.emr().faults().deny("AddJobFlowSteps");
        running.emr().faults().deny("ListClusters");

        String said = "User: arn:aws:sts::123456789012:assumed-role/local/local is not authorized to perform:"
                + " elasticmapreduce:";
        String arn = "arn:aws:elasticmapreduce:us-east-1:123456789012:cluster/" + cluster;
        assertThatThrownBy(() -> service.send(Fixtures.request(cluster)))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage("Cannot send eightbells web-events 20261122T0800Z #1 to cluster " + cluster
                        + ": access denied (" + said + "AddJobFlowSteps on resource: " + arn
                        + " because no identity-based"
                        + " policy allows the elasticmapreduce:AddJobFlowSteps action). Grant"
                        + " elasticmapreduce:AddJobFlowSteps on " + arn + ".");
        assertThatThrownBy(service::place)
                .hasMessage(
                        "Cannot list the clusters: access denied (" + said + "ListClusters on resource: * because no"
                                + " identity-based policy allows the elasticmapreduce:ListClusters action). Grant"
                                + " elasticmapreduce:ListClusters on *.");
    }

    @Test
    void aFullClusterTakesNoMoreForNow() {
        JobService service = service(1);
        String cluster = service.place();
        for (int submission = 1; submission <= 64; submission++) {
            service.send(Fixtures.request(cluster, submission, Instant.now()));
        }

        assertThatThrownBy(() -> service.send(Fixtures.request(cluster, 65, Instant.now())))
                .isInstanceOfSatisfying(Failure.class, is(Kind.TRANSIENT))
                .hasMessage("Cannot send eightbells web-events 20261122T0800Z #65 to cluster " + cluster + ": cluster "
                        + cluster + " has 256 steps that have not ended, and takes no more. Run it again when some have"
                        + " ended, or name another cluster.");
    }

    @Test
    void refusesAClusterThatHasEndedSinceItWasFound() {
        JobService service = service(1);
        String cluster = service.place();
        running.emr().killCluster(cluster);

        assertThatThrownBy(() -> service.send(Fixtures.request(cluster)))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage("Cannot send eightbells web-events 20261122T0800Z #1 to cluster " + cluster + ": cluster "
                        + cluster + " is terminated or about to be (A job flow that is shutting down, terminating, or"
                        + " finished may not be modified). Start one like it, or name another under compute.");
        assertThatThrownBy(() -> service.send(Fixtures.request("j-NOPE")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage("Cannot send eightbells web-events 20261122T0800Z #1: EMR knows no cluster j-NOPE here any"
                        + " more. Start one and name it under compute.cluster.");
    }

    @Test
    void findsNothingThatWasSentBeforeTheClaim() {
        JobService service = service(1);
        String cluster = service.place();
        service.send(Fixtures.request(cluster));

        Instant later = Instant.now().plus(Duration.ofMinutes(6));
        Instant skewed = Instant.now().plus(Duration.ofMinutes(4));

        assertThat(service.find(Fixtures.request(cluster, 1, later))).isEmpty();
        assertThat(service.find(Fixtures.request(cluster, 1, skewed))).isPresent();
        assertThat(service.find(Fixtures.request(cluster, 2, skewed))).isEmpty();
        assertThat(service.find(Fixtures.request("j-NOPE"))).isEmpty();
    }

    @Test
    void findsNothingOfAPipelineWithThisNameAndAnotherLake() {
        JobService service = service(1);
        JobRequest ours = Fixtures.request(service.place());
        JobRequest theirs = new JobRequest(
                ours.pipeline(),
                BatchId.parse("20261122T0800Z"),
                1,
                ours.place(),
                ours.claimed(),
                ours.definition().replace("acme-lake", "test-lake"),
                ours.jar(),
                ours.steps(),
                1);
        service.send(theirs);

        assertThat(service.find(ours)).isEmpty();
        assertThat(service.find(theirs)).isPresent();
        assertThat(ours.token()).hasSize(64).isNotEqualTo(theirs.token());
    }

    @Test
    void aClusterThatDiesFailsItsJobs() throws InterruptedException {
        JobService service = service(1);
        Job job = service.send(Fixtures.request(service.place()));
        running.await(service, job, Phase.RUNNING);

        running.emr().killCluster(job.place());

        JobState state = running.await(service, job, Phase.FAILED);
        assertThat(state.said()).isEqualTo("convert (" + job.ids().get(0) + ") INTERRUPTED: The step was interrupted");
    }

    @Test
    void aStepThatIsInterruptedFailsItsJobWhenTheOthersHaveEnded() throws InterruptedException {
        JobService service = service(1);
        Job job = service.send(Fixtures.request(service.place()));
        running.await(service, job, Phase.RUNNING);

        running.emr().interruptStep(job.ids().get(0));
        running.steps().end(1, "validate", "sessionize", "load");

        assertThat(running.await(service, job, Phase.FAILED).said())
                .startsWith("convert (" + job.ids().get(0) + ") INTERRUPTED");
    }

    @Test
    void whatEmrKnowsNoMoreHasFailed() {
        JobService service = service(1);
        Job job = service.send(Fixtures.request(service.place()));

        assertThat(service.state(new Job("j-NOPE", job.ids())))
                .isEqualTo(new JobState(Phase.FAILED, "cluster j-NOPE is gone"));
        assertThat(service.state(new Job(job.place(), List.of("s-NOPE"))))
                .isEqualTo(new JobState(Phase.FAILED, "step s-NOPE of cluster " + job.place() + " is gone"));
    }

    private String place(By by, String value) {
        return running.service(Fixtures.steps(by, value)).place();
    }

    /** The service of a cluster that runs as many steps at once. */
    private JobService service(int stepsAtOnce) {
        running.emr().startCluster("acme-etl", Map.of(), stepsAtOnce);
        return running.service(new Compute.EmrSteps(new Compute.Cluster(By.NAME, "acme-etl"), null));
    }

    private static Consumer<Failure> is(Kind kind) {
        return failure -> assertThat(failure.kind()).isEqualTo(kind);
    }
}
