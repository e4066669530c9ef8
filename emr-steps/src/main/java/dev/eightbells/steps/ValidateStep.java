package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.LakeLayout;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.quality.Audit;
import dev.eightbells.quality.Evaluation;
import dev.eightbells.quality.Judgement;
import dev.eightbells.quality.QualityReport;
import dev.eightbells.quality.Verdict;
import dev.eightbells.write.RowRemoval;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/**
 * Staged rows to staged rows that fulfil the rules: judge, decide, take out rows that fail, stage, mark. Every effect may
 * have happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before a marker: an evaluation in the history, a report, files and a snapshot that no marker names; everything is
 *       done again;
 *   <li>after {@code validate.json} or {@code stopped.json}: nothing is left to do.
 * </ul>
 */
final class ValidateStep {
    private final BatchWork work;
    private final Judging judging;

    ValidateStep(BatchWork work, Judging judging) {
        this.work = work;
        this.judging = judging;
    }

    /**
     * Does what is left to do of the step.
     *
     * @throws Failure of kind DATA when the rules stop the batch, of another kind when a rule could not be evaluated
     */
    Marker run(Marker converted) {
        return work.markers().find(Step.VALIDATE).orElseGet(() -> switch (judging) {
            case ITS_OWN_RULES -> judge(converted, work.definition().quality());
            case TODAYS_RULES -> judge(converted, work.workplace().pipeline().quality());
            case NO_RULES -> accept(converted);
        });
    }

    private Marker judge(Marker converted, Quality quality) {
        Instant started = work.now();
        try (BatchAudit audit = new BatchAudit(work, quality, converted.snapshot())) {
            Audit judged = audit.judge();
            QualityReport report = judged.report();
            Decision decision = Decision.of(report, converted.records(), quality);
            remember(judgement(decision, report, quality), report.metrics());
            String location = write(report);
            if (decision instanceof Decision.Stop stop) {
                throw stopped(stop, location);
            }
            Marker.Records before = converted.records();
            long moved = ((Decision.Publish) decision).moved();
            Marker.Quality told = new Marker.Quality(
                    report.outcomes().size(),
                    report.with(Verdict.PASSED).size(),
                    report.with(Verdict.FAILED).size(),
                    moved,
                    false,
                    location);
            Marker.Records records = Marker.Records.published(
                    before.read(), before.written() - moved, before.duplicates(), before.quarantined() + moved);
            return work.markers()
                    .write((moved == 0
                                    ? asConverted(converted, started, records)
                                    : withoutFailing(audit, judged, converted, started, records))
                            .judged(told));
        }
    }

    private Marker asConverted(Marker converted, Instant started, Marker.Records records) {
        return Marker.of(
                work.lease().attempt(),
                Step.VALIDATE,
                started,
                work.now(),
                converted.snapshot(),
                records,
                converted.files(),
                List.of(),
                converted.columns());
    }

    private Marker withoutFailing(
            BatchAudit audit, Audit judged, Marker converted, Instant started, Marker.Records records) {
        RowRemoval.Removed removed = audit.removeFrom(judged);
        List<DataFile> files = new ArrayList<>(audit.untouchedBy(judged));
        files.addAll(removed.files());
        work.lease().check();
        long snapshot =
                work.table().stage(work.provenance(Step.VALIDATE), work.table().judgedAt(converted.snapshot()), files);
        return Marker.of(
                work.lease().attempt(),
                Step.VALIDATE,
                started,
                work.now(),
                snapshot,
                records,
                TableFiles.of(work.definition().lake(), files),
                TableFiles.ofQuarantine(removed.quarantine()),
                measures(converted.columns(), removed.nulls()));
    }

    /** Rows that are gone can only make the longest value shorter. */
    private static Map<String, Marker.ColumnMeasure> measures(
            Map<String, Marker.ColumnMeasure> converted, Map<String, Long> removedNulls) {
        Map<String, Marker.ColumnMeasure> measures = new LinkedHashMap<>();
        converted.forEach((column, measure) -> measures.put(
                column,
                new Marker.ColumnMeasure(measure.maxBytes(), measure.nulls() - removedNulls.getOrDefault(column, 0L))));
        return measures;
    }

    private Marker accept(Marker converted) {
        Instant started = work.now();
        Marker.Records before = converted.records();
        remember(Judgement.ACCEPTED, measuredBefore());
        return work.markers()
                .write(asConverted(
                                converted,
                                started,
                                Marker.Records.published(
                                        before.read(), before.written(), before.duplicates(), before.quarantined()))
                        .judged(new Marker.Quality(0, 0, 0, 0, true, null)));
    }

    /** What the rules measured when they stopped the batch: later batches are compared with it now. */
    private Map<String, Double> measuredBefore() {
        return work.markers()
                .stopped()
                .map(Stopped::report)
                .flatMap(report -> RulesReport.read(work.workplace().ledger().lake(), report))
                .map(RulesReport::metrics)
                .orElse(Map.of());
    }

    private static Judgement judgement(Decision decision, QualityReport report, Quality quality) {
        if (decision instanceof Decision.Stop) {
            return Judgement.FAILED;
        }
        return Decision.failed(report, quality).isEmpty() ? Judgement.PASSED : Judgement.WARNED;
    }

    private void remember(Judgement judgement, Map<String, Double> metrics) {
        work.lease().check();
        work.workplace()
                .history(work.definition())
                .append(new Evaluation(
                        work.definition().name(),
                        work.manifest().batch(),
                        work.manifest().number(),
                        work.lease().attempt().attempt(),
                        judgement,
                        work.now(),
                        metrics));
    }

    /** Writes the report; returns where, relative to the lake. */
    private String write(QualityReport report) {
        String key = LakeLayout.qualityReport(
                work.manifest().batch(), work.lease().attempt().attempt());
        work.workplace().ledger().lake().create(key, report.json().getBytes(StandardCharsets.UTF_8));
        return key;
    }

    private Failure stopped(Decision.Stop stop, String report) {
        String sentence = "Stopped batch " + work.batch() + ": " + stop.reason() + ". Look at "
                + work.workplace().ledger().lake().location().resolve(report)
                + "; when its rules are mended, judge it again with: eightbells release --pipeline FILE --batch "
                + work.batch() + ", or publish it as it is with --accept, or give it up with: eightbells abandon"
                + " --pipeline FILE --batch " + work.batch() + " --reason TEXT --return.";
        if (judging == Judging.TODAYS_RULES) {
            return Failure.data(sentence);
        }
        Stopped holding = work.markers().write(Stopped.byRules(work.lease().attempt(), work.now(), sentence, report));
        return Failure.data(holding.sentence());
    }
}
