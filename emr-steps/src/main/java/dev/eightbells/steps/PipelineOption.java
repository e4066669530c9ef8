package dev.eightbells.steps;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.session.SessionShape;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option that all commands over a pipeline share. */
final class PipelineOption {
    @Option(
            names = "--pipeline",
            required = true,
            paramLabel = "FILE",
            description = "The pipeline file, here or on S3.")
    private String file;

    /**
     * What the process gives to its commands.
     *
     * @param environment the variables that pipeline files, credentials and endpoints are resolved with
     * @param watcher told how each step of a batch ended
     */
    record Context(Map<String, String> environment, Clock clock, Session session, Consumer<StepEnd> watcher) {
        /** What runs the steps of a batch for a person. */
        BatchRunner runner(Workplace workplace) {
            return new BatchRunner(workplace, null, watcher);
        }
    }

    Pipeline load(Context context) {
        return PipelineFile.load(file, context.environment(), SessionShape::problems, RulesText::problems);
    }

    Workplace open(Context context) {
        return Workplace.open(load(context), context.environment(), context.clock(), context.session()::spark);
    }
}
