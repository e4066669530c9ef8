package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not fit is told before it comes out as an error of some class. */
class PlatformTest {
    private static final String RELEASES = " Use an EMR release that brings it: emr-7.13.0 or emr-7.14.0.";

    @Test
    void findsWhatTheBuildIsTestedWith() {
        Platform found = Platform.found();
        assertThat(found.spark()).startsWith("3.5.");
        assertThat(found.scala()).startsWith("2.12.");
        assertThat(found.iceberg()).startsWith("1.10.");
        assertThat(found.java()).isBetween(17, 23);
        assertThatCode(found::require).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "3.5.6-amzn-2, 2.12.18, 1.10.0-amzn-0, 17",
        "3.5.8-amzn-0, 2.12.18, 1.10.1, 21",
        "3.5.7,        2.12.20, 1.11.0, 17"
    })
    void fitsWhatEmrBrings(String spark, String scala, String iceberg, int java) {
        assertThatCode(new Platform(spark, scala, iceberg, java)::require).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4.1", "3.50.0", "4.0.2-amzn-0", "2.4.8"})
    void refusesAnotherSpark(String spark) {
        assertThatThrownBy(new Platform(spark, "2.12.18", "1.10.1", 17)::require)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot run here: Spark is " + spark + ", and Eightbells needs 3.5." + RELEASES)
                .extracting(failure -> ((Failure) failure).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }

    @Test
    void refusesAnotherScala() {
        assertThatThrownBy(new Platform("3.5.6", "2.13.8", "1.10.1", 17)::require)
                .hasMessage("Cannot run here: Scala is 2.13.8, and Eightbells needs 2.12." + RELEASES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.9.2", "1.1.0", "2.10.0", "unspecified"})
    void refusesAnotherIceberg(String iceberg) {
        assertThatThrownBy(new Platform("3.5.6", "2.12.18", iceberg, 17)::require)
                .hasMessage("Cannot run here: Iceberg is " + iceberg + ", and Eightbells needs 1.10 or a newer 1.x."
                        + RELEASES);
    }

    @Test
    void refusesAnImageWithoutIceberg() {
        assertThatThrownBy(new Platform("3.5.6", "2.12.18", null, 17)::require)
                .hasMessage("Cannot run here: there is no Iceberg on the class path, and Eightbells needs its runtime"
                        + " for Spark 3.5. Name it with --jars, on EMR:"
                        + " --jars /usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar.");
    }

    @Test
    void refusesToRunWithoutSpark() {
        assertThatThrownBy(new Platform(null, null, null, 17)::require)
                .hasMessage("Cannot run here: there is no Spark on the class path, and Eightbells needs Spark 3.5."
                        + " Start it with spark-submit.");
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 24})
    void refusesAnotherJava(int java) {
        assertThatThrownBy(new Platform("3.5.6", "2.12.18", "1.10.1", java)::require)
                .hasMessage("Cannot run here: Java is " + java
                        + ", and Eightbells needs 17 to 23. Point JAVA_HOME at a JDK 17.");
    }
}
