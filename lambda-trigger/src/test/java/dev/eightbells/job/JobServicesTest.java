package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.Failure.Kind;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Compute.Cluster.By;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JobServicesTest {
    private static final Compute STEPS = Fixtures.compute(Fixtures.steps(By.ID, "j-1"));

    @Test
    void refusesToRunBatchesWhereThereIsNoSpark() {
        assertThatThrownBy(() -> JobServices.open(Compute.LOCAL, Map.of()))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot submit batches of compute type local: there is no Spark here. Name emr-steps,"
                                + " emr-cluster, emr-serverless or emr-on-eks as compute.type, or do them with ./eightbells run.");
    }

    @Test
    void refusesAnEndpointThatIsNoAddress() {
        assertThatThrownBy(() -> JobServices.open(STEPS, Map.of("AWS_ENDPOINT_URL_EMR", "localhost")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot reach EMR: the endpoint localhost is no address. Set AWS_ENDPOINT_URL_EMR to one like"
                                + " http://127.0.0.1:9000.");
        Compute serverless = Fixtures.compute(new Compute.EmrServerless("00f1", Fixtures.ROLE, null));
        assertThatThrownBy(() -> JobServices.open(serverless, Map.of("AWS_ENDPOINT_URL_EMR_SERVERLESS", "localhost")))
                .hasMessageStartingWith("Cannot reach EMR Serverless: ");
        Compute eks = Fixtures.compute(new Compute.EmrOnEks("v1", Fixtures.ROLE, "emr-7.14.0-latest", null));
        assertThatThrownBy(() -> JobServices.open(eks, Map.of("AWS_ENDPOINT_URL_EMR_CONTAINERS", "localhost")))
                .hasMessageStartingWith("Cannot reach EMR on EKS: ");
    }

    @Test
    void nothingWasTakenWhereNothingListens() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        Compute compute = Fixtures.compute(Fixtures.cluster(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null));

        try (JobService service = JobServices.open(compute, Fixtures.clients(nobody))) {
            assertThatThrownBy(() -> service.send(Fixtures.request("emr")))
                    .isInstanceOfSatisfying(Failure.class, is(Kind.TRANSIENT))
                    .hasMessage(
                            "Cannot start a cluster for eightbells web-events 20261122T0800Z #1: EMR cannot be reached"
                                    + " (Connection refused). Check the network and the endpoint, and run it again.");
            assertThatThrownBy(() -> service.state(new Job("emr", List.of("j-1"))))
                    .isInstanceOfSatisfying(Failure.class, is(Kind.TRANSIENT))
                    .hasMessageStartingWith("Cannot look up cluster j-1: EMR cannot be reached");
        }
    }

    @Test
    void anAnswerThatDoesNotComeInTimeLeavesItUnknown() throws Exception {
        try (SilentServer silent = SilentServer.start()) {
            Compute compute = Fixtures.compute(Fixtures.cluster(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null));
            try (JobService service = JobServices.open(compute, Fixtures.clients(silent.endpoint()))) {
                assertThatThrownBy(() -> service.send(Fixtures.request("emr")))
                        .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                        .hasMessage("Cannot tell whether it worked to start a cluster for eightbells web-events"
                                + " 20261122T0800Z #1: EMR did not answer (Read timed out). Look for the job before sending"
                                + " it again.");
            }
            assertThat(silent.requests()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatBreaksAfterItWasUsedSendsNothingTwice() throws Exception {
        try (SilentServer breaking = SilentServer.startAndBreakAfter(
                "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"WAITING\"},\"StepConcurrencyLevel\":1}}")) {
            try (JobService service = JobServices.open(STEPS, Fixtures.clients(breaking.endpoint()))) {
                assertThatThrownBy(() -> service.send(Fixtures.request("j-1")))
                        .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                        .hasMessageContaining("EMR did not answer");
            }
            assertThat(breaking.requests()).isEqualTo(2);
            assertThat(breaking.connections()).isEqualTo(1);
        }
    }

    @Test
    void stepsThatAClusterLeftBehindHaveFailed() {
        try (CannedAnswers aws = CannedAnswers.start()
                .on(
                        "DescribeCluster",
                        "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"TERMINATED\",\"StateChangeReason\":"
                                + "{\"Code\":\"USER_REQUEST\",\"Message\":\"Terminated by user request\"}}}}")
                .on(
                        "ListSteps",
                        "{\"Steps\":[{\"Id\":\"s-1\",\"Name\":\"eightbells web-events 20261122T0800Z #1 run\","
                                + "\"Status\":{\"State\":\"RUNNING\"}}]}")) {
            try (JobService service = JobServices.open(STEPS, Fixtures.clients(aws.endpoint()))) {
                assertThat(service.state(new Job("j-1", List.of("s-1"))))
                        .isEqualTo(
                                new JobState(
                                        Phase.FAILED,
                                        "cluster j-1 is TERMINATED (USER_REQUEST: Terminated by user request) with run RUNNING"));
            }
        }
    }

    @Test
    void tellsEverythingThatEmrSaysAboutAFailedStep() {
        try (CannedAnswers aws = CannedAnswers.start()
                .on("DescribeCluster", "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"WAITING\"}}}")
                .on(
                        "ListSteps",
                        "{\"Steps\":[{\"Id\":\"s-1\",\"Name\":\"eightbells web-events 20261122T0800Z #1 run\","
                                + "\"Status\":{\"State\":\"FAILED\",\"StateChangeReason\":{\"Message\":\"It broke.\"},"
                                + "\"FailureDetails\":{\"Reason\":\"Unknown Error.\",\"Message\":\"Exception in thread"
                                + " main\\njava.lang.Error\",\"LogFile\":\"s3://acme-logs/s-1/stderr.gz\"}}}]}")) {
            try (JobService service = JobServices.open(STEPS, Fixtures.clients(aws.endpoint()))) {
                assertThat(service.state(new Job("j-1", List.of("s-1"))).said())
                        .isEqualTo(
                                "run (s-1) FAILED: It broke; Unknown Error; Exception in thread main java.lang.Error; log"
                                        + " s3://acme-logs/s-1/stderr.gz");
            }
        }
    }

    @Test
    void saysThatTheCredentialsAreNotAccepted() {
        try (CannedAnswers aws = CannedAnswers.start()
                .refuse("DescribeCluster", 400, "UnrecognizedClientException", "The security token is invalid.")) {
            try (JobService service = JobServices.open(STEPS, Fixtures.clients(aws.endpoint()))) {
                assertThatThrownBy(service::place)
                        .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                        .hasMessage("Cannot look up cluster j-1: EMR does not accept the credentials"
                                + " (UnrecognizedClientException). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and"
                                + " AWS_SESSION_TOKEN, the profile or the role.");
            }
        }
    }

    @Test
    void saysThatTheClockIsWrong() {
        Compute compute = Fixtures.compute(Fixtures.cluster(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null));
        try (CannedAnswers aws =
                CannedAnswers.start().refuse("RunJobFlow", 403, "RequestTimeTooSkewed", "Signature expired.")) {
            try (JobService service = JobServices.open(compute, Fixtures.clients(aws.endpoint()))) {
                assertThatThrownBy(() -> service.send(Fixtures.request("emr")))
                        .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                        .hasMessage(
                                "Cannot start a cluster for eightbells web-events 20261122T0800Z #1: EMR says that this"
                                        + " machine's clock is wrong (403 RequestTimeTooSkewed: Signature expired). Set it.");
            }
            assertThat(aws.requests()).hasSizeGreaterThan(1);
        }
    }

    private static Consumer<Failure> is(Kind kind) {
        return failure -> assertThat(failure.kind()).isEqualTo(kind);
    }
}
