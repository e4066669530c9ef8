package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.batch.Forgets;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.table.Removal;
import dev.eightbells.warehouse.LoadPreview;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.warehouse.Patience;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Columns that are renamed, swapped, dropped and made again, and rows that are removed: the warehouse follows them all. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FollowedChangesTest {
    private static final String BEFORE =
            """
                - {name: note, type: string}
                - {name: one, type: string}
                - {name: two, type: string}
                - {name: old, type: string}
                - {name: gone, type: string}
                - {name: n, type: int}
            """;
    private static final String AFTER =
            """
                - {name: remark, type: string}
                - {name: two, type: string}
                - {name: one, type: string}
                - {name: n, type: int}
                - {name: old, type: bigint}
                - {name: fresh, type: date}
            """;

    // The moments of the lake.
    private static final int FIRST_BATCH = 0;
    private static final int CHANGED = 1;
    private static final int WITH_ZOE = 2;
    private static final int WITHOUT_ZOE = 3;
    private static final int KEPT = 4;
    private static final int WIDENED = 5;

    private static final Expression ZOE =
            Expressions.and(Expressions.notNull("visitor"), Expressions.equal("visitor", "zoe"));

    private WarehouseSite site;
    private Workplace workplace;
    private StagedLake lake;
    private LocalRedshift redshift;
    private TableName eventsName;
    private final List<List<Map<String, String>>> events = new ArrayList<>();
    private final List<List<Map<String, String>>> sessions = new ArrayList<>();

    @BeforeAll
    void fill(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        redshift.faults().reset();
        this.redshift = redshift;
        site = new WarehouseSite("follows", folder, session, s3, postgres, redshift);
        define(BEFORE, "");
        workplace = site.workplace();
        eventsName = workplace.pipeline().table().name();
        TableName sessionsName = workplace.pipeline().sessions().name();
        lake = new StagedLake(workplace.catalog(), List.of(eventsName, sessionsName));

        batch("first", event(1, "anna", 1, "'note':'n1','one':'1','two':'2','old':'o','gone':'g','n':7"));
        keep();
        change(table(eventsName));
        define(AFTER, "");
        batch("second", event(2, "bo", 2, "'remark':'" + "long".repeat(50) + "','one':'1b','two':'2b','old':9,'n':8"));
        keep();
        batch("third", event(3, "zoe", 3, "'n':9"));
        keep();
        forget(table(eventsName), table(sessionsName));
        keep();
        retain(table(eventsName), "at");
        retain(table(sessionsName), "session_start");
        keep();
        table(eventsName).updateSchema().updateColumn("n", Types.LongType.get()).commit();
        define(AFTER.replace("n, type: int", "n, type: bigint"), "");
        batch("fourth", event(4, "cy", 4, "'n':5000000000"));
        keep();
        define(AFTER, site.warehouse("follows"));
        load("copied", FIRST_BATCH);
    }

    private void define(String columns, String warehouse) throws IOException {
        site.define(Site.VISITS.replace("sessions:\n", columns + "sessions:\n"), warehouse);
    }

    /** All that can happen to names, at once. */
    private static void change(Table table) {
        table.updateSchema()
                .renameColumn("note", "remark")
                .renameColumn("one", "between")
                .deleteColumn("gone")
                .deleteColumn("old")
                .commit();
        table.updateSchema()
                .renameColumn("two", "one")
                .renameColumn("between", "two")
                .addColumn("old", Types.LongType.get())
                .addColumn("fresh", Types.DateType.get())
                .commit();
    }

    private static String event(int id, String visitor, int day, String more) {
        return "{'id':'%d','visitor':'%s','at':'2026-03-0%dT12:00:00Z','page':'/','amount':'2.50',%s}\n"
                .formatted(id, visitor, day, more)
                .replace('\'', '"');
    }

    private void batch(String name, String event) {
        site.deliver(name + ".json", event);
        Site.Result result = site.command("run");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    private void forget(Table eventsTable, Table sessionsTable) {
        Forgets.Held held = workplace
                .ledger()
                .forgets()
                .open(
                        "visitor = 'zoe'",
                        ExpressionParser.toJson(ZOE),
                        workplace.clock().instant());
        Removal removal = Removal.of(held.forget());
        removal.sign(eventsTable.newDelete().deleteFromRowFilter(Expressions.equal("visitor", "zoe")))
                .commit();
        OverwriteFiles days = sessionsTable.newOverwrite();
        days.overwriteByRowFilter(Expressions.equal("visitor", "zoe"));
        removal.sign(days).commit();
    }

    private static void retain(Table table, String column) {
        Expression early =
                Expressions.and(Expressions.notNull(column), Expressions.lessThan(column, "2026-03-02T00:00:00+00:00"));
        Removal.retention(early)
                .sign(table.newDelete().deleteFromRowFilter(Expressions.lessThan(column, "2026-03-02T00:00:00+00:00")))
                .commit();
    }

    private Table table(TableName name) {
        return workplace.catalog().loadTable(TableIdentifier.of(name.database(), name.table()));
    }

    private void keep() {
        lake.keep();
        events.add(parsed(site.lakeEvents(workplace)));
        sessions.add(parsed(site.lakeSessions(workplace)));
    }

    private static List<Map<String, String>> parsed(List<String> rows) {
        return sorted(rows.stream()
                .map(row -> (Map<String, String>) java.util.Arrays.stream(row.split("\\|"))
                        .map(value -> value.split("=", 2))
                        .collect(Collectors.toMap(value -> value[0], value -> value[1], (a, b) -> a, TreeMap::new)))
                .toList());
    }

    private static List<Map<String, String>> sorted(List<Map<String, String>> rows) {
        return rows.stream().sorted(Comparator.comparing(Map::toString)).toList();
    }

    /** The rows of a table of the warehouse, without columns that the lake has no more. */
    private List<Map<String, String>> rows(String table, List<Map<String, String>> like) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Map<String, String> row : site.ask("SELECT * FROM " + table)) {
            Map<String, String> texts = new TreeMap<>();
            row.forEach((column, value) -> texts.put(column, String.valueOf(value)));
            texts.keySet().removeAll(List.of("eightbells_batch", "old_dropped"));
            if (!like.isEmpty() && !like.get(0).containsKey("gone")) {
                texts.remove("gone");
            }
            rows.add(texts);
        }
        return sorted(rows);
    }

    @AfterAll
    void close() throws SQLException {
        workplace.close();
        site.close();
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

    private WarehouseLoader loader(String schema) {
        return loader(site.into(schema), WarehouseSite.HASTE);
    }

    /** What was done to events and sessions; afterwards the warehouse is the lake. */
    private List<Loaded> load(String schema, int moment) {
        lake.standAt(moment);
        List<Loaded> loaded = loader(schema).load(LoadRequest.WHAT_IS_NEW);
        assertLoaded(schema, moment, schema);
        return loaded;
    }

    private void assertLoaded(String schema, int moment, String point) {
        try {
            assertThat(rows(schema + ".events", events.get(moment))).as(point).isEqualTo(events.get(moment));
            assertThat(rows(schema + ".sessions", sessions.get(moment)))
                    .as(point)
                    .isEqualTo(sessions.get(moment));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyCommitIsFollowedByItself() throws SQLException {
        site.copy("copied", "stepwise");
        List<String> changes = preview("stepwise", CHANGED).changes();
        assertThat(changes)
                .containsExactly(
                        "ALTER TABLE \"stepwise\".\"events\" ALTER COLUMN \"note\" TYPE VARCHAR(512)",
                        "ALTER TABLE \"stepwise\".\"events\" RENAME COLUMN \"old\" TO \"old_dropped\"",
                        "ALTER TABLE \"stepwise\".\"events\" RENAME COLUMN \"note\" TO \"remark\"",
                        "ALTER TABLE \"stepwise\".\"events\" RENAME COLUMN \"one\" TO \"eightbells_renamed\"",
                        "ALTER TABLE \"stepwise\".\"events\" RENAME COLUMN \"two\" TO \"one\"",
                        "ALTER TABLE \"stepwise\".\"events\" RENAME COLUMN \"eightbells_renamed\" TO \"two\"",
                        "ALTER TABLE \"stepwise\".\"events\" ADD COLUMN \"old\" BIGINT",
                        "ALTER TABLE \"stepwise\".\"events\" ADD COLUMN \"fresh\" DATE");
        for (int moment = CHANGED; moment <= KEPT; moment++) {
            assertThat(load("stepwise", moment)).extracting(Loaded::whyReloaded).containsOnlyNulls();
        }
        assertThat(site.ask("SELECT old_dropped AS o, gone AS g FROM stepwise.events WHERE id = '2'"))
                .singleElement()
                .satisfies(row -> assertThat(row.values()).containsOnlyNulls());
        assertThat(load("stepwise", KEPT)).extracting(Loaded::commits).allMatch(java.util.Set::isEmpty);
    }

    @Test
    void allCommitsAreFollowedAtOnce() throws SQLException {
        site.copy("copied", "atonce");
        List<Loaded> loaded = load("atonce", KEPT);
        assertThat(loaded).extracting(Loaded::whyReloaded).containsOnlyNulls();
        assertThat(loaded).extracting(each -> each.commits().size()).containsExactly(4, 4);
        assertThat(site.ask("SELECT \"rows\" AS r, batch AS b FROM atonce.eightbells_loads WHERE \"number\" = 4"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.get("r")).isEqualTo("0");
                    assertThat(row.get("b")).isNull();
                });
    }

    @Test
    void aReloadKnowsTheColumnsByTheirFormerNamesToo() throws SQLException {
        site.copy("copied", "anew");
        lake.standAt(CHANGED);
        assertThat(loader("anew").load(LoadRequest.EVERYTHING))
                .extracting(Loaded::whyReloaded)
                .containsOnly("it was asked for");
        assertLoaded("anew", CHANGED, "anew");
        assertThat(site.ask("SELECT column_name AS c FROM svv_columns WHERE table_schema = 'anew' AND table_name ="
                        + " 'events' AND column_name IN ('note', 'remark')"))
                .containsExactly(Map.of("c", "remark"));
    }

    @Test
    void aWiderTypeMeansANewTable() throws SQLException {
        site.copy("copied", "wider");
        load("wider", KEPT);
        assertThat(load("wider", WIDENED).get(0).whyReloaded())
                .isEqualTo("Redshift cannot change its columns in place: column n is INTEGER there and BIGINT in the"
                        + " lake");
    }

    @Test
    void aPredicateThatWasForgottenMeansAReload() throws SQLException {
        site.copy("copied", "receipt");
        load("receipt", WITH_ZOE);
        Forgets forgets = workplace.ledger().forgets();
        Forgets.Held held = forgets.find(1).orElseThrow();
        Forgets.Held receipt = forgets.replace(
                        held, "{\"version\":1,\"number\":1,\"state\":\"done\"}".getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        try {
            assertThat(load("receipt", WITHOUT_ZOE).get(0).whyReloaded())
                    .matches("commit [0-9]+ of follows.events took rows away \\(forget\\), and its predicate was"
                            + " forgotten");
        } finally {
            forgets.replace(
                    receipt,
                    ("{\"version\":1,\"number\":1,\"state\":\"open\",\"predicate\":" + ExpressionParser.toJson(ZOE)
                                    + "}")
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aNameThatIsTakenIsToldBeforeAnythingHappens() throws SQLException {
        site.copy("copied", "taken");
        site.say("ALTER TABLE taken.events ADD COLUMN remark INTEGER");
        lake.standAt(CHANGED);
        assertThatThrownBy(() -> loader("taken").load(LoadRequest.WHAT_IS_NEW))
                .hasMessage("Cannot load pipeline visits into its warehouse: table taken.events has a column remark of"
                        + " its own, and that is what follows.events calls its column note now; rename it or drop it."
                        + " Nothing was loaded.");
        site.say("ALTER TABLE taken.events DROP COLUMN remark");
        load("taken", CHANGED);
    }

    @Test
    void theWarehouseTellsWhatItHas() throws SQLException {
        site.copy("copied", "known");
        lake.standAt(WITH_ZOE);
        WarehouseLoader loader = loader("known");
        // Of the commit that it has; whatever the columns are called today.
        assertThat(loader.count(eventsName, Expressions.equal("remark", "n1"))).isEqualTo(OptionalLong.of(1));
        assertThat(loader.count(eventsName, ZOE)).isEqualTo(OptionalLong.of(0));
        assertThat(loader.count(eventsName, Expressions.equal("fresh", "2026-03-01")))
                .isEmpty();
        assertThat(loader.count(eventsName, Expressions.equal("source_object", "s3://raw/a")))
                .isEmpty();
        load("known", WITH_ZOE);
        assertThat(loader.count(eventsName, ZOE)).isEqualTo(OptionalLong.of(1));
        assertThat(loader.count(workplace.pipeline().sessions().name(), ZOE)).isEqualTo(OptionalLong.of(1));
        assertThat(loader.loadedUpTo())
                .containsEntry(
                        eventsName,
                        lake.loadTable(TableIdentifier.of(eventsName.database(), eventsName.table()))
                                .currentSnapshot()
                                .snapshotId())
                .hasSize(2);
        assertThat(loader("nowhere").loadedUpTo()).isEmpty();
        assertThat(loader("nowhere").count(eventsName, ZOE)).isEmpty();
    }

    @Test
    void aLockThatIsNotGivenBackIsWaitedForForAWhileOnly() throws SQLException {
        site.copy("copied", "held");
        lake.standAt(CHANGED);
        Patience little = new Patience(1, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1));
        Pipeline pipeline = site.into("held");
        site.say("BEGIN");
        site.say("LOCK held.eightbells_loads");
        assertThatThrownBy(() -> loader(pipeline, little).load(LoadRequest.WHAT_IS_NEW))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT))
                .hasMessageContaining("held.eightbells_loads is locked by another session, process ");
        site.say("ROLLBACK");
        load("held", CHANGED);
    }

    @Test
    void whatChangesColumnsOrDeletesRowsMayFail() throws SQLException {
        lake.standAt(KEPT);
        FaultPoints points = points();
        points.visit("changes", FaultPoints.Ways.OF_CHANGES, schema -> site.copy("copied", schema));
        assertThat(points.tried()).hasSizeGreaterThan(15);
    }

    @Test
    @Tag("soak")
    void everyStatementOfChangesAndOfAReloadMayFailInEveryWay() throws SQLException {
        lake.standAt(KEPT);
        points().visit("changes", FaultPoints.Ways.ALL, schema -> site.copy("copied", schema));
        points().visit("a reload over rows", FaultPoints.Ways.ALL, schema -> {
            site.copy("copied", schema);
            site.say("UPDATE " + schema + ".eightbells_loads SET snapshot = 1");
        });
    }

    private FaultPoints points() {
        return new FaultPoints(
                site,
                redshift,
                pipeline -> loader(pipeline, WarehouseSite.HASTE).load(LoadRequest.WHAT_IS_NEW),
                (schema, point) -> assertLoaded(schema, KEPT, point));
    }

    private LoadPreview.Table preview(String schema, int moment) {
        lake.standAt(moment);
        return loader(schema).preview(LoadRequest.WHAT_IS_NEW).tables().get(0);
    }
}
