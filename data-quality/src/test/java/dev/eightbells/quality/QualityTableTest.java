package dev.eightbells.quality;

import static dev.eightbells.quality.TestEvaluations.AT;
import static dev.eightbells.quality.TestEvaluations.ROWS;
import static dev.eightbells.quality.TestEvaluations.evaluation;
import static dev.eightbells.quality.TestEvaluations.passed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTableTest extends QualityHistoryContract {
    private static final TableIdentifier NAME = TableIdentifier.of("analytics", "events_quality");

    @TempDir
    private Path folder;

    private Pipeline pipeline;
    private Catalog catalog;
    private QualityTable history;

    @BeforeEach
    void opensTheCatalog() {
        pipeline = TestHistory.pipeline(folder);
        catalog = TestHistory.catalog(pipeline);
        history = new QualityTable(catalog, pipeline);
    }

    @Override
    QualityHistory history() {
        return history;
    }

    private Table table() {
        return catalog.loadTable(NAME);
    }

    private List<Double> rowsBefore(int number, int batches) {
        return history.before(number).newest(Set.of(ROWS), batches).get(ROWS);
    }

    private List<Record> records() {
        List<Record> records = new ArrayList<>();
        try (CloseableIterable<Record> all = IcebergGenerics.read(table()).build()) {
            all.forEach(records::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    /** The table's files, those of the newest batches first: files are named after them. */
    private List<DataFile> files() {
        Table table = table();
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(Comparator.comparing(DataFile::location).reversed());
        return files;
    }

    private static Path path(DataFile file) {
        return Path.of(file.location().replaceFirst("^file:", ""));
    }

    @Test
    void theTableLiesBesideTheEventsTableAndSaysWhatIsInIt() {
        history.append(passed(1, 10));
        assertThat(history.name()).hasToString("analytics.events_quality");
        assertThat(table().location()).isEqualTo("file:" + folder + "/lake/tables/analytics/events_quality");
        assertThat(table().spec().isUnpartitioned()).isTrue();
        assertThat(table().schema().columns())
                .allSatisfy(column -> assertThat(column.doc()).isNotBlank());
        assertThat(table().properties())
                .containsEntry("eightbells.version", "1")
                .containsEntry("write.metadata.metrics.column.number", "full");
    }

    @Test
    void anEvaluationHasARowForEachMetric() {
        BatchId replay = BatchId.parse("20261122T0800Z-r2");
        history.append(new Evaluation(
                "shop", replay, 7, 3, Judgement.WARNED, AT.plusNanos(1), Map.of(ROWS, 10.0, "Column.page.Mean", 0.5)));
        assertThat(records())
                .extracting(record -> List.of(
                        record.getField("version"),
                        record.getField("pipeline"),
                        record.getField("batch"),
                        record.getField("number"),
                        record.getField("attempt"),
                        record.getField("kind"),
                        record.getField("verdict"),
                        record.getField("evaluated_at"),
                        record.getField("metric"),
                        record.getField("value")))
                .containsExactly(
                        List.of(
                                1,
                                "shop",
                                "20261122T0800Z-r2",
                                7,
                                3,
                                "replay",
                                "WARNED",
                                AT.atOffset(ZoneOffset.UTC),
                                "Column.page.Mean",
                                0.5),
                        List.of(
                                1,
                                "shop",
                                "20261122T0800Z-r2",
                                7,
                                3,
                                "replay",
                                "WARNED",
                                AT.atOffset(ZoneOffset.UTC),
                                ROWS,
                                10.0));
    }

    @Test
    void anEvaluationWithoutMetricsHasOneRow() {
        history.append(evaluation(1, 1, Judgement.ERROR, Map.of()));
        history.append(evaluation(1, 1, Judgement.ERROR, Map.of()));
        assertThat(records()).singleElement().satisfies(record -> {
            assertThat(record.getField("verdict")).isEqualTo("ERROR");
            assertThat(record.getField("metric")).isNull();
            assertThat(record.getField("value")).isNull();
        });
    }

    @Test
    void theCommitSaysWhoMadeItAndIsMadeOnce() {
        history.append(evaluation(1, 2, Judgement.PASSED, Map.of(ROWS, 10.0)));
        history.append(evaluation(1, 2, Judgement.PASSED, Map.of(ROWS, 10.0)));
        List<Snapshot> snapshots =
                StreamSupport.stream(table().snapshots().spliterator(), false).toList();
        assertThat(snapshots).singleElement().satisfies(snapshot -> assertThat(snapshot.summary())
                .containsEntry("eightbells.batch", "20260101T0400Z")
                .containsEntry("eightbells.attempt", "2")
                .containsEntry("eightbells.step", "validate"));
    }

    @Test
    void theSameAttemptIsFoundAfterItsCommitHasExpired() {
        history.append(passed(1, 10));
        history.append(passed(2, 20));
        table().expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();
        history.append(passed(1, 10));
        assertThat(records()).hasSize(2);
    }

    @Test
    void readsNoFileOfBatchesThatAreOlderThanWhatIsAskedFor() throws IOException {
        history.append(passed(1, 1));
        EvaluationFiles writing = new EvaluationFiles(table(), history.name());
        AppendFiles append = writing.table().newAppend();
        for (int number = 2; number <= 200; number++) {
            append.appendFile(writing.write(passed(number, number)));
        }
        append.commit();
        readsTheTenNewestOfTwoHundredFiles();
    }

    @Test
    @Tag("soak")
    void readsNoFileOfOlderBatchesAfterTwoHundredAppends() throws IOException {
        for (int number = 1; number <= 200; number++) {
            history.append(passed(number, number));
        }
        readsTheTenNewestOfTwoHundredFiles();
    }

    private void readsTheTenNewestOfTwoHundredFiles() throws IOException {
        List<DataFile> files = files();
        assertThat(files).hasSize(200);
        // What is not there cannot have been read.
        for (DataFile older : files.subList(10, 200)) {
            Files.delete(path(older));
        }
        assertThat(rowsBefore(201, 10))
                .containsExactly(200.0, 199.0, 198.0, 197.0, 196.0, 195.0, 194.0, 193.0, 192.0, 191.0);
        assertThatThrownBy(() -> rowsBefore(201, 11))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(files.get(10).location() + " is gone (");

        // Neither does appending read them, to look whether the evaluation is there already.
        history.append(passed(201, 201));
        assertThat(rowsBefore(202, 1)).containsExactly(201.0);
    }

    @Test
    void opensNoFileOfBatchesThatDoNotCount() throws IOException {
        history.append(passed(1, 10));
        history.append(evaluation(2, 1, Judgement.FAILED, Map.of(ROWS, 20.0)));
        history.append(new Evaluation(
                "shop", BatchId.parse("20261122T0800Z-2"), 3, 1, Judgement.PASSED, AT, Map.of(ROWS, 30.0)));
        for (DataFile file : files().subList(0, 2)) {
            Files.delete(path(file));
        }
        assertThat(rowsBefore(9, 10)).containsExactly(10.0);
    }

    @Test
    void rowsThatSomebodyDeletedAreNoBaselines() throws IOException {
        history.append(passed(1, 10));
        history.append(passed(2, 1_000_000));
        Table table = table();
        PositionDeleteWriter<Void> writer = Parquet.writeDeletes(
                        table.io().newOutputFile(table.location() + "/data/deletes.parquet"))
                .withSpec(PartitionSpec.unpartitioned())
                .buildPositionWriter();
        try (writer) {
            writer.write(PositionDelete.<Void>create().set(files().get(0).location(), 0));
        }
        table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
        assertThat(rowsBefore(9, 10)).containsExactly(10.0);
    }

    @Test
    void aTableOfAnOlderVersionIsReadAndGivenTheColumnsThatItMisses() {
        history.append(passed(1, 10));
        history.append(new Evaluation(
                "shop", BatchId.parse("20261122T0800Z-2"), 2, 1, Judgement.PASSED, AT, Map.of(ROWS, 20.0)));
        table().updateSchema()
                .deleteColumn("kind")
                .deleteColumn("version")
                .deleteColumn("pipeline")
                .commit();
        table().updateProperties().remove("eightbells.version").commit();
        assertThat(rowsBefore(9, 10)).containsExactly(10.0);

        history.append(passed(3, 30));
        assertThat(table().schema().findField("kind").doc()).startsWith("regular: ");
        assertThat(table().properties()).containsEntry("eightbells.version", "1");
        assertThat(rowsBefore(9, 10)).containsExactly(30.0, 10.0);
        assertThat(records())
                .extracting(record -> record.getField("kind"))
                .containsExactlyInAnyOrder("regular", null, null);
    }

    @Test
    void aTableOfANewerVersionIsLeftAlone() {
        history.append(passed(1, 10));
        table().updateProperties().set("eightbells.version", "2").commit();
        String sentence =
                "Cannot use the quality history analytics.events_quality: it is of version 2, and this version of"
                        + " Eightbells knows those up to 1. Run a newer one, or drop the table: the history is only used"
                        + " for thresholds, and begins anew.";
        assertThatThrownBy(() -> history.append(passed(2, 20)))
                .isInstanceOf(Failure.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> history.before(2)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT);
            assertThat(failure).hasMessage(sentence);
        });
    }

    @Test
    void rowsOfANewerVersionAreNotGuessedAt() throws IOException {
        history.append(passed(1, 10));
        Record newer = records().get(0).copy(Map.of("version", 2, "number", 2));
        TestHistory.append(table(), newer);
        assertThatThrownBy(() -> rowsBefore(9, 1))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith(
                        "Cannot use the quality history analytics.events_quality: it is of version 2, ");
    }

    @Test
    void anotherTableOfThatNameIsRefusedWithTheDifferences() {
        catalog.createTable(
                NAME,
                new Schema(
                        Types.NestedField.required(1, "session_id", Types.StringType.get()),
                        Types.NestedField.required(2, "number", Types.LongType.get()),
                        Types.NestedField.required(3, "batch", Types.StringType.get()),
                        Types.NestedField.required(4, "attempt", Types.IntegerType.get())));
        String sentence =
                "Cannot use table analytics.events_quality for the quality history: its column number is long and not"
                        + " int; it has no column verdict; its column session_id asks for a value. Rename it, or drop it:"
                        + " the history makes a table of its own.";
        assertThatThrownBy(() -> history.append(passed(1, 10)))
                .isInstanceOf(Failure.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> history.before(1)).isInstanceOf(Failure.class).hasMessage(sentence);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        history.append(passed(1, 10));
        Files.delete(path(files().get(0)));
        assertThatThrownBy(() -> rowsBefore(9, 10)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT);
            assertThat(failure)
                    .hasMessageStartingWith("Cannot read the quality history analytics.events_quality: its file "
                            + files().get(0).location() + " is gone (")
                    .hasMessageEndingWith("). Restore it, or drop the table: the history is only used for thresholds,"
                            + " and begins anew.");
        });
    }

    @Test
    void aFileThatIsDamagedIsNamedEachTimeItIsRead() throws IOException {
        history.append(passed(1, 10));
        Path file = path(files().get(0));
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.write(file, new byte[(int) Files.size(file)]);
        MetricHistory earlier = history.before(9);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> earlier.newest(Set.of(ROWS), 10))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT);
                        assertThat(failure)
                                .hasMessageStartingWith(
                                        "Cannot read the quality history analytics.events_quality: its file file:"
                                                + file + " is damaged (")
                                .hasMessageEndingWith(
                                        "). Restore it, or drop the table: the history is only used for thresholds, and"
                                                + " begins anew.");
                    });
        }
    }

    @Test
    void aListOfFilesThatIsGoneIsNamed() throws IOException {
        history.append(passed(1, 10));
        Files.delete(Path.of(table().currentSnapshot().manifestListLocation().replaceFirst("^file:", "")));
        assertThatThrownBy(() -> history.before(9))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith(
                        "Cannot read the quality history analytics.events_quality: a list of its files is gone (")
                .hasMessageContaining("/metadata/snap-");
    }

    @Test
    void aTableThatWasDroppedBeginsAnew() {
        history.append(passed(1, 10));
        catalog.dropTable(NAME);
        assertThat(history.before(9).newest(Set.of(ROWS), 10)).isEmpty();
        history.append(passed(2, 20));
        assertThat(rowsBefore(9, 10)).containsExactly(20.0);
    }
}
