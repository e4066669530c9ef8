package dev.eightbells.localaws.emr;

import java.nio.file.Path;
import java.util.List;

/**
 * A step that is about to run.
 *
 * @param cluster the cluster's id
 * @param step the step's id
 * @param name the step's name
 * @param arguments what {@code command-runner.jar} is to run, e.g. {@code spark-submit} and its arguments
 * @param logs an existing folder of this step alone; its file {@code stderr} is read for what went wrong
 */
public record StepRun(String cluster, String step, String name, List<String> arguments, Path logs) {
    public StepRun {
        arguments = List.copyOf(arguments);
    }
}
