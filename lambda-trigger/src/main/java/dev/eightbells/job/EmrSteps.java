package dev.eightbells.job;

import dev.eightbells.batch.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.StepConfig;

/** The steps of a batch as EMR is asked to do them. */
final class EmrSteps {
    private static final String COMMAND_RUNNER = "command-runner.jar";

    // What the jar's name and the arguments of a step may take together.
    private static final int MOST_CHARACTERS = 10_240;

    private EmrSteps() {}

    /** A step for each of the batch's. Each fails at once when the one before it did, so none needs to stop the others. */
    static List<StepConfig> each(JobRequest request, Map<String, String> settings) {
        return request.steps().stream()
                .map(step -> step(request, step.text(), settings))
                .toList();
    }

    /** One step that does all of the batch's. */
    static List<StepConfig> one(JobRequest request, Map<String, String> settings) {
        return List.of(step(request, SparkCommand.RUN, settings));
    }

    /** The names that the steps of a batch may have, in their order. */
    static List<String> names(JobRequest request) {
        return Stream.concat(request.steps().stream().map(Step::text), Stream.of(SparkCommand.RUN))
                .map(step -> name(request, step))
                .toList();
    }

    private static StepConfig step(JobRequest request, String step, Map<String, String> settings) {
        List<String> command = SparkCommand.command(request, step, settings);
        long length = COMMAND_RUNNER.length()
                + command.stream().mapToLong(String::length).sum();
        SparkCommand.check(request, "step " + step, length, MOST_CHARACTERS);
        return StepConfig.builder()
                .name(name(request, step))
                .actionOnFailure(ActionOnFailure.CONTINUE)
                .hadoopJarStep(jar -> jar.jar(COMMAND_RUNNER).args(command))
                .build();
    }

    private static String name(JobRequest request, String step) {
        return request.name() + " " + step;
    }
}
