package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.write.BatchWriter.Written;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class RowRemovalTest {
    private static final String DEFINITION =
            """
            key: [id]
            partitionBy: {from: at, unit: day}
            columns:
              - {name: id, type: string, required: true}
              - {name: at, type: timestamp}
              - {name: amount, type: int}
            """;

    @TempDir
    private Path folder;

    private static String event(String id, int day, Integer amount) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-03-0" + day + "T00:00:00Z\",\"amount\":" + amount + "}\n";
    }

    /** Rows fail one rule below zero, and another one below minus ten. */
    private static Dataset<Row> marked(Dataset<Row> rows) {
        return rows.selectExpr(
                "*",
                "filter(array(if(amount < 0, 'amount >= 0', null), if(amount < -10, 'amount >= -10', null)),"
                        + " rule -> rule is not null) as __failed_rules");
    }

    private static Dataset<Row> shuffledAndMarked(Dataset<Row> rows) {
        return marked(rows.repartition(3, rows.col("amount")));
    }

    /** Stages what was written, and gives the staged files to be read. */
    private static List<FileScanTask> staged(TestTable table, Written written) {
        long staged = table.events().stage(new Provenance("b1", 1, "convert"), null, written.files());
        return table.events().scanOf(staged);
    }

    private static RowRemoval removal(SparkSession spark, TestTable table) {
        return new RowRemoval(spark, table.batch(1), table.events());
    }

    private static Written quarantineOf(RowRemoval.Removed removed) {
        return new Written(0, 0, 0, List.of(), removed.quarantine(), List.of(), Map.of());
    }

    @Test
    void rowsThatFailGoToQuarantineAndTheOthersToNewFilesOfTheirPartitions(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject object = table.put(
                "a.json",
                event("good", 1, 1)
                        + event("bad", 1, -1)
                        + event("none", 1, null)
                        + event("worse", 2, -11)
                        + event("fine", 2, 2));
        Written written = table.write(1, object);
        RowRemoval.Removed removed = removal(spark, table).from(staged(table, written), RowRemovalTest::marked);

        assertThat(removed.kept()).isEqualTo(3);
        assertThat(removed.moved()).isEqualTo(2);
        assertThat(removed.nulls()).isEqualTo(Map.of("id", 0L, "at", 0L, "amount", 0L));
        assertThat(removed.files()).hasSize(2).doesNotContainAnyElementsOf(written.files());
        assertThat(removed.files().stream().map(DataFile::partition).map(Object::toString))
                .containsExactlyInAnyOrderElementsOf(written.files().stream()
                        .map(DataFile::partition)
                        .map(Object::toString)
                        .toList());
        assertThat(TestTable.texts(table.rows(removed.files()), "concat_ws(' ', id, amount, source_offset)"))
                .containsExactly("fine 2 218", "good 1 0", "none 106");
        List<JsonNode> records = table.quarantine(quarantineOf(removed));
        assertThat(records)
                .extracting(record -> record.get("row").toString())
                .containsExactlyInAnyOrder(
                        "{\"id\":\"bad\",\"at\":\"2026-03-01T00:00:00Z\",\"amount\":-1}",
                        "{\"id\":\"worse\",\"at\":\"2026-03-02T00:00:00Z\",\"amount\":-11}");
        JsonNode worse = records.stream()
                .filter(record -> record.at("/row/id").asText().equals("worse"))
                .findFirst()
                .orElseThrow();
        assertThat(worse.get("form").asText()).isEqualTo("row");
        assertThat(worse.get("object").asText()).isEqualTo(folder + "/raw/a.json");
        assertThat(worse.get("offset").isIntegralNumber()).isTrue();
        assertThat(worse.get("reason").asText()).isEqualTo("rule");
        assertThat(worse.get("rules").toString()).isEqualTo("[\"amount >= 0\",\"amount >= -10\"]");
        assertThat(worse.get("sentence").asText()).isEqualTo("The row fails 2 rules: amount >= 0; amount >= -10.");
        assertThat(worse.get("batch").asText()).isEqualTo("20260301T0400Z-2");
        assertThat(worse.get("step").asText()).isEqualTo("validate");
    }

    @Test
    void filesKeepTheOrderOfTheirRowsWhetherMarkingSendsThemElsewhereOrNot(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        String events = IntStream.range(0, 5000)
                .mapToObj(number -> event("e" + number, 1 + number % 5, number % 7 - 1))
                .collect(Collectors.joining());
        Written written = table.write(1, table.put("a.json", events));
        List<FileScanTask> staged = staged(table, written);
        long negative = 5000 / 7 + 1;
        List<UnaryOperator<Dataset<Row>>> ways = List.of(RowRemovalTest::marked, RowRemovalTest::shuffledAndMarked);
        for (UnaryOperator<Dataset<Row>> way : ways) {
            RowRemoval.Removed removed = removal(spark, table).from(staged, way);
            assertThat(removed.moved()).isEqualTo(negative);
            assertThat(removed.kept()).isEqualTo(5000 - negative);
            assertThat(removed.files()).hasSameSizeAs(written.files());
            for (DataFile file : removed.files()) {
                List<Long> offsets = table.rows(List.of(file)).select("source_offset").collectAsList().stream()
                        .map(row -> row.getLong(0))
                        .toList();
                assertThat(offsets).isSorted().hasSize(Math.toIntExact(file.recordCount()));
            }
        }
    }

    @Test
    void aPartitionOfWhichNothingIsLeftHasNoFile(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        Written written = table.write(1, table.put("a.json", event("a", 1, -1) + event("b", 1, -2)));
        RowRemoval.Removed removed = removal(spark, table).from(staged(table, written), RowRemovalTest::marked);
        assertThat(removed.files()).isEmpty();
        assertThat(removed.kept()).isZero();
        assertThat(removed.moved()).isEqualTo(2);
    }

    @Test
    void nestedValuesAndTimesAreKeptAsJsonThatReadsBack(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(
                folder,
                spark,
                """
                partitionBy: {from: day, unit: month}
                columns:
                  - {name: amount, type: int}
                  - {name: day, type: date}
                  - {name: at, type: timestamp}
                  - {name: price, type: "decimal(12,2)"}
                  - {name: share, type: double}
                  - {name: big, type: bigint}
                  - {name: yes, type: boolean}
                  - {name: items, type: "array<struct<sku:string,prices:array<decimal(30,3)>>>"}
                  - {name: labels, type: "map<string,int>"}
                rescue: rescued
                """);
        String row =
                "{\"amount\":-1,\"day\":\"2024-02-29\",\"at\":\"2026-03-01T00:00:00.123456Z\",\"price\":1234567890.10,"
                        + "\"share\":0.1,\"big\":9007199254740993,\"yes\":true,\"items\":[{\"sku\":\"ä\\\"\",\"prices\":"
                        + "[123456789012345678901234567.125,null]},null],\"labels\":{\"a\":1,\"b\":null}";
        Written written = table.write(1, table.put("a.json", row + ",\"else\":[1]}\n{\"amount\":-2}\n"));
        RowRemoval.Removed removed = removal(spark, table).from(staged(table, written), RowRemovalTest::marked);
        assertThat(lines(removed.quarantine()))
                .anyMatch(line -> line.contains("\"row\":" + row + ",\"rescued\":\"{\\\"else\\\":[1]}\"}"))
                .anyMatch(line -> line.contains("\"row\":{\"amount\":-2,\"day\":null,\"at\":null,"));
        assertThat(removed.nulls()).containsEntry("day", 1L).containsEntry("amount", 0L);
    }

    private List<String> lines(List<QuarantineFile> files) throws IOException {
        List<String> all = new ArrayList<>();
        for (QuarantineFile file : files) {
            Path path = folder.resolve("lake").resolve(file.location());
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
                all.addAll(lines.lines().toList());
            }
        }
        return all;
    }

    @Test
    void filesOfNoRowsAreNoMatter(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        try (ScannedFiles none = ScannedFiles.of(spark, table.events().table(), List.of())) {
            assertThat(none.placedRows().columns())
                    .containsExactly("id", "at", "amount", "source_object", "source_offset", "_file", "_pos");
        }
        assertThat(removal(spark, table).from(List.of(), RowRemovalTest::marked).files())
                .isEmpty();
    }
}
