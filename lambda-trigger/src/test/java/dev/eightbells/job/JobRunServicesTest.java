package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.Failure.Kind;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EMR Serverless and EMR on EKS, which differ in names alone. */
class JobRunServicesTest {
    private static final String SERVERLESS_RUNS = "/applications/00f1/jobruns";
    private static final String EKS_RUNS = "/virtualclusters/v1/jobruns";

    private final CannedAnswers aws = CannedAnswers.start();
    private final JobService serverless = JobServices.open(
            Fixtures.compute(new Compute.EmrServerless("00f1", Fixtures.ROLE, null)), Fixtures.clients(aws.endpoint()));
    private final JobService eks = JobServices.open(
            Fixtures.compute(new Compute.EmrOnEks("v1", Fixtures.ROLE, "emr-7.14.0-latest", null)),
            Fixtures.clients(aws.endpoint()));

    @AfterEach
    void stop() {
        serverless.close();
        eks.close();
        aws.close();
    }

    @Test
    void aRequestThatIsSentAgainCarriesTheSameToken() {
        aws.on("POST " + SERVERLESS_RUNS, "{\"jobRunId\":\"r1\"}").on("POST " + EKS_RUNS, "{\"id\":\"r2\"}");
        JobRequest request = Fixtures.request(serverless.place());

        assertThat(serverless.send(request)).isEqualTo(new Job("00f1", List.of("r1")));
        assertThat(serverless.send(request)).isEqualTo(new Job("00f1", List.of("r1")));
        assertThat(eks.send(Fixtures.request(eks.place()))).isEqualTo(new Job("v1", List.of("r2")));

        assertThat(aws.requests())
                .extracting(CannedAnswers.Request::body)
                .allMatch(body -> body.contains("\"clientToken\":\"" + request.token() + "\""));
        assertThat(serverless.repeats()).isEqualTo(JobService.Repeats.ONE_JOB);
        assertThat(eks.repeats()).isEqualTo(JobService.Repeats.ONE_JOB);
        assertThat(serverless.find(request)).isEmpty();
        assertThat(eks.find(request)).isEmpty();
    }

    @Test
    void anotherSubmissionCarriesAnotherToken() {
        JobRequest first = Fixtures.request("00f1", 1, Fixtures.request("00f1").claimed());
        JobRequest second = Fixtures.request("00f1", 2, first.claimed());

        assertThat(first.token()).hasSize(64).isNotEqualTo(second.token());
    }

    @Test
    void whatIsInternalIsTriedAgainBeforeItIsUnknown() {
        aws.refuse("POST " + SERVERLESS_RUNS, 500, "InternalServerException", "Try again");
        aws.refuse("POST " + EKS_RUNS, 500, "InternalServerException", "Try again");

        assertThatThrownBy(() -> serverless.send(Fixtures.request("00f1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                .hasMessage(
                        "Cannot tell whether it worked to send eightbells web-events 20261122T0800Z #1 to application"
                                + " 00f1: EMR Serverless answered 500 InternalServerException: Try again. Look for the job before"
                                + " sending it again.");
        assertThatThrownBy(() -> eks.send(Fixtures.request("v1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.UNKNOWN))
                .hasMessageContaining("EMR on EKS answered 500");
        assertThat(aws.requests()).hasSize(10);
    }

    @Test
    void namesTheRoleThatMayNotBePassed() {
        aws.refuse(
                "POST " + SERVERLESS_RUNS,
                403,
                "AccessDeniedException",
                "User: arn:aws:sts::123456789012:assumed-role/trigger/trigger is not authorized to perform: iam:PassRole"
                        + " on resource: arn:aws:iam::123456789012:role/etl");
        aws.refuse("POST " + EKS_RUNS, 403, "AccessDeniedException", "Forbidden");

        assertThatThrownBy(() -> serverless.send(Fixtures.request("00f1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot send eightbells web-events 20261122T0800Z #1 to application 00f1: access denied (User:"
                                + " arn:aws:sts::123456789012:assumed-role/trigger/trigger is not authorized to perform:"
                                + " iam:PassRole on resource: arn:aws:iam::123456789012:role/etl). Grant iam:PassRole on"
                                + " arn:aws:iam::123456789012:role/etl.");
        assertThatThrownBy(() -> eks.send(Fixtures.request("v1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot send eightbells web-events 20261122T0800Z #1 to virtual cluster v1: access denied (403"
                                + " AccessDeniedException: Forbidden). Grant emr-containers:StartJobRun on virtual cluster v1.");
    }

    @Test
    void saysWhatTheServiceRefuses() {
        aws.refuse("POST " + SERVERLESS_RUNS, 404, "ResourceNotFoundException", "Application 00f1 does not exist");
        aws.refuse("POST " + EKS_RUNS, 400, "ValidationException", "Invalid release label");

        assertThatThrownBy(() -> serverless.send(Fixtures.request("00f1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot send eightbells web-events 20261122T0800Z #1 to application 00f1: EMR Serverless refused"
                                + " it (404 ResourceNotFoundException: Application 00f1 does not exist). Correct compute in the"
                                + " pipeline file.");
        assertThatThrownBy(() -> eks.send(Fixtures.request("v1")))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessageContaining("EMR on EKS refused it (400 ValidationException: Invalid release label)");
    }

    @ParameterizedTest
    @CsvSource({
        "SUBMITTED, WAITING",
        "QUEUED, WAITING",
        "PENDING, WAITING",
        "SCHEDULED, WAITING",
        "RUNNING, RUNNING",
        "CANCELLING, RUNNING",
        "SUCCESS, SUCCEEDED",
        "FAILED, FAILED",
        "CANCELLED, FAILED",
        "NEWLY_INVENTED, RUNNING"
    })
    void aJobRunOfServerlessIsInOneOfFourPhases(String state, Phase phase) {
        aws.on(
                "GET " + SERVERLESS_RUNS + "/r1",
                "{\"jobRun\":{\"jobRunId\":\"r1\",\"state\":\"" + state + "\",\"stateDetails\":\"Said why.\"}}");

        assertThat(serverless.state(new Job("00f1", List.of("r1"))))
                .isEqualTo(new JobState(phase, "job run r1 " + state + ": Said why"));
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, WAITING",
        "SUBMITTED, WAITING",
        "RUNNING, RUNNING",
        "CANCEL_PENDING, RUNNING",
        "COMPLETED, SUCCEEDED",
        "FAILED, FAILED",
        "CANCELLED, FAILED",
        "NEWLY_INVENTED, RUNNING"
    })
    void aJobRunOnEksIsInOneOfFourPhases(String state, Phase phase) {
        aws.on("GET " + EKS_RUNS + "/r1", "{\"jobRun\":{\"id\":\"r1\",\"state\":\"" + state + "\"}}");

        assertThat(eks.state(new Job("v1", List.of("r1")))).isEqualTo(new JobState(phase, "job run r1 " + state));
    }

    @Test
    void tellsWhyAJobRunOnEksFailed() {
        aws.on(
                "GET " + EKS_RUNS + "/r1",
                "{\"jobRun\":{\"id\":\"r1\",\"state\":\"FAILED\",\"failureReason\":\"USER_ERROR\","
                        + "\"stateDetails\":\"Exit code 1.\"}}");

        assertThat(eks.state(new Job("v1", List.of("r1"))).said())
                .isEqualTo("job run r1 FAILED: USER_ERROR: Exit code 1");
    }

    @Test
    void aJobRunThatIsNoMoreKnownHasFailed() {
        aws.refuse("GET " + SERVERLESS_RUNS + "/r1", 404, "ResourceNotFoundException", "Job run r1 does not exist");
        aws.refuse("GET " + EKS_RUNS + "/r1", 404, "ResourceNotFoundException", "Job run r1 does not exist");

        JobState gone = new JobState(Phase.FAILED, "job run r1 is gone");
        assertThat(serverless.state(new Job("00f1", List.of("r1")))).isEqualTo(gone);
        assertThat(eks.state(new Job("v1", List.of("r1")))).isEqualTo(gone);
    }

    @Test
    void saysThatAServiceDoesNotAnswerAQuestion() {
        aws.refuse("GET " + SERVERLESS_RUNS + "/r1", 500, "InternalServerException", "Try again");
        aws.refuse("GET " + EKS_RUNS + "/r1", 403, "AccessDeniedException", "");

        assertThatThrownBy(() -> serverless.state(new Job("00f1", List.of("r1"))))
                .isInstanceOfSatisfying(Failure.class, is(Kind.TRANSIENT))
                .hasMessage("Cannot look at job run r1 of application 00f1: EMR Serverless answered 500"
                        + " InternalServerException: Try again. Run it again later.");
        assertThatThrownBy(() -> eks.state(new Job("v1", List.of("r1"))))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot look at job run r1 of virtual cluster v1: access denied (403 AccessDeniedException)."
                                + " Grant emr-containers:DescribeJobRun on virtual cluster v1.");
    }

    @Test
    void refusesAJarThatEksCannotBeTold() {
        JobRequest request = Fixtures.request("v1");
        JobRequest far = new JobRequest(
                request.pipeline(),
                request.batch(),
                1,
                "v1",
                request.claimed(),
                request.definition(),
                "s3://acme-code/" + "far/".repeat(70) + "steps.jar",
                request.steps(),
                1);

        assertThatThrownBy(() -> eks.send(far))
                .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                .hasMessage(
                        "Cannot send eightbells web-events 20261122T0800Z #1: its jar's location takes 304 characters,"
                                + " and the service takes 256. Shorten compute.spark, compute.jar or the lake's location.");
    }

    @Test
    void refusesSettingsThatAreTooLong() {
        Compute compute = Fixtures.compute(
                new Compute.EmrServerless("00f1", Fixtures.ROLE, null), Map.of("spark.long", "x".repeat(102_400)));

        try (JobService service = JobServices.open(compute, Fixtures.clients(aws.endpoint()))) {
            assertThatThrownBy(() -> service.send(Fixtures.request("00f1")))
                    .isInstanceOfSatisfying(Failure.class, is(Kind.INPUT))
                    .hasMessageMatching(
                            "Cannot send eightbells web-events 20261122T0800Z #1: its Spark configuration takes"
                                    + " 102[0-9]{3} characters, and the service takes 102400\\. Shorten compute\\.spark,"
                                    + " compute\\.jar or the lake's location\\.");
        }
    }

    private static Consumer<Failure> is(Kind kind) {
        return failure -> assertThat(failure.kind()).isEqualTo(kind);
    }
}
