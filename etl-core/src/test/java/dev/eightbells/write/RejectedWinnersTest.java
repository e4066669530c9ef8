package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.Provenance;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was dropped for a row that is then rejected goes to quarantine with it; what was dropped for others does not. */
@ExtendWith(LocalSpark.class)
class RejectedWinnersTest {
    private static final String TABLE =
            """
            key: [id]
            partitionBy: {from: at, unit: day}
            columns:
              - {name: id, type: string, required: true}
              - {name: at, type: timestamp}
              - {name: amount, type: int}
            """;
    private static final String RULES =
            """
            quality:
              rules: 'Rules = [ ColumnValues "amount" >= 0 ]'
            """;

    /** More than fit into the memory for the places of one slot's duplicates. */
    private static final int MANY = 70_000;

    @TempDir
    private Path folder;

    private static String event(String id, int day, int amount) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-03-0" + day + "T00:00:00Z\",\"amount\":" + amount + "}\n";
    }

    private static List<QuarantineFile> rejected(
            SparkSession spark, TestTable table, BatchInput batch, Written written) {
        long staged = table.events()
                .stage(
                        new Provenance(batch.batch(), 1, "convert"),
                        table.events().refreshedHead(),
                        written.files());
        return new RowRemoval(spark, batch, table.events())
                .from(
                        table.events().scanOf(staged),
                        rows -> rows.selectExpr("*", "if(amount < 0, array('amount >= 0'), null) as __failed_rules"))
                .quarantine();
    }

    private static List<JsonNode> followers(SparkSession spark, TestTable table, BatchInput batch, Written written)
            throws IOException {
        List<QuarantineFile> files = new RejectedWinners(spark, batch, table.events())
                .followedBy(rejected(spark, table, batch, written), written.dropped());
        return table.quarantine(new Written(0, 0, 0, List.of(), files, List.of(), Map.of()));
    }

    private static long noted(Written written) {
        return written.dropped().stream().mapToLong(DuplicatesFile::records).sum();
    }

    @Test
    void onlyRecordsThatLostAgainstRejectedRowsOfTheirBatchFollow(SparkSession spark) throws IOException {
        TestTable table = TestTable.withRules(folder, spark, TABLE, RULES);
        table.writeAndPublish(1, table.put("old.json", event("old", 1, 1)));
        StoredObject second = table.put("a.json", event("x", 1, 5) + event("x", 2, 6) + event("good", 1, -5));
        StoredObject first = table.put(
                "b.json",
                event("x", 1, -1)
                        + event("x", 1, 7)
                        + event("good", 1, 1)
                        + event("old", 1, -2)
                        + event("old", 1, 2)
                        + event("alone", 1, -3));
        BatchInput batch = table.batch(2, first, second);
        Written written = table.write(2, first, second);
        assertThat(List.of(written.read(), written.written(), written.duplicates(), noted(written)))
                .containsExactly(9L, 4L, 5L, 3L);

        String a = folder + "/raw/a.json";
        String b = folder + "/raw/b.json";
        List<JsonNode> followers = followers(spark, table, batch, written);
        assertThat(followers)
                .extracting(record -> record.get("object").asText() + "@"
                        + record.get("offset").asLong())
                .containsExactlyInAnyOrder(a + "@0", b + "@" + event("x", 1, -1).length());
        assertThat(followers.get(0).get("form").asText()).isEqualTo("raw");
        assertThat(followers.get(0).get("reference").asBoolean()).isTrue();
        assertThat(followers.get(0).get("reason").asText()).isEqualTo("duplicate-of-rejected");
        assertThat(followers.get(0).get("winner").toString()).isEqualTo("{\"object\":\"" + b + "\",\"offset\":0}");
        assertThat(followers.get(0).get("sentence").asText())
                .isEqualTo("The record has the key of the one at 0 of " + b
                        + ", which came first in the batch and was rejected by rules. To have it judged, replay the"
                        + " records with this reason.");
        assertThat(followers.get(0).get("batch").asText()).isEqualTo("20260301T0400Z-3");
        assertThat(followers.get(0).get("step").asText()).isEqualTo("validate");
    }

    @Test
    void duplicatesAreNotedOnlyWhereRulesMayAskForThem(SparkSession spark) throws IOException {
        TestTable without = TestTable.in(folder, spark, TABLE);
        Written written = without.write(1, without.put("a.json", event("x", 1, 1) + event("x", 1, 2)));
        assertThat(written.duplicates()).isEqualTo(1);
        assertThat(written.dropped()).isEmpty();
        assertThat(folder.resolve("lake/duplicates")).doesNotExist();

        TestTable none = TestTable.withRules(folder.resolve("none"), spark, TABLE, RULES);
        assertThat(none.write(1, none.put("a.json", event("x", 1, 1))).dropped())
                .isEmpty();
        assertThat(folder.resolve("none/lake/duplicates")).doesNotExist();
    }

    @Test
    void aBatchOfOneKeyAloneIsNotedWhole(SparkSession spark) throws IOException {
        TestTable table = TestTable.withRules(folder, spark, TABLE, RULES);
        String line = event("x", 1, -1);
        StoredObject object = table.put("a.json", line.repeat(MANY));
        Written written = table.write(1, object);
        assertThat(List.of(written.written(), written.duplicates(), noted(written)))
                .containsExactly(1L, MANY - 1L, MANY - 1L);
        List<JsonNode> followers = followers(spark, table, table.batch(1, object), written);
        assertThat(followers)
                .extracting(record -> record.get("offset").asLong())
                .hasSize(MANY - 1)
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
        assertThat(leftOnDisk(spark)).isEmpty();
    }

    /** What tasks may have left where Spark keeps its own files. */
    private static List<Path> leftOnDisk(SparkSession spark) throws IOException {
        Path directory = Path.of(
                spark.sparkContext().env().blockManager().diskBlockManager().localDirsString()[0]);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("temp_local_"))
                    .toList();
        }
    }
}
