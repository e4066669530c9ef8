package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "sessionize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make sessions of one published batch.")
final class SessionizeCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Mixin
    private SubmissionOption submission;

    @Option(
            names = "--today",
            description = "Go by what the pipeline file says of sessions today, not by what it said when the batch was"
                    + " planned; for batches without sessions.")
    private boolean today;

    SessionizeCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Manifest manifest = batch.find(workplace).manifest();
            BatchRunner runner = submission.runner(workplace, context);
            BatchRunner.Outcome outcome =
                    today ? runner.sessionize(manifest, workplace.pipeline()) : runner.sessionize(manifest);
            String line = String.format(
                    Locale.ROOT,
                    "%-20s  sessions: %s",
                    manifest.batch(),
                    Counts.sentence(outcome.sessionized().sessions()));
            console.println(outcome.already() == BatchRunner.Already.DONE ? line + "  (already done)" : line);
            new Caring(workplace, console).after(manifest, Step.SESSIONIZE, outcome);
            return 0;
        }
    }
}
