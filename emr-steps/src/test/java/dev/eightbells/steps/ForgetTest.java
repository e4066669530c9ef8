package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.forget.Forgetting;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import dev.eightbells.warehouse.Connector;
import dev.eightbells.warehouse.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A visitor who is planted wherever a value can come to lie, and forgotten. */
@ExtendWith(LocalServices.class)
class ForgetTest {
    private static final String PLANTED = "planted-visitor-7";
    private static final String WHERE = "visitor = '" + PLANTED + "'";

    @TempDir
    private Path folder;

    private LoadedSite site;

    @BeforeEach
    void openTheSite(Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift) throws IOException {
        this.site = new LoadedSite(folder.resolve("site"), "forgotten", session, s3, postgres);
        site.define(site.with(redshift.jdbcUrl())
                + "quality:\n  rules: 'Rules = [ColumnValues \"page\" matches \"^/[a-z]$\"]'\n  maxQuarantined: 60%\n");
    }

    /** Whoever reads the lake finds nothing any more; what is left to do is remembered. */
    private void assertStaysOpenWithoutWarehouse() {
        Connector nobody = () -> {
            throw new SQLException("Nobody answers", "08001");
        };
        Patience none = new Patience(1, Duration.ZERO, Duration.ZERO, null, Duration.ZERO);
        try (Workplace workplace = site.workplace(nobody)) {
            Forgetting forgetting = workplace.forgetting(none);
            assertThatThrownBy(() -> forgetting.perform(WHERE))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT))
                    .hasMessageContaining("Nobody answers");
        }
        assertThat(site.lakeRows("events").toString() + site.lakeRows("sessions"))
                .doesNotContain(PLANTED);
    }

    private static Event bad(String id, String visitor, String at) {
        return new Event(id, visitor, Instant.parse(at), "/bad/" + visitor, "7.50");
    }

    private void deliverAndRun() {
        site.deliver(
                "a",
                Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                Event.of("b", PLANTED, "2026-03-01T23:50:00Z"),
                Event.of("c", PLANTED, "2026-03-02T00:10:00Z"),
                bad("d", PLANTED, "2026-03-02T00:11:00Z"),
                new Event("e", PLANTED, Instant.parse("2026-03-02T00:11:00Z"), "/e", "much"));
        site.deliver("b", "{\"id\": \"z\", \"visitor\": \"" + PLANTED + "\", \"at\": oh}\n");
        assertThat(site.command("run").exitCode()).isZero();
        site.deliver(
                "c",
                Event.of("f", "anna", "2026-03-02T00:10:00Z"),
                bad("g", PLANTED, "2026-03-02T00:30:00Z"),
                bad("h", "cleo", "2026-03-02T03:00:00Z"));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
        assertThat(site.command("release", "--batch", "20260302T0400Z-2", "--accept")
                        .exitCode())
                .isZero();
        site.deliver("d", Event.of("i", "anna", "2026-03-02T00:20:00Z"), bad("j", "bo", "2026-03-02T01:00:00Z"));
        site.deliver("e", bad("k", "cleo", "2026-03-02T03:10:00Z"));
        assertThat(site.command("run").exitCode()).isEqualTo(3);
    }

    private List<List<Object>> others(String table) throws SQLException {
        return site
                .ask("SELECT * FROM " + site.schema() + ".loaded_" + table + " WHERE visitor IS NULL OR visitor <> '"
                        + PLANTED + "' ORDER BY 1")
                .stream()
                .map(row -> row.subList(0, row.size() - 1))
                .toList();
    }

    private void assertSameInLakeAndWarehouse() throws SQLException {
        for (String table : List.of("events", "sessions")) {
            assertThat(site.ask("SELECT * FROM " + site.schema() + ".loaded_" + table + " ORDER BY 1").stream()
                            .map(row -> row.subList(0, row.size() - 1))
                            .toList())
                    .isEqualTo(site.lakeRows(table));
        }
    }

    private List<String> objectsThatHold(String text) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        try (ObjectStore lake = site.lake();
                Stream<StoredObject> objects = lake.list("", "")) {
            for (StoredObject object : objects.toList()) {
                Path file = copy.resolve(object.key());
                Files.createDirectories(file.getParent());
                Files.write(file, lake.read(object.key()).orElseThrow().bytes());
            }
        }
        return HeldBytes.below(copy, text);
    }

    @Test
    void aVisitorIsGoneFromEverywhereAndTheOthersAreAsTheyWere() throws IOException, SQLException {
        deliverAndRun();
        List<List<Object>> events = others("events");
        List<List<Object>> sessions = others("sessions");
        assertThat(objectsThatHold(PLANTED)).hasSizeGreaterThan(10);

        Result shown = site.command("forget", "--where", WHERE);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .isEqualTo(
                        """
                        3 events
                        1 session with such events
                        3 quarantined records
                        3 rows of events in the warehouse
                        2 reports or notes that quote them
                        Nothing was changed; forget them with --confirm.
                        """);

        assertStaysOpenWithoutWarehouse();
        assertThat(site.command("forget").out())
                .startsWith("forgets/00000001  asked for at 2026-03-02T04:20:00Z, by visitor; not done.")
                .doesNotContain(PLANTED);

        Result done = site.command("forget", "--confirm");
        assertThat(done.err()).isEmpty();
        assertThat(done.out()).startsWith("forgets/00000001  {").doesNotContain(PLANTED);
        assertThat(objectsThatHold(PLANTED)).isEmpty();
        assertThat(site.ask("SELECT 1 FROM " + site.schema() + ".loaded_events WHERE " + WHERE))
                .isEmpty();
        assertThat(others("events")).isEqualTo(events);
        assertThat(others("sessions")).isEqualTo(sessions);
        assertSameInLakeAndWarehouse();
        assertThat(receipt())
                .contains("\"state\":\"done\"", "\"columns\":[\"visitor\"]", "\"gone\":1,\"made\":0")
                .contains("\"found\":{\"events\":3,\"sessions\":1,\"quarantine\":3,\"objects\":2");

        assertThat(site.command("forget", "--where", WHERE, "--confirm").out()).isEqualTo("Nothing to forget.\n");
        goesOn();
    }

    /** What was stopped is released with all its rows, and loaded; a replay finds no records. */
    private void goesOn() throws SQLException {
        assertThat(site.command("replay", "--batch", "20260302T0400Z").err()).doesNotContain("Cannot read");
        assertThat(site.command("release", "--batch", "20260302T0400Z-3", "--accept")
                        .err())
                .isEmpty();
        assertThat(site.lakeRows("events").stream().map(row -> row.get(0)))
                .containsExactly("a", "f", "h", "i", "j", "k");
        assertSameInLakeAndWarehouse();
        List<Object> annas = new ArrayList<>();
        site.lakeRows("sessions").forEach(row -> annas.add(row.get(1)));
        assertThat(annas).containsExactlyInAnyOrder("anna", "bo", "cleo");
    }

    private String receipt() {
        try (ObjectStore lake = site.lake()) {
            return new String(lake.read("forgets/00000001.json").orElseThrow().bytes(), StandardCharsets.UTF_8);
        }
    }
}
