package dev.eightbells.warehouse;

import static dev.eightbells.warehouse.TestLoads.EVENTS;
import static dev.eightbells.warehouse.TestLoads.FILE_COLUMNS;
import static dev.eightbells.warehouse.TestLoads.SESSIONS;
import static dev.eightbells.warehouse.TestLoads.commit;
import static dev.eightbells.warehouse.TestLoads.file;
import static dev.eightbells.warehouse.TestLoads.loadedUpTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.TableName;
import dev.eightbells.store.Location;
import dev.eightbells.table.Partitioning;
import dev.eightbells.table.Removal;
import dev.eightbells.table.TableHistory;
import dev.eightbells.table.TableHistory.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class LoadPlannerTest {
    private static final Location LAKE = Location.of("s3://lake/");
    private static final Instant NOW = Instant.parse("2026-11-22T08:31:07Z");
    private static final int DAY = (int) LocalDate.of(2026, 11, 22).toEpochDay();
    private static final TableHistory.Commit COMMIT = commit(4, Kind.ADDED);
    private static final Part PART = part(file("a", 10), file("b", 5));
    private static final String STAGING = "eightbells_staging_1";

    @Test
    void aCommitOfEventsIsOneTransactionFromTheLockToTheLedgersRow() {
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(PART)));

        Statement.Partition partition =
                new Statement.Partition(assignment("time"), EVENTS.partition().unit(), days(22, 23));
        List<Statement.KeyColumn> key = List.of(key(assignment("id")));
        assertThat(plan.transactions())
                .containsExactly(new LoadPlan.Transaction(
                        List.of(
                                new Statement.Begin(),
                                new Statement.LockLedger(TestLoads.LEDGER),
                                new Statement.FindLastLoad(TestLoads.LEDGER, EVENTS.name()),
                                new Statement.CreateStaging(
                                        STAGING,
                                        List.of(
                                                column("id", new WarehouseType.Varchar(64)),
                                                column("time", WarehouseType.Plain.TIMESTAMP),
                                                column("n", WarehouseType.Plain.BIGINT),
                                                column("source_object", new WarehouseType.Varchar(65535)))),
                                new Statement.Copy(
                                        STAGING,
                                        "s3://lake/" + plan.lists().get(0).key(),
                                        "default",
                                        Statement.Nesting.FLAT),
                                new Statement.FindRepeatedKey(STAGING, key, partition),
                                new Statement.DeleteKeys(EVENTS.name(), STAGING, key, partition),
                                new Statement.Insert(
                                        EVENTS.name(),
                                        STAGING,
                                        List.of(assignment("id"), assignment("time"), assignment("n")),
                                        "eightbells_batch",
                                        "20261122T0400Z",
                                        15),
                                new Statement.DropStaging(STAGING),
                                new Statement.RecordLoad(TestLoads.LEDGER, entry(4, 4, 15)),
                                new Statement.Commit()),
                        entry(4, 4, 15)));
    }

    @Test
    void theListForCopyNamesEveryFileWithItsBytesAndIsNamedByItsContent() {
        List<LoadPlan.CopyList> lists = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(PART)))
                .lists();

        assertThat(lists).singleElement().satisfies(list -> {
            assertThat(list.key()).matches("loads/[0-9a-f]{64}\\.json");
            assertThat(list.json().replaceAll("\\s", ""))
                    .isEqualTo("{\"entries\":[{\"url\":\"s3://lake/tables/a.parquet\",\"mandatory\":true,"
                            + "\"meta\":{\"content_length\":1000}},{\"url\":\"s3://lake/tables/b.parquet\","
                            + "\"mandatory\":true,\"meta\":{\"content_length\":500}}]}");
        });
        assertThat(plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(PART)))
                        .lists())
                .isEqualTo(lists);
    }

    @Test
    void aTableWithoutAKeyOnlyAppends() {
        LoadPlan plan = plan(TestLoads.events(List.of()), loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(PART)));
        assertThat(kinds(plan.transactions().get(0)))
                .containsExactly(
                        "Begin",
                        "LockLedger",
                        "FindLastLoad",
                        "CreateStaging",
                        "Copy",
                        "Insert",
                        "DropStaging",
                        "RecordLoad",
                        "Commit");
    }

    @Test
    void anEmptyBatchLeavesARowInTheLedgerAndNothingElse() {
        Part empty = new Part("20261122T0400Z", List.of(), Set.of(), Map.of(), null);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(empty)));
        assertThat(kinds(plan.transactions().get(0)))
                .containsExactly("Begin", "LockLedger", "FindLastLoad", "RecordLoad", "Commit");
        assertThat(plan.lists()).isEmpty();
        assertThat(plan.transactions().get(0).entry()).isEqualTo(entry(4, 4, 0));
    }

    @Test
    void aCompactionOnlyMovesTheLedgerOn() {
        TableHistory.Commit compacted = new TableHistory.Commit(4, Kind.COMPACTED, null, null, 40, null);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(compacted), Map.of(compacted, List.of()));
        assertThat(kinds(plan.transactions().get(0)))
                .containsExactly("Begin", "LockLedger", "FindLastLoad", "RecordLoad", "Commit");
        assertThat(plan.transactions().get(0).entry().batch()).isNull();
    }

    @Test
    void aRemovalIsADeleteThatCopiesNothing() {
        TableHistory.Commit removed =
                new TableHistory.Commit(4, Kind.CHANGED, null, "forget", 40, new Removal("forget", "forgets/00000001"));
        Condition condition = new Condition.Present("n");
        LoadPlan plan = plan(
                EVENTS,
                loadedUpTo(3),
                follow(removed),
                Map.of(removed, List.of()),
                Map.of(removed, new Deletion.Rows(condition)));
        assertThat(plan.transactions().get(0).statements())
                .containsExactly(
                        new Statement.Begin(),
                        new Statement.LockLedger(TestLoads.LEDGER),
                        new Statement.FindLastLoad(TestLoads.LEDGER, EVENTS.name()),
                        new Statement.DeleteWhere(EVENTS.name(), condition),
                        new Statement.RecordLoad(
                                TestLoads.LEDGER,
                                new Statement.Entry("web-events", EVENTS.name(), 4, TestLoads.SOURCE, 4, null, 0, NOW)),
                        new Statement.Commit());
        assertThat(plan.lists()).isEmpty();
        assertThat(plan.rows()).isZero();
    }

    @Test
    void columnsAreRenamedWithinTheTransactionOfTheCommitThatKnowsThemSo() {
        TableHistory.Commit next = commit(5, Kind.ADDED);
        Target renamed = TestLoads.events(
                EVENTS.columns().get(0),
                EVENTS.columns().get(1),
                new Target.Column(3, "number", WarehouseType.Plain.BIGINT),
                new Target.Column(4, "extra", WarehouseType.Plain.BOOLEAN));
        Map<TableHistory.Commit, Target> targets = new LinkedHashMap<>();
        targets.put(COMMIT, EVENTS);
        targets.put(next, renamed);
        LoadPlan plan = LoadPlanner.plan(
                renamed,
                loadedUpTo(3),
                follow(COMMIT, next),
                new LoadPlanner.Lake(
                        TestLoads.lake(EVENTS.columns(), targets),
                        Map.of(COMMIT, List.of(PART), next, List.of(part(file("c", 1)))),
                        Map.of(),
                        Partitioning.byDay("time")),
                LAKE,
                NOW);
        assertThat(plan.growth()).isEmpty();
        assertThat(kinds(plan.transactions().get(0))).doesNotContain("RenameColumn", "AddColumn");
        List<Statement> second = plan.transactions().get(1).statements();
        assertThat(second)
                .containsSubsequence(
                        new Statement.RenameColumn(EVENTS.name(), "n", "number"),
                        new Statement.AddColumn(EVENTS.name(), column("extra", WarehouseType.Plain.BOOLEAN)),
                        new Statement.Insert(
                                EVENTS.name(),
                                STAGING,
                                List.of(assignment("id"), assignment("time"), new Statement.Assignment("number", "n")),
                                "eightbells_batch",
                                "20261122T0400Z",
                                1));
        assertThat(LoadPreview.of(List.of(plan), List.of()).tables())
                .singleElement()
                .satisfies(table -> assertThat(table.changes())
                        .containsExactly(
                                "ALTER TABLE \"analytics\".\"events\" RENAME COLUMN \"n\" TO \"number\"",
                                "ALTER TABLE \"analytics\".\"events\" ADD COLUMN \"extra\" BOOLEAN"));
    }

    @Test
    void filesFromBeforeAPartOfTheKeySupersedeNothing() {
        LoadFile old = file("old", 2, FILE_COLUMNS.subList(1, 3));
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(part(old))));
        assertThat(kinds(plan.transactions().get(0))).doesNotContain("FindRepeatedKey", "DeleteKeys");
    }

    @Test
    void rowsThatWerePlannedUnderAnotherKeySupersedeNothing() {
        for (List<String> other : List.of(List.of("id", "n"), List.of("n"), List.<String>of())) {
            LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(planned(other))));
            assertThat(kinds(plan.transactions().get(0)))
                    .contains("Insert")
                    .doesNotContain("FindRepeatedKey", "DeleteKeys");
        }
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(planned(List.of("id")))));
        assertThat(kinds(plan.transactions().get(0))).contains("FindRepeatedKey", "DeleteKeys");
    }

    @Test
    void aKeyUnderAFormerNameIsTheSame() {
        Target renamed = TestLoads.events(
                new Target.Column(1, "id", new WarehouseType.Varchar(65535)),
                EVENTS.columns().get(1),
                EVENTS.columns().get(2));
        LakeColumns columns = TestLoads.lake(
                List.of(new Target.Column(1, "identity", new WarehouseType.Varchar(65535))), Map.of(COMMIT, renamed));
        LoadPlan plan = LoadPlanner.plan(
                renamed,
                loadedUpTo(3),
                follow(COMMIT),
                new LoadPlanner.Lake(
                        columns,
                        Map.of(COMMIT, List.of(planned(List.of("identity")))),
                        Map.of(),
                        Partitioning.byDay("time")),
                LAKE,
                NOW);
        assertThat(kinds(plan.transactions().get(0))).contains("FindRepeatedKey", "DeleteKeys");
    }

    @Test
    void severalCommitsAreSeveralTransactionsThatBuildOnEachOther() {
        TableHistory.Commit next = commit(5, Kind.ADDED);
        LoadPlan plan = plan(
                EVENTS,
                loadedUpTo(3),
                follow(COMMIT, next),
                Map.of(COMMIT, List.of(PART), next, List.of(part(file("c", 1)))));
        assertThat(plan.transactions()).extracting(LoadPlan.Transaction::base).containsExactly(3L, 4L);
        assertThat(plan.transactions())
                .extracting(transaction -> transaction.entry().number())
                .containsExactly(4L, 5L);
    }

    @Test
    void sessionsOfTheReplacedDaysGoAndTheNewOnesCome() {
        TableHistory.Commit replaced =
                new TableHistory.Commit(4, Kind.CHANGED, "20261122T0400Z", "sessionize", 40, null);
        Part part = new Part(
                "20261122T0400Z",
                List.of(file(
                        "s",
                        3,
                        List.of(
                                new LoadFile.Column(1, "session_id", Types.StringType.get()),
                                new LoadFile.Column(2, "session_start", Types.TimestampType.withZone())))),
                Set.of(DAY, DAY + 1, DAY + 3),
                Map.of(1, 32L),
                null);
        LoadPlan plan = plan(SESSIONS, loadedUpTo(3), follow(replaced), Map.of(replaced, List.of(part)));
        assertThat(plan.transactions().get(0).statements())
                .contains(new Statement.DeleteRanges(
                        SESSIONS.name(), "session_start", List.of(days(22, 24), days(25, 26))));
        assertThat(kinds(plan.transactions().get(0))).doesNotContain("DeleteKeys", "FindRepeatedKey");
    }

    @Test
    void filesOfAnotherSchemaAreStagedApartAndNothingIsDeletedOnceRowsCameIn() {
        LoadFile old = file("old", 2, FILE_COLUMNS.subList(0, 2));
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(part(file("a", 10), old))));
        assertThat(kinds(plan.transactions().get(0)))
                .containsExactly(
                        "Begin",
                        "LockLedger",
                        "FindLastLoad",
                        "CreateStaging",
                        "Copy",
                        "FindRepeatedKey",
                        "CreateStaging",
                        "Copy",
                        "FindRepeatedKey",
                        "DeleteKeys",
                        "DeleteKeys",
                        "Insert",
                        "DropStaging",
                        "Insert",
                        "DropStaging",
                        "RecordLoad",
                        "Commit");
    }

    @Test
    void columnsMeetByNumberWhateverTheyWereCalled() {
        LoadFile old = file(
                "old",
                2,
                List.of(
                        new LoadFile.Column(2, "at", Types.TimestampType.withZone()),
                        new LoadFile.Column(1, "identity", Types.StringType.get()),
                        new LoadFile.Column(7, "dropped", Types.StringType.get())));
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(part(old))));
        assertThat(plan.transactions().get(0).statements())
                .contains(
                        new Statement.Insert(
                                EVENTS.name(),
                                STAGING,
                                List.of(
                                        new Statement.Assignment("time", "at"),
                                        new Statement.Assignment("id", "identity")),
                                "eightbells_batch",
                                "20261122T0400Z",
                                2),
                        new Statement.DeleteKeys(
                                EVENTS.name(),
                                STAGING,
                                List.of(key(new Statement.Assignment("id", "identity"))),
                                new Statement.Partition(
                                        new Statement.Assignment("time", "at"),
                                        EVENTS.partition().unit(),
                                        days(22, 23))));
    }

    @Test
    void nestedColumnsAreCopiedAsJson() {
        LoadFile nested = file(
                "n", 2, List.of(new LoadFile.Column(1, "id", Types.ListType.ofOptional(5, Types.StringType.get()))));
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(part(nested))));
        assertThat(plan.transactions().get(0).statements())
                .filteredOn(Statement.Copy.class::isInstance)
                .singleElement()
                .extracting(copy -> ((Statement.Copy) copy).nesting())
                .isEqualTo(Statement.Nesting.NESTED);
    }

    @Test
    void rowsWithoutAPartitionAreLookedForEverywhere() {
        Part part = new Part("b", List.of(file("a", 1)), Set.of(DAY, Partitioning.NONE), Map.of(), null);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(part)));
        assertThat(plan.transactions().get(0).statements())
                .filteredOn(Statement.DeleteKeys.class::isInstance)
                .singleElement()
                .extracting(
                        delete -> ((Statement.DeleteKeys) delete).partition().within())
                .isNull();
    }

    @Test
    void aReloadTakesAllRowsOutFirstAndMarksThoseOfEachBatch() {
        Course course = new Course.Reload(COMMIT, "it was asked for", Course.Place.SAME_TABLE);
        Part unknown = new Part(null, List.of(file("old", 7)), Set.of(DAY), Map.of(), null);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), course, Map.of(COMMIT, List.of(unknown, PART)));
        LoadPlan.Transaction reload = plan.transactions().get(0);
        assertThat(plan.transactions()).hasSize(1);
        assertThat(kinds(reload).subList(3, 5)).containsExactly("DeleteAll", "CreateStaging");
        assertThat(reload.statements())
                .filteredOn(Statement.Insert.class::isInstance)
                .extracting(insert -> ((Statement.Insert) insert).batch())
                .containsExactly(null, "20261122T0400Z");
        assertThat(reload.entry()).isEqualTo(entry(4, 4, 22));
        assertThat(kinds(reload)).doesNotContain("DeleteKeys");
    }

    @Test
    void aTableOfOtherTypesIsReplacedByANewOneWithinTheTransaction() {
        Course course = new Course.Reload(COMMIT, "types", Course.Place.NEW_TABLE);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), course, Map.of(COMMIT, List.of(PART)));
        TableName made = new TableName("analytics", "eightbells_new");
        assertThat(plan.growth()).isEmpty();
        assertThat(kinds(plan.transactions().get(0)))
                .containsExactly(
                        "Begin",
                        "LockLedger",
                        "FindLastLoad",
                        "CreateTable",
                        "CreateStaging",
                        "Copy",
                        "Insert",
                        "DropStaging",
                        "RenameTable",
                        "RenameTable",
                        "DropTable",
                        "RecordLoad",
                        "Commit");
        assertThat(plan.transactions().get(0).statements())
                .contains(
                        new Statement.RenameTable(EVENTS.name(), "eightbells_old"),
                        new Statement.RenameTable(made, "events"),
                        new Statement.DropTable(new TableName("analytics", "eightbells_old")));
    }

    @Test
    void nothingToDoIsNothingToSay() {
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), new Course.Nothing(), Map.of());
        assertThat(plan.growth()).isEmpty();
        assertThat(plan.transactions()).isEmpty();
    }

    @Test
    void theFirstLoadMakesSchemaLedgerAndTable() {
        Course course = new Course.Reload(COMMIT, "nothing is there", Course.Place.SAME_TABLE);
        assertThat(plan(EVENTS, TestLoads.ABSENT, course, Map.of(COMMIT, List.of(PART)))
                        .growth())
                .hasSize(3)
                .startsWith(new Statement.CreateSchema("analytics"), new Statement.CreateLedger(TestLoads.LEDGER))
                .last()
                .isInstanceOf(Statement.CreateTable.class);
    }

    @Test
    void longTextsMakeTheirColumnsWiderBeforeTheTransaction() {
        Part longer = new Part("b", List.of(file("a", 1)), Set.of(DAY), Map.of(1, 100L), null);
        LoadPlan plan = plan(EVENTS, loadedUpTo(3), follow(COMMIT), Map.of(COMMIT, List.of(longer)));
        assertThat(plan.growth())
                .containsExactly(new Statement.WidenColumn(EVENTS.name(), "id", new WarehouseType.Varchar(256)));
        assertThat(plan.transactions().get(0).statements())
                .filteredOn(Statement.CreateStaging.class::isInstance)
                .singleElement()
                .extracting(
                        create -> ((Statement.CreateStaging) create).columns().get(0))
                .isEqualTo(column("id", new WarehouseType.Varchar(256)));
    }

    private static LoadPlan plan(
            Target target, FoundTable found, Course course, Map<TableHistory.Commit, List<Part>> parts) {
        return plan(target, found, course, parts, Map.of());
    }

    private static LoadPlan plan(
            Target target,
            FoundTable found,
            Course course,
            Map<TableHistory.Commit, List<Part>> parts,
            Map<TableHistory.Commit, Deletion> deletions) {
        return LoadPlanner.plan(
                target,
                found,
                course,
                new LoadPlanner.Lake(
                        TestLoads.unchanged(target, course.commits()), parts, deletions, Partitioning.byDay("time")),
                LAKE,
                NOW);
    }

    private static Course.Follow follow(TableHistory.Commit... commits) {
        return new Course.Follow(List.of(commits));
    }

    private static Part part(LoadFile... files) {
        return new Part("20261122T0400Z", List.of(files), Set.of(DAY), Map.of(1, 20L), null);
    }

    private static Part planned(List<String> key) {
        return new Part("20261122T0400Z", List.of(file("a", 10)), Set.of(DAY), Map.of(1, 20L), key);
    }

    private static Statement.Entry entry(long number, long snapshot, long rows) {
        return new Statement.Entry(
                "web-events", EVENTS.name(), number, TestLoads.SOURCE, snapshot, "20261122T0400Z", rows, NOW);
    }

    private static Statement.Column column(String name, WarehouseType type) {
        return new Statement.Column(name, type);
    }

    private static Statement.Assignment assignment(String name) {
        return new Statement.Assignment(name, name);
    }

    private static Statement.KeyColumn key(Statement.Assignment text) {
        return new Statement.KeyColumn(text, Statement.Comparison.WITH_THEIR_LENGTH);
    }

    private static Statement.Range days(int from, int to) {
        return new Statement.Range(LocalDateTime.of(2026, 11, from, 0, 0), LocalDateTime.of(2026, 11, to, 0, 0));
    }

    private static List<String> kinds(LoadPlan.Transaction transaction) {
        return Stream.of(transaction.statements())
                .flatMap(List::stream)
                .map(statement -> statement.getClass().getSimpleName())
                .toList();
    }
}
