package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.localaws.Faults;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.RedshiftError;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.warehouse.LoadPreview;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.warehouse.Patience;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loads at the same moment, in any order, and after others have failed: the warehouse is the lake, and never goes back. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimultaneousLoadsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int MOST_STATEMENTS = 40;

    private WarehouseSite site;
    private Workplace workplace;
    private LocalRedshift redshift;
    private StagedLake lake;
    private final List<List<String>> events = new ArrayList<>();
    private final List<List<String>> sessions = new ArrayList<>();

    /** Four batches, of which the third falls between visits of the first two and makes one visit of them. */
    @BeforeAll
    void fill(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        this.redshift = redshift;
        redshift.faults().reset();
        site = new WarehouseSite("together", folder, session, s3, postgres, redshift);
        site.define(Site.VISITS, "");
        int[] minutes = {0, 50, 25, 500};
        for (int batch = 0; batch < minutes.length; batch++) {
            Instant at = NOON.plusSeconds(60L * minutes[batch]);
            site.deliver(
                    "batch" + batch + ".json",
                    new Event("a" + batch, "anna", at, "/" + batch, "2.50").json()
                            + new Event("b" + batch, "bosun" + batch, at, null, null).json());
            Site.Result result = site.command("run");
            assertThat(result.exitCode()).as(result.err()).isZero();
            keep();
        }
        site.define(Site.VISITS, site.warehouse("together"));
        workplace = site.workplace();
    }

    private void keep() {
        try (Workplace look = site.workplace()) {
            if (lake == null) {
                lake = new StagedLake(
                        look.catalog(),
                        List.of(
                                look.pipeline().table().name(),
                                look.pipeline().sessions().name()));
            }
            lake.keep();
            events.add(site.lakeEvents(look));
            sessions.add(site.lakeSessions(look));
        }
    }

    @AfterAll
    void close() throws SQLException {
        redshift.faults().reset();
        workplace.close();
        site.close();
    }

    private List<Loaded> load(Pipeline pipeline, LoadRequest request) {
        return loader(pipeline, WarehouseSite.HASTE).load(request);
    }

    private WarehouseLoader loader(Pipeline pipeline, Patience patience) {
        return new WarehouseLoader(
                pipeline,
                lake,
                workplace.ledger(),
                workplace::spark,
                RedshiftConnector.of(pipeline.warehouse(), workplace.environment()),
                patience,
                workplace.clock());
    }

    private void assertAt(int moment, String schema, String history) throws SQLException {
        assertThat(site.warehouseRows(schema + ".events")).as(history).isEqualTo(events.get(moment));
        assertThat(site.warehouseRows(schema + ".sessions")).as(history).isEqualTo(sessions.get(moment));
    }

    @Test
    void aLateBatchThatBridgesTwoLoadedSessionsLeavesOne() throws SQLException {
        Pipeline pipeline = site.into("bridged");
        String annas = "SELECT event_count FROM bridged.sessions WHERE visitor = 'anna'";
        lake.standAt(1);
        load(pipeline, LoadRequest.WHAT_IS_NEW);
        assertThat(site.ask(annas)).hasSize(2);
        lake.standAt(2);
        load(pipeline, LoadRequest.WHAT_IS_NEW);
        assertAt(2, "bridged", "bridged");
        assertThat(site.ask(annas)).singleElement().asString().contains("event_count=3");
    }

    @Test
    void twoLoadersOfTheSameAndOfDifferentBatchesLoadEachOnce() throws Exception {
        loadTogether(8);
    }

    @Test
    @Tag("soak")
    void twoLoadersOfTheSameAndOfDifferentBatchesLoadEachOnceForLong() throws Exception {
        loadTogether(50);
    }

    private void loadTogether(int rounds) throws Exception {
        Random random = new Random(7);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < rounds; round++) {
                String schema = "round" + round;
                Pipeline pipeline = site.into(schema);
                int first = random.nextInt(lake.moments());
                int then = first + random.nextInt(lake.moments() - first);
                lake.standAt(first);
                if (random.nextBoolean()) {
                    load(pipeline, LoadRequest.WHAT_IS_NEW);
                }
                loadTogether(pool, pipeline, then, random.nextInt(200));
                String history = "round " + round + ", moments " + first + " and " + then;
                assertAt(then, schema, history);
                assertThat(site.ask("SELECT \"table\", snapshot FROM " + schema
                                + ".eightbells_loads GROUP BY \"table\", snapshot HAVING COUNT(*) > 1"))
                        .as(history)
                        .isEmpty();
                site.say("DROP SCHEMA " + schema + " CASCADE");
            }
        } finally {
            pool.shutdown();
        }
    }

    /** One loads at once; the other when more was committed, some time later. */
    private void loadTogether(ExecutorService pool, Pipeline pipeline, int then, int millis) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<List<Loaded>> early = () -> {
            start.await();
            return load(pipeline, LoadRequest.WHAT_IS_NEW);
        };
        Callable<List<Loaded>> late = () -> {
            start.await();
            Thread.sleep(millis);
            lake.standAt(then);
            return load(pipeline, LoadRequest.WHAT_IS_NEW);
        };
        for (Future<List<Loaded>> loader : List.of(pool.submit(early), pool.submit(late))) {
            assertThat(loader.get()).allSatisfy(loaded -> assertThat(loaded.whyReloaded())
                    .isIn(null, "nothing of this pipeline is in it yet"));
        }
    }

    @Test
    void aLoadThatLooksWhileAnotherCommitsNeverGoesBack() throws SQLException {
        Pipeline pipeline = site.into("overtaken");
        lake.standAt(1);
        load(pipeline, LoadRequest.WHAT_IS_NEW);
        boolean[] overtaken = {false};
        RedshiftConnector connector = RedshiftConnector.of(pipeline.warehouse(), workplace.environment());
        List<Loaded> loaded = new WarehouseLoader(
                        pipeline,
                        lake,
                        workplace.ledger(),
                        workplace::spark,
                        () -> {
                            if (!overtaken[0]) {
                                overtaken[0] = true;
                                lake.standAt(3);
                                load(pipeline, LoadRequest.WHAT_IS_NEW);
                            }
                            return connector.open();
                        },
                        WarehouseSite.HASTE,
                        workplace.clock())
                .load(LoadRequest.WHAT_IS_NEW);
        assertThat(loaded).extracting(Loaded::whyReloaded).containsOnlyNulls();
        assertAt(3, "overtaken", "overtaken");
    }

    @Test
    void whoeverOnlyLooksDoesNotWaitForTheEndOfALoad() throws SQLException {
        Pipeline pipeline = site.into("locked");
        lake.standAt(1);
        load(pipeline, LoadRequest.WHAT_IS_NEW);
        site.say("BEGIN");
        site.say("LOCK locked.eightbells_loads");
        Patience little = new Patience(1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(300), Duration.ofMinutes(1));
        assertThatThrownBy(() -> loader(pipeline, little).preview(LoadRequest.WHAT_IS_NEW))
                .isInstanceOf(Failure.class)
                .hasMessageMatching("Cannot look at table locked.events in the warehouse: locked.eightbells_loads is"
                        + " locked by another session, process [0-9]+ of user [a-z]+ since 20[-0-9:. ]+"
                        + " \\(SQLSTATE 57014\\)\\. Run it again when that load is over; when nobody runs it any more,"
                        + " end its session with SELECT pg_terminate_backend\\([0-9]+\\)\\.");
        site.say("ROLLBACK");
        assertThat(loader(pipeline, little).preview(LoadRequest.WHAT_IS_NEW).tables())
                .extracting(LoadPreview.Table::commits)
                .containsOnly(0);
    }

    @Test
    void loadsInAnyOrderWithFailuresInBetweenEndWithTheLakesRows() throws SQLException {
        assertThatHistoriesEndWithTheLakesRows(0, 3);
    }

    @Test
    @Tag("soak")
    void loadsInAnyOrderWithFailuresInBetweenEndWithTheLakesRowsForLong() throws SQLException {
        assertThatHistoriesEndWithTheLakesRows(3, 20);
    }

    private void assertThatHistoriesEndWithTheLakesRows(int from, int to) throws SQLException {
        List<BiConsumer<Faults, Integer>> faults = List.of(
                (all, n) -> all.failBefore(n, RedshiftError.diskFull()),
                (all, n) -> all.failAfter(n, RedshiftError.serializableIsolationViolation()),
                Faults::dropBefore,
                Faults::dropAfter);
        for (int seed = from; seed < to; seed++) {
            Random random = new Random(seed);
            Pipeline pipeline = site.into("history" + seed);
            StringBuilder history = new StringBuilder("seed " + seed);
            int moment = 0;
            for (int step = 0; step < 6; step++) {
                moment = Math.min(lake.moments() - 1, moment + random.nextInt(2));
                lake.standAt(moment);
                redshift.faults().reset();
                if (random.nextInt(3) > 0) {
                    faults.get(random.nextInt(faults.size()))
                            .accept(redshift.faults(), 1 + random.nextInt(MOST_STATEMENTS));
                }
                LoadRequest request = random.nextInt(5) == 0 ? LoadRequest.EVERYTHING : LoadRequest.WHAT_IS_NEW;
                history.append(", ").append(request).append(" at ").append(moment);
                try {
                    load(pipeline, request);
                    redshift.faults().reset();
                    assertAt(moment, "history" + seed, history.toString());
                } catch (Failure failure) {
                    history.append(" failed");
                    assertThat(failure.kind()).as(history.toString()).isEqualTo(Failure.Kind.TRANSIENT);
                }
            }
            redshift.faults().reset();
            load(pipeline, LoadRequest.WHAT_IS_NEW);
            assertAt(moment, "history" + seed, history.toString());
        }
    }
}
