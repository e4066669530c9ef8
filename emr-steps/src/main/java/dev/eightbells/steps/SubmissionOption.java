package dev.eightbells.steps;

import dev.eightbells.Failure;
import picocli.CommandLine.Option;

/** The option by which a process that a compute service started says so. */
final class SubmissionOption {
    @Option(
            names = "--submission",
            paramLabel = "N",
            description = "Which submission of the batch this is; given by whoever submits.")
    private Integer number;

    boolean isGiven() {
        return number != null;
    }

    /**
     * What runs the steps of a batch for this submission.
     *
     * @throws Failure of kind INPUT when the number can be none
     */
    BatchRunner runner(Workplace workplace, PipelineOption.Context context) {
        if (number != null && number < 1) {
            throw Failure.input("Invalid --submission: " + number + ". Submissions are counted from 1.");
        }
        return new BatchRunner(workplace, number, context.watcher());
    }
}
