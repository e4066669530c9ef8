package dev.eightbells.steps;

import dev.eightbells.batch.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show what a run would do; changes nothing.")
final class PlanCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private WindowOption window;

    @Option(names = "--json", description = "Print the plan as JSON, a new batch's with the names of its manifest.")
    private boolean json;

    PlanCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Plan plan = workplace.planning().preview(window.at(context.clock()), window.from());
            console.println(json ? plan.json() : plan.sentence());
            return 0;
        }
    }
}
