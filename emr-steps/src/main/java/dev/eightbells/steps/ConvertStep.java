package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.write.BatchWriter;
import java.time.Instant;
import java.util.Locale;

/**
 * Raw objects to staged rows: write and stage, mark. Every effect may have happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before the staging commit: files that nobody refers to; everything is done again;
 *   <li>after it, before {@code convert.json}: a staged snapshot that no marker names; everything is done again;
 *   <li>after {@code convert.json}: nothing is left to do.
 * </ul>
 */
final class ConvertStep {
    private final BatchWork work;
    private final BatchWriter writer;
    private final Judging judging;

    ConvertStep(BatchWork work, BatchWriter writer, Judging judging) {
        this.work = work;
        this.writer = writer;
        this.judging = judging;
    }

    /**
     * Does what is left to do of the step.
     *
     * @throws Failure of kind DATA when the batch is stopped, because not one record could be accepted
     */
    Marker run() {
        Marker converted = work.markers().find(Step.CONVERT).orElseGet(this::stage);
        // What a replay rejects was rejected before; validate's marker is the decision of a person who has accepted it.
        if (judging != Judging.NO_RULES
                && !work.manifest().isReplay()
                && work.markers().find(Step.VALIDATE).isEmpty()) {
            stopUnlessSomethingWasAccepted(converted);
        }
        return converted;
    }

    private Marker stage() {
        Instant started = work.now();
        Long head = work.table().refreshedHead();
        BatchWriter.Written written = writer.write(work.input(), work.table(), head);
        work.lease().check();
        long snapshot = work.table().stage(work.provenance(Step.CONVERT), head, written.files());
        Marker marker = Marker.of(
                work.lease().attempt(),
                Step.CONVERT,
                started,
                work.now(),
                snapshot,
                Marker.Records.converted(
                        written.read(), written.written(), written.duplicates(), written.quarantined()),
                TableFiles.of(work.definition().lake(), written.files()),
                TableFiles.ofQuarantine(written.quarantine()),
                TableFiles.measures(written.columns()));
        return work.write(marker.dropping(TableFiles.ofDuplicates(written.dropped())));
    }

    private void stopUnlessSomethingWasAccepted(Marker converted) {
        Marker.Records records = converted.records();
        if (records.read() == 0 || records.quarantined() < records.read()) {
            return;
        }
        String sentence = String.format(
                Locale.ROOT,
                "Stopped batch %s: %s in %s with the reasons. Mend the pipeline file or the source, then run:"
                        + " eightbells abandon --pipeline FILE --batch %s --reason TEXT --return.",
                work.batch(),
                records.read() == 1
                        ? "its only record was rejected, and lies"
                        : String.format(Locale.ROOT, "all of its %,d records were rejected, and lie", records.read()),
                work.definition().lake().resolve("quarantine/" + work.batch() + "/" + converted.attempt() + "/"),
                work.batch());
        work.lease().check();
        Stopped stopped = work.markers().write(Stopped.of(work.lease().attempt(), work.now(), Step.CONVERT, sentence));
        throw Failure.data(stopped.sentence());
    }
}
