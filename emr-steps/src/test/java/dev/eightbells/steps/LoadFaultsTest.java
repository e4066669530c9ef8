package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.localaws.Faults;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.RedshiftError;
import dev.eightbells.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever goes wrong with whichever statement of a load, and however: the warehouse is what it was or what it is to be,
 * and when the load is run again it ends as if nothing had happened. The points that were tried are listed in
 * {@code target/load-faults.txt}.
 */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadFaultsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** The ways in which a statement can go wrong. */
    private static final Map<String, ObjIntConsumer<Faults>> FAULTS = faults();

    private WarehouseSite site;
    private Workplace workplace;
    private Points points;

    private static Map<String, ObjIntConsumer<Faults>> faults() {
        Map<String, ObjIntConsumer<Faults>> faults = new LinkedHashMap<>();
        faults.put("refused before", (all, n) -> all.failBefore(n, RedshiftError.diskFull()));
        faults.put("refused after", (all, n) -> all.failAfter(n, RedshiftError.diskFull()));
        faults.put("dropped before", Faults::dropBefore);
        faults.put("dropped after", Faults::dropAfter);
        return faults;
    }

    /** Two batches in the lake, of which the schema {@code faults} has the first. */
    @BeforeAll
    void fill(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        site = new WarehouseSite("faults", folder, session, s3, postgres, redshift);
        site.define(Site.VISITS, "");
        batch(0);
        site.define(Site.VISITS, site.warehouse("faults"));
        try (Workplace early = site.workplace()) {
            WarehouseSite.load(early, site.into("faults"));
        }
        site.define(Site.VISITS, "");
        batch(1);
        site.define(Site.VISITS, site.warehouse("faults"));
        workplace = site.workplace();
        points = new Points(site, workplace, redshift, site.lakeEvents(workplace), site.lakeSessions(workplace));
    }

    @AfterAll
    void close() throws SQLException {
        workplace.close();
        site.close();
    }

    @Test
    void everyStatementOfALoadMayBeRefusedAndMayLoseItsConnection() throws IOException, SQLException {
        points.visit("load", Ways.TELLING, schema -> copy(site, schema));
        assertThat(points.tried).hasSizeGreaterThan(80);
        Files.write(Path.of("target", "load-faults.txt"), points.tried);
    }

    @Test
    @Tag("soak")
    void everyStatementOfALoadMayFailInEveryWay() throws IOException, SQLException {
        points.visit("load", Ways.ALL, schema -> copy(site, schema));
        assertThat(points.tried).hasSizeGreaterThan(150);
        Files.write(Path.of("target", "load-faults.txt"), points.tried);
    }

    @Test
    @Tag("soak")
    void everyStatementOfTheFirstLoadMayFailInEveryWay() throws SQLException {
        points.visit("first load", Ways.ALL, schema -> {});
    }

    /** A visit that goes on in the next batch, and one of its own. */
    private void batch(int number) throws IOException {
        Instant at = NOON.plusSeconds(1200L * number);
        site.deliver(
                "batch" + number + ".json",
                new Visits.Event("a" + number, "anna", at, "/a", "1.50").json()
                        + new Visits.Event("b" + number, "b'o$sun" + number, at, "/ü", null).json());
        Site.Result result = site.command("run");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    /** Brings a schema to where the first batch was loaded. */
    private static void copy(WarehouseSite site, String schema) throws SQLException {
        site.say("CREATE SCHEMA " + schema);
        for (String table : List.of("events", "sessions", "eightbells_loads")) {
            site.say("CREATE TABLE " + schema + "." + table + " (LIKE faults." + table + ")");
            site.say("INSERT INTO " + schema + "." + table + " SELECT * FROM faults." + table);
        }
        site.say("UPDATE " + schema + ".eightbells_loads SET \"table\" = REPLACE(\"table\", 'faults.', '" + schema
                + ".')");
    }

    /** The ways in which each statement goes wrong. */
    private enum Ways {
        ALL,

        /**
         * All for what commits. For another it is the same whether it fails before or after it has worked, as its
         * transaction is undone; the one and the other take turns.
         */
        TELLING;

        boolean include(String way, int number, String statement) {
            boolean isTurn = way.equals(number % 2 == 0 ? "refused before" : "refused after")
                    || way.equals(number % 2 == 0 ? "dropped after" : "dropped before");
            return this == ALL || isTurn || statement.startsWith("COMMIT");
        }
    }

    /** How a schema is made before a load that fails. */
    private interface Before {
        void in(String schema) throws SQLException;
    }

    private static final class Points {
        private final WarehouseSite site;
        private final Workplace workplace;
        private final LocalRedshift redshift;
        private final List<String> events;
        private final List<String> sessions;
        private final List<String> tried = new ArrayList<>();

        Points(
                WarehouseSite site,
                Workplace workplace,
                LocalRedshift redshift,
                List<String> events,
                List<String> sessions) {
            this.site = site;
            this.workplace = workplace;
            this.redshift = redshift;
            this.events = events;
            this.sessions = sessions;
        }

        void visit(String load, Ways ways, Before before) throws SQLException {
            String whole = "whole" + tried.size();
            before.in(whole);
            redshift.faults().reset();
            WarehouseSite.load(workplace, site.into(whole));
            List<String> statements = redshift.faults().statements();
            assertComplete(whole, load);
            for (Map.Entry<String, ObjIntConsumer<Faults>> fault : FAULTS.entrySet()) {
                for (int n = 1; n <= statements.size(); n++) {
                    if (!ways.include(fault.getKey(), n, statements.get(n - 1))) {
                        continue;
                    }
                    String point = load + ", " + fault.getKey() + " " + n + ": "
                            + statements.get(n - 1).lines().findFirst().orElse("");
                    String schema = "fault" + tried.size();
                    before.in(schema);
                    fail(schema, n, fault.getValue(), point);
                    tried.add(point);
                    site.say("DROP SCHEMA " + schema + " CASCADE");
                }
            }
        }

        private void fail(String schema, int n, ObjIntConsumer<Faults> fault, String point) throws SQLException {
            Pipeline pipeline = site.into(schema);
            redshift.faults().reset();
            fault.accept(redshift.faults(), n);
            try {
                WarehouseSite.load(workplace, pipeline);
            } catch (Failure failure) {
                assertThat(failure.kind()).as(point).isEqualTo(Failure.Kind.TRANSIENT);
                assertThat(failure.getMessage()).as(point).startsWith("Cannot ").contains("isk");
            }
            redshift.faults().reset();
            WarehouseSite.load(workplace, pipeline);
            assertComplete(schema, point);
        }

        private void assertComplete(String schema, String point) throws SQLException {
            assertThat(site.warehouseRows(schema + ".events")).as(point).isEqualTo(events);
            assertThat(site.warehouseRows(schema + ".sessions")).as(point).isEqualTo(sessions);
            assertThat(site.ask("SELECT \"table\", \"number\" FROM " + schema
                            + ".eightbells_loads GROUP BY \"table\", \"number\" HAVING COUNT(*) > 1"))
                    .as(point)
                    .isEmpty();
        }
    }
}
