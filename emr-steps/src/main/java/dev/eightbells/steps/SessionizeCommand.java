package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    SessionizeCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Manifest manifest = batch.find(workplace).manifest();
            BatchRunner.Outcome outcome = new BatchRunner(workplace).sessionize(manifest);
            String line = String.format(
                    Locale.ROOT,
                    "%-20s  sessions: %s",
                    manifest.batch(),
                    Counts.sentence(outcome.sessionized().sessions()));
            console.println(outcome.already() == BatchRunner.Already.DONE ? line + "  (already done)" : line);
            return 0;
        }
    }
}
