package dev.eightbells.steps;

import dev.eightbells.batch.Lease;
import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.write.BatchWriter;
import dev.eightbells.write.SparkBatchWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One attempt, on its way from step to step. */
final class BatchProgress {
    private final Workplace workplace;
    private final Lease lease;
    private final Judging judging;
    private final Markers markers;
    private final StepWatch watch;
    private Marker sessionized;
    private Marker loaded;
    private List<Loaded> loads = List.of();

    BatchProgress(Workplace workplace, Lease lease, Judging judging, Markers markers, StepWatch watch) {
        this.workplace = workplace;
        this.lease = lease;
        this.judging = judging;
        this.markers = markers;
        this.watch = watch;
    }

    void go(Manifest manifest, Pipeline definition, Set<Step> steps) {
        if (steps.contains(Step.CONVERT)) {
            toPublished(BatchWork.begin(workplace, manifest, lease), steps);
        }
        if (steps.contains(Step.SESSIONIZE)) {
            boolean isDone = begin(Step.SESSIONIZE);
            sessionized = new SessionizeStep(workplace, definition).run(manifest, lease);
            if (!isDone) {
                watch.succeeded(sessionized.records(), "sessions: " + Counts.sentence(sessionized.sessions()));
            }
        }
        if (steps.contains(Step.LOAD)) {
            boolean isDone = begin(Step.LOAD);
            LoadStep.Result result = new LoadStep(workplace).run(manifest, lease);
            loaded = result.marker();
            loads = result.loads();
            if (!isDone) {
                watch.succeeded(loaded.records(), "loaded: " + Counts.sentence(loaded.load()));
            }
        }
    }

    private void toPublished(BatchWork work, Set<Step> steps) {
        if (markers.published().isEmpty()) {
            boolean isDone = markers.find(Step.CONVERT).isPresent();
            BatchWriter writer = new SparkBatchWriter(workplace.spark());
            Marker staged = new ConvertStep(work, writer, judging).run();
            boolean isDecidedByValidate = isDecidedByValidate(work);
            if (!isDone && isDecidedByValidate) {
                watch.succeeded(staged.records(), Counts.sentence(staged.records()));
            }
            if (endsWithConvert(work.definition(), steps)) {
                return;
            }
            if (isDecidedByValidate) {
                begin(Step.VALIDATE);
                staged = new ValidateStep(work, judging).run(staged);
            }
            Marker.Records records =
                    new Publishing(work, writer).publish(staged).records();
            watch.succeeded(records, Counts.sentence(records));
        }
        work.table().letGo(work.batch());
        workplace.ledger().deleteDuplicates(work.manifest().batch());
    }

    /** Turns to a step; returns whether an earlier attempt has finished it. */
    private boolean begin(Step step) {
        watch.begin(step);
        return markers.find(step).isPresent();
    }

    /** A batch without rules goes through validate, too, when a person releases it, or has done so before. */
    private boolean isDecidedByValidate(BatchWork work) {
        boolean isReleased =
                judging != Judging.ITS_OWN_RULES || markers.find(Step.VALIDATE).isPresent();
        return work.definition().quality() != null || isReleased;
    }

    /** Whether validate, which is not asked for, is to publish. */
    static boolean endsWithConvert(Pipeline definition, Set<Step> steps) {
        return definition.quality() != null && steps.equals(EnumSet.of(Step.CONVERT));
    }

    /** Null when it was not asked to make sessions. */
    Marker sessionized() {
        return sessionized;
    }

    /** Null when it was not asked to load. */
    Marker loaded() {
        return loaded;
    }

    List<Loaded> loads() {
        return loads;
    }
}
