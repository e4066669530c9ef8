package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Care beside batches: files that hold nothing are enough for what commits say of each other. */
class UpkeepTest {
    private static final long DAY = 86_400_000_000L;

    @TempDir
    private Path folder;

    private EventsTable table;
    private Upkeep upkeep;

    @BeforeEach
    void createTable() {
        Pipeline pipeline = PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns: [{name: id, type: string, required: true}, {name: at, type: timestamp}]
                """
                        .formatted(folder),
                "shop.yaml",
                Map.of());
        table = EventsTable.openOrCreate(
                Catalogs.open(pipeline, Map.of(), new Configuration()), pipeline, new Turn(1, 0));
        upkeep = new Upkeep(table.table(), "at", () -> {
            throw new AssertionError("Spark is not needed for this");
        });
    }

    private DataFile file(String name, int day) {
        return file(name, day, day + 1)
                .withPartitionPath("at_day=" + LocalDate.ofEpochDay(day))
                .build();
    }

    /** A file of days from one to another. */
    private DataFiles.Builder file(String name, int day, int until) {
        int at = table.table().schema().findField("at").fieldId();
        ByteBuffer first = Conversions.toByteBuffer(Types.TimestampType.withZone(), day * DAY);
        ByteBuffer last = Conversions.toByteBuffer(Types.TimestampType.withZone(), until * DAY - 1);
        Path path = path(name);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, "nothing");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return DataFiles.builder(table.table().spec())
                .withPath("file:" + path)
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(100)
                .withMetrics(new Metrics(
                        10L, Map.of(), Map.of(at, 10L), Map.of(at, 0L), Map.of(), Map.of(at, first), Map.of(at, last)));
    }

    private Path path(String name) {
        return folder.resolve("lake/tables/analytics/events/data/" + name + ".parquet");
    }

    private List<String> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(path("a").getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet"))
                    .map(name -> name.replace(".parquet", ""))
                    .sorted()
                    .toList();
        }
    }

    private static Provenance batch(String batch) {
        return new Provenance(batch, 1, "convert");
    }

    private Optional<EventsTable.Published> publish(String batch, Long judgedAt, DataFile... files) {
        long staged = table.stage(batch(batch), judgedAt, List.of(files));
        return table.publish(batch(batch), staged, judgedAt, List.of(files));
    }

    private long published(String batch, DataFile... files) {
        return publish(batch, table.refreshedHead(), files).orElseThrow().snapshot();
    }

    /** What Iceberg's action commits that began at a head. */
    private void compact(long head, DataFile into, DataFile... from) {
        table.table().refresh();
        RewriteFiles rewrite = table.table()
                .newRewrite()
                .validateFromSnapshot(head)
                .dataSequenceNumber(table.table().snapshot(head).sequenceNumber());
        for (DataFile file : from) {
            rewrite.deleteFile(file);
        }
        rewrite.addFile(into);
        rewrite.set(Provenance.STEP, Upkeep.STEP);
        rewrite.commit();
        table.table().refresh();
    }

    private List<String> names(Long head, Long after) {
        return table.publishedFiles(head, after, List.of(1, 2)).stream()
                .map(file -> file.location().replaceAll(".*/|\\.parquet", ""))
                .sorted()
                .toList();
    }

    @Test
    void aBatchIsPublishedOverACompactionOfWhatItWasJudgedBy() {
        DataFile first = file("a", 1);
        DataFile second = file("b", 1);
        published("b1", first);
        long judgedAt = published("b2", second);
        compact(judgedAt, file("ab", 1), first, second);
        assertThat(publish("b3", judgedAt, file("c", 1))).isPresent();
        assertThat(names(table.refreshedHead(), null)).containsExactly("ab", "c");
    }

    @Test
    void rowsThatWerePublishedSinceAreFoundInTheFilesThatTheyWereCompactedInto() {
        DataFile first = file("a", 1);
        DataFile second = file("b", 1);
        long judgedAt = published("b1", first);
        long head = published("b2", second);
        compact(head, file("ab", 1), first, second);
        // The batch lost the race against b2, and its rows must be compared with those of b2.
        assertThat(publish("b3", judgedAt, file("c", 1))).isEmpty();
        assertThat(names(table.refreshedHead(), judgedAt)).containsExactly("ab");
    }

    @Test
    void aCompactionThatBeganBeforeAndEndedAfterwardsHidesNothingThatWasPublishedBetween() {
        DataFile first = file("a", 1);
        DataFile second = file("b", 1);
        published("b1", first);
        long began = published("b2", second);
        long judgedAt = published("b3", file("c", 1));
        published("b4", file("d", 1));
        compact(began, file("ab", 1), first, second);
        assertThat(names(table.refreshedHead(), judgedAt)).containsExactly("d");
    }

    @Test
    void aCompactionThatMeetsAnotherIsRefused() {
        DataFile first = file("a", 1);
        DataFile second = file("b", 1);
        published("b1", first);
        long head = published("b2", second);
        compact(head, file("ab", 1), first, second);
        assertThatThrownBy(() -> compact(head, file("ab2", 1), first, second))
                .hasMessageContaining("Missing required files to delete");
    }

    @Test
    void publishedFilesOutliveTheSnapshotsThatTheyWereStagedInAndWhatWasCompactedGoes() throws IOException {
        DataFile first = file("a", 1);
        DataFile second = file("b", 1);
        published("b1", first);
        long head = published("b2", second);
        published("b3", file("c", 2));
        table.stage(batch("b4"), head, List.of(file("waiting", 2)));
        table.letGo("b1");
        table.letGo("b2");
        table.letGo("b3");
        SnapshotFacts facts = SnapshotFacts.of(table.table());
        assertThat(facts.beside()).hasSize(4);
        upkeep.expire(facts.beside().stream()
                .filter(snapshot -> !snapshot.isHeld())
                .map(SnapshotFacts.Known::id)
                .toList());
        assertThat(onDisk()).containsExactly("a", "b", "c", "waiting");

        compact(table.refreshedHead(), file("ab", 1), first, second);
        upkeep.expire(SnapshotFacts.of(table.table()).main().stream()
                .skip(1)
                .map(SnapshotFacts.Known::id)
                .toList());
        // What a batch has staged that waits is the table of that time, and its own rows.
        assertThat(onDisk()).containsExactly("a", "ab", "b", "c", "waiting");
        table.letGo("b4");
        upkeep.expire(SnapshotFacts.of(table.table()).beside().stream()
                .map(SnapshotFacts.Known::id)
                .toList());
        assertThat(onDisk()).containsExactly("ab", "c");
        assertThat(names(table.refreshedHead(), head)).containsExactly("ab", "c");
        upkeep.expire(List.of(head));
        assertThat(SnapshotFacts.of(table.table()).size()).isEqualTo(1);
    }

    @Test
    void aBatchThatWasJudgedByWhatHasExpiredIsJudgedAgainByAllThereIs() {
        long judgedAt = published("b1", file("a", 1));
        long next = published("b2", file("b", 2));
        published("b3", file("c", 2));
        upkeep.expire(List.of(judgedAt, next));
        assertThat(publish("b4", judgedAt, file("d", 1))).isEmpty();
        assertThat(names(table.refreshedHead(), judgedAt)).containsExactly("a", "b", "c");
    }

    @Test
    void oldRowsAreRemovedInACommitThatSaysWhich() {
        published("b1", file("a", 1), file("b", 2), file("c", 3));
        long boundary = Upkeep.boundary(table.table(), Instant.parse("1970-01-03T17:00:00Z"));
        assertThat(boundary).isEqualTo(2 * DAY);
        assertThat(upkeep.removeBefore(boundary)).isTrue();
        Snapshot commit = table.table().currentSnapshot();
        Removal removal = Removal.of(commit).orElseThrow();
        assertThat(removal.step()).isEqualTo("retention");
        assertThat(removal.predicate())
                .isEqualTo("{\"type\":\"lt\",\"term\":\"at\",\"value\":\"1970-01-03T00:00:00+00:00\"}");
        assertThat(table.publishedFiles(commit.snapshotId(), null, List.of(1, 2, 3)))
                .extracting(file -> file.location().replaceAll(".*/", ""))
                .containsExactlyInAnyOrder("b.parquet", "c.parquet");
        // In the middle of a day there are newer rows in the same files.
        assertThat(upkeep.removeBefore(boundary + DAY / 2)).isFalse();
        assertThat(table.refreshedHead()).isEqualTo(commit.snapshotId());
    }

    @Test
    void manyManifestsBecomeOneAndNothingElseChanges() {
        for (int batch = 1; batch <= 5; batch++) {
            published("b" + batch, file("f" + batch, 1 + batch % 2));
        }
        TableCondition before = TableCondition.of(table.table(), "at");
        upkeep.rewriteManifests();
        TableCondition after = TableCondition.of(table.table(), "at");
        assertThat(before.manifests()).isEqualTo(5);
        assertThat(after.manifests()).isEqualTo(1);
        assertThat(new TreeSet<>(after.files().stream().map(FileGroup::toString).toList()))
                .isEqualTo(new TreeSet<>(
                        before.files().stream().map(FileGroup::toString).toList()));
        assertThat(TableHistory.of(table.table()).commits().get(0).kind()).isEqualTo(TableHistory.Kind.COMPACTED);
        assertThat(names(table.refreshedHead(), null)).containsExactly("f1", "f2", "f3", "f4", "f5");
    }

    @Test
    void filesAreGroupedByTheirDaysAlsoWhenTheTableTakesMonthsByNow() {
        published("b1", file("a", 1), file("b", 1), file("c", 40));
        table.table()
                .updateSpec()
                .removeField("at_day")
                .addField("at_month", Expressions.month("at"))
                .commit();
        TableCondition months = TableCondition.of(table.table(), "at");
        assertThat(months.files())
                .extracting(FileGroup::period, FileGroup::small)
                .containsExactlyInAnyOrder(tuple(new Period(0, 31 * DAY), 2), tuple(new Period(31 * DAY, 59 * DAY), 1));
        assertThat(months.fileCount()).isEqualTo(3);
        assertThat(months.bytes()).isEqualTo(300);
    }

    @Test
    void withoutPartitionsAFileOfSeveralMonthsAgesWithItsLastAndIsLeftOutWithWhatItReachesInto() {
        table.table().updateSpec().removeField("at_day").commit();
        AppendFiles append = table.table().newAppend();
        append.appendFile(file("a", 1, 2).build());
        append.appendFile(file("b", 3, 4).build());
        append.appendFile(file("ac", 5, 40).build());
        append.appendFile(file("c", 41, 42).build());
        append.appendFile(file("d", 60, 61).build());
        append.appendFile(file("e", 62, 63).build());
        append.commit();
        assertThat(TableCondition.of(table.table(), "at").files())
                .extracting(FileGroup::period, FileGroup::files, FileGroup::small)
                .containsExactlyInAnyOrder(
                        tuple(new Period(0, 31 * DAY), 2, 0),
                        tuple(new Period(0, 59 * DAY), 1, 0),
                        tuple(new Period(31 * DAY, 59 * DAY), 1, 0),
                        tuple(new Period(59 * DAY, 90 * DAY), 2, 2));
    }
}
