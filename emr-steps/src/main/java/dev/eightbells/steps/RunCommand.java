package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Finish open batches, then plan and run what is new, here; or all steps of one batch.")
final class RunCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private WindowOption window;

    @Option(names = "--batch", paramLabel = "ID", description = "Do all steps of this batch, and nothing else.")
    private String batch;

    @Mixin
    private SubmissionOption submission;

    RunCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (batch != null && window.isGiven()) {
            throw Failure.input("Invalid arguments: --batch runs a batch that there is, and --at and --from plan new"
                    + " ones. Give one or the other.");
        }
        if (submission.isGiven() && batch == null) {
            throw Failure.input("Invalid arguments: --submission goes with --batch. Give both, or none.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            Run run = new Run(workplace, console, submission.runner(workplace, context));
            if (batch == null) {
                run.now(window.at(context.clock()), window.from());
            } else {
                run.one(BatchOption.find(workplace, batch).manifest());
            }
            return 0;
        }
    }
}
