package dev.eightbells.localaws.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

@Timeout(60)
class SparkSubmitProgramTest {
    private static LocalS3 s3;
    private static SparkSubmitProgram program;

    @TempDir
    Path logs;

    @BeforeAll
    static void start() throws Exception {
        s3 = LocalS3.start();
        s3.createBucket("code");
        try (S3Client client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build()) {
            client.putObject(put -> put.bucket("code").key("app.jar"), RequestBody.fromString("the jar"));
        }
        Path spark = Path.of(SparkSubmit.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        program = new SparkSubmitProgram(
                s3,
                new SparkSubmitProgram.Image(
                        List.of(spark),
                        Map.of(),
                        List.of("-Xmx64m", "-Dgreeting=hello"),
                        Map.of("GREETING", "Привет")));
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    private int run(String... arguments) throws Exception {
        return program.run(step(arguments));
    }

    private StepRun step(String... arguments) {
        return new StepRun("j-A", "s-A", "a", List.of(arguments), logs);
    }

    private String log(String name) throws IOException {
        return Files.readString(logs.resolve(name));
    }

    @Test
    void runsSparkSubmitWithTheJarFromS3() throws Exception {
        int exit = run(
                "spark-submit",
                "--deploy-mode",
                "cluster",
                "--class",
                "demo.Main",
                "--conf",
                "spark.a=b c",
                "s3://code/app.jar",
                "go",
                "--batch",
                "b");
        assertThat(exit).isZero();
        assertThat(log("stdout"))
                .startsWith("--master local[2,4] --conf ")
                .contains(
                        " --conf spark.hadoop.fs.s3a.endpoint=" + s3.endpoint() + " ",
                        " --class demo.Main --conf spark.a=b c /",
                        "application.jar go --batch b\n",
                        "\njar: the jar\n",
                        "\nendpoint: " + s3.endpoint() + "\n",
                        "\ngreeting: Привет hello\n");
        assertThat(log("controller")).contains("-Xmx64m", "org.apache.spark.deploy.SparkSubmit", "\nexit code 0\n");
    }

    @Test
    void saysOnlyThatAnApplicationFailed() throws Exception {
        assertThat(run("spark-submit", "--class", "demo.Main", "s3://code/app.jar", "fail"))
                .isEqualTo(1);
        assertThat(log("stderr"))
                .matches("eightbells: не так\nException in thread \"main\" org.apache.spark.SparkException: Application"
                        + " application_\\d{13}_\\d{4} finished with failed status\n");
        assertThat(log("controller")).endsWith("\nexit code 3\n");
        assertThat(StepFailure.of(logs).message()).startsWith("Exception in thread \"main\" org.apache.spark.Spark");
    }

    @Test
    void failsWhenTheJarIsNotThere() {
        assertThatThrownBy(() -> run("spark-submit", "--class", "demo.Main", "s3://code/none.jar", "go"))
                .isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void killsAllProcessesOfAStepThatIsInterrupted() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread step = new Thread(() -> {
            try {
                thrown.completeExceptionally(new AssertionError(
                        program.run(step("spark-submit", "--class", "demo.Main", "s3://code/app.jar", "wait"))));
            } catch (Exception e) {
                thrown.complete(e);
            }
        });
        step.start();
        List<ProcessHandle> processes = processes();
        while (processes.size() < 2) {
            Thread.sleep(20);
            processes = processes();
        }

        step.interrupt();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        for (ProcessHandle process : processes) {
            process.onExit().get();
        }
    }

    @Test
    void takesForAnImageWhatThisProcessHasAndTheApplicationBringsNot() throws IOException {
        Path application = logs.resolve("app.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(application))) {
            jar.putNextEntry(new JarEntry("com/fasterxml/jackson/databind/ObjectMapper.class"));
        }
        SparkSubmitProgram.Image image = SparkSubmitProgram.Image.ofThisProcess(application, Map.of());
        assertThat(image.jars())
                .allSatisfy(jar -> assertThat(jar).isAbsolute().isRegularFile())
                .anySatisfy(jar -> assertThat(jar.toString()).contains("hadoop-client-api"))
                .noneSatisfy(jar -> assertThat(jar.toString()).contains("jackson-databind"));
        assertThat(image.jvmOptions()).anyMatch(option -> option.startsWith("-Xmx"));
    }

    /** The step's process, and the one that it starts. */
    private static List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(SparkSubmit.class.getName()))
                .toList();
    }
}
