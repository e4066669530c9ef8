package dev.eightbells.steps;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.session.SessionShape;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option that all commands over a pipeline share. */
public final class PipelineOption {
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
    public record Context(Map<String, String> environment, Clock clock, Session session, Consumer<StepEnd> watcher) {
        /** For a person, who watches no steps. */
        public static Context of(Map<String, String> environment, Clock clock, Session session) {
            return new Context(environment, clock, session, end -> {});
        }

        /** What runs the steps of a batch for a person. */
        BatchRunner runner(Workplace workplace) {
            return new BatchRunner(workplace, null, watcher);
        }
    }

    /**
     * Reads the pipeline file, with its SQL and its rules looked at.
     *
     * @throws dev.eightbells.Failure of kind INPUT with all that is wrong with it
     */
    public Pipeline load(Context context) {
        return PipelineFile.load(file, context.environment(), SessionShape::problems, RulesText::problems);
    }

    Workplace open(Context context) {
        return Workplace.open(load(context), context.environment(), context.clock(), context.session()::spark);
    }
}
