package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.IcebergBuild;
import scala.util.Properties;

/**
 * What the image of a cluster brings, and the steps' jar does not.
 *
 * @param spark its version, e.g. {@code 3.5.6-amzn-2}; null when there is no Spark
 * @param scala the version of Scala's library; null when there is none
 * @param iceberg the version of Iceberg's runtime; null when there is none on the class path
 * @param java the feature release, e.g. 17
 */
record Platform(String spark, String scala, String iceberg, int java) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");
    private static final int OLDEST_ICEBERG = 10;
    private static final int OLDEST_JAVA = 17;
    private static final int NEWEST_JAVA = 23;

    private static final String RELEASES = "Use an EMR release that brings it: emr-7.13.0 or emr-7.14.0.";

    /** What this process runs on. */
    static Platform found() {
        // No method references: their classes are looked for before anybody can catch that they are missing.
        return new Platform(
                version(() -> org.apache.spark.package$.MODULE$.SPARK_VERSION()),
                version(() -> Properties.versionNumberString()),
                version(() -> IcebergBuild.version()),
                Runtime.version().feature());
    }

    /** Null when what tells the version is not there. */
    private static String version(Supplier<String> told) {
        try {
            return told.get();
        } catch (LinkageError absent) {
            return null;
        }
    }

    /**
     * Looks whether the steps can run here. Much of what does not fit would come out late, and as an error of some class.
     *
     * @throws Failure of kind INPUT when they cannot
     */
    void require() {
        if (spark == null) {
            throw misfit("there is no Spark on the class path", "Spark 3.5", "Start it with spark-submit.");
        }
        if (!spark.matches("3\\.5(\\D.*)?")) {
            throw misfit("Spark is " + spark, "3.5", RELEASES);
        }
        if (scala == null || !scala.matches("2\\.12(\\D.*)?")) {
            throw misfit("Scala is " + scala, "2.12", RELEASES);
        }
        if (iceberg == null) {
            throw misfit(
                    "there is no Iceberg on the class path",
                    "its runtime for Spark 3.5",
                    "Name it with --jars, on EMR: --jars /usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar.");
        }
        Matcher version = VERSION.matcher(iceberg);
        if (!version.matches()
                || Integer.parseInt(version.group(1)) != 1
                || Integer.parseInt(version.group(2)) < OLDEST_ICEBERG) {
            throw misfit("Iceberg is " + iceberg, "1.10 or a newer 1.x", RELEASES);
        }
        if (java < OLDEST_JAVA || java > NEWEST_JAVA) {
            throw misfit("Java is " + java, OLDEST_JAVA + " to " + NEWEST_JAVA, "Point JAVA_HOME at a JDK 17.");
        }
    }

    private static Failure misfit(String found, String needed, String remedy) {
        return Failure.input("Cannot run here: " + found + ", and Eightbells needs " + needed + ". " + remedy);
    }
}
