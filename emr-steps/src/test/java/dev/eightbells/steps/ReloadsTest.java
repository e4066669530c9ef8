package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.warehouse.LoadPreview;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.spark.actions.SparkActions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the lake's tables, and to the warehouse's: followed where it can be, else everything comes anew. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReloadsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int SECONDS_OF_A_DAY = 86_400;

    // The moments of the lake.
    private static final int TWO_BATCHES = 1;
    private static final int COMPACTED = 2;
    private static final int THIRD_BATCH = 3;
    private static final int DELETED = 4;
    private static final int ROLLED_BACK = 5;
    private static final int EXPIRED = 6;

    private WarehouseSite site;
    private Workplace workplace;
    private StagedLake lake;
    private final List<List<String>> events = new ArrayList<>();
    private final List<List<String>> sessions = new ArrayList<>();

    @BeforeAll
    void fill(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        redshift.faults().reset();
        site = new WarehouseSite("reloads", folder, session, s3, postgres, redshift);
        site.define(Site.VISITS, "");
        workplace = site.workplace();
        TableName name = workplace.pipeline().table().name();
        lake = new StagedLake(
                workplace.catalog(),
                List.of(name, workplace.pipeline().sessions().name()));
        batch(0);
        keep();
        batch(1);
        keep();
        for (TableName each : List.of(name, workplace.pipeline().sessions().name())) {
            SparkActions.get(session.spark())
                    .rewriteDataFiles(table(each))
                    .option("rewrite-all", "true")
                    .execute();
        }
        keep();
        batch(2);
        keep();
        Table table = table(name);
        long before = table.currentSnapshot().snapshotId();
        table.newDelete()
                .deleteFromRowFilter(Expressions.lessThan(
                        "at", NOON.plusSeconds(SECONDS_OF_A_DAY / 2).toString()))
                .commit();
        keep();
        table.manageSnapshots().rollbackTo(before).commit();
        keep();
        table.expireSnapshots()
                .expireOlderThan(System.currentTimeMillis())
                .retainLast(1)
                .cleanExpiredFiles(false)
                .commit();
        keep();
        site.define(Site.VISITS, site.warehouse("reloads"));
    }

    private Table table(TableName name) {
        Catalog catalog = workplace.catalog();
        return catalog.loadTable(TableIdentifier.of(name.database(), name.table()));
    }

    private void batch(int number) {
        Instant at = NOON.plusSeconds((long) SECONDS_OF_A_DAY * number);
        site.deliver(
                "batch" + number + ".json",
                new Event("a" + number, "anna", at, "/" + number, "2.50").json()
                        + new Event("b" + number, "bosun", at.plusSeconds(1), null, null).json());
        Site.Result result = site.command("run");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    private void keep() {
        lake.keep();
        events.add(site.lakeEvents(workplace));
        sessions.add(site.lakeSessions(workplace));
    }

    @AfterAll
    void close() throws SQLException {
        workplace.close();
        site.close();
    }

    private WarehouseLoader loader(String schema) {
        Pipeline pipeline = site.into(schema);
        return new WarehouseLoader(
                pipeline,
                lake,
                workplace.ledger(),
                workplace::spark,
                RedshiftConnector.of(pipeline.warehouse(), workplace.environment()),
                WarehouseSite.HASTE,
                workplace.clock());
    }

    /** What was done to the events; afterwards the warehouse is the lake. */
    private Loaded load(String schema, int moment) throws SQLException {
        lake.standAt(moment);
        List<Loaded> loaded = loader(schema).load(LoadRequest.WHAT_IS_NEW);
        assertThat(site.warehouseRows(schema + ".events")).isEqualTo(events.get(moment));
        assertThat(site.warehouseRows(schema + ".sessions")).isEqualTo(sessions.get(moment));
        return loaded.get(0);
    }

    @Test
    void aCompactionMovesTheLedgerOnAndBringsNothing() throws SQLException {
        load("compacted", TWO_BATCHES);
        Loaded compaction = load("compacted", COMPACTED);
        assertThat(compaction.commits()).hasSize(1);
        assertThat(compaction.rows()).isZero();
        assertThat(compaction.whyReloaded()).isNull();
        Loaded next = load("compacted", THIRD_BATCH);
        assertThat(next.rows()).isEqualTo(2);
        assertThat(next.whyReloaded()).isNull();
    }

    @Test
    void rowsThatSomebodyDeletedAreGoneAfterAReload() throws SQLException {
        load("deleted", THIRD_BATCH);
        assertThat(load("deleted", DELETED).whyReloaded())
                .matches("commit [0-9]+ of reloads.events changed rows, and no step of Eightbells made it");
    }

    @Test
    void aTableThatWasRolledBackIsReloaded() throws SQLException {
        load("rolled", DELETED);
        assertThat(load("rolled", ROLLED_BACK).whyReloaded())
                .matches("commit [0-9]+ of reloads.events, which was loaded last, is not in that table's history any"
                        + " more");
    }

    @Test
    void aLastLoadThatHasExpiredMeansAReloadInWhichOldRowsHaveNoBatch() throws SQLException {
        load("expired", TWO_BATCHES);
        assertThat(load("expired", EXPIRED).whyReloaded()).contains("which was loaded last, is not in");
        assertThat(site.ask("SELECT COUNT(*) AS n FROM expired.events WHERE eightbells_batch IS NULL"))
                .containsExactly(Map.of("n", "4"));
        assertThat(site.ask("SELECT DISTINCT eightbells_batch AS b FROM expired.events WHERE \"at\" >= '2026-03-03'"))
                .containsExactly(Map.of("b", "20260302T0400Z-3"));
    }

    @Test
    void aTableThatSomebodyDroppedComesBack() throws SQLException {
        load("dropped", TWO_BATCHES);
        site.say("DROP TABLE dropped.events");
        assertThat(load("dropped", THIRD_BATCH).whyReloaded()).isEqualTo("it is gone from the warehouse");
    }

    @Test
    void aColumnThatCannotChangeItsTypeMeansANewTableWhichIsAnnounced() throws SQLException {
        load("retyped", TWO_BATCHES);
        site.say("ALTER TABLE retyped.events DROP COLUMN amount");
        site.say("ALTER TABLE retyped.events ADD COLUMN amount INTEGER");
        String why = "Redshift cannot change its columns in place: column amount is INTEGER there and DECIMAL(10,2) in"
                + " the lake";
        assertThat(loader("retyped").preview(LoadRequest.WHAT_IS_NEW).tables())
                .first()
                .extracting(LoadPreview.Table::whyReloaded)
                .isEqualTo(why);
        assertThat(load("retyped", THIRD_BATCH).whyReloaded()).isEqualTo(why);
        assertThat(load("retyped", THIRD_BATCH).commits()).isEmpty();
    }

    @Test
    void anAbsentLedgerOfATableWithRowsIsNoReasonToLoadThemAgain() throws SQLException {
        load("forgotten", TWO_BATCHES);
        site.say("DROP TABLE forgotten.eightbells_loads");
        assertThat(loader("forgotten").preview(LoadRequest.WHAT_IS_NEW).findings())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.clause())
                        .contains("holds rows, and the ledger forgotten.eightbells_loads knows of no load into it"));
        assertThat(loader("forgotten").load(LoadRequest.EVERYTHING))
                .extracting(Loaded::whyReloaded)
                .containsOnly("it was asked for");
        assertThat(load("forgotten", THIRD_BATCH).whyReloaded()).isNull();
    }
}
