package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one batch may replace while others do the same; files that are in the table's metadata alone are enough for it. */
class SessionsTableTest {
    private static final long HOUR = Reach.HOUR;
    private static final long GAP = HOUR / 2;
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "session_start", Types.TimestampType.withZone()),
            Types.NestedField.required(2, "session_end", Types.TimestampType.withZone()));

    @TempDir
    private Path folder;

    private Catalog catalog;
    private Pipeline pipeline;
    private SessionsTable table;

    @BeforeEach
    void createTable() {
        pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  columns: [{name: visitor, type: string}, {name: at, type: timestamp}]
                sessions: {name: analytics.sessions, by: visitor, time: at, gap: 30m}
                """
                        .formatted(folder),
                "shop.yaml",
                Map.of());
        catalog = Catalogs.open(pipeline, Map.of(), new Configuration());
        table = SessionsTable.openOrCreate(
                catalog,
                pipeline,
                new SessionsForm(SCHEMA, "visitor", List.of("gap: PT30M"), Map.of(), new Turn(1, 0)));
    }

    /** A file of sessions that begin on a day and last from one hour to another, counted from 1970. */
    private DataFile file(String name, long startHour, long endHour) {
        return file(name, (int) Math.floorDiv(startHour, 24L), Map.of(1, bound(startHour)), Map.of(2, bound(endHour)));
    }

    private DataFile file(String name, int day, Map<Integer, ByteBuffer> lower, Map<Integer, ByteBuffer> upper) {
        return DataFiles.builder(table.table().spec())
                .withPath(table.table().location() + "/data/" + name + ".parquet")
                .withFormat(FileFormat.PARQUET)
                .withPartitionPath("session_start_day=" + LocalDate.ofEpochDay(day))
                .withFileSizeInBytes(100)
                .withMetrics(new Metrics(
                        10L,
                        Map.of(),
                        Map.of(1, 10L, 2, 10L),
                        Map.of(1, 0L, 2, 0L),
                        Map.of(),
                        both(lower, upper, 1, 2),
                        both(upper, lower, 2, 1)))
                .build();
    }

    /** Bounds of both columns, as far as one is given. */
    private static Map<Integer, ByteBuffer> both(
            Map<Integer, ByteBuffer> some, Map<Integer, ByteBuffer> others, int own, int other) {
        return some.isEmpty() ? Map.of() : Map.of(own, some.get(own), other, others.get(other));
    }

    private static ByteBuffer bound(long hour) {
        return Conversions.toByteBuffer(Types.TimestampType.withZone(), hour * HOUR);
    }

    private static Reach reach(Long... hours) {
        return Reach.of(List.of(hours), GAP);
    }

    private static SessionsTable.Replacement replacement(Reach reach, List<DataFile> removed, DataFile... added) {
        Set<Integer> days = Stream.concat(removed.stream(), Stream.of(added))
                .map(SessionsTable::day)
                .collect(Collectors.toCollection(TreeSet::new));
        return new SessionsTable.Replacement(days, removed, List.of(added), reach);
    }

    private Optional<SessionsTable.Commit> commit(String batch, Long head, SessionsTable.Replacement replacement) {
        return table.replace(new Provenance(batch, 1, "sessionize"), head, replacement, "{\"of\":\"" + batch + "\"}");
    }

    private List<String> visible() {
        Long head = table.refreshedHead();
        return table.filesOf(head, Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)).stream()
                .map(FileScanTask::file)
                .map(SessionsTableTest::name)
                .sorted()
                .toList();
    }

    private static String name(DataFile file) {
        return file.location().replaceAll(".*/|\\.parquet", "");
    }

    @Test
    void aBatchReplacesTheFilesOfItsDaysInOneCommitThatCarriesItsMarker() {
        DataFile old = file("old", 25, 26);
        commit("b1", null, replacement(reach(25L), List.of(), old, file("other", 49, 50)));
        Optional<SessionsTable.Commit> commit =
                commit("b2", table.refreshedHead(), replacement(reach(27L), List.of(old), file("new", 25, 27)));
        assertThat(visible()).containsExactly("new", "other");
        assertThat(table.committed("b2").orElseThrow().snapshot())
                .isEqualTo(commit.orElseThrow().snapshot());
        assertThat(commit.orElseThrow().marker()).isEqualTo("{\"of\":\"b2\"}");
        assertThat(commit.orElseThrow().files().stream().map(SessionsTableTest::name))
                .containsExactly("new");
    }

    @Test
    void isRefusedWhenTheFilesOfItsDayWereCompactedAndGoesThroughWithThoseThatTookTheirPlace() {
        DataFile first = file("a", 25, 26);
        DataFile second = file("b", 30, 31);
        commit("b1", null, replacement(reach(25L), List.of(), first, second, file("other", 49, 50)));
        Long head = table.refreshedHead();
        DataFile both = file("ab", 25, 31);
        table.table()
                .newRewrite()
                .validateFromSnapshot(head)
                .deleteFile(first)
                .deleteFile(second)
                .addFile(both)
                .commit();
        assertThat(commit("b2", head, replacement(reach(27L), List.of(first, second), file("lost", 25, 31))))
                .isEmpty();
        assertThat(visible()).containsExactly("ab", "other");
        assertThat(commit("b2", table.head(), replacement(reach(27L), List.of(both), file("new", 25, 31))))
                .isPresent();
        assertThat(visible()).containsExactly("new", "other");
    }

    @Test
    void isRefusedWhenOthersPutSessionsWithinItsReachIntoAnotherDay() {
        commit("b1", null, replacement(reach(1L), List.of(), file("a", 1, 1)));
        Long head = table.refreshedHead();
        // From the evening before to within half an hour of midnight.
        commit("b2", head, replacement(reach(47L), List.of(), file("evening", 46, 48)));
        assertThat(commit("b3", head, replacement(reach(48L), List.of(), file("morning", 48, 48))))
                .isEmpty();
        assertThat(visible()).containsExactly("a", "evening");
    }

    @Test
    void isRefusedWhenTheTableWasEmptyAndIsNoMore() {
        commit("b1", null, replacement(reach(25L), List.of(), file("a", 25, 25)));
        assertThat(commit("b2", null, replacement(reach(26L), List.of(), file("b", 26, 26))))
                .isEmpty();
    }

    @Test
    void goesThroughWhenOthersChangeDaysOutOfItsReach() {
        commit("b1", null, replacement(reach(1L), List.of(), file("a", 1, 1)));
        Long head = table.refreshedHead();
        commit("b2", head, replacement(reach(25L), List.of(), file("b", 25, 25)));
        assertThat(commit("b3", head, replacement(reach(50L), List.of(), file("c", 50, 50))))
                .isPresent();
        assertThat(visible()).containsExactly("a", "b", "c");
    }

    @Test
    void isRefusedWhenAFileThatItReplacesHasBeenReplacedOrCompacted() {
        DataFile old = file("old", 25, 25);
        commit("b1", null, replacement(reach(25L), List.of(), old));
        Long head = table.refreshedHead();
        table.table()
                .newRewrite()
                .validateFromSnapshot(head)
                .deleteFile(old)
                .addFile(file("compacted", 25, 25))
                .commit();
        assertThat(commit("b2", head, replacement(reach(30L), List.of(old), file("new", 25, 30))))
                .isEmpty();
        assertThat(visible()).containsExactly("compacted");
    }

    @Test
    void isRefusedWhenTheHistorySinceItsHeadHasExpired() {
        commit("b1", null, replacement(reach(1L), List.of(), file("a", 1, 1)));
        Long head = table.refreshedHead();
        commit("b2", head, replacement(reach(73L), List.of(), file("b", 73, 73)));
        Long between = table.refreshedHead();
        commit("b3", between, replacement(reach(100L), List.of(), file("c", 100, 100)));
        table.table()
                .expireSnapshots()
                .expireSnapshotId(head)
                .expireSnapshotId(between)
                .cleanExpiredFiles(false)
                .commit();
        assertThat(commit("b4", head, replacement(reach(49L), List.of(), file("d", 49, 49))))
                .isEmpty();
    }

    @Test
    void anAttemptThatLosesToAnotherOfItsBatchFindsThatOnesCommit() {
        Optional<SessionsTable.Commit> first =
                commit("b1", null, replacement(reach(25L), List.of(), file("a", 25, 25)));
        assertThat(commit("b1", null, replacement(reach(25L), List.of(), file("again", 25, 25)))
                        .orElseThrow()
                        .snapshot())
                .isEqualTo(first.orElseThrow().snapshot());
        assertThat(visible()).containsExactly("a");
    }

    @Test
    void aLaterDefinitionRenamesTheVisitorAndAnEarlierOneFindsIt() {
        SessionsForm earlier = form("visitor", Map.of(), 1);
        SessionsForm later = form("person", Map.of("visitor", "person"), 2);
        SessionsTable before = SessionsTable.openOrCreate(catalog, pipeline, earlier);
        assertThat(before.replace(
                        new Provenance("b1", 1, "sessionize"),
                        null,
                        new SessionsTable.Replacement(Set.of(), List.of(), List.of(), reach()),
                        "{}"))
                .isPresent();
        assertThat(SessionsTable.foreseen(catalog, pipeline, later))
                .containsExactly("column visitor is renamed to person");
        assertThatThrownBy(() -> before.requireForm(later, pipeline.sessions().name()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessage(
                        "Cannot use the sessions in table analytics.sessions: it does not follow the pipeline file yet"
                                + " (column visitor is renamed to person). Run a batch first, or put the file back.");
        SessionsTable after = SessionsTable.openOrCreate(catalog, pipeline, later);
        assertThat(after.inTable("person").name()).isEqualTo("person");
        assertThat(SessionsTable.openOrCreate(catalog, pipeline, earlier)
                        .inTable("visitor")
                        .name())
                .isEqualTo("person");

        before.requireForm(earlier, pipeline.sessions().name());
        before.refreshedHead();
        assertThatThrownBy(() -> before.requireForm(earlier, pipeline.sessions().name()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TRANSIENT))
                .hasMessage(
                        "Cannot put sessions into table analytics.sessions: a batch of a later pipeline file has changed"
                                + " its columns meanwhile. Run it again.");
        assertThatThrownBy(() -> SessionsTable.openOrCreate(catalog, pipeline, form("nobody", Map.of(), 3)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("'by: person' there is not in the file; 'by: nobody' in the file is not there");
    }

    @Test
    void anOvertakenDefinitionReshapesNothingAndFindsTheVisitor() {
        SessionsTable before = SessionsTable.openOrCreate(catalog, pipeline, form("visitor", Map.of(), 1));
        assertThat(before.replace(
                        new Provenance("b1", 1, "sessionize"),
                        null,
                        new SessionsTable.Replacement(Set.of(), List.of(), List.of(), reach()),
                        "{}"))
                .isPresent();
        SessionsForm overtaken = form("person", Map.of("visitor", "person"), new Turn(2, 3));
        SessionsTable after = SessionsTable.openOrCreate(catalog, pipeline, overtaken);
        assertThat(after.table().schema()).asString().contains("visitor").doesNotContain("person");
        assertThat(after.inTable("person").name()).isEqualTo("visitor");
        after.requireForm(overtaken, pipeline.sessions().name());
    }

    private static SessionsForm form(String visitor, Map<String, String> renamed, int number) {
        return form(visitor, renamed, new Turn(number, 0));
    }

    private static SessionsForm form(String visitor, Map<String, String> renamed, Turn turn) {
        Schema schema = new Schema(
                Types.NestedField.required(1, "session_start", Types.TimestampType.withZone()),
                Types.NestedField.required(2, "session_end", Types.TimestampType.withZone()),
                Types.NestedField.required(3, visitor, Types.StringType.get()));
        return new SessionsForm(schema, visitor, List.of("by: " + visitor, "gap: PT30M"), renamed, turn);
    }

    @Test
    void aBatchThatChangesNothingSignsAnEmptyCommit() {
        assertThat(commit("b1", null, new SessionsTable.Replacement(Set.of(), List.of(), List.of(), reach())))
                .hasValueSatisfying(commit -> assertThat(commit.files()).isEmpty());
        assertThat(table.committed("b1")).isPresent();
        assertThat(table.committed("b2")).isEmpty();
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundOrUnknown() {
        SessionsTable deaf = new SessionsTable(
                new LakeTable(new BaseTable(
                        new LosingAnswers(((BaseTable) table.table()).operations(), true), "analytics.sessions")),
                Map.of());
        Provenance provenance = new Provenance("b1", 1, "sessionize");
        SessionsTable.Replacement replacement = replacement(reach(25L), List.of(), file("a", 25, 25));
        assertThat(deaf.replace(provenance, null, replacement, "{}"))
                .hasValueSatisfying(commit -> assertThat(commit.files()).hasSize(1));

        SessionsTable mute = new SessionsTable(
                new LakeTable(new BaseTable(
                        new LosingAnswers(((BaseTable) table.table()).operations(), false), "analytics.sessions")),
                Map.of());
        SessionsTable.Replacement other = replacement(reach(49L), List.of(), file("b", 49, 49));
        assertThatThrownBy(() -> mute.replace(new Provenance("b2", 1, "sessionize"), null, other, "{}"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNKNOWN))
                .hasMessage("Cannot tell whether the sessions of batch b2 were committed to analytics.sessions:"
                        + " the catalog's answer was lost. Look at the table's history, then run it again.");
    }

    @Test
    void findsTheDaysInReachByWhenTheirSessionsBeginAndEnd() {
        commit(
                "b1",
                null,
                replacement(
                        reach(1L),
                        List.of(),
                        file("long", 1, 200),
                        file("short", 25, 26),
                        file("late", 50, 52),
                        file("unbounded", 1, Map.of(), Map.of())));
        Long head = table.refreshedHead();
        assertThat(table.daysWithin(head, reach(54L))).containsExactly(0, 1);
        assertThat(table.daysWithin(head, reach(53L))).containsExactly(0, 1);
        assertThat(table.daysWithin(head, reach(52L))).containsExactly(0, 1, 2);
        assertThat(table.daysWithin(head, reach(27L, 190L))).containsExactly(0, 1);
        assertThat(table.daysWithin(head, reach(-5L, 1_000_000L))).containsExactly(1);
        assertThat(table.daysWithin(head, reach())).isEmpty();
        assertThat(table.daysWithin(null, reach(1L))).isEmpty();
    }

    /** Operations that say of a commit that they do not know; {@code does} tells whether it is made. */
    private record LosingAnswers(TableOperations operations, boolean does) implements TableOperations {
        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            if (does) {
                operations.commit(base, metadata);
            }
            throw new CommitStateUnknownException(new IllegalStateException("no answer"));
        }

        @Override
        public TableMetadata current() {
            return operations.current();
        }

        @Override
        public TableMetadata refresh() {
            return operations.refresh();
        }

        @Override
        public FileIO io() {
            return operations.io();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return operations.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return LocationProviders.locationsFor(
                    current().location(), current().properties());
        }
    }
}
