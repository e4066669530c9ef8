package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Convert one batch, and publish it if there are no rules.")
final class ConvertCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Mixin
    private SubmissionOption submission;

    ConvertCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Manifest manifest = batch.find(workplace).manifest();
            BatchRunner.Outcome outcome = submission.runner(workplace, context).convert(manifest);
            console.println(Run.line(manifest, outcome));
            new Caring(workplace, console).after(manifest, Step.CONVERT, outcome);
            return 0;
        }
    }
}
