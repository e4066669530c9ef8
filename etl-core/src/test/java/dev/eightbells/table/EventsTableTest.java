package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTableTest {
    private static final long DAY = 86_400_000_000L;
    private static final Turn TURN = new Turn(1, 0);

    @TempDir
    private Path folder;

    private Pipeline pipeline;
    private Catalog catalog;
    private EventsTable table;

    @BeforeEach
    void createTable() {
        pipeline = pipeline("- {name: amount, type: bigint}");
        catalog = Catalogs.open(pipeline, Map.of(), new Configuration());
        table = EventsTable.openOrCreate(catalog, pipeline, TURN);
    }

    private Pipeline pipeline(String column) {
        return pipelineOf("- {name: id, type: string, required: true}", "- {name: at, type: timestamp}", column);
    }

    private Pipeline pipelineOf(String... columns) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  key: [id]
                  partitionBy: {from: at, unit: day}
                  columns:
                    %2$s
                """
                        .formatted(folder, String.join("\n    ", columns)),
                "shop.yaml",
                Map.of());
    }

    /** A file that exists in the table's metadata alone. */
    private DataFile file(String name, int day) {
        int at = table.table().schema().findField("at").fieldId();
        ByteBuffer bound = Conversions.toByteBuffer(Types.TimestampType.withZone(), day * DAY);
        return DataFiles.builder(table.table().spec())
                .withPath(table.table().location() + "/data/" + name + ".parquet")
                .withFormat(FileFormat.PARQUET)
                .withPartitionPath("at_day=" + java.time.LocalDate.ofEpochDay(day))
                .withFileSizeInBytes(100)
                .withMetrics(new Metrics(
                        10L, Map.of(), Map.of(at, 10L), Map.of(at, 0L), Map.of(), Map.of(at, bound), Map.of(at, bound)))
                .build();
    }

    private static Provenance batch(String batch, int attempt) {
        return new Provenance(batch, attempt, "convert");
    }

    private List<String> visible() {
        return table.publishedFiles(table.refreshedHead(), null, List.of(1, 2, 3)).stream()
                .map(file -> file.location().replaceAll(".*/|\\.parquet", ""))
                .sorted()
                .toList();
    }

    private Optional<EventsTable.Published> stageAndPublish(String batch, Long judgedAt, DataFile... files) {
        long staged = table.stage(batch(batch, 1), judgedAt, List.of(files));
        return table.publish(batch(batch, 1), staged, judgedAt, List.of(files));
    }

    @Test
    void stagedFilesAreSeenByNobodyUntilTheyArePublished() {
        long staged = table.stage(batch("b1", 1), null, List.of(file("a", 1)));
        assertThat(visible()).isEmpty();
        assertThat(table.addedFiles(staged)).hasSize(1);

        table.publish(batch("b1", 1), staged, null, table.addedFiles(staged));
        assertThat(visible()).containsExactly("a");
    }

    @Test
    void stagingAgainInTheSameAttemptFindsItsSnapshot() {
        long staged = table.stage(batch("b1", 1), null, List.of(file("a", 1)));
        assertThat(table.stage(batch("b1", 1), null, List.of(file("a", 1)))).isEqualTo(staged);
        assertThat(table.stage(batch("b1", 2), null, List.of(file("b", 1)))).isNotEqualTo(staged);
    }

    @Test
    void remembersTheHeadAtWhichStagedRowsWereJudged() {
        assertThat(table.judgedAt(table.stage(batch("b1", 1), null, List.of()))).isNull();
        long head = stageAndPublish("b2", null, file("a", 1)).orElseThrow().snapshot();
        assertThat(table.judgedAt(table.stage(batch("b3", 1), head, List.of()))).isEqualTo(head);
    }

    @Test
    void whatAStagedSnapshotAddedCanBeReadWhateverIsPublishedMeanwhile() {
        long staged = table.stage(batch("b1", 1), null, List.of(file("a", 1), file("b", 2)));
        stageAndPublish("b2", null, file("c", 3));
        assertThat(table.scanOf(staged))
                .extracting(task -> task.file().location().replaceAll(".*/", ""))
                .containsExactlyInAnyOrder("a.parquet", "b.parquet");
    }

    @Test
    void whatValidateStagesIsHeldBesideWhatConvertHasStaged() {
        long converted = table.stage(batch("b1", 1), null, List.of(file("a", 1), file("b", 2)));
        Provenance validate = new Provenance("b1", 1, "validate");
        long audited = table.stage(validate, null, List.of(file("a", 1), file("b2", 2)));
        assertThat(audited).isNotEqualTo(converted);
        assertThat(table.stage(validate, null, List.of())).isEqualTo(audited);
        assertThat(table.table().refs()).containsOnlyKeys("eightbells-b1", "eightbells-b1-validate");
        List<String> deleted = expireEverything();
        assertThat(deleted).isEmpty();

        table.publish(validate, audited, null, table.addedFiles(audited));
        table.letGo("b1");
        assertThat(table.table().refs()).containsOnlyKeys("main");
        deleted = expireEverything();
        assertThat(deleted).containsExactly("b.parquet");
        assertThat(visible()).containsExactly("a", "b2");
    }

    /** The data files that are deleted when all expire that nothing holds. */
    private List<String> expireEverything() {
        List<String> deleted = new ArrayList<>();
        table.table()
                .expireSnapshots()
                .expireOlderThan(Long.MAX_VALUE)
                .deleteWith(file -> {
                    if (file.endsWith(".parquet")) {
                        deleted.add(file.replaceAll(".*/", ""));
                    }
                })
                .commit();
        return deleted;
    }

    @Test
    void publishingIsRefusedWhenOthersPublishedIntoTheSamePartitionSince() {
        stageAndPublish("b1", null, file("a", 1));
        assertThat(stageAndPublish("b2", null, file("b", 1))).isEmpty();
        assertThat(visible()).containsExactly("a");
    }

    @Test
    void publishingIntoOtherPartitionsIsNoConflictEvenBetweenThem() {
        stageAndPublish("b1", null, file("a", 2));
        assertThat(stageAndPublish("b2", null, file("b", 1), file("c", 3))).isPresent();
        assertThat(visible()).containsExactly("a", "b", "c");
    }

    @Test
    void publishingAtTheNewHeadGoesThrough() {
        Long head = stageAndPublish("b1", null, file("a", 1)).orElseThrow().snapshot();
        EventsTable.Published second = stageAndPublish("b2", head, file("b", 1)).orElseThrow();
        assertThat(second.parent()).isEqualTo(head);
        assertThat(visible()).containsExactly("a", "b");
    }

    @Test
    void publishingIsRefusedWhenTheHistorySinceTheHeadItWasJudgedAtHasExpired() {
        Long head = stageAndPublish("b1", null, file("a", 1)).orElseThrow().snapshot();
        Long next = stageAndPublish("b2", head, file("b", 2)).orElseThrow().snapshot();
        stageAndPublish("b3", next, file("c", 3));
        table.table()
                .expireSnapshots()
                .expireSnapshotId(head)
                .expireSnapshotId(next)
                .deleteWith(path -> {})
                .commit();
        assertThat(stageAndPublish("b4", head, file("d", 1))).isEmpty();
    }

    @Test
    void findsTheCommitOfABatchAfterTheAnswerWasLost() {
        EventsTable.Published published =
                stageAndPublish("b1", null, file("a", 1)).orElseThrow();
        stageAndPublish("b2", published.snapshot(), file("b", 1));
        assertThat(table.published("b1")).contains(published);
        assertThat(table.published("b9")).isEmpty();
    }

    @Test
    void aBatchWithoutRowsPublishesAnEmptyCommit() {
        EventsTable.Published published = stageAndPublish("b1", null).orElseThrow();
        assertThat(table.published("b1")).contains(published);
        assertThat(visible()).isEmpty();
    }

    @Test
    void theTagHoldsTheStagedSnapshotAndMovesAndGoes() {
        long first = table.stage(batch("b1", 1), null, List.of(file("a", 1)));
        long second = table.stage(batch("b1", 2), null, List.of(file("b", 1)));
        assertThat(table.table().refs().get("eightbells-b1").snapshotId()).isEqualTo(second);
        table.hold("b1", "convert", first);
        assertThat(table.table().refs().get("eightbells-b1").snapshotId()).isEqualTo(first);
        table.letGo("b1");
        table.letGo("b1");
        assertThat(table.table().refs()).doesNotContainKey("eightbells-b1");
    }

    @Test
    void expiryOfTheStagedSnapshotLeavesPublishedFilesAlone() {
        stageAndPublish("b1", null, file("a", 1));
        table.letGo("b1");
        List<String> deleted = new ArrayList<>();
        table.table()
                .expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .deleteWith(deleted::add)
                .commit();
        assertThat(deleted).noneMatch(path -> path.endsWith("a.parquet"));
        assertThat(visible()).containsExactly("a");
    }

    @Test
    void onlyFilesPublishedAfterASnapshotAreJudgedAgain() {
        Long first = stageAndPublish("b1", null, file("a", 1)).orElseThrow().snapshot();
        Long second = stageAndPublish("b2", first, file("b", 1)).orElseThrow().snapshot();
        assertThat(table.publishedFiles(second, first, List.of(1)))
                .singleElement()
                .satisfies(file -> assertThat(file.location()).endsWith("b.parquet"));
        assertThat(table.publishedFiles(second, first, List.of(2))).isEmpty();
    }

    @Test
    void aTableWithOtherColumnsIsRefusedWithTheDifference() {
        stageAndPublish("b1", null, file("a", 1));
        assertThatThrownBy(() -> EventsTable.openOrCreate(catalog, pipeline("- {name: amount, type: string}"), TURN))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot use table analytics.events under the pipeline file's columns: column amount is bigint there"
                                + " and string in the file (put it back, or give the new column another name; the old one is"
                                + " dropped when the file does not have it). Batches that are planned with such columns stay"
                                + " so: abandon them with --return once the file is mended.");
    }

    @Test
    void aTableInWhichNothingIsTakesTheColumnsOfTheFile() {
        table.stage(batch("b1", 1), null, List.of());
        assertThatThrownBy(() -> EventsTable.openOrCreate(catalog, pipeline("- {name: amount, type: string}"), TURN))
                .hasMessageStartingWith("Cannot use table analytics.events");

        table.letGo("b1");
        Pipeline mended = pipeline("- {name: amount, type: string, required: true}");
        EventsTable other = EventsTable.openOrCreate(catalog, mended, TURN);
        assertThat(other.table().schema().findField("amount").isRequired()).isTrue();
        assertThat(other.table().uuid()).isEqualTo(table.table().uuid());
        assertThat(other.stage(batch("b1", 2), null, List.of())).isPositive();
        EventsTable.openOrCreate(catalog, mended, TURN);
    }

    @Test
    void aTableWithOtherColumnsCanBeOpenedToEndABatch() {
        stageAndPublish("b1", null, file("a", 1));
        EventsTable other = EventsTable.open(catalog, pipeline("- {name: amount, type: string}"))
                .orElseThrow();
        assertThat(other.published("b1")).isPresent();
    }

    @Test
    void anAttemptThatLostTheRaceToAnotherOfItsBatchPublishesNothing() {
        long first = table.stage(batch("b1", 1), null, List.of(file("a", 1)));
        long second = table.stage(batch("b1", 2), null, List.of(file("b", 1)));
        EventsTable.Published published = table.publish(batch("b1", 1), first, null, List.of(file("a", 1)))
                .orElseThrow();
        assertThat(table.publish(batch("b1", 2), second, null, List.of(file("b", 1))))
                .isEmpty();
        assertThat(table.publish(batch("b1", 2), second, table.head(), List.of()))
                .contains(published);
        assertThat(visible()).containsExactly("a");
    }

    @Test
    void aStagedSnapshotThatHasExpiredSaysWhatToDo() {
        assertThatThrownBy(() -> table.addedFiles(42))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot read snapshot 42 of eightbells.analytics.events: it has expired. Abandon its batch with"
                                + " --return, and run the pipeline again.");
    }

    @Test
    void twoProcessesThatCreateTheTableGetTheSameOne() {
        EventsTable other = EventsTable.openOrCreate(catalog, pipeline, TURN);
        assertThat(other.table().uuid()).isEqualTo(table.table().uuid());
    }
}
