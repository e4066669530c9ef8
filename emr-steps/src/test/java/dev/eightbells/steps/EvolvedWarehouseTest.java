package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Manifest;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse that follows a table which changes four times, and a batch that waited all the while. */
@ExtendWith(LocalServices.class)
class EvolvedWarehouseTest {
    private static final String NAME = "evolved";
    private static final String FIRST = Site.VISITS
            .replace("(10,2)\"}", "(10,2)\"}\n    - {name: n, type: int}")
            .replace("sum: amount", "max: n")
            .replace("cast(revenue / views as decimal(20,4))", "concat(visitor, revenue)");
    private static final String ADDED = FIRST.replace("{name: n,", "{name: country, type: string}\n    - {name: n,");
    private static final String WIDENED = ADDED.replace("n, type: int", "n, type: bigint");
    private static final String RENAMED = WIDENED.replace(
                    "{name: visitor,", "{name: person, from: visitor, was: visitor,")
            .replace("by: visitor", "by: person")
            .replace("concat(visitor", "concat(person")
            .replace("[id]", "[no]")
            .replace("{name: id,", "{name: no, from: id, was: id,");
    private static final String BY_HOUR = RENAMED.replace("unit: day", "unit: hour");

    private WarehouseSite site;

    private void deliver(String key, String... events) {
        site.deliver(key, String.join("", events));
    }

    private static String event(String id, String at, long n) {
        return "{\"id\":\"" + id + "\",\"visitor\":\"v\",\"at\":\"2026-03-02T" + at + ":00Z\",\"page\":\"/" + id
                + "\",\"amount\":1.5,\"n\":" + n + ",\"country\":\"fr\"}\n";
    }

    private void define(String pipeline) throws IOException {
        site.define(pipeline, site.warehouse(NAME));
    }

    private void run() throws SQLException {
        Site.Result result = site.command("run");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertSameInLakeAndWarehouse();
    }

    private void assertSameInLakeAndWarehouse() throws SQLException {
        try (Workplace workplace = site.workplace()) {
            assertThat(byName(site.warehouseRows(NAME + ".events"))).isEqualTo(byName(site.lakeEvents(workplace)));
            assertThat(byName(site.warehouseRows(NAME + ".sessions"))).isEqualTo(byName(site.lakeSessions(workplace)));
        }
    }

    /** New columns stand last in a warehouse. */
    private static List<String> byName(List<String> rows) {
        return rows.stream()
                .map(row -> Arrays.stream(row.split("\\|", -1)).sorted().collect(Collectors.joining("|")))
                .sorted()
                .toList();
    }

    @Test
    void theWarehouseFollowsFourChangesAndABatchOfBefore(
            @TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException, SQLException {
        redshift.faults().reset();
        site = new WarehouseSite(NAME, folder, session, s3, postgres, redshift);
        define(FIRST);
        deliver("a", event("1", "01:00", 1));
        run();
        deliver("b", event("2", "01:10", -2), event("1", "01:30", 3));
        Manifest waiting;
        try (Workplace workplace = site.workplace()) {
            waiting = workplace.planning().claim(Site.NOW, null).orElseThrow();
        }
        // Each brings two changes.
        int change = 0;
        for (String definition : List.of(WIDENED, BY_HOUR)) {
            define(definition);
            // The file has changed, and the table not yet.
            assertThat(site.command("load").exitCode()).isZero();
            change++;
            deliver("c" + change, event("1", "0" + (4 + change) + ":00", 5_000_000_000L * change));
            Manifest next;
            try (Workplace workplace = site.workplace()) {
                next = workplace.planning().claim(Site.NOW, null).orElseThrow();
            }
            for (String step : List.of("convert", "sessionize", "load")) {
                Site.Result result = site.command(step, "--batch", next.batch().toString());
                assertThat(result.exitCode()).as(step + result.err()).isZero();
            }
            assertSameInLakeAndWarehouse();
        }
        run();
        assertThat(site.ask("SELECT person, \"no\" FROM " + NAME + ".events WHERE n = -2"))
                .singleElement()
                .asString()
                .isEqualTo("{person=v, no=2}");

        define(RENAMED);
        assertThat(site.command("load", "--reload").exitCode()).isZero();
        assertSameInLakeAndWarehouse();
        assertThat(waiting.number()).isEqualTo(2);
    }
}
