package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Plan;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.table.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Brings a pipeline up to date: first the batches that are open, oldest first, then what is new. */
public final class Run {
    private final Workplace workplace;
    private final Console console;
    private final BatchRunner runner;
    private boolean isCareDue;

    public Run(Workplace workplace, Console console) {
        this(workplace, console, new BatchRunner(workplace));
    }

    Run(Workplace workplace, Console console, BatchRunner runner) {
        this.workplace = workplace;
        this.console = console;
        this.runner = runner;
    }

    /**
     * Runs.
     *
     * @param at works for the newest window that ended at or before this
     * @param from reaches back to this instant; null means as usual
     * @return the batches that were run, in their order
     * @throws Failure the first one that a batch ended with, after the others were run; a batch that was stopped before
     *     ends with its failure again, until somebody decides on it
     */
    public List<BatchRunner.Outcome> now(Instant at, Instant from) {
        List<BatchRunner.Outcome> outcomes = new java.util.ArrayList<>();
        Failure first = null;
        for (BatchState open : workplace
                .ledger()
                .batches()
                .open(
                        Step.of(workplace.pipeline()),
                        definition -> Step.of(workplace.definition(definition), workplace.pipeline()))) {
            first = run(workplace.ledger().existingManifest(open.manifest().number()), outcomes, first);
        }
        boolean more = true;
        while (more) {
            Optional<Manifest> manifest =
                    workplace.planning().claim(at, from, () -> workplace.requireFit(workplace.pipeline(), Turn.NEXT));
            if (manifest.isPresent()) {
                first = run(manifest.get(), outcomes, first);
            }
            more = manifest.isPresent() && manifest.get().left().objects() > 0;
        }
        if (!outcomes.isEmpty() || first != null) {
            report();
        }
        takeCare();
        first = tellStopped(first);
        if (first != null) {
            throw first;
        }
        if (outcomes.isEmpty()) {
            Plan plan = workplace.planning().preview(at, from);
            console.println(plan.sentence());
        }
        return outcomes;
    }

    /**
     * Runs one batch that exists, as {@link #now} does.
     *
     * @throws Failure that the batch ended with
     */
    void one(Manifest manifest) {
        Failure failure = run(manifest, new java.util.ArrayList<>(), null);
        report();
        takeCare();
        if (failure != null) {
            throw failure;
        }
    }

    private Failure tellStopped(Failure first) {
        Failure told = first;
        for (Stopped stopped : workplace.ledger().batches().stopped()) {
            if (told == null) {
                told = Failure.data(stopped.sentence());
            } else if (!stopped.sentence().equals(told.getMessage())) {
                console.err().println("eightbells: " + stopped.sentence());
            }
        }
        return told;
    }

    /** The page only tells what happened; that it cannot be written changes nothing of it. */
    private void report() {
        try {
            Report.write(workplace);
        } catch (Failure failure) {
            console.err().println("eightbells: " + failure.getMessage());
        }
    }

    /** Once all batches are done, which need not wait for it. */
    private void takeCare() {
        if (isCareDue) {
            new Caring(workplace, console).inPassing();
        }
    }

    /** A batch that fails does not keep the next one from running; the first failure is the run's. */
    private Failure run(Manifest manifest, List<BatchRunner.Outcome> outcomes, Failure first) {
        try {
            BatchRunner.Outcome outcome = withProgress(manifest);
            outcomes.add(outcome);
            isCareDue |= outcome.already() == BatchRunner.Already.NOT_DONE
                    && workplace.pipeline().care().isDueAfter(manifest.number());
            console.println(line(manifest, outcome));
            FailedRules.tell(workplace, console, outcome);
            tellNote(outcome);
            LoadText.tellReloads(console, outcome.loads());
            return first;
        } catch (Failure failure) {
            if (first == null) {
                return failure;
            }
            console.err().println("eightbells: " + failure.getMessage());
            return first;
        }
    }

    private void tellNote(BatchRunner.Outcome outcome) {
        if (outcome.sessionized() != null && outcome.sessionized().sessions().note() != null) {
            console.err()
                    .println("eightbells: " + outcome.sessionized().sessions().note());
        }
    }

    /** What became of a batch, in one line. */
    public static String line(Manifest manifest, BatchRunner.Outcome outcome) {
        String line = String.format(Locale.ROOT, "%-20s  %s", manifest.batch(), Counts.sentence(outcome));
        return outcome.already() == BatchRunner.Already.DONE ? line + "  (already done)" : line;
    }

    private BatchRunner.Outcome withProgress(Manifest manifest) {
        try (ProgressLine progress = ProgressLine.start(workplace, console, manifest)) {
            progress.show();
            return runner.run(manifest);
        }
    }
}
