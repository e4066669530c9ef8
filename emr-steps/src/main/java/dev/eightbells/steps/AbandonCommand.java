package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Abandoned;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.LeaseTerms;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Owner;
import dev.eightbells.table.EventsTable;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "abandon",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "End a batch that is not to be published.")
final class AbandonCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Mixin
    private BatchOption batch;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for those who look later.")
    private String reason;

    @Option(
            names = "--return",
            description = "Free the batch's objects for the next plan; a replay's records are free without it.")
    private boolean returning;

    AbandonCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (reason.isBlank()) {
            throw Failure.input("Invalid --reason: it is blank. Say why, for those who look later.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            BatchState state = batch.find(workplace);
            Manifest manifest = state.manifest();
            Markers markers = workplace.ledger().markers(manifest.batch());
            if (markers.abandoned().isEmpty()) {
                abandon(workplace, manifest, markers);
            }
            Abandoned holding = markers.abandoned().orElseThrow();
            if (manifest.isReplay()) {
                int records = manifest.records().size();
                console.println("Abandoned batch " + manifest.batch() + " (" + holding.reason() + "); its "
                        + (records == 1 ? "1 record is" : records + " records are")
                        + " free for another replay of batch "
                        + manifest.replayOf() + ".");
                return 0;
            }
            if (returning && !holding.returned()) {
                throw Failure.input(
                        "Cannot return the objects of batch " + manifest.batch()
                                + ": it was abandoned without --return before. Copy its objects to new keys to have them read.");
            }
            int objects = manifest.objects().size();
            console.println("Abandoned batch " + manifest.batch() + " (" + holding.reason() + "); its "
                    + (objects == 1 ? "1 object is " : objects + " objects are ")
                    + (holding.returned() ? "free for the next plan." : "not read again."));
            return 0;
        }
    }

    /** Under the batch's lease, so that nobody publishes it at the same moment. */
    private void abandon(Workplace workplace, Manifest manifest, Markers markers) {
        refusePublished(manifest, markers.published().isPresent());
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTerms.standard(context.clock()))) {
            try {
                String batchName = manifest.batch().toString();
                Optional<EventsTable> table = EventsTable.open(workplace.catalog(), workplace.definitionOf(manifest));
                refusePublished(
                        manifest,
                        markers.published().isPresent()
                                || table.flatMap(events -> events.published(batchName))
                                        .isPresent());
                lease.check();
                Instant now = context.clock().instant();
                markers.write(
                        returning && !manifest.isReplay()
                                ? Abandoned.returning(manifest, now, reason)
                                : Abandoned.of(manifest, now, reason));
                table.ifPresent(events -> events.letGo(batchName));
                workplace.ledger().deleteDuplicates(manifest.batch());
                lease.succeed(null, "Abandoned: " + reason);
            } catch (Throwable thrown) {
                Failure failure = Failures.of("batch " + manifest.batch(), thrown);
                lease.fail(null, failure.kind(), failure.getMessage());
                throw failure;
            }
        }
    }

    private static void refusePublished(Manifest manifest, boolean published) {
        if (published) {
            throw Failure.input("Cannot abandon batch " + manifest.batch()
                    + ": it is published, and readers may have used it. Leave it, or mend its rows in the table.");
        }
    }
}
