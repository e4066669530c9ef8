package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Abandoned;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.LeaseTerms;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Owner;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.warehouse.Loaded;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Runs the steps of a batch under a lease, and writes into the attempt how it ended. */
public final class BatchRunner {
    private final Workplace workplace;
    private final Integer submission;
    private final Consumer<StepEnd> watcher;

    public BatchRunner(Workplace workplace) {
        this(workplace, null, end -> {});
    }

    /**
     * @param submission the submission to a compute service that started this process; null when a person did
     * @param watcher told how each step ends that this process begins with; what earlier ones had done is not told again
     */
    public BatchRunner(Workplace workplace, Integer submission, Consumer<StepEnd> watcher) {
        this.workplace = workplace;
        this.submission = submission;
        this.watcher = watcher;
    }

    /**
     * What became of a batch.
     *
     * @param records where its records went, as far as it has come
     * @param validated what the rules say; null when it has none, or was not asked for them
     * @param published since when it is visible; null when it is not, because its rules have not been asked
     * @param sessionized what it did to the sessions; null when it was not asked to
     * @param loaded what of it is in the warehouse; null when it was not asked to load
     * @param loads what was done to each table of the warehouse now; empty when nothing was asked of it
     * @param already whether earlier runs had done all of it
     */
    public record Outcome(
            Marker.Records records,
            Marker validated,
            Published published,
            Marker sessionized,
            Marker loaded,
            List<Loaded> loads,
            Already already) {
        public Outcome {
            loads = List.copyOf(loads);
        }

        /** Whether it was asked to load, and found all of the batch in the warehouse. */
        boolean wasLoadedBefore() {
            return loaded != null
                    && Stream.of(loaded.load().events(), loaded.load().sessions())
                            .filter(Objects::nonNull)
                            .noneMatch(rows -> loads.stream()
                                    .anyMatch(load -> load.target().toString().equals(rows.target())
                                            && load.brought(rows.snapshot())));
        }
    }

    /** Whether a run found its work done. */
    public enum Already {
        DONE,
        NOT_DONE
    }

    /**
     * Converts a batch, judges it if it was planned with rules, and publishes it; then does all later steps that both its own
     * definition and today's pipeline file have. Or finds that this has been done.
     *
     * @throws Failure of kind DATA when the batch is stopped, CONFLICT when another process works on it, INPUT when it
     *     was abandoned
     */
    public Outcome run(Manifest manifest) {
        return watched(manifest, Step.CONVERT, watch -> run(manifest, Judging.ITS_OWN_RULES, watch));
    }

    private Outcome run(Manifest manifest, Judging judging, StepWatch watch) {
        Pipeline definition = workplace.definitionOf(manifest);
        return run(manifest, definition, Step.of(definition, workplace.pipeline()), judging, watch);
    }

    private Outcome watched(Manifest manifest, Step first, Function<StepWatch, Outcome> work) {
        StepWatch watch = new StepWatch(manifest, first, workplace.clock(), watcher);
        try {
            return work.apply(watch);
        } catch (RuntimeException thrown) {
            watch.failed(Failures.of("batch " + manifest.batch(), thrown));
            throw thrown;
        }
    }

    /**
     * Converts a batch, and publishes it when it was planned without rules, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does
     */
    public Outcome convert(Manifest manifest) {
        return watched(
                manifest,
                Step.CONVERT,
                watch -> run(
                        manifest,
                        workplace.definitionOf(manifest),
                        EnumSet.of(Step.CONVERT),
                        Judging.ITS_OWN_RULES,
                        watch));
    }

    /**
     * Judges a converted batch by the rules that it was planned with, and publishes it, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the batch has no rules or is not converted
     */
    Outcome validate(Manifest manifest) {
        return watched(manifest, Step.VALIDATE, watch -> validate(manifest, watch));
    }

    private Outcome validate(Manifest manifest, StepWatch watch) {
        Pipeline definition = workplace.definitionOf(manifest);
        if (definition.quality() == null) {
            throw Failure.input("Cannot validate batch " + manifest.batch()
                    + ": the pipeline file that it was planned under has no quality part, and convert publishes it.");
        }
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, Judging.ITS_OWN_RULES);
        if (markers.find(Step.CONVERT).isEmpty()) {
            throw Failure.input("Cannot validate batch " + manifest.batch() + ": it has no convert.json yet."
                    + " Run eightbells convert for it first.");
        }
        return run(manifest, definition, EnumSet.of(Step.CONVERT, Step.VALIDATE), Judging.ITS_OWN_RULES, watch);
    }

    /**
     * Publishes a stopped batch after all, and does the steps that follow. A batch for which this was decided before is
     * finished.
     *
     * @param judging by today's rules, which may stop it again, or by none
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the batch is not stopped, or there is nothing
     *     to judge it by
     */
    Outcome release(Manifest manifest, Judging judging) {
        return watched(manifest, Step.VALIDATE, watch -> release(manifest, judging, watch));
    }

    private Outcome release(Manifest manifest, Judging judging, StepWatch watch) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        if (markers.published().isEmpty() && markers.find(Step.VALIDATE).isEmpty()) {
            refuseDecided(manifest, markers, judging);
            StoppedBatch.requireReleasable(workplace, manifest, judging);
        }
        return run(manifest, judging, watch);
    }

    /**
     * Makes sessions of a batch's published events, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the batch's definition has no sessions or the
     *     batch is not published
     */
    public Outcome sessionize(Manifest manifest) {
        return sessionize(manifest, workplace.definitionOf(manifest));
    }

    /**
     * The same under another definition of the sessions: for a batch that was planned before there were any, or with an
     * expression that fails.
     *
     * @param definition today's pipeline file
     */
    public Outcome sessionize(Manifest manifest, Pipeline definition) {
        return watched(manifest, Step.SESSIONIZE, watch -> sessionize(manifest, definition, watch));
    }

    private Outcome sessionize(Manifest manifest, Pipeline definition, StepWatch watch) {
        if (definition.sessions() == null) {
            throw Failure.input("Cannot sessionize batch " + manifest.batch()
                    + ": the pipeline file that it was planned under has no sessions. Put them into the file, and add"
                    + " --today to go by what it says today.");
        }
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, Judging.ITS_OWN_RULES);
        requirePublished("sessionize", manifest, markers, definition);
        return run(manifest, definition, EnumSet.of(Step.SESSIONIZE), Judging.ITS_OWN_RULES, watch);
    }

    /**
     * Loads into the warehouse what is not in it yet, this batch's commits and all others, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the pipeline file or the batch's definition
     *     has no warehouse, or a step before it is missing
     */
    Outcome load(Manifest manifest) {
        return watched(manifest, Step.LOAD, watch -> load(manifest, watch));
    }

    private Outcome load(Manifest manifest, StepWatch watch) {
        workplace.requireWarehouse();
        Pipeline definition = workplace.definitionOf(manifest);
        Set<Step> steps = Step.of(definition, workplace.pipeline());
        if (!steps.contains(Step.LOAD)) {
            throw Failure.input("Cannot load batch " + manifest.batch()
                    + ": the pipeline file that it was planned under "
                    + (definition.warehouse() == null
                            ? "has no warehouse. Run eightbells load without --batch, which loads all that was published."
                            : "writes to table " + definition.table().name() + ", and the warehouse follows table "
                                    + workplace.pipeline().table().name()
                                    + ". Name the former in the file to load it."));
        }
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, Judging.ITS_OWN_RULES);
        requirePublished("load", manifest, markers, definition);
        if (steps.contains(Step.SESSIONIZE) && markers.find(Step.SESSIONIZE).isEmpty()) {
            throw Failure.input("Cannot load batch " + manifest.batch() + ": it has no sessionize.json yet."
                    + " Run eightbells sessionize for it first.");
        }
        return run(manifest, definition, EnumSet.of(Step.LOAD), Judging.ITS_OWN_RULES, watch);
    }

    private static void requirePublished(String doing, Manifest manifest, Markers markers, Pipeline definition) {
        if (markers.published().isEmpty()) {
            throw Failure.input("Cannot " + doing + " batch " + manifest.batch() + ": it has no published.json yet."
                    + " Run eightbells " + (definition.quality() == null ? "convert" : "validate")
                    + " for it first.");
        }
    }

    private Outcome run(Manifest manifest, Pipeline definition, Set<Step> steps, Judging judging, StepWatch watch) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, judging);
        Optional<Outcome> before = before(markers, definition, steps);
        if (before.isPresent() && endedWell(manifest)) {
            return before.get();
        }
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), submission, LeaseTerms.standard(workplace.clock()))) {
            watch.claimed(lease.attempt().attempt());
            BatchProgress progress = new BatchProgress(workplace, lease, judging, markers, watch);
            try {
                // Somebody may have decided on the batch before the lease was ours.
                refuseDecided(manifest, markers, judging);
                progress.go(manifest, definition, steps);
                Outcome outcome = new Outcome(
                        records(markers),
                        markers.find(Step.VALIDATE).orElse(null),
                        markers.published().orElse(null),
                        progress.sessionized(),
                        progress.loaded(),
                        progress.loads(),
                        before.isPresent() ? Already.DONE : Already.NOT_DONE);
                lease.succeed(watch.step(), Counts.sentence(outcome));
                return outcome;
            } catch (Throwable thrown) {
                Failure failure = Failures.of("batch " + manifest.batch(), thrown);
                lease.fail(watch.step(), failure.kind(), failure.getMessage());
                throw failure;
            }
        }
    }

    /** What earlier runs have done; empty when they have not done all of it. */
    private static Optional<Outcome> before(Markers markers, Pipeline definition, Set<Step> steps) {
        Optional<Published> published = markers.published();
        Optional<Marker> sessionized =
                steps.contains(Step.SESSIONIZE) ? markers.find(Step.SESSIONIZE) : Optional.empty();
        Optional<Marker> loaded = steps.contains(Step.LOAD) ? markers.find(Step.LOAD) : Optional.empty();
        boolean isDone = BatchProgress.endsWithConvert(definition, steps)
                ? published.isPresent() || markers.find(Step.CONVERT).isPresent()
                : published.isPresent()
                        && (!steps.contains(Step.SESSIONIZE) || sessionized.isPresent())
                        && (!steps.contains(Step.LOAD) || loaded.isPresent());
        return isDone
                ? Optional.of(new Outcome(
                        records(markers),
                        markers.find(Step.VALIDATE).orElse(null),
                        published.orElse(null),
                        sessionized.orElse(null),
                        loaded.orElse(null),
                        List.of(),
                        Already.DONE))
                : Optional.empty();
    }

    private static Marker.Records records(Markers markers) {
        return markers.published()
                .map(Published::records)
                .or(() -> markers.find(Step.CONVERT).map(Marker::records))
                .orElseThrow();
    }

    private static void refuseDecided(Manifest manifest, Markers markers, Judging judging) {
        Optional<Abandoned> abandoned = markers.abandoned();
        if (abandoned.isPresent()) {
            throw Failure.input("Cannot run batch " + manifest.batch() + ": it was abandoned on "
                    + abandoned.get().finished() + " (" + abandoned.get().reason()
                    + "). Run the pipeline instead; objects that were returned are in a newer batch.");
        }
        Optional<Stopped> stopped = markers.stopped();
        if (judging == Judging.ITS_OWN_RULES
                && stopped.isPresent()
                && markers.find(Step.VALIDATE).isEmpty()
                && markers.published().isEmpty()) {
            throw Failure.data(stopped.get().sentence());
        }
    }

    private boolean endedWell(Manifest manifest) {
        return workplace
                .ledger()
                .attempts(manifest.batch())
                .newest()
                .map(Attempt::end)
                .filter(end -> end.exitCode() == 0)
                .isPresent();
    }
}
