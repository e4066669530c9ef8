package dev.eightbells.steps;

import dev.eightbells.batch.Marker;

/** Tells which rules a published batch fails. */
final class FailedRules {
    private FailedRules() {}

    /** One line for each rule; nothing for a batch that was done before, which has been told of. */
    static void tell(Workplace workplace, Console console, BatchRunner.Outcome outcome) {
        Marker.Quality quality =
                outcome.validated() == null ? null : outcome.validated().quality();
        if (outcome.already() == BatchRunner.Already.DONE || quality == null || quality.report() == null) {
            return;
        }
        RulesReport.read(workplace.ledger().lake(), quality.report()).ifPresent(report -> report.failed()
                .forEach(rule -> console.println(
                        "    " + Failures.oneLine(rule.text()) + ": " + Failures.oneLine(rule.sentence()))));
    }
}
