package dev.eightbells.job;

import java.util.Map;
import java.util.TreeMap;

/** The settings that a batch's Spark application is started with. */
final class SparkSettings {
    /** The jars of an application beside its own, with commas between them: Iceberg's, then those that somebody chose. */
    static final String JARS = "spark.jars";

    private static final String ICEBERG = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar";

    private SparkSettings() {}

    /** For YARN, on an EMR cluster. */
    static Map<String, String> onYarn(Sizing sizing, Map<String, String> chosen) {
        Map<String, String> settings = sized(sizing);
        // A second driver would be a second try that nobody asked for, also of what failed for bad data.
        settings.put("spark.yarn.maxAppAttempts", "1");
        return withChosen(settings, ICEBERG, chosen);
    }

    /** For EMR Serverless. */
    static Map<String, String> onServerless(Sizing sizing, Map<String, String> chosen) {
        return withChosen(sized(sizing), ICEBERG, chosen);
    }

    /** For EMR on EKS. */
    static Map<String, String> onEks(Sizing sizing, Map<String, String> chosen) {
        Map<String, String> settings = sized(sizing);
        // Kubernetes has no shuffle service that would keep what an executor leaves behind.
        settings.put("spark.dynamicAllocation.shuffleTracking.enabled", "true");
        return withChosen(settings, "local://" + ICEBERG, chosen);
    }

    // Without Iceberg's jar no step works, so jars that somebody chose come after it, not in its place.
    private static Map<String, String> withChosen(
            Map<String, String> settings, String iceberg, Map<String, String> chosen) {
        settings.putAll(chosen);
        settings.merge(JARS, iceberg, (own, first) -> first + "," + own);
        return settings;
    }

    private static Map<String, String> sized(Sizing sizing) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("spark.dynamicAllocation.enabled", "true");
        settings.put("spark.dynamicAllocation.minExecutors", "1");
        settings.put("spark.dynamicAllocation.maxExecutors", Integer.toString(sizing.executors()));
        settings.put("spark.executor.cores", Integer.toString(sizing.executorCores()));
        settings.put("spark.executor.memory", sizing.executorMemory() + "g");
        settings.put("spark.driver.cores", Integer.toString(sizing.driverCores()));
        settings.put("spark.driver.memory", sizing.driverMemory() + "g");
        return settings;
    }
}
