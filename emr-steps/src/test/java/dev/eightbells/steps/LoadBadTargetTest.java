package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loads into tables that somebody else made or changed: each is refused, told, or made to fit; never spoilt. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadBadTargetTest {
    private static final String FIRST = "nothing of this pipeline is in it yet";

    private WarehouseSite site;

    @BeforeAll
    void publish(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        site = new WarehouseSite("targets", folder, session, s3, postgres, redshift);
        site.define(Site.VISITS, "");
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        site.deliver(
                "batch.json",
                new Visits.Event("a", "anna", noon, "/landing", "1.50").json()
                        + new Visits.Event("b", "bob", noon, "/", null).json());
        assertThat(site.command("run").exitCode()).isZero();
    }

    /** A schema with a table of events that somebody made by hand. */
    private void byHand(String schema, String columns) throws IOException, SQLException {
        site.define(Site.VISITS, site.warehouse(schema));
        site.say("CREATE SCHEMA " + schema);
        site.say("CREATE TABLE " + schema + ".events (" + columns + ")");
    }

    private Result load(String schema, String... more) throws IOException {
        site.define(Site.VISITS, site.warehouse(schema));
        return site.command("load", more);
    }

    /** Neither a look nor a load does anything but say why. */
    private void assertRefused(String schema, String why) throws IOException, SQLException {
        List<Map<String, String>> loads = loads(schema);
        Result refused = new Result(
                2,
                "",
                "eightbells: Cannot load pipeline visits into its warehouse: " + why + ". Nothing was loaded.\n");
        assertThat(load(schema)).isEqualTo(refused);
        assertThat(load(schema, "--check").err()).isEqualTo(refused.err());
        assertThat(load(schema, "--check").exitCode()).isEqualTo(2);
        assertThat(loads(schema)).isEqualTo(loads);
    }

    private List<Map<String, String>> loads(String schema) throws SQLException {
        return site.ask("SELECT 1 FROM svv_tables WHERE table_name = 'eightbells_loads' AND table_schema = '" + schema
                                + "'")
                        .isEmpty()
                ? List.of()
                : site.ask("SELECT * FROM " + schema + ".eightbells_loads ORDER BY \"table\", \"number\"");
    }

    private static String reloaded(String schema, String table, String why) {
        return String.format("%-30s  reloaded, 2 rows: %s%n", schema + "." + table, why);
    }

    private void assertLoaded(String schema) throws SQLException {
        try (Workplace workplace = site.workplace()) {
            assertThat(site.warehouseRows(schema + ".events")).isEqualTo(site.lakeEvents(workplace));
            assertThat(site.warehouseRows(schema + ".sessions")).isEqualTo(site.lakeSessions(workplace));
        }
    }

    @Test
    void columnsOfOtherTypesAreRefused() throws IOException, SQLException {
        byHand("types", "id VARCHAR(64), at DATE, page VARCHAR(64), amount INTEGER");
        site.say("CREATE TABLE types.sessions (session_id VARCHAR(64), event_count INTEGER)");
        String advice = "; drop it, name another target, or let eightbells load --reload make it anew";
        assertRefused(
                "types",
                "table types.events was not made by Eightbells, and column at is DATE there and TIMESTAMP in the lake,"
                        + " and column amount is INTEGER there and DECIMAL(10,2) in the lake" + advice
                        + "; table types.sessions was not made by Eightbells, and column event_count is INTEGER there"
                        + " and BIGINT in the lake" + advice);
        assertThat(load("types", "--reload").exitCode()).isZero();
        assertLoaded("types");
    }

    @Test
    void aTypeThatSomebodyChangedLaterIsAReloadThatIsAnnounced() throws IOException, SQLException {
        assertThat(load("altered").exitCode()).isZero();
        site.say("ALTER TABLE altered.events DROP COLUMN amount");
        site.say("ALTER TABLE altered.events ADD COLUMN amount INTEGER");
        String why = "Redshift cannot change its columns in place: column amount is INTEGER there and DECIMAL(10,2) in"
                + " the lake";
        assertThat(load("altered", "--check"))
                .isEqualTo(new Result(
                        0,
                        String.format("%-30s  a full reload, 2 rows: %s%n", "altered.events", why)
                                + String.format("%-30s  up to date%n", "altered.sessions"),
                        ""));
        assertThat(load("altered"))
                .isEqualTo(new Result(
                        0,
                        reloaded("altered", "events", why) + String.format("%-30s  up to date%n", "altered.sessions"),
                        ""));
        assertLoaded("altered");
    }

    @Test
    void columnsThatAreMissingAreAddedAndNarrowOnesWidened() throws IOException, SQLException {
        byHand("fewer", "at TIMESTAMP, page VARCHAR(4), id VARCHAR(64)");
        assertThat(load("fewer", "--check").out())
                .startsWith(String.format("%-30s  a full reload, 2 rows: %s%n", "fewer.events", FIRST)
                        + "    ALTER TABLE \"fewer\".\"events\" ALTER COLUMN \"page\" TYPE VARCHAR(64)\n"
                        + "    ALTER TABLE \"fewer\".\"events\" ADD COLUMN \"eightbells_batch\" VARCHAR(64)\n"
                        + "    ALTER TABLE \"fewer\".\"events\" ADD COLUMN \"visitor\" VARCHAR(64)\n"
                        + "    ALTER TABLE \"fewer\".\"events\" ADD COLUMN \"amount\" DECIMAL(10,2)\n");
        assertThat(load("fewer"))
                .isEqualTo(
                        new Result(0, reloaded("fewer", "events", FIRST) + reloaded("fewer", "sessions", FIRST), ""));
        assertThat(site.ask("SELECT page, id, visitor, amount FROM fewer.events ORDER BY id"))
                .extracting(row -> String.join(
                        " ", row.values().stream().map(String::valueOf).toList()))
                .containsExactly("/landing a anna 1.50", "/ b bob null");
    }

    @Test
    void furtherColumnsAreLeftToTheirDefaults() throws IOException, SQLException {
        byHand("more", "note VARCHAR(9), id VARCHAR(64), kind INTEGER NOT NULL DEFAULT 7");
        assertThat(load("more").exitCode()).isZero();
        assertThat(site.ask("SELECT note, id, kind, amount FROM more.events ORDER BY id"))
                .extracting(row -> String.join(
                        " ", row.values().stream().map(String::valueOf).toList()))
                .containsExactly("null a 7 1.50", "null b 7 null");
    }

    @Test
    void aFurtherColumnThatMustBeGivenIsRefused() throws IOException, SQLException {
        byHand("given", "id VARCHAR(64), shop INTEGER NOT NULL");
        assertRefused(
                "given",
                "table given.events has a column shop that is NOT NULL and has no default, and the lake has no such"
                        + " column; give it a default, or drop it");
    }

    @Test
    void aViewIsRefused() throws IOException, SQLException {
        byHand("views", "id VARCHAR(64)");
        site.say("CREATE VIEW views.sessions AS SELECT id FROM views.events");
        assertRefused(
                "views",
                "views.sessions is a VIEW, and rows are loaded into tables only; name another target, or drop it");
        assertThat(site.ask("SELECT * FROM views.events")).isEmpty();
    }

    @Test
    void rowsThatNoLedgerKnowsAreReplacedOnlyWhenAsked() throws IOException, SQLException {
        byHand("rows", "id VARCHAR(64)");
        site.say("INSERT INTO rows.events VALUES ('theirs')");
        assertRefused(
                "rows",
                "table rows.events holds rows, and the ledger rows.eightbells_loads knows of no load into it; empty it,"
                        + " name another target, or let eightbells load --reload replace them");
        assertThat(site.ask("SELECT * FROM rows.events")).containsExactly(Map.of("id", "theirs"));
        assertThat(load("rows", "--reload"))
                .isEqualTo(new Result(
                        0,
                        reloaded("rows", "events", "it was asked for")
                                + reloaded("rows", "sessions", "it was asked for"),
                        ""));
        assertLoaded("rows");
    }

    @Test
    void theTablesOfAnotherPipelineAreRefusedHoweverItIsAsked() throws IOException, SQLException {
        assertThat(load("others").exitCode()).isZero();
        site.say("UPDATE others.eightbells_loads SET \"pipeline\" = 'orders', \"snapshot\" = 7");
        String why = "table others.events is loaded by pipeline orders; name another target; table others.sessions is"
                + " loaded by pipeline orders; name another target";
        assertRefused("others", why);
        assertThat(load("others", "--reload").err()).contains(why);
    }
}
