package dev.eightbells.steps;

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
     * Decides.
     *
     * @param report in which every rule could be evaluated
     * @param converted where the records went before
     */
    static Decision of(QualityReport report, Marker.Records converted, Quality quality) {
        long moved = quality.onRowFailure() == OnRowFailure.QUARANTINE ? report.failingRows() : 0;
        List<String> reasons = new ArrayList<>();
        List<RuleOutcome> failed = failed(report, quality);
        if (!failed.isEmpty() && quality.onFailure() == OnFailure.STOP) {
            reasons.add(told(failed, report));
        }
        long quarantined = converted.quarantined() + moved;
        if (quality.maxQuarantined() != null) {
            if (new BigDecimal(quarantined)
                            .compareTo(quality.maxQuarantined().multiply(new BigDecimal(converted.read())))
                    > 0) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "%,d of its %,d records are rejected, %s, and at most %s may be",
                        quarantined,
                        converted.read(),
                        percent(new BigDecimal(quarantined)
                                .divide(new BigDecimal(converted.read()), 6, RoundingMode.HALF_UP)),
                        percent(quality.maxQuarantined())));
            }
        } else if (moved > 0 && moved == converted.written()) {
            reasons.add(String.format(
                    Locale.ROOT, "every one of its %,d rows fails a rule, e.g. %s", moved, ofRows(report)));
        }
        return reasons.isEmpty() ? new Publish(moved) : new Stop(String.join("; ", reasons));
    }

    /** The failed rules that removing rows does not mend. */
    private static List<RuleOutcome> failed(QualityReport report, Quality quality) {
        return report.with(Verdict.FAILED).stream()
                .filter(outcome -> outcome.scope() == Scope.DATASET || quality.onRowFailure() == OnRowFailure.KEEP)
                .toList();
    }

    private static String told(List<RuleOutcome> failed, QualityReport report) {
        String rules = failed.stream()
                .limit(TOLD)
                .map(outcome -> outcome.rule() + " (" + outcome.sentence().replaceFirst("\\.$", "") + ")")
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
                .map(RuleOutcome::rule)
                .findFirst()
                .orElse("");
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
