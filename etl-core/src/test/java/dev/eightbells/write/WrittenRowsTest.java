package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class WrittenRowsTest {
    private static final String SIMPLE =
            """
            partitionBy: {from: at, unit: day}
            columns:
              - {name: at, type: timestamp}
              - {name: note, type: string}
              - {name: amount, type: bigint}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyRowSaysWhereItCameFrom(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        StoredObject one = table.put("2026/one.json", "{\"note\":\"é\"}\n\n  {\"note\":\"b\"}{\"note\":\"c\"}");
        StoredObject two = table.put("two.json", "[{\"note\":\"d\"}]");
        Written written = table.write(1, one, two);
        assertThat(TestTable.texts(table.rows(written.files()), "concat(note, ' ', source_object, ' ', source_offset)"))
                .containsExactly(
                        "b " + folder + "/raw/2026/one.json 17",
                        "c " + folder + "/raw/2026/one.json 29",
                        "d " + folder + "/raw/two.json 1",
                        "é " + folder + "/raw/2026/one.json 0");
    }

    @Test
    void columnsAreMeasuredInUtf8OverTheRowsWritten(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(
                folder,
                spark,
                "key: [note]\n" + SIMPLE.replace("note, type: string", "note, type: string, required: true"));
        StoredObject object = table.put(
                "a.json",
                """
                {"note":"héé","amount":1,"at":"2026-03-01T00:00:00Z"}
                {"note":"a","at":"2026-03-02T00:00:00Z"}
                {"note":"a","at":"2026-03-02T00:00:00Z"}
                {"note":"quarantined and long","amount":"north"}
                """);
        Written written = table.write(1, object);
        assertThat(written.columns()).containsOnlyKeys("at", "note", "amount");
        assertThat(written.columns().get("note")).isEqualTo(new ColumnStatistics(5L, 0));
        assertThat(written.columns().get("amount")).isEqualTo(new ColumnStatistics(null, 1));
        assertThat(written.columns().get("at")).isEqualTo(new ColumnStatistics(null, 0));
    }

    @Test
    void aTextColumnWithoutValuesMeasuresNothing(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        Written written = table.write(1, table.put("a.json", "{}\n{\"note\":null}\n"));
        assertThat(written.columns().get("note")).isEqualTo(new ColumnStatistics(0L, 2));
    }

    @Test
    void aBatchAddsOneFileToEachOfItsSmallPartitions(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        StoredObject[] objects = new StoredObject[5];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = table.put(
                    i + ".json",
                    IntStream.rangeClosed(1, 28)
                            .mapToObj(day -> String.format("{\"at\":\"2026-02-%02dT01:02:03Z\"}%n", day))
                            .collect(Collectors.joining()));
        }
        Written written = table.write(1, objects);
        assertThat(written.written()).isEqualTo(140);
        assertThat(written.files())
                .hasSize(28)
                .extracting(DataFile::recordCount)
                .containsOnly(5L);
    }

    @Test
    void aRowWithoutAPartitionValueLiesInTheNullPartition(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        Written written = table.writeAndPublish(1, table.put("a.json", "{\"note\":\"x\"}"));
        assertThat(written.files()).singleElement().satisfies(file -> assertThat(file.location())
                .contains("/data/at_day=null/"));
        assertThat(TestTable.texts(table.published().where("at is null"), "note"))
                .containsExactly("x");
    }

    @Test
    void nestedValuesComeBackFromParquetAsTheyWere(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(
                folder,
                spark,
                """
                partitionBy: {from: day, unit: month}
                rescue: rescued
                columns:
                  - {name: day, type: date}
                  - {name: items, type: "array<struct<sku:string,price:decimal(12,2),tags:array<string>>>"}
                  - {name: scores, type: "map<string,bigint>"}
                  - {name: wide, type: "decimal(38,9)"}
                  - {name: flag, type: boolean}
                  - {name: ratio, type: float}
                  - {name: number, type: int}
                """);
        StoredObject object = table.put(
                "a.json",
                """
                {"day":"2026-03-01","items":[{"sku":"a","price":"1.10","tags":["x","y"]},{"sku":null,"price":-2}, null],\
                "scores":{"one":1,"none":null},"wide":12345678901234567890123456789.123456789,"flag":true,"ratio":0.5,\
                "number":-7,"extra":{"deep":[1,2]}}
                {"day":"2026-04-01","items":[],"scores":{}}
                """);
        table.writeAndPublish(1, object);
        assertThat(table.published()
                        .drop("source_object", "source_offset")
                        .orderBy("day")
                        .toJSON()
                        .collectAsList())
                .containsExactly(
                        "{\"day\":\"2026-03-01\",\"items\":[{\"sku\":\"a\",\"price\":1.10,\"tags\":[\"x\",\"y\"]},"
                                + "{\"price\":-2.00},null],\"scores\":{\"one\":1,\"none\":null},"
                                + "\"wide\":12345678901234567890123456789.123456789,\"flag\":true,\"ratio\":0.5,"
                                + "\"number\":-7,\"rescued\":\"{\\\"extra\\\":{\\\"deep\\\":[1,2]}}\"}",
                        "{\"day\":\"2026-04-01\",\"items\":[],\"scores\":{}}");
    }

    @Test
    void theFirstAndTheLastYearComeBackAsTheyWere(SparkSession spark) throws IOException {
        for (String unit : new String[] {"hour", "day", "month"}) {
            TestTable table = TestTable.in(
                    folder.resolve(unit),
                    spark,
                    SIMPLE.replace("unit: day", "unit: " + unit) + "  - {name: d, type: date}");
            StoredObject object = table.put(
                    "a.json",
                    """
                    {"at":"0001-01-01T00:00:00.000001Z","d":"0001-01-01","note":"first"}
                    {"at":"9999-12-31T23:59:59.999999Z","d":"9999-12-31","note":"last"}
                    {"at":"1582-10-10T12:00:00Z","d":"1582-10-10","note":"no such day in Rome"}
                    """);
            Written written = table.writeAndPublish(1, object);
            assertThat(written.files()).hasSize(3);
            Dataset<Row> rows = table.published();
            assertThat(TestTable.texts(
                            rows, "note || ' ' || date_format(at, 'yyyy-MM-dd HH:mm:ss.SSSSSS') || ' ' || d"))
                    .as(unit)
                    .containsExactly(
                            "first 0001-01-01 00:00:00.000001 0001-01-01",
                            "last 9999-12-31 23:59:59.999999 9999-12-31",
                            "no such day in Rome 1582-10-10 12:00:00.000000 1582-10-10");
            assertThat(rows.where("at < timestamp'0002-01-01 00:00:00 UTC'").count())
                    .isEqualTo(1);

            Written again = table.write(2, object);
            assertThat(again.written()).isEqualTo(3);
        }
    }

    @Test
    void aBatchWithoutObjectsOrRowsWritesNothing(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        assertThat(table.write(1).files()).isEmpty();
        Written blank = table.write(2, table.put("a.json", " \n\n"));
        assertThat(blank.files()).isEmpty();
        assertThat(blank.read()).isZero();
        assertThat(blank.columns().get("note")).isEqualTo(new ColumnStatistics(0L, 0));
    }

    @Test
    void aTaskThatFailsLeavesNoFileBehind(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, SIMPLE);
        StoredObject object =
                table.put("a.json", "{\"at\":\"2026-03-01T00:00:00Z\"}\n{\"at\":\"2026-03-02T00:00:00Z\"}\n");
        // The second partition's folder cannot be made.
        Path data = folder.resolve("lake/tables/analytics/events/data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("at_day=2026-03-02"), "in the way");
        assertThatThrownBy(() -> table.write(1, object)).hasMessageContaining("at_day=2026-03-02");
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(file -> file.toString().contains(".parquet")))
                    .isEmpty();
        }
    }

    @Test
    void columnsThatMovedInTheFileKeepTheirValues(SparkSession spark) throws IOException {
        String before =
                SIMPLE.replace("partitionBy", "key: [note]\npartitionBy").replace("string}", "string, required: true}")
                        + "  - {name: other, type: string}\n";
        TestTable table = TestTable.in(folder, spark, before);
        table.writeAndPublish(1, table.put("a.json", "{\"note\":\"N\",\"other\":\"O\"}"));

        String after = before.replace("  - {name: other, type: string}\n", "")
                .replace("columns:\n", "columns:\n  - {name: other, type: string}\n");
        TestTable moved = TestTable.in(folder, spark, after);
        StoredObject object =
                moved.put("b.json", "{\"note\":\"N2\",\"other\":\"O2\"}\n{\"note\":\"N3\",\"other\":\"O3\"}");
        Written staged = moved.write(2, object);
        long head = moved.publish(
                3, moved.write(3, moved.put("c.json", "{\"note\":\"N3\"}")).files());
        moved.publish(
                2,
                moved.writer()
                        .rejudge(moved.batch(2, object), moved.events(), staged.files(), null, head)
                        .files());
        assertThat(TestTable.texts(moved.published(), "note || ' ' || coalesce(other, 'none')"))
                .containsExactly("N O", "N2 O2", "N3 none");
    }

    @Test
    void rowsWithKeysStandInTheOrderOfTheirSource(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(
                folder, spark, "key: [amount]\n" + SIMPLE.replace("type: bigint", "type: bigint, required: true"));
        StoredObject[] objects = new StoredObject[3];
        for (int i = 0; i < objects.length; i++) {
            int first = i * 100;
            objects[2 - i] = table.put(
                    i + ".json",
                    IntStream.range(first, first + 100)
                            .mapToObj(number -> "{\"amount\":" + number + "}\n")
                            .collect(Collectors.joining()));
        }
        Written written = new SparkBatchWriter(spark, 2000).write(table.batch(1, objects), table.events(), null);
        assertThat(table.rows(written.files()).select("amount").collectAsList().stream()
                        .map(row -> row.getLong(0)))
                .containsExactlyElementsOf(IntStream.of(200, 100, 0)
                        .boxed()
                        .flatMap(first -> IntStream.range(first, first + 100).mapToObj(number -> (long) number))
                        .toList());
    }
}
