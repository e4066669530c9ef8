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
import dev.eightbells.write.BatchWriter;
import dev.eightbells.write.SparkBatchWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Runs the steps of a batch under a lease, and writes into the attempt how it ended. */
public final class BatchRunner {
    private final Workplace workplace;

    public BatchRunner(Workplace workplace) {
        this.workplace = workplace;
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
        return run(manifest, Judging.ITS_OWN_RULES);
    }

    private Outcome run(Manifest manifest, Judging judging) {
        Pipeline definition = workplace.definitionOf(manifest);
        return run(manifest, definition, Step.of(definition, workplace.pipeline()), judging);
    }

    /**
     * Converts a batch, and publishes it when it was planned without rules, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does
     */
    public Outcome convert(Manifest manifest) {
        return run(manifest, workplace.definitionOf(manifest), EnumSet.of(Step.CONVERT), Judging.ITS_OWN_RULES);
    }

    /**
     * Judges a converted batch by the rules that it was planned with, and publishes it, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the batch has no rules or is not converted
     */
    Outcome validate(Manifest manifest) {
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
        return run(manifest, definition, EnumSet.of(Step.CONVERT, Step.VALIDATE), Judging.ITS_OWN_RULES);
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
        Markers markers = workplace.ledger().markers(manifest.batch());
        if (markers.published().isEmpty() && markers.find(Step.VALIDATE).isEmpty()) {
            refuseDecided(manifest, markers, judging);
            StoppedBatch.requireReleasable(workplace, manifest, judging);
        }
        return run(manifest, judging);
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
        if (definition.sessions() == null) {
            throw Failure.input("Cannot sessionize batch " + manifest.batch()
                    + ": the pipeline file that it was planned under has no sessions. Put them into the file, and add"
                    + " --today to go by what it says today.");
        }
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, Judging.ITS_OWN_RULES);
        requirePublished("sessionize", manifest, markers, definition);
        return run(manifest, definition, EnumSet.of(Step.SESSIONIZE), Judging.ITS_OWN_RULES);
    }

    /**
     * Loads into the warehouse what is not in it yet, this batch's commits and all others, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does, and of kind INPUT when the pipeline file or the batch's definition
     *     has no warehouse, or a step before it is missing
     */
    Outcome load(Manifest manifest) {
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
        return run(manifest, definition, EnumSet.of(Step.LOAD), Judging.ITS_OWN_RULES);
    }

    private static void requirePublished(String doing, Manifest manifest, Markers markers, Pipeline definition) {
        if (markers.published().isEmpty()) {
            throw Failure.input("Cannot " + doing + " batch " + manifest.batch() + ": it has no published.json yet."
                    + " Run eightbells " + (definition.quality() == null ? "convert" : "validate")
                    + " for it first.");
        }
    }

    private Outcome run(Manifest manifest, Pipeline definition, Set<Step> steps, Judging judging) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers, judging);
        Optional<Outcome> before = before(markers, definition, steps);
        if (before.isPresent() && endedWell(manifest)) {
            return before.get();
        }
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTerms.standard(workplace.clock()))) {
            Progress progress = new Progress(lease, judging);
            try {
                // Somebody may have decided on the batch before the lease was ours.
                refuseDecided(manifest, markers, judging);
                progress.go(manifest, definition, steps);
                Outcome outcome = new Outcome(
                        records(markers),
                        markers.find(Step.VALIDATE).orElse(null),
                        markers.published().orElse(null),
                        progress.sessionized,
                        progress.loaded,
                        progress.loads,
                        before.isPresent() ? Already.DONE : Already.NOT_DONE);
                lease.succeed(progress.step, Counts.sentence(outcome));
                return outcome;
            } catch (Throwable thrown) {
                Failure failure = Failures.of("batch " + manifest.batch(), thrown);
                lease.fail(progress.step, failure.kind(), failure.getMessage());
                throw failure;
            }
        }
    }

    /** One attempt, on its way from step to step. */
    private final class Progress {
        private final Lease lease;
        private final Judging judging;
        private Step step = Step.CONVERT;
        private Marker sessionized;
        private Marker loaded;
        private List<Loaded> loads = List.of();

        Progress(Lease lease, Judging judging) {
            this.lease = lease;
            this.judging = judging;
        }

        void go(Manifest manifest, Pipeline definition, Set<Step> steps) {
            if (steps.contains(Step.CONVERT)) {
                toPublished(BatchWork.begin(workplace, manifest, lease), steps);
            }
            if (steps.contains(Step.SESSIONIZE)) {
                step = Step.SESSIONIZE;
                sessionized = new SessionizeStep(workplace, definition).run(manifest, lease);
            }
            if (steps.contains(Step.LOAD)) {
                step = Step.LOAD;
                LoadStep.Result result = new LoadStep(workplace).run(manifest, lease);
                loaded = result.marker();
                loads = result.loads();
            }
        }

        private void toPublished(BatchWork work, Set<Step> steps) {
            if (work.markers().published().isEmpty()) {
                BatchWriter writer = new SparkBatchWriter(workplace.spark());
                Marker staged = new ConvertStep(work, writer, judging).run();
                if (endsWithConvert(work.definition(), steps)) {
                    return;
                }
                if (isDecidedByValidate(work)) {
                    step = Step.VALIDATE;
                    staged = new ValidateStep(work, judging).run(staged);
                }
                new Publishing(work, writer).publish(staged);
            }
            work.table().letGo(work.batch());
        }

        /** A batch without rules goes through validate, too, when a person releases it, or has done so before. */
        private boolean isDecidedByValidate(BatchWork work) {
            boolean isReleased = judging != Judging.ITS_OWN_RULES
                    || work.markers().find(Step.VALIDATE).isPresent();
            return work.definition().quality() != null || isReleased;
        }
    }

    /** What earlier runs have done; empty when they have not done all of it. */
    private static Optional<Outcome> before(Markers markers, Pipeline definition, Set<Step> steps) {
        Optional<Published> published = markers.published();
        Optional<Marker> sessionized =
                steps.contains(Step.SESSIONIZE) ? markers.find(Step.SESSIONIZE) : Optional.empty();
        Optional<Marker> loaded = steps.contains(Step.LOAD) ? markers.find(Step.LOAD) : Optional.empty();
        boolean isDone = endsWithConvert(definition, steps)
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

    /** Whether validate, which is not asked for, is to publish. */
    private static boolean endsWithConvert(Pipeline definition, Set<Step> steps) {
        return definition.quality() != null && steps.equals(EnumSet.of(Step.CONVERT));
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
