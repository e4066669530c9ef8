package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tables after many small batches, and what comes after care was taken of them. */
@ExtendWith(LocalServices.class)
class CareTest {
    private static final String RULES = "quality: {rules: 'Rules = [ RowCount > 0 ]'}\n";

    /** Snapshots are as old as the machine's clock says. */
    private final String muchLater = Instant.now().plus(Duration.ofDays(40)).toString();

    @TempDir
    private Path folder;

    private Site site;

    private void open(Session session, String pipeline) throws IOException {
        this.site = new Site(folder, session);
        site.define(pipeline);
    }

    /** Four-hour windows of some days, with a visitor's event in the middle of each. */
    private void runWindows(int days) throws IOException {
        for (int day = 1; day <= days; day++) {
            for (int hour = 2; hour < 24; hour += 4) {
                Instant at = Instant.parse(String.format("2026-02-%02dT%02d:00:00Z", day, hour));
                String id = "e" + day + "-" + hour;
                Visits.deliver(
                        site,
                        id,
                        List.of(
                                new Event(id, "anna", at, "/" + id, "3.50"),
                                new Event(id + "b", "bosun", at.plusSeconds(60), "/", null)));
                Result result = site.commandAt(at.plus(Duration.ofHours(3)).toString(), "run");
                assertThat(result.err()).isEmpty();
            }
        }
    }

    private List<String> events() {
        return Site.json(site.table());
    }

    private long files(String table) {
        return site.session().spark().table(table + ".files").count();
    }

    private long files() {
        return files(site.sessionsName()) + files(site.historyName()) + files(eventsName());
    }

    private String eventsName() {
        return site.historyName().replaceFirst("_quality$", "");
    }

    private static List<String> jsonOf(Dataset<Row> rows) {
        return Site.json(rows);
    }

    private long metadataVersions() throws IOException {
        try (Stream<Path> all = Files.list(site.lake("tables/analytics/events/metadata"))) {
            return all.filter(file -> file.toString().endsWith(".metadata.json"))
                    .count();
        }
    }

    private long parquetFiles() throws IOException {
        try (Stream<Path> all = Files.walk(site.lake("tables"))) {
            return all.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void afterEighteenBatchesThereAreTheSameRowsInFewFilesAndLateEventsFindTheirPlace(Session session)
            throws IOException {
        open(session, Site.VISITS + RULES + "care: {every: 0}\n");
        runWindows(3);
        List<String> events = events();
        List<String> sessions = site.sessionRows();
        List<String> history = jsonOf(site.session().spark().table(site.historyName()));
        long before = files();

        List<String> untouched = site.everything();
        Result dry = site.command("care", "--dry-run");
        assertThat(dry.err()).isEmpty();
        assertThat(dry.out()).contains("analytics.events ").contains("18 → 3").contains("would lay out anew 18 files");
        assertThat(site.everything()).isEqualTo(untouched);

        Result care = site.command("care");
        assertThat(care.err()).isEmpty();
        assertThat(care.out()).contains("18 → 3").contains("compact ");
        assertThat(files()).isLessThanOrEqualTo(before / 4);
        assertThat(events()).isEqualTo(events);
        assertThat(site.sessionRows()).isEqualTo(sessions);
        assertThat(jsonOf(site.session().spark().table(site.historyName()))).isEqualTo(history);
        assertThat(site.command("care").out()).doesNotContain("→").doesNotContain("compact ");

        Result later = site.commandAt(muchLater, "care");
        assertThat(later.err()).isEmpty();
        assertThat(later.out()).contains("expire ").contains("orphans ");
        assertThat(parquetFiles()).isEqualTo(files());
        assertThat(metadataVersions()).isLessThanOrEqualTo(101);
        assertThat(events()).isEqualTo(events);

        // One that is there already, and one between two visits of the second day.
        Visits.deliver(
                site,
                "late",
                List.of(
                        Event.of("e2-6", "anna", "2026-02-02T06:00:00Z"),
                        Event.of("late1", "anna", "2026-02-02T06:25:00Z"),
                        Event.of("late2", "anna", "2026-02-02T06:50:00Z")));
        assertThat(site.command("run").out())
                .contains("read 3 = written 2 + duplicates 1 + quarantined 0")
                .contains("1 extended");
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));
        assertThat(events()).hasSize(events.size() + 2);
    }

    @Test
    void aBatchThatWaitsForADecisionLosesNothingWhenAllElseIsForgotten(Session session) throws IOException {
        open(session, Site.shopWith("rules: 'Rules = [ RowCount > 1 ]'") + "care: {every: 0}\n");
        site.deliver(
                "2026-03-01T01",
                "a",
                Site.event("1", "2026-02-26T01:00:00Z", 1) + Site.event("2", "2026-02-26T01:00:00Z", 1));
        assertThat(site.commandAt("2026-03-01T04:20:00Z", "run").exitCode()).isZero();
        site.deliver("2026-03-01T05", "b", Site.event("3", "2026-02-26T02:00:00Z", 1));
        assertThat(site.commandAt("2026-03-01T08:20:00Z", "run").exitCode()).isEqualTo(3);
        site.deliver(
                "2026-03-01T09",
                "c",
                Site.event("1", "2026-02-26T01:00:00Z", 1) + Site.event("4", "2026-02-26T01:00:00Z", 1) + "no record\n"
                        + Site.event("5", "2026-02-26T01:00:00Z", 1));
        assertThat(site.commandAt("2026-03-01T12:20:00Z", "run").out()).contains("duplicates 1 + quarantined 1");

        assertThat(site.command("care").exitCode()).isZero();
        Result care = site.commandAt(muchLater, "care");
        assertThat(care.err()).isEmpty();
        assertThat(care.out()).contains("deleted quarantine of 1 batch: ");
        assertThat(site.table()
                        .sparkSession()
                        .table(eventsName() + ".snapshots")
                        .count())
                .isEqualTo(2);
        assertThat(site.tags()).containsExactly("eightbells-20260301T0800Z");

        site.define(Site.shopWith("rules: 'Rules = [ RowCount > 0 ]'") + "care: {every: 0}\n");
        Result released = site.command("release", "--batch", "20260301T0800Z");
        assertThat(released.out()).startsWith("20260301T0800Z        read 1 = written 1");
        assertThat(site.rows("id")).containsExactly("1", "2", "3", "4", "5");

        assertThat(site.later(muchLater, "quarantine", "list", "--batch", "20260301T1200Z")
                        .out())
                .isEqualTo("The quarantined records of batch 20260301T1200Z were deleted because of their age, as the"
                        + " pipeline file's retention says.\n");
    }

    @Test
    @Tag("soak")
    void rowsThatAreTooOldAreRemovedByWholeDaysAndOtherBatchesGoOn(Session session) throws IOException {
        open(session, Site.VISITS + RULES + "care: {every: 1}\nretention: {events: 3d, sessions: 3d, metrics: 400d}\n");
        List<Event> old = new ArrayList<>();
        for (int day = 25; day <= 28; day++) {
            old.add(Event.of("e" + day, "anna", "2026-02-" + day + "T12:00:00Z"));
        }
        Visits.deliver(site, "a", old);
        // It is taken care of after this batch, and it keeps whole days.
        Result run = site.command("run");
        assertThat(run.err()).isEmpty();
        assertThat(site.rows("id")).containsExactly("e27", "e28");
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));

        Visits.deliver(site, "b", List.of(Event.of("late", "anna", "2026-02-25T12:10:00Z")));
        assertThat(site.command("run").out()).contains("written 1");
        assertThat(site.rows("id")).containsExactly("e27", "e28");
        assertThat(site.commandAt("2026-03-02T05:00:00Z", "run").out()).startsWith("Nothing new");
    }
}
