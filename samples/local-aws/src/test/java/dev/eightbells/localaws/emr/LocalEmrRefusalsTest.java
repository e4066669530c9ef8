package dev.eightbells.localaws.emr;

import static dev.eightbells.localaws.emr.RunningEmr.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.EmrException;
import software.amazon.awssdk.services.emr.model.InstanceFleetConfig;
import software.amazon.awssdk.services.emr.model.InstanceGroupConfig;
import software.amazon.awssdk.services.emr.model.InvalidRequestException;
import software.amazon.awssdk.services.emr.model.StepConfig;

@Timeout(60)
class LocalEmrRefusalsTest {
    @RegisterExtension
    final RunningEmr running = new RunningEmr();

    private static String code(Throwable thrown) {
        return ((EmrException) thrown).awsErrorDetails().errorCode();
    }

    @Test
    void refusesClustersAndStepsThatItDoesNotKnow() {
        String cluster = running.waitingCluster();
        assertThatThrownBy(() -> running.cluster("j-NONE"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Cluster id 'j-NONE' is not valid.");
        assertThatThrownBy(() -> running.step(cluster, "s-NONE"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("Step id 's-NONE' is not valid.");
        assertThatThrownBy(() -> running.add("j-NONE", step("a", "exit", "0")))
                .hasMessageStartingWith("Specified job flow ID does not exist.")
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("ValidationException"));
        assertThatThrownBy(() -> running.client()
                        .listSteps(request -> request.clusterId(cluster).marker("x")))
                .hasMessageStartingWith("Marker 'x' is not valid.");
    }

    @Test
    void refusesMoreStepsThanAClusterHolds() {
        String cluster = running.waitingCluster();
        running.add(cluster, step("first", "wait"));
        running.add(cluster, Collections.nCopies(255, step("a", "exit", "0")).toArray(StepConfig[]::new));
        assertThatThrownBy(() -> running.add(cluster, step("one more", "exit", "0")))
                .hasMessageStartingWith(
                        "Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending')"
                                + " for cluster exceeded.")
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("ValidationException"));

        running.program().release("first");
        running.awaitCluster(cluster, "WAITING");
        running.add(cluster, step("later", "exit", "0"));
    }

    @Test
    void refusesStepsOfTooManyCharacters() {
        String cluster = running.waitingCluster();
        running.add(
                cluster, step("n".repeat(256), "exit", "0", "x".repeat(10_240 - "command-runner.jarexit0".length())));
        assertThatThrownBy(() -> running.add(
                        cluster, step("a", "exit", "0", "x".repeat(10_241 - "command-runner.jarexit0".length()))))
                .hasMessageStartingWith("The string values passed into HadoopJarStep cannot exceed a total of 10240"
                        + " characters; those of step a have 10241.");
        assertThatThrownBy(() -> running.add(cluster, step("n".repeat(257), "exit", "0")))
                .hasMessageStartingWith("Step name must be of at most 256 characters; this one has 257.");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        String cluster = running.waitingCluster();
        StepConfig ofItsOwnJar = StepConfig.builder()
                .name("a")
                .hadoopJarStep(jar -> jar.jar("s3://code/own.jar"))
                .build();
        assertThatThrownBy(() -> running.add(cluster, ofItsOwnJar))
                .hasMessageStartingWith("This stand-in runs only steps of command-runner.jar; the jar of step a is"
                        + " 's3://code/own.jar'.");
        StepConfig keepsGoing =
                step("a", "exit", "0").toBuilder().actionOnFailure("KEEP_GOING").build();
        assertThatThrownBy(() -> running.add(cluster, keepsGoing))
                .hasMessageStartingWith("Invalid action on failure: KEEP_GOING");
        assertThatThrownBy(() -> running.add(cluster)).hasMessageStartingWith("Steps are missing.");
        assertThatThrownBy(() -> running.client().listSecurityConfigurations())
                .hasMessageStartingWith("This stand-in does not know ListSecurityConfigurations.");
        assertThatThrownBy(() -> running.client()
                        .listSteps(request -> request.clusterId(cluster).stepIds(Collections.nCopies(11, "s-A"))))
                .hasMessageStartingWith("You can specify at most 10 step ids.");
        assertThatThrownBy(() -> running.run(request -> request.stepConcurrencyLevel(257)))
                .hasMessageStartingWith("StepConcurrencyLevel must be from 1 to 256; this one is 257.");
        assertThatThrownBy(() -> running.run(request -> request.instances(instances -> instances
                        .instanceFleets(InstanceFleetConfig.builder()
                                .instanceFleetType("MASTER")
                                .build())
                        .instanceGroups(InstanceGroupConfig.builder()
                                .instanceRole("MASTER")
                                .build()))))
                .hasMessageStartingWith("Instance fleets and instance groups are mutually exclusive.");
        assertThatThrownBy(() -> running.client().runJobFlow(request -> request.name("a")))
                .hasMessageStartingWith("Instances are missing.");
    }

    @Test
    void refusesRequestsThatAreNotSigned() {
        try (EmrClient anonymous = running.anonymous()) {
            assertThatThrownBy(anonymous::listClusters)
                    .hasMessageStartingWith("Missing Authentication Token")
                    .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("MissingAuthenticationTokenException"));
        }
    }

    @Test
    void refusesWhatIsNoRequestOfEmr() throws Exception {
        URI endpoint = running.emr().endpoint();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(endpoint).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"__type\":\"UnknownOperationException\",\"message\":\"This stand-in does not know null.\"}");
    }
}
