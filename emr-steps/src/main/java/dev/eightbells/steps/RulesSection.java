package dev.eightbells.steps;

import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Markers;
import dev.eightbells.batch.Step;
import dev.eightbells.batch.Stopped;
import dev.eightbells.store.ObjectStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The part of the page that tells what the rules said of a batch.
 *
 * @param batch its name
 * @param report the verdicts
 */
record RulesSection(String batch, RulesReport report) {

    /** What the rules said of a batch when it was last decided on; empty when they were not asked. */
    static Optional<RulesSection> of(String batch, Markers markers, ObjectStore lake) {
        return markers.find(Step.VALIDATE)
                .map(Marker::quality)
                .map(Marker.Quality::report)
                .or(() -> markers.stopped().map(Stopped::report))
                .flatMap(key -> RulesReport.read(lake, key))
                .map(report -> new RulesSection(batch, report));
    }

    /** All sections; nothing where there are none. */
    static String html(List<RulesSection> newestFirst) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < newestFirst.size(); i++) {
            all.append(newestFirst.get(i).html(i == 0 ? " open" : ""));
        }
        return all.isEmpty() ? "" : "<h2>Rules</h2>\n" + all;
    }

    private String html(String open) {
        StringBuilder rows = new StringBuilder();
        report.rules().forEach(rule -> rows.append(row(rule)));
        return """
                <details%s><summary>%s: %s</summary>
                <table class="rules">
                <tr><th>verdict</th><th>rule</th><th>what was found</th><th>rows that fail</th><th>e.g.</th></tr>
                %s</table></details>
                """
                .formatted(open, Report.escaped(batch), summary(), rows);
    }

    private String summary() {
        int failed = report.failed().size();
        return failed == 0
                ? "all " + report.rules().size() + " passed"
                : failed + " of " + report.rules().size() + " failed";
    }

    private static String row(RulesReport.Rule rule) {
        return String.format(
                Locale.ROOT,
                "<tr><td class=\"%s\">%s</td><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
                rule.verdict().text().toLowerCase(Locale.ROOT),
                rule.verdict().text(),
                Report.escaped(rule.text()),
                Report.escaped(rule.sentence()),
                rule.failingRows() == null ? "" : String.format(Locale.ROOT, "%,d", rule.failingRows()),
                Report.escaped(String.join(" | ", rule.samples())));
    }
}
