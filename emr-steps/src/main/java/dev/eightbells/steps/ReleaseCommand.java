package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Judge a stopped batch again by the rules that the pipeline file has now, and publish it if it passes.")
final class ReleaseCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Option(names = "--accept", description = "Publish it as it is, without judging it.")
    private boolean accepting;

    ReleaseCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Manifest manifest = batch.find(workplace).manifest();
            BatchRunner.Outcome outcome =
                    context.runner(workplace).release(manifest, accepting ? Judging.NO_RULES : Judging.TODAYS_RULES);
            console.println(Run.line(manifest, outcome));
            FailedRules.tell(workplace, console, outcome);
            LoadText.tellReloads(console, outcome.loads());
            return 0;
        }
    }
}
