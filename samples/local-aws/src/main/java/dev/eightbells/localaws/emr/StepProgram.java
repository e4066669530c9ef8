package dev.eightbells.localaws.emr;

/** What the steps of a {@link LocalEmr} run. Called by many threads, once for each step. */
@FunctionalInterface
public interface StepProgram {

    /**
     * Runs a step to its end.
     *
     * @return the exit code; the step has completed when it is 0, and has failed otherwise
     * @throws InterruptedException when the step was cancelled or interrupted, or its cluster is gone; whatever was started
     *     is gone too
     * @throws Exception as a main method throws: the step has failed, and says so
     */
    int run(StepRun run) throws Exception;
}
