package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Abandoned;
import dev.eightbells.batch.Attempt;
import dev.eightbells.batch.Lease;
import dev.eightbells.batch.LeaseTerms;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Owner;
import dev.eightbells.batch.Published;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.write.SparkBatchWriter;
import java.util.Optional;

/** Runs the steps of a batch under a lease, and writes into the attempt how it ended. */
public final class BatchRunner {
    private final Workplace workplace;

    public BatchRunner(Workplace workplace) {
        this.workplace = workplace;
    }

    /** What became of a batch; {@code already} tells whether an earlier run had published it. */
    public record Outcome(Published published, Already already) {}

    /** Whether a run found its work done. */
    public enum Already {
        DONE,
        NOT_DONE
    }

    /**
     * Converts a batch and publishes it, or finds that this has been done.
     *
     * @throws Failure of kind DATA when the batch is stopped, CONFLICT when another process works on it, INPUT when it
     *     was abandoned
     */
    public Outcome convert(Manifest manifest) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        refuseDecided(manifest, markers);
        Optional<Published> before = markers.published();
        if (before.isPresent() && endedWell(manifest)) {
            return new Outcome(before.get(), Already.DONE);
        }
        try (Lease lease = workplace
                .ledger()
                .attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTerms.standard(workplace.clock()))) {
            try {
                // Somebody may have decided on the batch before the lease was ours.
                refuseDecided(manifest, markers);
                Published published =
                        new ConvertStep(workplace, new SparkBatchWriter(workplace.spark())).run(manifest, lease);
                lease.succeed(Step.CONVERT, Counts.sentence(published));
                return new Outcome(published, before.isPresent() ? Already.DONE : Already.NOT_DONE);
            } catch (Throwable thrown) {
                Failure failure = Failures.of("batch " + manifest.batch(), thrown);
                lease.fail(Step.CONVERT, failure.kind(), failure.getMessage());
                throw failure;
            }
        }
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
