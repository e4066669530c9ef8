package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Judge one converted batch by its rules, and publish it or stop it.")
final class ValidateCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Mixin
    private SubmissionOption submission;

    ValidateCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Manifest manifest = batch.find(workplace).manifest();
            BatchRunner.Outcome outcome = submission.runner(workplace, context).validate(manifest);
            console.println(Run.line(manifest, outcome));
            FailedRules.tell(workplace, console, outcome);
            new Caring(workplace, console).after(manifest, Step.VALIDATE, outcome);
            return 0;
        }
    }
}
