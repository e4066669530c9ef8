package dev.eightbells.steps;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "care",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Make few large files of many small ones, forget old snapshots and files that nobody refers to, and"
                        + " delete what is older than the pipeline file's retention.")
final class CareCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(names = "--dry-run", description = "Show what would be done; changes nothing.")
    private boolean dry;

    CareCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Caring caring = new Caring(workplace, console);
            if (dry) {
                caring.show();
            } else {
                caring.now();
            }
            return 0;
        }
    }
}
