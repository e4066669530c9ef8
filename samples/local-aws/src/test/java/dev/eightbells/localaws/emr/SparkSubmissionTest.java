package dev.eightbells.localaws.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SparkSubmissionTest {
    private static SparkSubmission parse(String command) {
        return SparkSubmission.parse(
                List.of(command.split(" ")), Map.of("/usr/share/aws/iceberg.jar", Path.of("/here/iceberg-1.10.jar")));
    }

    @Test
    void leavesOutWhatOnlyAClusterHas() {
        SparkSubmission submission = parse(
                "spark-submit --deploy-mode cluster --master=yarn --class demo.Main --verbose --num-executors 9"
                        + " --conf spark.executor.memory=9g --conf=spark.dynamicAllocation.maxExecutors=4"
                        + " --conf spark.sql.shuffle.partitions=7 --driver-memory 8g"
                        + " --jars /usr/share/aws/iceberg.jar,s3://code/more.jar,/usr/lib/none.jar s3://code/app.jar run --batch b --conf x");
        assertThat(submission.options())
                .containsExactly(
                        "--class",
                        "demo.Main",
                        "--verbose",
                        "--conf",
                        "spark.sql.shuffle.partitions=7",
                        "--jars",
                        "/here/iceberg-1.10.jar,s3://code/more.jar");
        assertThat(submission.application()).isEqualTo("s3://code/app.jar");
        assertThat(submission.arguments()).containsExactly("run", "--batch", "b", "--conf", "x");
    }

    @Test
    void leavesOutJarsThatAreNotHere() {
        assertThat(parse("/usr/bin/spark-submit --jars /usr/lib/none.jar app.jar")
                        .options())
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoSubmission() {
        assertThatThrownBy(() -> parse("hive-script --run"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot run hive-script --run: only spark-submit is here. Begin with it.");
        assertThatThrownBy(() -> parse("spark-submit --class demo.Main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot run spark-submit --class demo.Main: it names no application. Name a jar after the"
                        + " options.");
        assertThatThrownBy(() -> parse("spark-submit --class"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot run spark-submit --class: it names no application. Name a jar after the options.");
    }
}
