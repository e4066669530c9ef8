package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.ReplayPlan;
import dev.eightbells.batch.Replays;
import dev.eightbells.store.Location;
import dev.eightbells.table.Turn;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Try the records in the quarantine of a published batch again, under today's pipeline file.")
final class ReplayCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Option(names = "--reason", paramLabel = "CODE", description = "Only those with this reason; by default all.")
    private String reason;

    ReplayCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Workplace workplace = pipeline.open(context)) {
            ReplayPlan plan = claim(workplace, batch.find(workplace), reason);
            console.println(plan.sentence());
            if (plan instanceof ReplayPlan.NewBatch replay) {
                new Run(workplace, console, context.runner(workplace)).one(replay.manifest());
            }
            return 0;
        }
    }

    /**
     * Claims a batch's rejected records for a replay, without running it.
     *
     * @param reason takes only those with this reason; null takes all
     * @throws Failure of kind INPUT when the batch is not published, or today's pipeline file reads other objects
     */
    static ReplayPlan claim(Workplace workplace, BatchState state, String reason) {
        Replays.requirePublished(state);
        requireSameSource(workplace, state.manifest());
        new QuarantinedRecords(workplace).expired(state.manifest()).ifPresent(sentence -> {
            throw Failure.input("Cannot replay batch " + state.batch() + ": " + sentence
                    + " Its raw objects are in no other batch; deliver them again under other keys.");
        });
        Replays.Quarantine quarantine =
                hears -> new QuarantinedRecords(workplace).rejected(state.manifest(), record -> {
                    if (reason == null || reason.equals(record.reason())) {
                        hears.accept(new Replays.Rejected(record.key(), record.offset(), record.length()));
                    }
                    return true;
                });
        return workplace
                .replays()
                .claim(state, quarantine, () -> workplace.requireFit(workplace.pipeline(), Turn.NEXT));
    }

    /** The keys of a manifest are relative to the source. */
    private static void requireSameSource(Workplace workplace, Manifest manifest) {
        Location then = workplace.definitionOf(manifest).source().location();
        Location now = workplace.pipeline().source().location();
        if (!then.equals(now)) {
            throw Failure.input("Cannot replay batch " + manifest.batch() + ": its objects lie in " + then
                    + ", and the pipeline file's source.location is " + now
                    + ". Name the former in the file that you replay it with.");
        }
    }
}
