package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emr.model.StepConfig;

class SparkCommandTest {
    private static final int LONGEST_KEY = 1024;
    private static final int LONGEST_BUCKET = 63;

    @Test
    void theLongestNamesThereAreFitAStep() {
        JobRequest longest = new JobRequest(
                "p".repeat(63),
                BatchId.parse("20261122T0800Z-r999999999"),
                Integer.MAX_VALUE,
                "j-" + "1".repeat(14),
                Instant.EPOCH,
                location("yaml"),
                location("jar"),
                Fixtures.ALL_STEPS,
                Long.MAX_VALUE);
        Map<String, String> settings = SparkSettings.onYarn(Sizing.of(longest.bytes()), Map.of());

        assertThat(EmrSteps.each(longest, settings)).allSatisfy(step -> {
            assertThat(length(step)).isLessThan(10_240 / 2);
            assertThat(step.name().length()).isLessThanOrEqualTo(256);
        });
    }

    @Test
    void refusesSettingsThatDoNotFitAStep() {
        Map<String, String> settings = SparkSettings.onYarn(Sizing.of(1), Map.of("spark.long", "x".repeat(10_000)));

        assertThatThrownBy(() -> EmrSteps.each(Fixtures.request("j-1"), settings))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessageMatching(
                        "Cannot send eightbells web-events 20261122T0800Z #1: its step convert takes 10[0-9]{3}"
                                + " characters, and the service takes 10240\\. Shorten compute\\.spark, compute\\.jar or the lake's"
                                + " location\\.");
    }

    @Test
    void theSettingsOfThePipelineFileBeatThoseOfTheSize() {
        Map<String, String> chosen = Map.of("spark.executor.memory", "20g", "spark.app.name", "mine");

        assertThat(SparkSettings.onServerless(Sizing.of(1), chosen))
                .containsAllEntriesOf(chosen)
                .containsEntry("spark.executor.cores", "4");
        assertThat(SparkSettings.onEks(Sizing.of(1), chosen)).containsAllEntriesOf(chosen);
        assertThat(SparkSettings.onYarn(Sizing.of(1), chosen)).containsAllEntriesOf(chosen);
    }

    @Test
    void theJarsOfThePipelineFileComeAfterIcebergs() {
        String iceberg = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar";
        Map<String, String> chosen = Map.of("spark.jars", "s3://b/own.jar,s3://b/other.jar");

        assertThat(SparkSettings.onServerless(Sizing.of(1), chosen))
                .containsEntry("spark.jars", iceberg + ",s3://b/own.jar,s3://b/other.jar");
        assertThat(SparkSettings.onEks(Sizing.of(1), chosen))
                .containsEntry("spark.jars", "local://" + iceberg + ",s3://b/own.jar,s3://b/other.jar");
        assertThat(SparkCommand.command(
                        Fixtures.request("j-1"), SparkCommand.RUN, SparkSettings.onYarn(Sizing.of(1), chosen)))
                .containsSequence("--jars", iceberg + ",s3://b/own.jar,s3://b/other.jar")
                .noneMatch(argument -> argument.startsWith("spark.jars="));
    }

    @Test
    void whatOneLineCannotHoldStandsBesideIt() {
        Map<String, String> settings = Map.of("spark.a", "plain", "spark.b", "-Xss4m -Dx=\"y\"", "spark.c", "$HOME");

        assertThat(SparkCommand.options(settings)).isEqualTo("--class dev.eightbells.steps.Main --conf spark.a=plain");
        assertThat(SparkCommand.besideOptions(settings))
                .isEqualTo(Map.of("spark.b", "-Xss4m -Dx=\"y\"", "spark.c", "$HOME"));
    }

    private static String location(String extension) {
        String end = "/definitions/" + "0".repeat(64) + "." + extension;
        return "s3://" + "b".repeat(LONGEST_BUCKET) + "/" + "k".repeat(LONGEST_KEY - end.length()) + end;
    }

    private static int length(StepConfig step) {
        return step.hadoopJarStep().jar().length()
                + step.hadoopJarStep().args().stream().mapToInt(String::length).sum();
    }
}
