package dev.eightbells.localaws.emr;

import static dev.eightbells.localaws.emr.RunningEmr.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.Application;
import software.amazon.awssdk.services.emr.model.CancelStepsInfo;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.Tag;

@Timeout(60)
class LocalEmrTest {
    @RegisterExtension
    final RunningEmr running = new RunningEmr();

    @Test
    void runsStepsOneAfterTheOther() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", "wait"), step("b", "exit", "0"));
        running.awaitStates(cluster, "RUNNING", "PENDING");
        assertThat(running.cluster(cluster).status().stateAsString()).isEqualTo("RUNNING");

        running.program().release("a");
        running.awaitStates(cluster, "COMPLETED", "COMPLETED");

        assertThat(running.program().ran()).containsExactly("a", "b");
        running.awaitCluster(cluster, "WAITING");
        assertThat(running.cluster(cluster).status().stateChangeReason().message())
                .isEqualTo("Cluster ready after last step completed.");
    }

    @Test
    void tellsAStepAsItWasAskedFor() {
        String cluster = running.waitingCluster();
        Instant before = Instant.now().minusMillis(1);
        String id = running.client()
                .addJobFlowSteps(request -> request.jobFlowId(cluster)
                        .executionRoleArn("arn:aws:iam::123456789012:role/steps")
                        .steps(step("a", "exit", "0", "Ж")))
                .stepIds()
                .get(0);
        running.awaitStates(cluster, "COMPLETED");

        Step step = running.step(cluster, id);
        assertThat(id).matches("s-[0-9A-Z]{20}");
        assertThat(step.name()).isEqualTo("a");
        assertThat(step.config().jar()).isEqualTo("command-runner.jar");
        assertThat(step.config().args()).containsExactly("exit", "0", "Ж");
        assertThat(step.actionOnFailure()).isEqualTo(ActionOnFailure.CONTINUE);
        assertThat(step.executionRoleArn()).isEqualTo("arn:aws:iam::123456789012:role/steps");
        assertThat(step.status().failureDetails()).isNull();
        assertThat(step.status().timeline().creationDateTime()).isBetween(before, Instant.now());
        assertThat(step.status().timeline().startDateTime())
                .isBetween(step.status().timeline().creationDateTime(), Instant.now());
        assertThat(step.status().timeline().endDateTime())
                .isBetween(step.status().timeline().startDateTime(), Instant.now());
    }

    @Test
    void tellsHowAStepFailed() {
        String cluster = running.waitingCluster();
        List<String> ids = running.add(
                cluster,
                step("a", "exit", "1"),
                step("b", "print", "WARN x\nException in thread \"main\" java.lang.Error: no\n\tat A"),
                step("c", "throw", "not so"));
        running.awaitStates(cluster, "FAILED", "FAILED", "FAILED");

        assertThat(running.step(cluster, ids.get(0)).status().failureDetails().reason())
                .isEqualTo("Unknown Error.");
        assertThat(running.step(cluster, ids.get(0)).status().failureDetails().message())
                .isNull();
        assertThat(running.step(cluster, ids.get(1)).status().failureDetails().message())
                .isEqualTo("Exception in thread \"main\" java.lang.Error: no");
        assertThat(running.step(cluster, ids.get(2)).status().failureDetails().message())
                .isEqualTo("Exception in thread \"main\" java.lang.IllegalArgumentException: not so");
        assertThat(Path.of(running.step(cluster, ids.get(2))
                        .status()
                        .failureDetails()
                        .logFile()))
                .endsWith(Path.of(cluster, "steps", ids.get(2), "stderr"))
                .exists();
        running.awaitCluster(cluster, "WAITING");
    }

    @Test
    void cancelsWhatWaitsWhenAStepSaysSo() {
        String cluster = running.waitingCluster();
        running.add(
                cluster,
                step("a", "exit", "0"),
                step("b", ActionOnFailure.CANCEL_AND_WAIT, "exit", "1"),
                step("c", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "FAILED", "CANCELLED");
        running.awaitCluster(cluster, "WAITING");

        running.add(cluster, step("d", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "FAILED", "CANCELLED", "COMPLETED");
    }

    @Test
    void endsTheClusterWhenAStepSaysSo() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", ActionOnFailure.TERMINATE_CLUSTER, "exit", "1"), step("b", "exit", "0"));

        running.awaitCluster(cluster, "TERMINATED_WITH_ERRORS");
        Cluster seen = running.cluster(cluster);
        assertThat(seen.status().stateChangeReason().codeAsString()).isEqualTo("STEP_FAILURE");
        assertThat(seen.status().stateChangeReason().message()).isEqualTo("Shut down as step failed");
        assertThat(seen.status().timeline().endDateTime()).isNotNull();
        assertThat(running.states(cluster)).containsExactly("FAILED", "CANCELLED");
        assertThatThrownBy(() -> running.add(cluster, step("c", "exit", "0")))
                .hasMessageStartingWith(
                        "A job flow that is shutting down, terminating, or finished may not be modified.");
    }

    @Test
    void endsATransientClusterAfterItsSteps() {
        String cluster = running.runTransient(step("a", "wait"), step("b", "exit", "0"));
        assertThat(cluster).matches("j-[0-9A-Z]{13}");
        running.awaitCluster(cluster, "RUNNING");
        assertThat(running.cluster(cluster).autoTerminate()).isTrue();
        running.program().release("a");

        running.awaitCluster(cluster, "TERMINATED");
        assertThat(running.cluster(cluster).status().stateChangeReason().codeAsString())
                .isEqualTo("ALL_STEPS_COMPLETED");
        assertThat(running.cluster(cluster).status().stateChangeReason().message())
                .isEqualTo("Steps completed");
        assertThat(running.states(cluster)).containsExactly("COMPLETED", "COMPLETED");
    }

    @Test
    void tellsWhenStepsOfATransientClusterFailed() {
        String going = running.runTransient(step("a", "exit", "1"), step("b", "exit", "0"));
        running.awaitCluster(going, "TERMINATED");
        assertThat(running.cluster(going).status().stateChangeReason().message())
                .isEqualTo("Steps completed with errors");
        assertThat(running.states(going)).containsExactly("FAILED", "COMPLETED");

        String ending =
                running.runTransient(step("a", ActionOnFailure.TERMINATE_CLUSTER, "exit", "1"), step("b", "wait"));
        running.awaitCluster(ending, "TERMINATED_WITH_ERRORS");
        assertThat(running.states(ending)).containsExactly("FAILED", "CANCELLED");
    }

    @Test
    void tellsAClusterAsItWasAskedFor() {
        String cluster = running.run(request -> request.instances(
                        instances -> instances.keepJobFlowAliveWhenNoSteps(true).instanceCount(1))
                .serviceRole("service")
                .stepConcurrencyLevel(3)
                .applications(Application.builder().name("Spark").build())
                .tags(Tag.builder().key("team").value("lake").build()));

        Cluster seen = running.cluster(cluster);
        assertThat(seen.name()).isEqualTo("transient");
        assertThat(seen.releaseLabel()).isEqualTo("emr-7.14.0");
        assertThat(seen.stepConcurrencyLevel()).isEqualTo(3);
        assertThat(seen.autoTerminate()).isFalse();
        assertThat(seen.applications().get(0).name()).isEqualTo("Spark");
        assertThat(seen.tags())
                .containsExactly(Tag.builder().key("team").value("lake").build());
        assertThat(seen.clusterArn()).endsWith("cluster/" + cluster);
    }

    @Test
    void beginsHeldClustersWhenTheyAreReleased() {
        running.emr().holdClusters();
        String cluster = running.runTransient(step("a", "exit", "0"));
        assertThat(running.cluster(cluster).status().stateAsString()).isEqualTo("STARTING");
        running.add(cluster, step("b", "exit", "0"));
        assertThat(running.states(cluster)).containsExactly("PENDING", "PENDING");

        running.emr().releaseClusters();
        running.awaitCluster(cluster, "TERMINATED");
        assertThat(running.program().ran()).containsExactly("a", "b");
    }

    @Test
    void runsStepsSideBySideWhereTheClusterDoes() {
        String cluster = running.emr().startCluster("wide", Map.of(), 2);
        running.add(cluster, step("a", "wait"), step("b", "wait"), step("c", "wait"));
        running.awaitStates(cluster, "RUNNING", "RUNNING", "PENDING");
        running.program().release("b");
        running.awaitStates(cluster, "RUNNING", "COMPLETED", "RUNNING");

        assertThatThrownBy(() -> running.add(cluster, step("d", ActionOnFailure.CANCEL_AND_WAIT, "exit", "0")))
                .hasMessageStartingWith("ActionOnFailure setting is not valid");
    }

    @Test
    void changesHowManyStepsRunSideBySide() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", "wait"), step("b", "wait"));
        running.awaitStates(cluster, "RUNNING", "PENDING");
        running.client().modifyCluster(request -> request.clusterId(cluster).stepConcurrencyLevel(2));
        running.awaitStates(cluster, "RUNNING", "RUNNING");
    }

    @Test
    void cancelsStepsThatWaitAndStepsThatRun() {
        String cluster = running.waitingCluster();
        List<String> ids = running.add(cluster, step("a", "exit", "0"), step("b", "wait"), step("c", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "RUNNING", "PENDING");

        List<CancelStepsInfo> infos = running.client()
                .cancelSteps(request -> request.clusterId(cluster).stepIds(ids))
                .cancelStepsInfoList();

        assertThat(infos)
                .extracting(CancelStepsInfo::statusAsString)
                .containsExactly("FAILED", "SUBMITTED", "SUBMITTED");
        assertThat(infos.get(0).reason())
                .isEqualTo("Step " + ids.get(0) + " is in state COMPLETED and cannot be cancelled.");
        running.awaitStates(cluster, "COMPLETED", "CANCELLED", "CANCELLED");
        assertThat(running.program().interrupted()).containsExactly("b");
    }

    @Test
    void endsAClusterOnRequest() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", "wait"), step("b", "exit", "0"));
        running.awaitStates(cluster, "RUNNING", "PENDING");
        running.client().terminateJobFlows(request -> request.jobFlowIds(cluster));
        running.awaitCluster(cluster, "TERMINATED");
        assertThat(running.cluster(cluster).status().stateChangeReason().codeAsString())
                .isEqualTo("USER_REQUEST");
        assertThat(running.states(cluster)).containsExactly("INTERRUPTED", "CANCELLED");
    }

    @Test
    void listsClustersByStateAndTime() throws Exception {
        String first = running.waitingCluster();
        String ended = running.runTransient();
        Thread.sleep(Duration.ofMillis(5).toMillis());
        Instant between = Instant.now();
        String last = running.waitingCluster();

        assertThat(running.client().listClusters().clusters())
                .extracting(ClusterSummary::id)
                .containsExactly(last, ended, first);
        assertThat(running.client()
                        .listClusters(request -> request.clusterStates(ClusterState.WAITING, ClusterState.RUNNING))
                        .clusters())
                .extracting(ClusterSummary::id)
                .containsExactly(last, first);
        assertThat(running.client()
                        .listClusters(request -> request.createdAfter(between))
                        .clusters())
                .extracting(ClusterSummary::id)
                .containsExactly(last);
        assertThat(running.client()
                        .listClusters(request -> request.createdBefore(between))
                        .clusters())
                .extracting(ClusterSummary::id)
                .containsExactly(ended, first);
    }

    @Test
    void listsStepsByIdAndState() {
        String cluster = running.waitingCluster();
        List<String> ids = running.add(cluster, step("a", "exit", "0"), step("b", "exit", "1"), step("c", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "FAILED", "COMPLETED");

        assertThat(running.client()
                        .listSteps(request -> request.clusterId(cluster).stepIds(ids.get(0), ids.get(1)))
                        .steps())
                .extracting(step -> step.name())
                .containsExactly("b", "a");
        assertThat(running.client()
                        .listSteps(request -> request.clusterId(cluster).stepStatesWithStrings("COMPLETED"))
                        .steps())
                .extracting(step -> step.name())
                .containsExactly("c", "a");
    }

    @Test
    void listsLongListsInPages() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("hold", "wait"));
        running.add(
                cluster,
                IntStream.range(0, 120)
                        .mapToObj(step -> step("s" + step, "exit", "0"))
                        .toArray(StepConfig[]::new));
        for (int more = 0; more < 120; more++) {
            running.waitingCluster();
        }
        assertThat(running.client()
                        .listSteps(request -> request.clusterId(cluster))
                        .steps())
                .hasSize(50);
        assertThat(running.client()
                        .listStepsPaginator(request -> request.clusterId(cluster))
                        .steps())
                .hasSize(121)
                .first()
                .satisfies(step -> assertThat(step.name()).isEqualTo("s119"));
        assertThat(running.client().listClustersPaginator().clusters()).hasSize(121);
    }
}
