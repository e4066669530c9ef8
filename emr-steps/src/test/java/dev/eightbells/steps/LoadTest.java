package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline with a warehouse, run over S3 and a stand-in for Redshift. */
@ExtendWith(LocalServices.class)
class LoadTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private LoadedSite site;
    private String events;
    private String sessions;

    @BeforeEach
    void openTheSite(TestInfo test, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        String name = "loaded-" + Integer.toHexString(test.getDisplayName().hashCode());
        this.site = new LoadedSite(folder, name, session, s3, postgres);
        this.events = site.schema() + ".loaded_events";
        this.sessions = site.schema() + ".loaded_sessions";
        site.define(site.with(redshift.jdbcUrl()));
    }

    private void deliverFirst() {
        site.deliver(
                "a",
                new Event("a", "anna", Instant.parse("2026-03-01T23:50:00.123456Z"), "/ä'\\\\\\\"", "12.50"),
                Event.of("b", "anna", "2026-03-02T00:10:00Z"),
                Event.of("c", "bosun", "2026-03-02T00:10:00Z"),
                new Event("d", null, null, null, null));
    }

    /** An event that becomes part of a session, one that begins another, and one that is there already. */
    private void deliverSecond() {
        site.deliver(
                "b",
                Event.of("e", "anna", "2026-03-02T00:20:00Z"),
                Event.of("f", "cleo", "2026-03-02T03:00:00Z"),
                Event.of("c", "bosun", "2026-03-02T00:10:00Z"));
    }

    private static String reloaded(String table) {
        return "eightbells: " + table + " was reloaded: nothing of this pipeline is in it yet.\n";
    }

    private void assertSameInLakeAndWarehouse() throws SQLException {
        for (String table : List.of("events", "sessions")) {
            List<List<Object>> there = site.ask("SELECT * FROM " + site.schema() + ".loaded_" + table + " ORDER BY 1");
            assertThat(there.stream().map(row -> row.subList(0, row.size() - 1)).toList())
                    .isNotEmpty()
                    .isEqualTo(site.lakeRows(table));
        }
    }

    private List<List<Object>> ledger() throws SQLException {
        return site.ask("SELECT \"table\", \"number\", \"batch\", \"rows\" FROM " + site.schema()
                + ".eightbells_loads ORDER BY \"table\", \"number\"");
    }

    private JsonNode marker(String batch) throws IOException {
        try (ObjectStore lake = site.lake()) {
            return Site.parse(new String(
                    lake.read("batches/" + batch + "/load.json").orElseThrow().bytes(), StandardCharsets.UTF_8));
        }
    }

    /** All objects of the lake but the page for people, with their tags. */
    private List<String> everything() {
        try (ObjectStore lake = site.lake();
                Stream<StoredObject> objects = lake.list("", "")) {
            return objects.filter(object -> !object.key().startsWith("report/"))
                    .map(object -> object.key() + " " + object.etag())
                    .toList();
        }
    }

    @Test
    void aRunLoadsWhatItPublishesAndSaysSo() throws IOException, SQLException {
        deliverFirst();
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        0,
                        BATCH
                                + "        read 4 = written 4 + duplicates 0 + quarantined 0; sessions: 2 new, 0 extended,"
                                + " 0 bridged, 1 event without visitor or time; loaded: 4 events, 2 sessions\n",
                        reloaded(events) + reloaded(sessions)));
        assertSameInLakeAndWarehouse();

        deliverSecond();
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        0,
                        BATCH
                                + "-2      read 3 = written 2 + duplicates 1 + quarantined 0; sessions: 1 new, 1 extended,"
                                + " 0 bridged; loaded: 2 events, 3 sessions\n",
                        ""));
        assertSameInLakeAndWarehouse();
        assertThat(site.ask("SELECT id, eightbells_batch FROM " + events + " ORDER BY 1"))
                .containsExactly(
                        List.of("a", BATCH),
                        List.of("b", BATCH),
                        List.of("c", BATCH),
                        List.of("d", BATCH),
                        List.of("e", BATCH + "-2"),
                        List.of("f", BATCH + "-2"));
        assertThat(ledger())
                .containsExactly(
                        List.of(events, 1L, BATCH, 4L),
                        List.of(events, 2L, BATCH + "-2", 2L),
                        List.of(sessions, 1L, BATCH, 2L),
                        List.of(sessions, 2L, BATCH + "-2", 3L));
        assertThat(site.command("status").out())
                .contains("loaded ", "; loaded: 4 events, 2 sessions\n", "; loaded: 2 events, 3 sessions\n");
        try (ObjectStore lake = site.lake()) {
            assertThat(new String(lake.read("report/index.html").orElseThrow().bytes(), StandardCharsets.UTF_8))
                    .contains("<th>loaded</th>", "<td>4 events, 2 sessions</td>");
        }
    }

    @Test
    void doingItAgainChangesNothingAndSaysSo() throws IOException, SQLException {
        deliverFirst();
        assertThat(site.command("run").exitCode()).isZero();
        List<String> before = everything();
        List<List<Object>> loads = ledger();
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(new Result(0, BATCH + "        loaded: 4 events, 2 sessions  (already loaded)\n", ""));
        assertThat(site.command("load"))
                .isEqualTo(new Result(0, "%-30s  up to date%n%-30s  up to date%n".formatted(events, sessions), ""));
        assertThat(everything()).isEqualTo(before);
        assertThat(ledger()).isEqualTo(loads);
    }

    @Test
    void aMarkerThatWasLostIsWrittenAgainAndNothingIsLoadedTwice() throws IOException, SQLException {
        deliverFirst();
        assertThat(site.command("run").exitCode()).isZero();
        JsonNode load = marker(BATCH).get("load");
        assertThat(load.at("/events/target").asText()).isEqualTo(events);
        assertThat(load.at("/events/rows").asLong()).isEqualTo(4);
        assertThat(load.at("/sessions/rows").asLong()).isEqualTo(2);
        List<List<Object>> loads = ledger();

        site.delete("batches/" + BATCH + "/load.json");
        assertThat(site.command("status").out()).contains("published ", "; not loaded yet");
        assertThat(site.command("load", "--batch", BATCH))
                .isEqualTo(new Result(0, BATCH + "        loaded: 4 events, 2 sessions  (already loaded)\n", ""));
        assertThat(marker(BATCH).get("load")).isEqualTo(load);

        site.delete("batches/" + BATCH + "/load.json");
        assertThat(site.command("run").out()).endsWith("; loaded: 4 events, 2 sessions (already loaded)\n");
        assertThat(marker(BATCH).get("load")).isEqualTo(load);
        assertThat(ledger()).isEqualTo(loads);
        assertSameInLakeAndWarehouse();
    }

    @Test
    void theLoadOfOneBatchBringsTheOthersToo() throws IOException, SQLException {
        deliverFirst();
        site.plan();
        deliverSecond();
        site.plan();
        for (String batch : List.of(BATCH, BATCH + "-2")) {
            assertThat(site.command("convert", "--batch", batch).exitCode()).isZero();
            assertThat(site.command("sessionize", "--batch", batch).exitCode()).isZero();
        }
        assertThat(site.command("load", "--batch", BATCH + "-2"))
                .isEqualTo(new Result(
                        0, BATCH + "-2      loaded: 2 events, 3 sessions\n", reloaded(events) + reloaded(sessions)));
        assertThat(site.command("load", "--batch", BATCH).out())
                .isEqualTo(BATCH + "        loaded: 4 events, 2 sessions  (already loaded)\n");
        assertSameInLakeAndWarehouse();
    }

    @Test
    void showsWhatALoadWouldDoWithoutDoingIt() throws IOException, SQLException {
        deliverFirst();
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        Result check = site.command("load", "--check");
        assertThat(check.exitCode()).isZero();
        assertThat(check.out())
                .startsWith(("%-30s  a full reload, 4 rows: nothing of this pipeline is in it yet%n"
                                + "    CREATE TABLE IF NOT EXISTS \"%s\".\"loaded_events\" (%n      \"id\" VARCHAR(64),%n")
                        .formatted(events, site.schema()));
        assertThat(site.command("plan").out()).contains("Nothing new", check.out());
        assertThat(site.ask("SELECT 1 FROM svv_tables WHERE table_schema = '" + site.schema() + "'"))
                .isEmpty();

        assertThat(site.command("run").exitCode()).isZero();
        assertThat(site.command("load", "--check").out())
                .isEqualTo("%-30s  up to date%n%-30s  up to date%n".formatted(events, sessions));
        assertThat(site.command("plan").out().lines()).hasSize(1);

        site.deliver("b", new Event("g", "anna", Instant.parse("2026-03-02T03:30:00Z"), "/" + "ä".repeat(100), "1"));
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH + "-2").exitCode()).isZero();
        assertThat(site.command("load", "--check").out())
                .isEqualTo(("%-30s  1 commit, 1 row%n"
                                + "    ALTER TABLE \"%s\".\"loaded_events\" ALTER COLUMN \"page\" TYPE VARCHAR(512)%n"
                                + "%-30s  up to date%n")
                        .formatted(events, site.schema(), sessions));
        assertThat(site.command("run").exitCode()).isZero();
        assertSameInLakeAndWarehouse();
    }

    @Test
    void tellsAllThatKeepsALoadFromBeginningAtOnce() throws IOException, SQLException {
        deliverFirst();
        site.plan();
        assertThat(site.command("convert", "--batch", BATCH).exitCode()).isZero();
        site.execute("CREATE SCHEMA " + site.schema());
        site.execute("CREATE TABLE " + events + " (id VARCHAR(64), page BIGINT)");
        Result check = site.command("load", "--check");
        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(check.err())
                .isEqualTo("eightbells: Cannot load pipeline visits into its warehouse: table " + events
                        + " was not made by Eightbells, and column page is BIGINT there and VARCHAR in the lake; drop"
                        + " it, name another target, or let eightbells load --reload make it anew. Nothing was"
                        + " loaded.\n");
        assertThat(site.command("plan").out()).contains("The load will fail: table " + events + " was not made by");
        Result run = site.command("run");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(check.err());
        assertThat(site.command("status").out()).contains("; not loaded yet, attempt 2 ended with 2: Cannot load");

        assertThat(site.command("load", "--reload").out())
                .isEqualTo(
                        ("%-30s  reloaded, 4 rows: Redshift cannot change its columns in place: column page is BIGINT"
                                        + " there and VARCHAR in the lake%n"
                                        + "%-30s  reloaded, 2 rows: it was asked for%n")
                                .formatted(events, sessions));
        assertSameInLakeAndWarehouse();
        assertThat(site.command("run").out()).endsWith("(already loaded)\n");
    }

    @Test
    void reloadsEverythingWhenItIsAsked() throws IOException, SQLException {
        deliverFirst();
        assertThat(site.command("run").exitCode()).isZero();
        deliverSecond();
        assertThat(site.command("run").exitCode()).isZero();
        site.execute("DELETE FROM " + events + " WHERE id = 'a'");
        assertThat(site.command("load", "--reload"))
                .isEqualTo(new Result(
                        0,
                        ("%-30s  reloaded, 6 rows: it was asked for%n" + "%-30s  reloaded, 3 rows: it was asked for%n")
                                .formatted(events, sessions),
                        ""));
        assertSameInLakeAndWarehouse();
        assertThat(site.ask("SELECT eightbells_batch, COUNT(*) FROM " + events + " GROUP BY 1 ORDER BY 1"))
                .containsExactly(List.of(BATCH, 4L), List.of(BATCH + "-2", 2L));
    }

    @Test
    void aBatchWithoutRowsLeavesALineInTheLedgerAndNothingElse() throws IOException, SQLException {
        deliverFirst();
        assertThat(site.command("run").exitCode()).isZero();
        site.deliver("b", Event.of("c", "bosun", "2026-03-02T00:10:00Z"));
        Result run = site.command("run");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("; loaded: 0 events, 0 sessions\n");
        assertThat(ledger())
                .containsExactly(
                        List.of(events, 1L, BATCH, 4L),
                        List.of(events, 2L, BATCH + "-2", 0L),
                        List.of(sessions, 1L, BATCH, 2L),
                        List.of(sessions, 2L, BATCH + "-2", 0L));
        assertSameInLakeAndWarehouse();
    }

    @Test
    void aWarehouseMayComeLater(LocalRedshift redshift) throws IOException, SQLException {
        site.define(site.without());
        deliverFirst();
        assertThat(site.command("run").out()).doesNotContain("loaded");
        site.define(site.with(redshift.jdbcUrl()));
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(site.command("load"))
                .isEqualTo(new Result(
                        0,
                        ("%-30s  reloaded, 4 rows: nothing of this pipeline is in it yet%n"
                                        + "%-30s  reloaded, 2 rows: nothing of this pipeline is in it yet%n")
                                .formatted(events, sessions),
                        ""));
        deliverSecond();
        Result run = site.command("run");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("; loaded: 2 events, 3 sessions\n");
        assertSameInLakeAndWarehouse();
    }
}
