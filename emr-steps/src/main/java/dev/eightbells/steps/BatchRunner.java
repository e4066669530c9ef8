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
import dev.eightbells.write.BatchWriter;
import dev.eightbells.write.SparkBatchWriter;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Runs the steps of a batch under a lease, and writes into the attempt how it ended. */
public final class BatchRunner {
    /** The steps that this version can do. */
    private static final Set<Step> ABLE = EnumSet.of(Step.CONVERT, Step.SESSIONIZE);

    private final Workplace workplace;

    public BatchRunner(Workplace workplace) {
        this.workplace = workplace;
    }

    /**
     * What became of a batch.
     *
     * @param published where its records went
     * @param sessionized what it did to the sessions; null when it was not asked to
     * @param already whether earlier runs had done all of it
     */
    public record Outcome(Published published, Marker sessionized, Already already) {}

    /** Whether a run found its work done. */
    public enum Already {
        DONE,
        NOT_DONE
    }

    /** Of these steps those that this version can do. */
    static Set<Step> able(Set<Step> steps) {
        Set<Step> able = EnumSet.copyOf(steps);
        able.retainAll(ABLE);
        return able;
    }

    /**
     * Does all steps of a batch that both its own definition and today's pipeline file have, or finds them done.
     *
     * @throws Failure of kind DATA when the batch is stopped, CONFLICT when another process works on it, INPUT when it
     *     was abandoned
     */
    public Outcome run(Manifest manifest) {
        Set<Step> steps = able(Step.of(workplace.pipeline()));
        Pipeline definition = workplace.definitionOf(manifest);
        steps.retainAll(Step.of(definition));
        return run(manifest, definition, steps);
    }

    /**
     * Converts a batch and publishes it, or finds that this has been done.
     *
     * @throws Failure as {@link #run(Manifest)} does
     */
    public Outcome convert(Manifest manifest) {
        return run(manifest, workplace.definitionOf(manifest), EnumSet.of(Step.CONVERT));
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
        refuseDecided(manifest, markers);
        if (markers.published().isEmpty()) {
            throw Failure.input("Cannot sessionize batch " + manifest.batch() + ": it has no published.json yet."
                    + " Run eightbells convert for it first.");
        }
        return run(manifest, definition, EnumSet.of(Step.SESSIONIZE));
    }

    private Outcome run(Manifest manifest, Pipeline definition, Set<Step> steps) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers);
        Optional<Outcome> before = before(markers, steps);
        if (before.isPresent() && endedWell(manifest)) {
            return before.get();
        }
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTerms.standard(workplace.clock()))) {
            Step last = steps.contains(Step.CONVERT) ? Step.CONVERT : Step.SESSIONIZE;
            try {
                // Somebody may have decided on the batch before the lease was ours.
                refuseDecided(manifest, markers);
                Published published = steps.contains(Step.CONVERT)
                        ? publish(BatchWork.begin(workplace, manifest, lease))
                        : markers.published().orElseThrow();
                Marker sessionized = null;
                if (steps.contains(Step.SESSIONIZE)) {
                    last = Step.SESSIONIZE;
                    sessionized = new SessionizeStep(workplace, definition).run(manifest, lease);
                }
                Outcome outcome =
                        new Outcome(published, sessionized, before.isPresent() ? Already.DONE : Already.NOT_DONE);
                lease.succeed(last, Counts.sentence(outcome));
                return outcome;
            } catch (Throwable thrown) {
                Failure failure = Failures.of("batch " + manifest.batch(), thrown);
                lease.fail(last, failure.kind(), failure.getMessage());
                throw failure;
            }
        }
    }

    private Published publish(BatchWork work) {
        Published published = work.markers().published().orElseGet(() -> {
            BatchWriter writer = new SparkBatchWriter(workplace.spark());
            return new Publishing(work, writer).publish(new ConvertStep(work, writer).run());
        });
        work.table().letGo(work.batch());
        return published;
    }

    /** What earlier runs have done; empty when they have not done all of it. */
    private static Optional<Outcome> before(Markers markers, Set<Step> steps) {
        Optional<Published> published = markers.published();
        if (published.isEmpty() || !steps.contains(Step.SESSIONIZE)) {
            return published.map(marker -> new Outcome(marker, null, Already.DONE));
        }
        return markers.find(Step.SESSIONIZE)
                .map(sessionized -> new Outcome(published.get(), sessionized, Already.DONE));
    }

    private static void refuseDecided(Manifest manifest, Markers markers) {
        Optional<Abandoned> abandoned = markers.abandoned();
        if (abandoned.isPresent()) {
            throw Failure.input("Cannot run batch " + manifest.batch() + ": it was abandoned on "
                    + abandoned.get().finished() + " (" + abandoned.get().reason()
                    + "). Run the pipeline instead; objects that were returned are in a newer batch.");
        }
        Optional<Stopped> stopped = markers.stopped();
        if (stopped.isPresent() && markers.published().isEmpty()) {
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
