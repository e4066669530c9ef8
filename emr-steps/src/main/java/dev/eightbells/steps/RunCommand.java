package dev.eightbells.steps;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Finish open batches, then plan and run what is new, here.")
final class RunCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private WindowOption window;

    RunCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Run run = new Run(workplace, console);
            run.now(window.at(context.clock()), window.from());
            return 0;
        }
    }
}
