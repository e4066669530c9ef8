package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;

/** Follows one process from step to step of a batch, and tells how each of them ends. */
final class StepWatch {
    private final Manifest manifest;
    private final Clock clock;
    private final Consumer<StepEnd> hears;
    private Step step;
    private Instant started;
    private Integer attempt;

    /**
     * @param first the step that a failure belongs to which comes before any of them
     */
    StepWatch(Manifest manifest, Step first, Clock clock, Consumer<StepEnd> hears) {
        this.manifest = manifest;
        this.clock = clock;
        this.hears = hears;
        begin(first);
    }

    /** The step that was begun last. */
    Step step() {
        return step;
    }

    void claimed(int number) {
        attempt = number;
    }

    void begin(Step next) {
        step = next;
        started = clock.instant();
    }

    void succeeded(Marker.Records records, String sentence) {
        tell(records, sentence, null);
    }

    void failed(Failure failure) {
        tell(null, failure.getMessage(), failure.kind());
    }

    private void tell(Marker.Records records, String sentence, Failure.Kind kind) {
        hears.accept(new StepEnd(manifest, step, attempt, started, clock.instant(), records, sentence, kind));
    }
}
