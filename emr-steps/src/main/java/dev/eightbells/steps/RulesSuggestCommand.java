package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Batches;
import dev.eightbells.batch.Published;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.quality.RuleSuggestions;
import dev.eightbells.quality.Surroundings.Samples;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "suggest",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print a rules file to start from: rules that hold for the rows of a published batch.")
final class RulesSuggestCommand implements Callable<Integer> {
    /** How many of the newest batches are looked at first; any number is right. */
    private static final int NEWEST = 16;

    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(
            names = "--batch",
            paramLabel = "ID",
            description = "The batch whose rows are looked at; by default the newest published one that has rows.")
    private String batch;

    RulesSuggestCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            Published published = batch == null ? newest(workplace) : named(workplace);
            console.err().println("Looking at the rows of batch " + published.batch() + ".");
            RuleSuggestions suggestions = suggestions(workplace, published);
            suggestions.notes().forEach(console.err()::println);
            console.out().print(suggestions.text());
            console.out().flush();
            return 0;
        }
    }

    private static RuleSuggestions suggestions(Workplace workplace, Published published) {
        Pipeline pipeline = workplace.pipeline();
        EventsTable events = EventsTable.open(workplace.catalog(), pipeline)
                .orElseThrow(() -> Failure.data("Cannot suggest rules from batch " + published.batch() + ": the table "
                        + pipeline.table().name() + " is gone. Restore it."));
        try (ScannedFiles files =
                ScannedFiles.of(workplace.spark(), events.table(), events.scanOf(published.snapshot()))) {
            return RuleSuggestions.of(
                    withoutRescue(
                            events.columns().of(files.rows(), events.table().schema()), pipeline),
                    "batch " + published.batch() + " of pipeline " + pipeline.name(),
                    pipeline.quality() == null || pipeline.quality().sampleValues() ? Samples.SHOWN : Samples.HIDDEN);
        }
    }

    /** What no column takes is kept there, and nothing can be asked of it. */
    private static Dataset<Row> withoutRescue(Dataset<Row> rows, Pipeline pipeline) {
        return pipeline.table().rescue() == null
                ? rows
                : rows.drop(pipeline.table().rescue());
    }

    private Published named(Workplace workplace) {
        BatchState state = BatchOption.find(workplace, batch);
        Published published = workplace
                .ledger()
                .markers(state.batch())
                .published()
                .orElseThrow(() -> Failure.input("Cannot suggest rules from batch " + batch + ": it is "
                        + state.state().text() + ", and only published rows are looked at."
                        + " Finish it with eightbells run, or name another."));
        if (!hasRows(published)) {
            throw Failure.input("Cannot suggest rules from batch " + batch
                    + ": it has no rows. Name another; without --batch the newest with rows is taken.");
        }
        return published;
    }

    private static Published newest(Workplace workplace) {
        Batches batches = workplace.ledger().batches();
        int looked = 0;
        for (int limit = NEWEST; looked < batches.size(); limit *= 2) {
            List<BatchState> newest = batches.newest(limit);
            for (int i = newest.size() - 1 - looked; i >= 0; i--) {
                Optional<Published> published = newest.get(i).isPublished()
                        ? workplace.ledger().markers(newest.get(i).batch()).published()
                        : Optional.empty();
                if (published.filter(RulesSuggestCommand::hasRows).isPresent()) {
                    return published.get();
                }
            }
            looked = newest.size();
        }
        throw Failure.input("Cannot suggest rules for pipeline "
                + workplace.pipeline().name() + ": no batch with rows is published in "
                + workplace.pipeline().lake()
                + " yet. Run the pipeline first: eightbells run --pipeline FILE.");
    }

    private static boolean hasRows(Published published) {
        return !published.files().isEmpty();
    }
}
