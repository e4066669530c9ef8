package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.eightbells.pipeline.Compute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every request of the four services, as AWS's own clients send it, side by side with the files in {@code requests/}, which
 * are written to be read. {@code -Deightbells.requests=write} writes them anew.
 */
class GoldenRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILES = Path.of("src/test/resources/dev/eightbells/job/requests");
    private static final List<String> NAMES = List.of(
            "emr-steps",
            "emr-steps-at-once",
            "emr-cluster",
            "emr-cluster-fewest-keys",
            "emr-cluster-to-cloudwatch",
            "emr-cluster-without-task",
            "emr-serverless",
            "emr-serverless-to-cloudwatch",
            "emr-serverless-without-logs",
            "emr-on-eks",
            "emr-on-eks-to-s3",
            "emr-on-eks-without-logs");
    private static final Instant CLAIMED = Instant.parse("2026-11-22T08:20:31Z");
    private static final String ONE_STEP =
            "{\"Id\":\"s-1\",\"Name\":\"eightbells web-events 20261122T0800Z #1 convert\",\"Status\":{\"State\":\"PENDING\"}}";

    private final CannedAnswers aws = CannedAnswers.start();

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void emrSteps() throws IOException {
        aws.on("ListClusters", "{\"Clusters\":[{\"Id\":\"j-1\",\"Name\":\"acme-etl\"}]}")
                .on(
                        "DescribeCluster",
                        "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"WAITING\"},\"StepConcurrencyLevel\":1,"
                                + "\"Tags\":[{\"Key\":\"team\",\"Value\":\"web\"}]}}")
                .on("AddJobFlowSteps", "{\"StepIds\":[\"s-1\",\"s-2\",\"s-3\",\"s-4\"]}")
                .on("ListSteps", "{\"Steps\":[" + ONE_STEP + "]}");
        Compute.EmrSteps target =
                new Compute.EmrSteps(new Compute.Cluster(Compute.Cluster.By.TAG, "team=web"), Fixtures.ROLE);

        assertSends("emr-steps", Fixtures.compute(target, Map.of("spark.executor.memory", "10g")));
    }

    @Test
    void emrStepsWhereSeveralRunAtOnce() throws IOException {
        aws.on(
                        "DescribeCluster",
                        "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"WAITING\"},\"StepConcurrencyLevel\":10}}")
                .on("AddJobFlowSteps", "{\"StepIds\":[\"s-1\"]}")
                .on("ListSteps", "{\"Steps\":[" + ONE_STEP + "]}");

        assertSends("emr-steps-at-once", Fixtures.compute(Fixtures.steps(Compute.Cluster.By.ID, "j-1")));
    }

    @Test
    void emrCluster() throws IOException {
        answerAsCluster();

        assertSends("emr-cluster", Fixtures.compute(Fixtures.cluster(Compute.EmrCluster.DEFAULT_INSTANCE_TYPES, null)));
    }

    @Test
    void emrClusterByTheFewestKeys() throws IOException {
        answerAsCluster();

        assertSends("emr-cluster-fewest-keys", Fixtures.compute(smallCluster(null, null)));
    }

    @Test
    void emrClusterThatLogsToCloudWatch() throws IOException {
        answerAsCluster();

        assertSends("emr-cluster-to-cloudwatch", Fixtures.compute(smallCluster(null, "/eightbells/web-events")));
    }

    @Test
    void emrClusterThatMayNotGrow() throws IOException {
        answerAsCluster();

        assertSends("emr-cluster-without-task", Fixtures.compute(smallCluster(2, null)));
    }

    @Test
    void emrServerless() throws IOException {
        answerAsServerless();

        assertSends(
                "emr-serverless",
                Fixtures.compute(
                        serverless("s3://acme-logs/serverless/"),
                        Map.of("spark.driver.extraJavaOptions", "-Xss4m -Dname=\"a b\"")));
    }

    @Test
    void emrServerlessThatLogsToCloudWatch() throws IOException {
        answerAsServerless();

        assertSends("emr-serverless-to-cloudwatch", Fixtures.compute(serverless("/eightbells/web-events")));
    }

    @Test
    void emrServerlessWithoutLogs() throws IOException {
        answerAsServerless();

        assertSends("emr-serverless-without-logs", Fixtures.compute(serverless(null)));
    }

    @Test
    void emrOnEks() throws IOException {
        answerAsEks();

        assertSends("emr-on-eks", Fixtures.compute(eks("/eightbells/web-events")));
    }

    @Test
    void emrOnEksThatLogsToS3() throws IOException {
        answerAsEks();

        assertSends("emr-on-eks-to-s3", Fixtures.compute(eks("s3://acme-logs/eks/")));
    }

    @Test
    void emrOnEksWithoutLogs() throws IOException {
        answerAsEks();

        assertSends("emr-on-eks-without-logs", Fixtures.compute(eks(null)));
    }

    @Test
    void everyRequestIsValidByTheServicesOwnModels() throws Exception {
        assumeModels();

        Checked checked =
                check(NAMES.stream().map(name -> FILES.resolve(name + ".json")).toList());

        assertThat(checked.said()).isEqualTo("45 requests are valid\n");
        assertThat(checked.exitCode()).isZero();
    }

    @Test
    void whatTheModelsForbidIsFound(@TempDir Path folder) throws Exception {
        assumeModels();
        String good = Files.readString(FILES.resolve("emr-steps-at-once.json"));
        Path bad = Files.writeString(
                folder.resolve("bad.json"),
                good.replace("\"CONTINUE\"", "\"KEEP_GOING\"").replace("\"StepIds\"", "\"Step\""));
        String run = Files.readString(FILES.resolve("emr-on-eks.json"));
        Path worse = Files.writeString(folder.resolve("worse.json"), run.replace("web-events/2026", "web events/2026"));

        Checked checked = check(List.of(bad, worse));

        assertThat(checked.said())
                .contains("ActionOnFailure: 'KEEP_GOING' is none of")
                .contains("Unknown parameter in input: \"Step\"")
                .contains("StartJobRun.name: 'web events/20261122T0800Z/1' does not match");
        assertThat(checked.exitCode()).isEqualTo(1);
    }

    @Test
    void noFileIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            NAMES.stream().map(name -> name + ".json").toList());
        }
    }

    private static Compute.EmrCluster smallCluster(Integer maxUnits, String logs) {
        return new Compute.EmrCluster(
                "emr-7.14.0",
                "EMR_DefaultRole",
                "EMR_EC2_DefaultRole",
                List.of("subnet-0a1b2c3d"),
                Compute.EmrCluster.DEFAULT_INSTANCE_TYPES,
                maxUnits,
                null,
                logs);
    }

    private static Compute.EmrServerless serverless(String logs) {
        return new Compute.EmrServerless("00f1abcdefgh0123", Fixtures.ROLE, logs);
    }

    private static Compute.EmrOnEks eks(String logs) {
        return new Compute.EmrOnEks("abcdefgh0123456789", Fixtures.ROLE, "emr-7.14.0-latest", logs);
    }

    private void answerAsCluster() {
        aws.on("RunJobFlow", "{\"JobFlowId\":\"j-1\"}")
                .on(
                        "ListClusters",
                        "{\"Clusters\":[{\"Id\":\"j-1\",\"Name\":\"eightbells web-events 20261122T0800Z #1\"}]}")
                .on("DescribeCluster", "{\"Cluster\":{\"Id\":\"j-1\",\"Status\":{\"State\":\"TERMINATED\"}}}")
                .on("ListSteps", "{\"Steps\":[" + ONE_STEP + "]}");
    }

    private void answerAsServerless() {
        aws.on("POST /applications/00f1abcdefgh0123/jobruns", "{\"jobRunId\":\"00f1run\"}")
                .on(
                        "GET /applications/00f1abcdefgh0123/jobruns/00f1run",
                        "{\"jobRun\":{\"jobRunId\":\"00f1run\",\"state\":\"PENDING\",\"stateDetails\":\"\"}}");
    }

    private void answerAsEks() {
        aws.on("POST /virtualclusters/abcdefgh0123456789/jobruns", "{\"id\":\"00e1run\"}")
                .on(
                        "GET /virtualclusters/abcdefgh0123456789/jobruns/00e1run",
                        "{\"jobRun\":{\"id\":\"00e1run\",\"state\":\"PENDING\"}}");
    }

    /** Does everything that a service can do, and looks at what it asked for. */
    private void assertSends(String name, Compute compute) throws IOException {
        try (JobService service = JobServices.open(compute, Fixtures.clients(aws.endpoint()))) {
            JobRequest request = Fixtures.request(service.place(), 1, CLAIMED);
            Job job = service.send(request);
            service.find(request);
            service.state(job);
        }

        String sent = written(compute.target());
        if ("write".equals(System.getProperty("eightbells.requests"))) {
            Files.writeString(FILES.resolve(name + ".json"), sent);
        }
        try (InputStream golden = GoldenRequestsTest.class.getResourceAsStream("requests/" + name + ".json")) {
            assertThat(golden).as("requests/%s.json", name).isNotNull();
            assertThat(sent).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private String written(Compute.Target target) throws IOException {
        ArrayNode requests = JSON.createArrayNode();
        for (CannedAnswers.Request request : aws.requests()) {
            JsonNode body = request.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(request.body());
            requests.addObject()
                    .put("service", service(target))
                    .put("operation", operation(target, request))
                    .put("path", request.path())
                    .set("body", body);
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(requests) + "\n";
    }

    private static String service(Compute.Target target) {
        if (target instanceof Compute.EmrServerless) {
            return "emr-serverless";
        }
        return target instanceof Compute.EmrOnEks ? "emr-containers" : "emr";
    }

    private static String operation(Compute.Target target, CannedAnswers.Request request) {
        if (request.method().equals("GET")) {
            return target instanceof Compute.EmrServerless ? "GetJobRun" : "DescribeJobRun";
        }
        return request.operation().startsWith("POST") ? "StartJobRun" : request.operation();
    }

    private record Checked(String said, int exitCode) {}

    private static Checked check(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", FILES.resolveSibling("validate_requests.py").toString()));
        files.forEach(file -> command.add(file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Checked(said, process.exitValue());
    }

    private static void assumeModels() throws InterruptedException {
        assumeTrue(
                hasModels(),
                "NOT CHECKED: the requests in " + FILES + " were not held against the models of AWS's services, because"
                        + " there is no python3 with botocore here. Install python3-botocore.");
    }

    private static boolean hasModels() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import botocore")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPython) {
            return false;
        }
    }
}
