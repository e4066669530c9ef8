package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Care of tables in S3 that a warehouse follows. */
@ExtendWith(LocalServices.class)
class CareLoadTest {
    private static final String NEVER = "care: {every: 0}\n";

    /** Snapshots are as old as the machine's clock says. */
    private final String muchLater = Instant.now().plus(Duration.ofDays(20)).toString();

    @TempDir
    private Path folder;

    private LoadedSite site;
    private String url;

    @BeforeEach
    void openTheSite(TestInfo test, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        String name = "cared-" + Integer.toHexString(test.getDisplayName().hashCode());
        this.site = new LoadedSite(folder, name, session, s3, postgres);
        this.url = redshift.jdbcUrl();
    }

    private void run(String name, String... minutes) {
        for (String minute : minutes) {
            site.deliver(name + minute, Event.of(name + minute, "anna", "2026-03-01T10:" + minute + ":00Z"));
        }
        assertThat(site.command("run").exitCode()).isZero();
    }

    private void assertSameInLakeAndWarehouse() throws SQLException {
        for (String table : List.of("events", "sessions")) {
            List<List<Object>> there = site.ask("SELECT * FROM " + site.schema() + ".loaded_" + table + " ORDER BY 1");
            assertThat(there.stream().map(row -> row.subList(0, row.size() - 1)).toList())
                    .isNotEmpty()
                    .isEqualTo(site.lakeRows(table));
        }
    }

    private long snapshots() {
        return site.table("events.snapshots").count();
    }

    @Test
    void loadingGoesOnWhereItStoppedAndWithoutTheWarehouseNothingIsForgotten() throws IOException, SQLException {
        site.define(site.with(url) + NEVER);
        run("a", "00");
        run("b", "10");
        site.define(site.without() + NEVER);
        run("c", "20", "21");
        run("d", "30");

        site.define(site.with(LoadedSite.NOBODY) + NEVER);
        long before = snapshots();
        Result alone = site.commandAt(muchLater, "care");
        assertThat(alone.exitCode()).isEqualTo(5);
        assertThat(alone.err()).startsWith("eightbells: Cannot ");
        assertThat(alone.out())
                .contains("4 → 1")
                .contains("Older snapshots stay: the warehouse could not be asked how far it has come.");
        assertThat(snapshots()).isEqualTo(before + 1);

        site.define(site.with(url) + NEVER);
        Result care = site.commandAt(muchLater, "care");
        assertThat(care.err()).isEmpty();
        assertThat(care.out()).contains("expire ");
        assertThat(snapshots()).isLessThan(before);

        Result load = site.command("load");
        assertThat(load.out()).doesNotContain("reload");
        assertThat(load.err()).isEmpty();
        assertSameInLakeAndWarehouse();
        run("e", "40");
        assertSameInLakeAndWarehouse();

        // Now only the head is needed, and the warehouse is at it.
        assertThat(site.commandAt(muchLater, "care").err()).isEmpty();
        assertThat(snapshots()).isLessThanOrEqualTo(3);
        run("f", "50");
        assertSameInLakeAndWarehouse();
    }

    @Test
    @Tag("soak")
    void rowsThatWereTooOldAreGoneFromTheWarehouseToo() throws IOException, SQLException {
        site.define(site.with(url) + NEVER + "retention: {events: 3d, sessions: 3d}\n");
        site.deliver(
                "a", Event.of("old", "anna", "2026-02-20T10:00:00Z"), Event.of("new", "anna", "2026-03-01T10:00:00Z"));
        assertThat(site.command("run").exitCode()).isZero();
        Result care = site.command("care");
        assertThat(care.err()).isEmpty();
        assertThat(site.command("load").err()).isEmpty();
        assertThat(site.lakeRows("events")).hasSize(1);
        assertThat(site.lakeRows("sessions")).hasSize(1);
        assertSameInLakeAndWarehouse();
    }
}
