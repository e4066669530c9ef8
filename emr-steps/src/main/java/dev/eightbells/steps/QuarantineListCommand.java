package dev.eightbells.steps;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.TakenRecords;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Count the records in quarantine.")
final class QuarantineListCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(
            names = "--batch",
            paramLabel = "ID",
            description = "Only this batch; by default all but those that were abandoned.")
    private String batch;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "Count by reason, rule, column or object; by default by reason and column or rules. A record"
                    + " that failed several rules counts with each of them.")
    private String by;

    QuarantineListCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        QuarantineCounts counts = new QuarantineCounts(QuarantineCounts.By.parse(by));
        try (Workplace workplace = pipeline.open(context)) {
            if (batch == null) {
                count(workplace, counts);
            } else {
                BatchState state = BatchOption.find(workplace, batch);
                Optional<String> expired = new QuarantinedRecords(workplace).expired(state.manifest());
                expired.ifPresent(console::println);
                count(workplace, state, workplace.ledger().batches().takenFrom(state.manifest()), counts);
                if (expired.isPresent() && counts.isEmpty()) {
                    return 0;
                }
            }
            if (counts.isEmpty()) {
                console.println("No records in quarantine of "
                        + (batch == null ? "the lake " + workplace.pipeline().lake() : "batch " + batch) + ".");
            } else {
                counts.table().forEach(console::println);
            }
            return 0;
        }
    }

    private void count(Workplace workplace, BatchState state, TakenRecords taken, QuarantineCounts counts) {
        QuarantineCounts.Batch counting = counts.batch(state.batch());
        new QuarantinedRecords(workplace).lying(state.manifest(), taken, record -> {
            counting.add(record);
            return true;
        });
        counting.end();
    }

    /** Each record once: what an unpublished replay rejects still counts with the batch that it came from. */
    private void count(Workplace workplace, QuarantineCounts counts) {
        List<BatchState> all = workplace.ledger().batches().all();
        if (all.isEmpty()) {
            return;
        }
        Map<BatchId, List<BatchState>> replays = all.stream()
                .filter(state -> state.manifest().isReplay())
                .collect(Collectors.groupingBy(state -> state.manifest().replayOf()));
        Set<String> folders = folders(workplace.ledger().lake());
        all.stream()
                .filter(state -> folders.contains(state.batch().toString()))
                .filter(state -> state.state() != BatchState.State.ABANDONED)
                .filter(state -> state.isPublished() || !state.manifest().isReplay())
                .forEach(state -> count(workplace, state, taken(state, replays), counts));
    }

    private static TakenRecords taken(BatchState state, Map<BatchId, List<BatchState>> replays) {
        return TakenRecords.of(state.batch(), replays.getOrDefault(state.batch(), List.of()).stream());
    }

    /** The batches that have any file, so that the markers of the others need not be read. */
    static Set<String> folders(ObjectStore lake) {
        try (Stream<StoredObject> files = lake.list(LakeLayout.QUARANTINE, "")) {
            return files.map(file -> file.key().substring(LakeLayout.QUARANTINE.length()))
                    .map(rest -> rest.substring(0, Math.max(0, rest.indexOf('/'))))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }
}
