package dev.eightbells.job;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What spark-submit is given for a batch. */
final class SparkCommand {
    /** The step that does all steps of a batch in one application. */
    static final String RUN = "run";

    private static final String MAIN_CLASS = "dev.eightbells.steps.Main";

    // What no shell, and nothing that reads like one, takes apart.
    private static final Pattern PLAIN = Pattern.compile("[^\\s\"'`\\\\$]*");

    private SparkCommand() {}

    /** The command of a step on an EMR cluster; the settings hold {@link SparkSettings#JARS}. */
    static List<String> command(JobRequest request, String step, Map<String, String> settings) {
        List<String> command =
                new ArrayList<>(List.of("spark-submit", "--deploy-mode", "cluster", "--class", MAIN_CLASS));
        settings.forEach((key, value) -> {
            // Spark heeds the option --jars, and not the setting beside it.
            if (!key.equals(SparkSettings.JARS)) {
                command.addAll(List.of("--conf", key + "=" + value));
            }
        });
        command.addAll(List.of("--jars", settings.get(SparkSettings.JARS), request.jar()));
        command.addAll(arguments(request, step));
        return command;
    }

    /** The arguments of our own main method. */
    static List<String> arguments(JobRequest request, String step) {
        return List.of(
                step,
                "--pipeline",
                request.definition(),
                "--batch",
                request.batch().toString(),
                "--submission",
                Integer.toString(request.submission()));
    }

    /** The options of a job run, as one line. */
    static String options(Map<String, String> settings) {
        return settings.entrySet().stream()
                .filter(SparkCommand::isPlain)
                .map(setting -> " --conf " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("", "--class " + MAIN_CLASS, ""));
    }

    /** The settings that cannot stand in one line with others, because they hold blanks, quotes or the like. */
    static Map<String, String> besideOptions(Map<String, String> settings) {
        Map<String, String> others = new TreeMap<>(settings);
        others.entrySet().removeIf(SparkCommand::isPlain);
        return others;
    }

    /**
     * Holds a text, or some of them together, to a service's limit.
     *
     * @throws Failure of kind INPUT when it is longer
     */
    static void check(JobRequest request, String what, long length, int most) {
        if (length > most) {
            throw Failure.input("Cannot send " + request.name() + ": its " + what + " takes " + length
                    + " characters, and the service takes " + most
                    + ". Shorten compute.spark, compute.jar or the lake's location.");
        }
    }

    private static boolean isPlain(Map.Entry<String, String> setting) {
        return PLAIN.matcher(setting.getKey() + setting.getValue()).matches();
    }
}
