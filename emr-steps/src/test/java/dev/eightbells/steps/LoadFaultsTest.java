package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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

    private WarehouseSite site;
    private Workplace workplace;
    private FaultPoints points;

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
        List<String> events = site.lakeEvents(workplace);
        List<String> sessions = site.lakeSessions(workplace);
        points = new FaultPoints(
                site, redshift, pipeline -> WarehouseSite.load(workplace, pipeline), (schema, point) -> {
                    assertThat(site.warehouseRows(schema + ".events")).as(point).isEqualTo(events);
                    assertThat(site.warehouseRows(schema + ".sessions"))
                            .as(point)
                            .isEqualTo(sessions);
                });
    }

    @AfterAll
    void close() throws SQLException {
        workplace.close();
        site.close();
    }

    @Test
    void everyStatementOfALoadMayBeRefusedAndMayLoseItsConnection() throws IOException, SQLException {
        points.visit("load", FaultPoints.Ways.TELLING, schema -> site.copy("faults", schema));
        assertThat(points.tried()).hasSizeGreaterThan(80);
        Files.write(Path.of("target", "load-faults.txt"), points.tried());
    }

    @Test
    @Tag("soak")
    void everyStatementOfALoadMayFailInEveryWay() throws IOException, SQLException {
        points.visit("load", FaultPoints.Ways.ALL, schema -> site.copy("faults", schema));
        assertThat(points.tried()).hasSizeGreaterThan(150);
        Files.write(Path.of("target", "load-faults.txt"), points.tried());
    }

    @Test
    @Tag("soak")
    void everyStatementOfTheFirstLoadMayFailInEveryWay() throws SQLException {
        points.visit("first load", FaultPoints.Ways.ALL, schema -> {});
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
}
