package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Step;
import dev.eightbells.warehouse.Finding;
import dev.eightbells.warehouse.LoadPreview;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Load into the warehouse what has been committed to the tables since the last load.")
final class LoadCommand implements Callable<Integer> {
    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption pipeline;

    @Option(
            names = "--batch",
            paramLabel = "ID",
            description =
                    "Do it as the step of this batch, and write its marker; everything else that is new is loaded,"
                            + " too.")
    private String batch;

    @Mixin
    private SubmissionOption submission;

    @Option(names = "--check", description = "Show what would be done, and what would make it fail; changes nothing.")
    private boolean checking;

    @Option(names = "--reload", description = "Load everything anew, in place of the rows that the warehouse has.")
    private boolean reloading;

    LoadCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (Stream.of(batch != null, checking, reloading)
                        .filter(isGiven -> isGiven)
                        .count()
                > 1) {
            throw Failure.input(
                    "Invalid arguments: --batch, --check and --reload exclude each other. Give one of them, or none.");
        }
        if (submission.isGiven() && batch == null) {
            throw Failure.input("Invalid arguments: --submission goes with --batch. Give both, or none.");
        }
        try (Workplace workplace = pipeline.open(context)) {
            workplace.requireWarehouse();
            if (checking) {
                check(workplace);
            } else if (batch != null) {
                loadBatch(workplace, BatchOption.find(workplace, batch).manifest());
            } else {
                load(workplace);
            }
            return 0;
        }
    }

    private void check(Workplace workplace) {
        LoadPreview preview = workplace.loader().preview(LoadRequest.WHAT_IS_NEW);
        preview.tables().forEach(table -> LoadText.of(table).forEach(console::println));
        if (!preview.findings().isEmpty()) {
            throw Finding.failure(workplace.pipeline().name(), preview.findings());
        }
        if (preview.tables().isEmpty()) {
            console.println(nothing(workplace));
        }
    }

    private void load(Workplace workplace) {
        List<Loaded> loads = workplace.loader().load(reloading ? LoadRequest.EVERYTHING : LoadRequest.WHAT_IS_NEW);
        loads.forEach(loaded -> console.println(LoadText.of(loaded)));
        if (loads.isEmpty()) {
            console.println(nothing(workplace));
        }
    }

    private void loadBatch(Workplace workplace, Manifest manifest) {
        BatchRunner.Outcome outcome = submission.runner(workplace, context).load(manifest);
        String line = String.format(
                Locale.ROOT,
                "%-20s  loaded: %s",
                manifest.batch(),
                Counts.sentence(outcome.loaded().load()));
        console.println(outcome.wasLoadedBefore() ? line + "  (already loaded)" : line);
        LoadText.tellReloads(console, outcome.loads());
        new Caring(workplace, console).after(manifest, Step.LOAD, outcome);
    }

    private static String nothing(Workplace workplace) {
        return "Nothing to load: there is no table "
                + workplace.pipeline().table().name() + " yet.";
    }
}
