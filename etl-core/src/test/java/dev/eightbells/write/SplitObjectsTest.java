package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whether an object is split or not makes no difference to what comes of it. */
@ExtendWith(LocalSpark.class)
class SplitObjectsTest {
    private static final String DEFINITION =
            """
            partitionBy: {from: at, unit: day}
            columns:
              - {name: number, type: bigint, required: true}
              - {name: at, type: timestamp}
              - {name: inner, type: string}
            """;

    private static final long NEVER = Long.MAX_VALUE / 4;

    @TempDir
    private Path folder;

    /** Records one to a line, and after each so many a line that is none. */
    private static String lines(int from, int to, int badEvery) {
        return IntStream.range(from, to)
                .mapToObj(number -> number % badEvery == 0
                        ? "{\"number\":" + number + ", broken}\n"
                        : "{\"number\":" + number + ",\"at\":\"2026-03-0" + (1 + number % 3) + "T00:00:00Z\"}\n")
                .collect(Collectors.joining());
    }

    private static String pretty(int number, int fields) {
        return IntStream.range(0, fields)
                .mapToObj(field -> "    {\"number\": " + (number + field) + "}")
                .collect(Collectors.joining(",\n", "{\n  \"number\": " + number + ",\n  \"inner\": [\n", "\n  ]\n}\n"));
    }

    private record Outcome(long read, List<String> rows, List<String> rejected) {}

    private Outcome outcome(SparkSession spark, TestTable table, int number, long taskBytes, StoredObject... objects)
            throws IOException {
        Written written =
                new SparkBatchWriter(spark, taskBytes).write(table.batch(number, objects), table.events(), null);
        assertThat(written.read()).isEqualTo(written.written() + written.quarantined());
        List<String> rejected = table.quarantine(written).stream()
                .map(record -> ((ObjectNode) record).without(List.of("batch")).toString())
                .sorted()
                .toList();
        assertThat(filesIn("lake/quarantine/" + table.batch(number).batch() + "/1"))
                .hasSize(written.quarantine().size());
        return new Outcome(
                written.read(), TestTable.texts(table.rows(written.files()), "to_json(struct(*))"), rejected);
    }

    private List<Path> filesIn(String name) throws IOException {
        Path path = folder.resolve(name);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".json.gz")).toList();
        }
    }

    @Test
    void aSplitObjectGivesTheSameRows(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject large = table.put("large.json", lines(1, 3000, 500));
        StoredObject small = table.put("small.json", lines(5000, 5010, 7));
        Outcome whole = outcome(spark, table, 1, NEVER, large, small);
        assertThat(whole.read()).isEqualTo(3009);
        assertThat(whole.rejected()).hasSize(6);
        assertThat(outcome(spark, table, 2, large.bytes() / 2, large, small)).isEqualTo(whole);
        assertThat(outcome(spark, table, 3, large.bytes() / 23, large, small)).isEqualTo(whole);
    }

    @Test
    void eachPartOfASplitObjectIsReadByATaskOfItsOwn(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject large = table.put("large.json", "{\"number\":1}\n" + lines(1, 1000, 2));
        Written split =
                new SparkBatchWriter(spark, large.bytes() / 5).write(table.batch(1, large), table.events(), null);
        assertThat(split.quarantine()).hasSize(5);
    }

    @Test
    void aPrettyPrintedRecordOverABoundaryIsOneRecord(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject object = table.put("a.json", lines(1, 300, 40) + pretty(100_000, 2000) + lines(301, 600, 40));
        Outcome whole = outcome(spark, table, 1, NEVER, object);
        assertThat(whole.read()).isEqualTo(599);
        assertThat(whole.rows()).hasSize(599 - 14).anyMatch(row -> row.contains("100000"));
        assertThat(outcome(spark, table, 2, object.bytes() / 2, object)).isEqualTo(whole);
        assertThat(outcome(spark, table, 3, object.bytes() / 9, object)).isEqualTo(whole);
    }

    @Test
    void anArrayOverABoundaryGivesItsElementsOnce(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        String array = IntStream.range(2000, 3000)
                .mapToObj(number -> "{\"number\":" + number + "}")
                .collect(Collectors.joining(",\n", "[\n", "]\n"));
        StoredObject object = table.put("a.json", lines(1, 200, 50) + array + lines(200, 400, 50));
        Outcome whole = outcome(spark, table, 1, NEVER, object);
        assertThat(whole.read()).isEqualTo(1399);
        assertThat(whole.rejected()).hasSize(7);
        assertThat(outcome(spark, table, 2, object.bytes() / 3, object)).isEqualTo(whole);
        assertThat(outcome(spark, table, 3, object.bytes() / 7, object)).isEqualTo(whole);
    }

    @Test
    void aBrokenPrettyPrintedRecordOverABoundaryGivesNoneOfItsInnerObjects(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        String broken = pretty(100_000, 2000).replaceFirst("\"inner\": \\[", "\"inner\": [ broken,");
        StoredObject object = table.put("a.json", lines(1, 100, 1000) + broken + lines(100, 200, 1000));
        Outcome whole = outcome(spark, table, 1, NEVER, object);
        assertThat(whole.rows()).hasSize(199);
        assertThat(whole.rejected()).isNotEmpty();
        assertThat(outcome(spark, table, 2, object.bytes() / 5, object)).isEqualTo(whole);
    }

    @Test
    void otherObjectsAreNotReadAgainWhenAChainBreaks(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject sound = table.put("a.json", lines(1, 1000, 100));
        StoredObject broken = table.put("b.json", lines(2001, 2100, 50) + pretty(100_000, 1000));
        StoredObject small = table.put("c.json", lines(3001, 3010, 3));
        Outcome whole = outcome(spark, table, 1, NEVER, sound, broken, small);
        assertThat(outcome(spark, table, 2, 12_000, sound, broken, small)).isEqualTo(whole);
    }
}
