package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import java.time.Duration;
import java.time.Instant;

/**
 * How a step of a batch ended, for those who watch.
 *
 * @param manifest the batch's
 * @param attempt which attempt worked at it; null when it failed before there was one
 * @param started when this process began with the step
 * @param ended when it was through with it
 * @param records where the batch's records went; null when it failed
 * @param sentence what is told to people
 * @param kind of failure; null when it succeeded
 */
public record StepEnd(
        Manifest manifest,
        Step step,
        Integer attempt,
        Instant started,
        Instant ended,
        Marker.Records records,
        String sentence,
        Failure.Kind kind) {
    int exitCode() {
        return kind == null ? 0 : kind.exitCode();
    }

    /** How long this process worked at the step. */
    Duration took() {
        return Duration.between(started, ended);
    }

    /** How long the batch's window had been over by then. */
    Duration behind() {
        return Duration.between(manifest.window().end(), ended);
    }
}
