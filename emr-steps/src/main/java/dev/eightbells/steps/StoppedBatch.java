package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.pipeline.Quality;
import java.util.Optional;

/** A batch that waits for a person, and what may be decided on it. */
final class StoppedBatch {
    private StoppedBatch() {}

    /**
     * Looks whether a batch that is neither published nor to be published can be released: it is stopped, or it is
     * converted and its own rules cannot judge it.
     *
     * @throws Failure of kind INPUT when neither is so, or there is nothing to judge it by
     */
    static void requireReleasable(Workplace workplace, Manifest manifest, Judging judging) {
        Markers markers = workplace.ledger().markers(manifest.batch());
        Optional<Stopped> stopped = markers.stopped();
        boolean isUnjudged = judging == Judging.TODAYS_RULES
                && markers.find(Step.CONVERT).isPresent()
                && workplace.definitionOf(manifest).quality() != null;
        if (stopped.isEmpty() && !isUnjudged) {
            throw refusal(
                    manifest, "it is not stopped. Run: eightbells run --pipeline FILE, which finishes open batches");
        }
        if (judging != Judging.TODAYS_RULES) {
            return;
        }
        if (stopped.isPresent() && stopped.get().step() == Step.CONVERT) {
            throw refusal(
                    manifest,
                    "none of its records was accepted, so that there is nothing to judge. Mend the pipeline file or the"
                            + " source, and abandon it with --return, or publish it without rows with --accept");
        }
        Quality today = workplace.pipeline().quality();
        if (today == null) {
            throw refusal(
                    manifest,
                    "the pipeline file has no quality part to judge it by. Put rules there, or publish it as it is with"
                            + " --accept");
        }
        RulesText.requireFit(today, workplace.definitionOf(manifest).table(), "today for batch " + manifest.batch());
    }

    private static Failure refusal(Manifest manifest, String why) {
        return Failure.input("Cannot release batch " + manifest.batch() + ": " + why + ".");
    }
}
