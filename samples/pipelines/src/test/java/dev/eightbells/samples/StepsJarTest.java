package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Planning;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that spark-submit is given, where Spark has nothing of ours on its class path. */
class StepsJarTest {
    private static final Path JAR = Path.of("../../emr-steps/target/eightbells-emr-steps.jar");
    private static final long MEGABYTE = 1 << 20;

    /** What the jar brings itself; everything else is Spark's, or the AWS SDK's. */
    private static final Pattern OURS =
            Pattern.compile("(data-quality|deequ|emr-steps|etl-core|lambda-trigger|local-aws|picocli"
                    + "|postgresql|redshift-jdbc42|snakeyaml|sample-pipelines|classes|test-classes).*");

    private static final Pattern ICEBERG = Pattern.compile("iceberg-spark-runtime.*");

    @TempDir
    private Path folder;

    @BeforeEach
    void theJarIsThere() {
        assumeTrue(Files.exists(JAR), () -> JAR + " is not there; ./mvnw package makes it");
    }

    /** What a process left behind. */
    private record Ended(int exitCode, String out, String err) {}

    @Test
    void holdsNothingThatEveryImageOfSparkBrings() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> !name.endsWith("/"))
                    .toList();

            assertThat(names).contains("dev/eightbells/steps/Main.class", "dev/eightbells/batch/Ledger.class");
            assertThat(names)
                    // Deequ's own aggregates lie in Spark's packages.
                    .filteredOn(name -> name.startsWith("org/apache/spark/"))
                    .allMatch(name -> name.matches("org/apache/spark/sql/(catalyst/expressions/aggregate/)?"
                            + "(Stateful|Deequ|HLLConstants|KLLAggregation|DataTypeAggregation).*"));
            assertThat(names)
                    .noneMatch(
                            name -> name.matches("(org/apache/(iceberg|hadoop|parquet|commons|logging)|software/amazon"
                                    + "|scala|com/fasterxml|org/slf4j|breeze|spire)/.*"));
            // Spark's own class path may hold these in another version, and comes first.
            assertThat(names).noneMatch(name -> name.matches("(org/yaml|picocli|com/amazon/redshift)/.*"));
            assertThat(names).noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA)|(.*/)?module-info.class"));
        }
    }

    @Test
    void isSmall() throws IOException {
        assertThat(Files.size(JAR)).isLessThan(8 * MEGABYTE);
    }

    @Test
    void runsABatchAndTellsItsResult() throws IOException, InterruptedException {
        Path pipeline = shop();
        Manifest batch = planned(pipeline);

        Ended ended = submit(
                name -> !OURS.matcher(name).matches(),
                "run",
                "--pipeline",
                pipeline.toString(),
                "--batch",
                batch.batch().toString());

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("{\"_aws\":{") && line.contains("\"step\":\"convert\""))
                .contains("20260302T0400Z        read 2 = written 1 + duplicates 0 + quarantined 1");
        assertThat(folder.resolve("lake/batches/20260302T0400Z/published.json")).exists();
    }

    @Test
    void endsWithTheExitCodeOfItsFailure() throws IOException, InterruptedException {
        Ended ended = submit(name -> !OURS.matcher(name).matches(), "status", "--pipeline", "s3://");

        assertThat(ended)
                .isEqualTo(new Ended(
                        2,
                        "",
                        "eightbells: Cannot read the pipeline file s3://: the location names no valid bucket; write"
                                + " s3://bucket/prefix/.\n"));
    }

    @Test
    void saysThatIcebergIsMissing() throws IOException, InterruptedException {
        Ended ended = submit(
                name -> !OURS.matcher(name).matches() && !ICEBERG.matcher(name).matches(), "status");

        assertThat(ended)
                .isEqualTo(new Ended(
                        2,
                        "",
                        "eightbells: Cannot run here: there is no Iceberg on the class path, and Eightbells needs its"
                                + " runtime for Spark 3.5. Name it with --jars, on EMR: --jars"
                                + " /usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar.\n"));
    }

    /** A process that is the driver of a cluster is Spark's, and hears of a failure by what is thrown. */
    @Test
    void throwsInClusterMode() throws IOException, InterruptedException {
        Ended ended = end(
                List.of(
                        "-Dspark.submit.deployMode=cluster",
                        "-cp",
                        JAR
                                + File.pathSeparator
                                + classPath(name -> !OURS.matcher(name).matches())),
                "dev.eightbells.steps.Main",
                "convert");

        String sentence =
                "Missing required options: '--pipeline=FILE', '--batch=ID'. Run eightbells convert --help for what there is.";
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("eightbells: " + sentence + "\nException in thread \"main\" dev.eightbells.Failure: "
                        + sentence + " (exit code 2, INPUT)\n");
    }

    private Path shop() throws IOException {
        Path object = folder.resolve("raw/2026/03/02/01/a");
        Files.createDirectories(object.getParent());
        Files.writeString(object, "{\"id\":\"1\",\"at\":\"2026-03-02T01:00:00Z\"}\noops\n");
        return Files.writeString(
                folder.resolve("shop.yaml"),
                """
                version: 1
                pipeline: shop
                source: {location: raw/}
                lake: lake/
                table:
                  name: analytics.events
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: id, type: string, required: true}
                    - {name: at, type: timestamp}
                """);
    }

    private static Manifest planned(Path file) {
        Pipeline pipeline = PipelineFile.load(file, Map.of());
        try (ObjectStore lake = ObjectStores.open(pipeline.lake(), Map.of());
                ObjectStore source = ObjectStores.open(pipeline.source().location(), Map.of())) {
            return new Planning(
                            pipeline,
                            PipelineFile.freeze(pipeline),
                            source,
                            Ledger.open(lake, pipeline),
                            Clock.systemUTC())
                    .claim(Instant.parse("2026-03-02T04:20:00Z"), null, () -> {})
                    .orElseThrow();
        }
    }

    /** Submits the jar to a Spark of its own, whose class path are those jars whose names pass. */
    private Ended submit(Predicate<String> isSparks, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.sql.shuffle.partitions=2",
                "--class",
                "dev.eightbells.steps.Main",
                JAR.toString()));
        all.addAll(List.of(arguments));
        return end(
                List.of("-cp", classPath(isSparks)), "org.apache.spark.deploy.SparkSubmit", all.toArray(String[]::new));
    }

    private Ended end(List<String> options, String main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Djava.net"))
                .toList());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Dlog4j2.configurationFile="
                + Path.of("../../conf/log4j2.properties").toAbsolutePath());
        command.addAll(options);
        command.add(main);
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    private static String classPath(Predicate<String> isSparks) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> isSparks.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
