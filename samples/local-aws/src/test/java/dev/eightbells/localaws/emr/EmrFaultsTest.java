package dev.eightbells.localaws.emr;

import static dev.eightbells.localaws.emr.RunningEmr.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emr.model.EmrException;

@Timeout(60)
class EmrFaultsTest {
    private static final String ADD = "AddJobFlowSteps";

    @RegisterExtension
    final RunningEmr running = new RunningEmr();

    private List<String> operations() {
        return running.emr().requests().stream().map(EmrRequest::operation).toList();
    }

    @Test
    void throttlesAsOftenAsItIsTold() {
        String cluster = running.waitingCluster();
        running.emr().faults().throttle(ADD, 2);
        running.add(cluster, step("a", "exit", "0"));
        assertThat(operations()).containsExactlyElementsOf(Collections.nCopies(3, ADD));
        running.awaitStates(cluster, "COMPLETED");

        running.emr().faults().throttle("ListClusters", 3);
        assertThatThrownBy(() -> running.client().listClusters())
                .isInstanceOf(EmrException.class)
                .hasMessageStartingWith("Rate exceeded")
                .satisfies(thrown -> assertThat(((EmrException) thrown).isThrottlingException())
                        .isTrue());
    }

    /** A client that sends again what may have been carried out runs the step twice. */
    @Test
    void losesTheAnswerToWhatWasCarriedOut() {
        String cluster = running.waitingCluster();
        running.emr().faults().dropAfter(ADD);
        running.add(cluster, step("a", "exit", "0"));
        assertThat(operations()).containsExactly(ADD, ADD);
        running.awaitStates(cluster, "COMPLETED", "COMPLETED");

        running.emr().faults().failAfter(ADD);
        running.add(cluster, step("a", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED");
    }

    @Test
    void dropsOrFailsWhatIsNotCarriedOut() {
        String cluster = running.waitingCluster();
        running.emr().faults().dropBefore(ADD);
        running.emr().faults().failBefore(ADD);
        running.add(cluster, step("a", "exit", "0"));
        assertThat(operations()).containsExactly(ADD, ADD, ADD);
        running.awaitStates(cluster, "COMPLETED");

        for (int attempt = 0; attempt < 3; attempt++) {
            running.emr().faults().dropBefore(ADD);
        }
        assertThatThrownBy(() -> running.add(cluster, step("a", "exit", "0"))).isInstanceOf(SdkClientException.class);
    }

    @Test
    void deniesUntilTheReset() {
        String cluster = running.waitingCluster();
        running.emr().faults().deny(ADD);
        running.emr().faults().deny("ListClusters");
        assertThatThrownBy(() -> running.add(cluster, step("a", "exit", "0")))
                .hasMessageStartingWith("User: arn:aws:sts::123456789012:assumed-role/local/local is not authorized to"
                        + " perform: elasticmapreduce:AddJobFlowSteps on resource:"
                        + " arn:aws:elasticmapreduce:us-east-1:123456789012:cluster/" + cluster
                        + " because no identity-based policy allows the elasticmapreduce:AddJobFlowSteps action");
        assertThatThrownBy(() -> running.client().listClusters()).hasMessageContaining("on resource: * because");

        running.emr().faults().reset();
        running.add(cluster, step("a", "exit", "0"));
    }

    @Test
    void keepsWhatWasAsked() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", "exit", "0"));
        assertThat(running.emr().requests())
                .containsExactly(new EmrRequest(
                        ADD,
                        "{\"JobFlowId\":\"" + cluster
                                + "\",\"Steps\":[{\"Name\":\"a\",\"ActionOnFailure\":\"CONTINUE\","
                                + "\"HadoopJarStep\":{\"Jar\":\"command-runner.jar\",\"Args\":[\"exit\",\"0\"]}}]}"));
        running.emr().forgetRequests();
        assertThat(running.emr().requests()).isEmpty();
    }

    @Test
    void killsAClusterWithAllItsSteps() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("a", "exit", "0"), step("b", "wait"), step("c", "exit", "0"));
        running.awaitStates(cluster, "COMPLETED", "RUNNING", "PENDING");

        running.emr().killCluster(cluster);

        assertThat(running.cluster(cluster).status().stateAsString()).isEqualTo("TERMINATED_WITH_ERRORS");
        assertThat(running.cluster(cluster).status().stateChangeReason().codeAsString())
                .isEqualTo("INSTANCE_FAILURE");
        assertThat(running.states(cluster)).containsExactly("COMPLETED", "INTERRUPTED", "CANCELLED");
        RunningEmr.await(() -> running.program().interrupted().contains("b"), () -> running.program()
                .interrupted());
    }

    @Test
    void interruptsAStepAndGoesOn() {
        String cluster = running.waitingCluster();
        String step =
                running.add(cluster, step("a", "wait"), step("b", "exit", "0")).get(0);
        running.awaitStates(cluster, "RUNNING", "PENDING");

        running.emr().interruptStep(step);

        running.awaitStates(cluster, "INTERRUPTED", "COMPLETED");
        assertThatThrownBy(() -> running.emr().interruptStep(step))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot interrupt step " + step + ": it does not run.");
    }
}
