package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Rewritten;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class DuplicatesTest {
    private static final String KEYED =
            """
            key: [id]
            partitionBy: {from: at, unit: day}
            columns:
              - {name: id, type: string, required: true}
              - {name: at, type: timestamp}
              - {name: note, type: string}
            """;

    @TempDir
    private Path folder;

    private static String event(String id, int day, String note) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-03-0" + day + "T12:00:00Z\",\"note\":\"" + note + "\"}";
    }

    private static String lines(String... records) {
        return String.join("\n", records) + "\n";
    }

    private static void assertCounts(Written written, long read, long rows, long duplicates, long quarantined) {
        assertThat(List.of(written.read(), written.written(), written.duplicates(), written.quarantined()))
                .containsExactly(read, rows, duplicates, quarantined);
        assertThat(written.files().stream().mapToLong(DataFile::recordCount).sum())
                .isEqualTo(rows);
    }

    @Test
    void theFirstByPlaceInTheManifestAndOffsetStays(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        StoredObject second = table.put("a.json", lines(event("x", 1, "second object"), event("y", 1, "only here")));
        StoredObject first =
                table.put("b.json", lines(event("z", 1, "z"), event("x", 1, "first"), event("x", 1, "later")));
        Written written = table.write(1, first, second);
        assertCounts(written, 5, 3, 2, 0);
        assertThat(TestTable.texts(table.rows(written.files()), "id || ':' || note"))
                .containsExactly("x:first", "y:only here", "z:z");
    }

    @Test
    void whatIsPublishedIsNotWrittenAgain(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        table.writeAndPublish(1, table.put("a.json", lines(event("x", 1, "old"), event("y", 1, "old"))));
        Written written = table.writeAndPublish(
                2, table.put("b.json", lines(event("x", 1, "new"), event("x", 1, "newer"), event("z", 1, "new"))));
        assertCounts(written, 3, 1, 2, 0);
        assertThat(TestTable.texts(table.published(), "id || ':' || note")).containsExactly("x:old", "y:old", "z:new");
    }

    @Test
    void theSameKeyInAnotherPartitionIsAnotherRow(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        Written first = table.writeAndPublish(1, table.put("a.json", lines(event("x", 1, "1"), event("x", 2, "2"))));
        assertCounts(first, 2, 2, 0, 0);
        Written second = table.writeAndPublish(2, table.put("b.json", lines(event("x", 2, "2"), event("x", 3, "3"))));
        assertCounts(second, 2, 1, 1, 0);
        assertThat(TestTable.texts(table.published(), "note")).containsExactly("1", "2", "3");
    }

    @Test
    void rowsWithoutAPartitionAreJudgedAmongThemselves(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        String none = "{\"id\":\"x\",\"at\":null,\"note\":\"none\"}";
        Written first = table.writeAndPublish(1, table.put("a.json", lines(none, none, event("x", 1, "some"))));
        assertCounts(first, 3, 2, 1, 0);
        Written second = table.writeAndPublish(2, table.put("b.json", lines(none, "{\"id\":\"y\"}")));
        assertCounts(second, 2, 1, 1, 0);
        assertThat(TestTable.texts(table.published().where("at is null"), "id")).containsExactly("x", "y");
    }

    @Test
    void aTableWithoutAKeyKeepsAllRows(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED.replace("key: [id]\n", ""));
        StoredObject object = table.put("a.json", lines(event("x", 1, "1"), event("x", 1, "1")));
        assertCounts(table.writeAndPublish(1, object), 2, 2, 0, 0);
        assertCounts(table.writeAndPublish(2, object), 2, 2, 0, 0);
        assertThat(table.published().count()).isEqualTo(4);
    }

    @Test
    void aKeyOfSeveralColumnsIsEqualWhenAllOfThemAre(SparkSession spark) throws IOException {
        String definition =
                """
                key: [shop, number, at]
                partitionBy: {from: at, unit: month}
                columns:
                  - {name: number, type: "decimal(20,2)", required: true}
                  - {name: at, type: date, required: true}
                  - {name: shop, type: string, required: true}
                """;
        TestTable table = TestTable.in(folder, spark, definition);
        String first = "{\"shop\":\"a\",\"number\":1.5,\"at\":\"2026-03-01\"}";
        table.writeAndPublish(1, table.put("a.json", first));
        Written written = table.writeAndPublish(
                2,
                table.put(
                        "b.json",
                        lines(
                                "{\"shop\":\"a\",\"number\":\"1.50\",\"at\":\"2026-03-01\"}",
                                "{\"shop\":\"a\",\"number\":1.51,\"at\":\"2026-03-01\"}",
                                "{\"shop\":\"b\",\"number\":1.5,\"at\":\"2026-03-01\"}",
                                "{\"shop\":\"a\",\"number\":1.5,\"at\":\"2026-03-02\"}")));
        assertCounts(written, 4, 3, 1, 0);
        assertThat(table.published().count()).isEqualTo(4);
    }

    @Test
    void rejudgingTakesOutWhatWasPublishedMeanwhile(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        StoredObject other = table.put("other.json", lines(event("x", 1, "theirs"), event("w", 1, "theirs")));
        StoredObject own = table.put(
                "own.json",
                lines(event("x", 1, "ours"), event("y", 1, "ours"), event("x", 2, "ours"), "{\"id\":\"n\"}"));
        Written staged = table.write(1, own);
        long head = table.publish(2, table.write(2, other).files());

        Rewritten rewritten = table.writer().rejudge(table.batch(1, own), table.events(), staged.files(), null, head);
        assertThat(rewritten.duplicates()).isEqualTo(1);
        assertThat(TestTable.texts(table.rows(rewritten.files()), "id || ':' || note"))
                .containsExactly("null", "x:ours", "y:ours");
        assertThat(TestTable.texts(table.rows(rewritten.files()), "source_object"))
                .containsOnly(folder + "/raw/own.json");
        table.publish(1, rewritten.files());
        assertThat(TestTable.texts(table.published(), "id || '@' || coalesce(day(at), 'none')"))
                .containsExactly("n@none", "w@1", "x@1", "x@2", "y@1");
    }

    @Test
    void rejudgingLeavesTheFilesAloneWhenNothingIsTwice(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED);
        StoredObject own = table.put("own.json", lines(event("x", 1, "ours"), event("y", 2, "ours")));
        Written staged = table.write(1, own);
        long head = table.publish(
                2, table.write(2, table.put("b.json", event("z", 1, "theirs"))).files());
        Rewritten rewritten = table.writer().rejudge(table.batch(1, own), table.events(), staged.files(), null, head);
        assertThat(rewritten.duplicates()).isZero();
        assertThat(rewritten.files()).isEqualTo(staged.files());
    }

    @Test
    void rejudgingATableWithoutAKeyLeavesTheFilesAlone(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, KEYED.replace("key: [id]\n", ""));
        StoredObject own = table.put("own.json", lines(event("x", 1, "ours")));
        Written staged = table.write(1, own);
        long head = table.publish(2, table.write(2, own).files());
        Rewritten rewritten = table.writer().rejudge(table.batch(1, own), table.events(), staged.files(), null, head);
        assertThat(rewritten).isEqualTo(new Rewritten(staged.files(), 0));
    }
}
