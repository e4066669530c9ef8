package dev.eightbells.steps;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Marker;
import dev.eightbells.pipeline.Quality;
import dev.eightbells.pipeline.Quality.OnFailure;
import dev.eightbells.pipeline.Quality.OnRowFailure;
import dev.eightbells.quality.QualityReport;
import dev.eightbells.quality.RuleOutcome;
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of a batch whose rows have been judged. */
sealed interface Decision {
    /** How many failed rules a sentence tells of. */
    int TOLD = 3;

    /**
     * It is published.
     *
     * @param moved how many of its rows go to quarantine before
     */
    record Publish(long moved) implements Decision {}

    /**
     * It waits for a person.
     *
     * @param reason why, as the part of a sentence
     */
    record Stop(String reason) implements Decision {}

    /**
     * Decides. What a replay holds is few, and not like other batches, so rules about the data set do not stop it; nor does
     * what it rejects, for that was rejected before.
     *
     * @param report in which every rule could be evaluated
     * @param converted where the records went before
     */
    static Decision of(QualityReport report, Marker.Records converted, Quality quality, BatchId batch) {
        long moved = quality.onRowFailure() == OnRowFailure.QUARANTINE ? report.failingRows() : 0;
        List<String> reasons = new ArrayList<>();
        List<RuleOutcome> stopping = stopping(report, quality, batch);
        if (!stopping.isEmpty()) {
            reasons.add(told(stopping, report));
        }
        if (batch.kind() != BatchId.Kind.REPLAY) {
            tooManyRejected(report, converted, quality, moved).ifPresent(reasons::add);
        }
        return reasons.isEmpty() ? new Publish(moved) : new Stop(String.join("; ", reasons));
    }

    private static List<RuleOutcome> stopping(QualityReport report, Quality quality, BatchId batch) {
        if (quality.onFailure() != OnFailure.STOP) {
            return List.of();
        }
        return report.with(Verdict.FAILED).stream()
                .filter(outcome -> outcome.scope() == Scope.DATASET
                        ? batch.kind() != BatchId.Kind.REPLAY
                        : quality.onRowFailure() == OnRowFailure.KEEP)
                .toList();
    }

    private static Optional<String> tooManyRejected(
            QualityReport report, Marker.Records converted, Quality quality, long moved) {
        if (quality.maxQuarantined() == null) {
            return moved > 0 && moved == converted.written()
                    ? Optional.of(String.format(
                            Locale.ROOT, "every one of its %,d rows fails a rule, e.g. %s", moved, ofRows(report)))
                    : Optional.empty();
        }
        BigDecimal quarantined = new BigDecimal(converted.quarantined() + moved);
        BigDecimal read = new BigDecimal(converted.read());
        if (quarantined.compareTo(quality.maxQuarantined().multiply(read)) <= 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%,d of its %,d records are rejected, %s, and at most %s may be",
                quarantined.longValueExact(),
                converted.read(),
                percent(quarantined.divide(read, 6, RoundingMode.HALF_UP)),
                percent(quality.maxQuarantined())));
    }

    private static String told(List<RuleOutcome> failed, QualityReport report) {
        String rules = failed.stream()
                .limit(TOLD)
                .map(outcome -> Failures.oneLine(outcome.rule()) + " ("
                        + Failures.oneLine(outcome.sentence()).replaceFirst("\\.$", "") + ")")
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%,d of %,d rules failed: %s%s",
                failed.size(),
                report.outcomes().size(),
                rules,
                failed.size() > TOLD ? String.format(Locale.ROOT, "; and %,d more", failed.size() - TOLD) : "");
    }

    private static String ofRows(QualityReport report) {
        return report.with(Verdict.FAILED).stream()
                .filter(outcome -> outcome.scope() == Scope.ROWS)
                .map(outcome -> Failures.oneLine(outcome.rule()))
                .findFirst()
                .orElse("");
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
