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
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import dev.eightbells.write.QuarantineFile;
import dev.eightbells.write.RowRemoval;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;

/**
 * Staged rows to staged rows that fulfil the rules: judge, decide, take out rows that fail, with the records that were
 * dropped for them, stage, mark. Every effect may
 * have happened already.
 *
 * <p>Where the process can die, and what the next attempt finds:
 *
 * <ul>
 *   <li>before a marker: a report, files and a snapshot that no marker names; everything is done again;
 *   <li>after {@code validate.json}: the decision, which may not be in the history yet;
 *   <li>after {@code stopped.json}: nothing is left to do. A verdict that is missing in the history counts for nothing there.
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
        Marker decided = work.markers().find(Step.VALIDATE).orElseGet(() -> switch (judging) {
            case ITS_OWN_RULES -> judge(converted, work.definition().quality());
            case TODAYS_RULES -> judge(converted, work.workplace().pipeline().quality());
            case NO_RULES -> accept(converted);
        });
        remember(decided);
        return decided;
    }

    private Marker judge(Marker converted, Quality quality) {
        Instant started = work.now();
        try (BatchAudit audit = new BatchAudit(work, quality, judging, converted)) {
            Audit judged = audit.judge();
            QualityReport report = judged.report();
            Decision decision = Decision.of(
                    report, converted.records(), quality, work.manifest().batch());
            String location = write(report);
            if (decision instanceof Decision.Stop stop) {
                return stopped(stop, report, location);
            }
            long moved = ((Decision.Publish) decision).moved();
            Taken taken = moved == 0 ? null : takenFrom(audit, judged);
            long movedDuplicates = taken == null ? 0 : taken.movedDuplicates();
            Marker.Records before = converted.records();
            Marker.Records records = Marker.Records.published(
                    before.read(),
                    before.written() - moved,
                    before.duplicates() - movedDuplicates,
                    before.quarantined() + moved + movedDuplicates);
            Marker marker = taken == null
                    ? asConverted(converted, started, records)
                    : without(taken, converted, started, records);
            Marker.Quality told = new Marker.Quality(
                    report.outcomes().size(),
                    report.with(Verdict.PASSED).size(),
                    report.with(Verdict.FAILED).size(),
                    moved,
                    movedDuplicates,
                    false,
                    location);
            return decided(marker.judged(told));
        }
    }

    /** Writes the decision, unless another attempt has decided meanwhile, that the batch waits or is published. */
    private Marker decided(Marker marker) {
        Optional<Stopped> stopped =
                judging == Judging.ITS_OWN_RULES ? work.markers().stopped() : Optional.empty();
        if (stopped.isEmpty()) {
            return work.write(marker);
        }
        work.holdWhatCounts(Step.VALIDATE);
        return work.markers()
                .find(Step.VALIDATE)
                .orElseThrow(() -> Failure.data(stopped.get().sentence()));
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

    /**
     * What was taken out of a batch.
     *
     * @param files those of the rows that are left
     * @param duplicates the quarantine files of the records that had been dropped for rows that were taken out
     */
    private record Taken(List<DataFile> files, RowRemoval.Removed removed, List<QuarantineFile> duplicates) {
        long movedDuplicates() {
            return duplicates.stream().mapToLong(QuarantineFile::records).sum();
        }

        List<QuarantineFile> quarantine() {
            return Stream.concat(removed.quarantine().stream(), duplicates.stream())
                    .toList();
        }
    }

    private static Taken takenFrom(BatchAudit audit, Audit judged) {
        RowRemoval.Removed removed = audit.removeFrom(judged);
        List<DataFile> files = new ArrayList<>(audit.untouchedBy(judged));
        files.addAll(removed.files());
        return new Taken(files, removed, audit.followersOf(removed));
    }

    private Marker without(Taken taken, Marker converted, Instant started, Marker.Records records) {
        work.lease().check();
        long snapshot = work.table()
                .stage(work.provenance(Step.VALIDATE), work.table().judgedAt(converted.snapshot()), taken.files());
        return Marker.of(
                work.lease().attempt(),
                Step.VALIDATE,
                started,
                work.now(),
                snapshot,
                records,
                TableFiles.of(work.definition().lake(), taken.files()),
                TableFiles.ofQuarantine(taken.quarantine()),
                measures(converted.columns(), taken.removed().nulls()));
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
        return decided(asConverted(
                        converted,
                        started,
                        Marker.Records.published(
                                before.read(), before.written(), before.duplicates(), before.quarantined()))
                .judged(new Marker.Quality(0, 0, 0, 0, 0, true, null)));
    }

    /**
     * Puts the decision into the history, whoever took it, unless it is there: later batches are compared with this one from
     * now on. Evaluations that lead to no decision never get there as baselines.
     */
    private void remember(Marker decided) {
        Optional<RulesReport> report = Optional.ofNullable(decided.quality().report())
                .or(() -> work.markers().stopped().map(Stopped::report))
                .flatMap(key -> RulesReport.read(work.workplace().ledger().lake(), key));
        remember(
                decided.attempt(),
                judgement(decided.quality(), report.map(RulesReport::failed).orElse(List.of())),
                decided.finished(),
                report.map(RulesReport::metrics).orElse(Map.of()));
    }

    private static Judgement judgement(Marker.Quality quality, List<RulesReport.Rule> failed) {
        if (quality.accepted()) {
            return Judgement.ACCEPTED;
        }
        boolean isMended = quality.movedRows() > 0
                && !failed.isEmpty()
                && failed.stream().allMatch(rule -> rule.scope() == Scope.ROWS);
        return quality.failed() == 0 || isMended ? Judgement.PASSED : Judgement.WARNED;
    }

    private void remember(int attempt, Judgement judgement, Instant evaluated, Map<String, Double> metrics) {
        work.workplace()
                .history(work.definition())
                .append(new Evaluation(
                        work.definition().name(),
                        work.manifest().batch(),
                        work.manifest().number(),
                        attempt,
                        judgement,
                        evaluated,
                        metrics));
    }

    /** Writes the report; returns where, relative to the lake. */
    private String write(QualityReport report) {
        String key = LakeLayout.qualityReport(
                work.manifest().batch(), work.lease().attempt().attempt());
        work.workplace().ledger().lake().create(key, report.json().getBytes(StandardCharsets.UTF_8));
        return key;
    }

    /**
     * Writes that the batch waits, and tells it.
     *
     * @return the decision of another attempt that has published the batch, or is about to
     */
    private Marker stopped(Decision.Stop stop, QualityReport report, String location) {
        String sentence = "Stopped batch " + work.batch() + ": " + stop.reason() + ". Look at "
                + work.workplace().ledger().lake().location().resolve(location)
                + "; when its rules are mended, judge it again with: eightbells release --pipeline FILE --batch "
                + work.batch() + ", or publish it as it is with --accept, or give it up with: eightbells abandon"
                + " --pipeline FILE --batch " + work.batch() + " --reason TEXT --return.";
        work.lease().check();
        boolean waitsAlready =
                judging == Judging.TODAYS_RULES && work.markers().stopped().isPresent();
        String told = waitsAlready
                ? sentence
                : work.markers()
                        .write(Stopped.byRules(work.lease().attempt(), work.now(), sentence, location))
                        .sentence();
        Optional<Marker> decided = work.markers().find(Step.VALIDATE);
        if (decided.isPresent()) {
            return decided.get();
        }
        remember(work.lease().attempt().attempt(), Judgement.FAILED, work.now(), report.metrics());
        throw Failure.data(told);
    }
}
