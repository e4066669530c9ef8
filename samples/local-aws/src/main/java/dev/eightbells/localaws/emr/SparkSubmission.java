package dev.eightbells.localaws.emr;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A step's command as {@code spark-submit} reads it, without what only a cluster has: where the driver runs, and the sizes
 * of machines. What an image has below {@code /usr/} lies elsewhere here, or is left out.
 *
 * @param options what is kept of them, each followed by its value where it takes one
 * @param application the jar
 * @param arguments the application's own
 */
record SparkSubmission(List<String> options, String application, List<String> arguments) {
    private static final String OF_AN_IMAGE = "/usr/";
    private static final String SPARK_SUBMIT = "spark-submit";
    private static final Set<String> WITHOUT_VALUE = Set.of("--verbose", "-v", "--supervise");
    private static final Set<String> OF_CLUSTERS = Set.of(
            "--master",
            "--deploy-mode",
            "--driver-memory",
            "--driver-cores",
            "--executor-memory",
            "--executor-cores",
            "--total-executor-cores",
            "--num-executors",
            "--queue",
            "--supervise");
    private static final List<String> SETTINGS_OF_CLUSTERS = List.of(
            "spark.master",
            "spark.submit.deployMode",
            "spark.driver.memory",
            "spark.driver.cores",
            "spark.executor.",
            "spark.dynamicAllocation.",
            "spark.yarn.",
            "spark.eventLog.");

    SparkSubmission {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads what {@code command-runner.jar} is to run.
     *
     * @param files where the files of an image lie here, by their paths there
     * @throws IllegalArgumentException when that is not spark-submit with an application
     */
    static SparkSubmission parse(List<String> words, Map<String, Path> files) {
        if (words.isEmpty() || !words.get(0).replaceFirst(".*/", "").equals(SPARK_SUBMIT)) {
            throw new IllegalArgumentException(
                    "Cannot run " + String.join(" ", words) + ": only spark-submit is here. Begin with it.");
        }
        List<String> kept = new ArrayList<>();
        int at = 1;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String option = words.get(at).replaceFirst("=.*", "");
            if (WITHOUT_VALUE.contains(option)) {
                keep(kept, files, option, null);
                at++;
            } else if (option.length() < words.get(at).length()) {
                keep(kept, files, option, words.get(at).substring(option.length() + 1));
                at++;
            } else {
                keep(kept, files, option, at + 1 < words.size() ? words.get(at + 1) : "");
                at += 2;
            }
        }
        if (at >= words.size()) {
            throw new IllegalArgumentException("Cannot run " + String.join(" ", words)
                    + ": it names no application. Name a jar after the options.");
        }
        return new SparkSubmission(kept, words.get(at), words.subList(at + 1, words.size()));
    }

    private static void keep(List<String> kept, Map<String, Path> files, String option, String value) {
        if (OF_CLUSTERS.contains(option)
                || (option.equals("--conf") && SETTINGS_OF_CLUSTERS.stream().anyMatch(value::startsWith))) {
            return;
        }
        if (option.equals("--jars")) {
            String jars = Arrays.stream(value.split(",", -1))
                    .map(jar -> files.containsKey(jar) ? files.get(jar).toString() : jar)
                    .filter(jar -> !jar.startsWith(OF_AN_IMAGE))
                    .collect(Collectors.joining(","));
            if (!jars.isEmpty()) {
                kept.addAll(List.of(option, jars));
            }
            return;
        }
        kept.add(option);
        if (value != null) {
            kept.add(value);
        }
    }
}
