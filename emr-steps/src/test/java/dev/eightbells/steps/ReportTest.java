package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Marker;
import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static String page(Report.Line... lines) {
        return Report.html("shop", "s3://lake/", List.of(lines), List.of());
    }

    @Test
    void showsWhereTheRecordsOfABatchWent() {
        String page = page(new Report.Line(
                "20261122T0800Z", "published", Marker.Records.published(1000, 990, 4, 6), null, null, ""));
        assertThat(page)
                .contains("<td>20261122T0800Z</td><td class=\"published\">published</td>")
                .contains("<td>1,000</td><td>990</td><td>4</td><td>6</td>")
                .contains("width:99.000%");
    }

    @Test
    void showsBatchesThatAreNotConvertedWithoutCounts() {
        assertThat(page(new Report.Line("20261122T0800Z", "planned", null, null, null, "")))
                .contains("<td class=\"planned\">planned</td><td colspan=\"5\"");
    }

    @Test
    void saysWhyABatchIsStopped() {
        String page = page(new Report.Line(
                "20261122T0800Z",
                "stopped",
                Marker.Records.converted(6, 0, 0, 6),
                null,
                null,
                "Stopped: all rejected."));
        assertThat(page).contains("<td>6</td><td>0</td><td>0</td><td>6</td>").contains("Stopped: all rejected.");
    }

    @Test
    void saysWhatBecameOfTheSessionsWhereThereAreAny() {
        Marker.Records records = Marker.Records.published(1000, 990, 4, 6);
        assertThat(page(new Report.Line("b", "published", records, null, null, "")))
                .doesNotContain("sessions");
        assertThat(page(new Report.Line(
                        "b", "published", records, Marker.Sessions.of(990, 0, 0, 1200, 31, 2, 2, 2), null, "")))
                .contains("<th>sessions</th>")
                .contains("<td>1,200 new, 31 extended, 2 bridged</td>");
    }

    @Test
    void saysWhatIsInTheWarehouseBelowTheSameHeadForEachBatch() {
        Marker.Records records = Marker.Records.published(1000, 990, 4, 6);
        Marker.Sessions sessions = Marker.Sessions.of(990, 0, 0, 1200, 31, 2, 2, 2);
        Marker.Load load = new Marker.Load(
                new Marker.LoadedRows("analytics.web_events", 7, 990),
                new Marker.LoadedRows("analytics.web_sessions", 8, 1));
        String page = page(
                new Report.Line("b2", "loaded", records, null, load, ""),
                new Report.Line("b1", "published", records, sessions, null, ""));
        assertThat(page)
                .contains("<th>sessions</th><th>loaded</th></tr>")
                .contains("</div></td><td></td><td>990 events, 1 session</td></tr>")
                .contains("</div></td><td>1,200 new, 31 extended, 2 bridged</td><td></td></tr>");
    }

    @Test
    void showsWhatTheRulesSaidOfTheNewestBatches() {
        RulesReport bad = new RulesReport(
                List.of(
                        new RulesReport.Rule(
                                "RowCount > 0", Verdict.PASSED, Scope.DATASET, "RowCount is 7.", null, List.of()),
                        new RulesReport.Rule(
                                "IsComplete \"id\"",
                                Verdict.FAILED,
                                Scope.ROWS,
                                "1,200 of 7,000 do not.",
                                1200L,
                                List.of("<a>", "b"))),
                Map.of());
        RulesReport good = new RulesReport(bad.rules().subList(0, 1), Map.of());
        String page = Report.html(
                "shop", "s3://lake/", List.of(), List.of(new RulesSection("b2", bad), new RulesSection("b1", good)));
        assertThat(page)
                .contains("<details open><summary>b2: 1 of 2 failed</summary>")
                .contains("<tr><td class=\"failed\">FAILED</td><td><code>IsComplete &quot;id&quot;</code></td>"
                        + "<td>1,200 of 7,000 do not.</td><td>1,200</td><td>&lt;a&gt; | b</td></tr>")
                .contains("<td class=\"passed\">PASSED</td><td><code>RowCount &gt; 0</code></td><td>RowCount is 7.</td>"
                        + "<td></td><td></td></tr>")
                .contains("<details><summary>b1: all 1 passed</summary>");
        assertThat(page()).doesNotContain("<h2>");
    }

    @Test
    void textOfTheDataIsNoMarkup() {
        assertThat(page(new Report.Line("b", "stopped", null, null, null, "<script>\"&")))
                .contains("&lt;script&gt;&quot;&amp;")
                .doesNotContain("<script>");
    }

    @Test
    void aLakeWithoutBatchesHasAPageToo() {
        assertThat(page()).contains("<h1>shop</h1>");
    }
}
