package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Plan;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.table.EventsTable;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Patience;
import java.time.Duration;
import java.util.List;
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
    /** Whoever asks for a plan does not wait for the end of a load, which locks the ledger. */
    private static final Patience ONCE =
            new Patience(1, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(15), Duration.ofSeconds(15));

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
            if (!json) {
                tellTables(workplace);
            }
            if (!json && workplace.pipeline().warehouse() != null) {
                tellLoad(workplace);
            }
            return 0;
        }
    }

    /** What becomes of the tables at the next batch, if anything does. Without a catalog that answers a plan is one, too. */
    private void tellTables(Workplace workplace) {
        if (workplace.ledger().newestNumber() == 0) {
            return;
        }
        try {
            EventsTable.foreseen(workplace.catalog(), workplace.pipeline())
                    .ifPresent(
                            foreseen -> tellTable(workplace.pipeline().table().name(), foreseen));
            if (workplace.pipeline().sessions() != null) {
                tell(
                        "The sessions in " + workplace.pipeline().sessions().name()
                                + " would change at the next batch:",
                        Sessionizer.foreseen(workplace.catalog(), workplace.pipeline()));
            }
        } catch (RuntimeException thrown) {
            Failure failure = Failures.of("the plan", thrown);
            if (failure.kind() == Failure.Kind.BUG) {
                throw thrown;
            }
            console.println(
                    failure.kind() == Failure.Kind.INPUT
                            ? "No batch would be planned: " + failure.getMessage()
                            : "The tables cannot be asked: " + failure.getMessage());
        }
    }

    private void tellTable(TableName table, EventsTable.Foreseen foreseen) {
        tell("The table " + table + " would change at the next batch:", foreseen.changes());
        tell("The table " + table + " cannot be used under this file, and no batch is planned:", foreseen.refusals());
        foreseen.remarks().forEach(console::println);
    }

    private void tell(String heading, List<String> clauses) {
        if (!clauses.isEmpty()) {
            console.println(heading);
            clauses.forEach(clause -> console.println("  " + clause));
        }
    }

    /** What is out of the ordinary in the load of what is published. Without a warehouse that answers a plan is one, too. */
    private void tellLoad(Workplace workplace) {
        if (workplace.ledger().newestNumber() == 0) {
            return;
        }
        try {
            LoadText.unusual(workplace.loader(ONCE).preview(LoadRequest.WHAT_IS_NEW))
                    .forEach(console::println);
        } catch (Failure failure) {
            console.println("The warehouse cannot be asked: " + failure.getMessage());
        }
    }
}
