package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Forgetting on a local lake. */
@ExtendWith(LocalServices.class)
class ForgetTest {
    private static final String PLANTED = "planted-visitor-7";
    private static final String WHERE = "visitor = '" + PLANTED + "'";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheSite(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(
                Site.VISITS
                        + "quality:\n  rules: 'Rules = [ColumnValues \"page\" matches \"^/[a-z]$\"]'\n  onRowFailure: quarantine\n");
    }

    private void deliverAndRun() throws IOException {
        Visits.deliver(
                site,
                "a",
                List.of(
                        Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                        Event.of("b", PLANTED, "2026-03-01T23:50:00Z"),
                        Event.of("c", PLANTED, "2026-03-02T00:10:00Z"),
                        new Event(
                                "d", PLANTED, java.time.Instant.parse("2026-03-02T00:11:00Z"), "/bad/" + PLANTED, null),
                        new Event("e", PLANTED, java.time.Instant.parse("2026-03-02T00:11:00Z"), "/e", "much")));
        assertThat(site.command("run").exitCode()).isZero();
        Visits.deliver(
                site,
                "b",
                List.of(
                        Event.of("f", "anna", "2026-03-02T00:10:00Z"),
                        Event.of("g", PLANTED, "2026-03-02T00:20:00Z"),
                        Event.of("h", "cleo", "2026-03-02T03:00:00Z")));
        assertThat(site.command("run").exitCode()).isZero();
    }

    @Test
    void aVisitorIsGoneFromEverywhere() throws IOException {
        deliverAndRun();
        List<String> others = site.sessionRows().stream()
                .filter(row -> !row.contains(PLANTED))
                .toList();
        Site.Result shown = site.command("forget", "--where", WHERE);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .isEqualTo(
                        """
                        3 events
                        1 session with such events
                        2 quarantined records
                        1 report or note that quotes them
                        Nothing was changed; forget them with --confirm.
                        """);
        Site.Result done = site.command("forget", "--where", WHERE, "--confirm");
        assertThat(done.err()).isEmpty();
        assertThat(done.exitCode()).isZero();
        assertThat(site.sessionRows()).isEqualTo(others).isEqualTo(Visits.expected(site));
        assertThat(HeldBytes.below(site.lake(""), PLANTED)).isEmpty();
    }
}
