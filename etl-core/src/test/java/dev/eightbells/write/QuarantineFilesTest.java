package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.LocalSpark;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class QuarantineFilesTest {
    private static final String DEFINITION =
            """
            partitionBy: {from: at, unit: day}
            columns:
              - {name: id, type: string, required: true}
              - {name: at, type: timestamp}
              - {name: amount, type: int}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyRejectedRecordIsKeptWithItsPlaceAndItsReason(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject object = table.put(
                "a.json",
                """
                {"id":"good"}
                {"id":"é", nonsense}
                42
                {"id":"x","amount":1.5}
                {"amount":1}
                """);
        Written written = table.write(7, object);
        assertThat(written.read()).isEqualTo(5);
        assertThat(written.written()).isEqualTo(1);
        assertThat(written.quarantined()).isEqualTo(4);
        assertThat(written.quarantine()).singleElement().satisfies(file -> assertThat(file.location())
                .matches("quarantine/20260301T0400Z-8/1/00000-\\d+\\.json\\.gz"));

        List<JsonNode> records = table.quarantine(written);
        assertThat(records)
                .extracting(record -> record.get("text").asText())
                .containsExactly("{\"id\":\"é\", nonsense}", "42", "{\"id\":\"x\",\"amount\":1.5}", "{\"amount\":1}");
        assertThat(records)
                .extracting(record -> record.get("reason").asText())
                .containsExactly("not-json", "not-an-object", "not-castable", "missing-required");
        assertThat(records)
                .extracting(record -> record.path("column").asText("none"))
                .containsExactly("none", "none", "amount", "id");
        byte[] raw = Files.readAllBytes(folder.resolve("raw/a.json"));
        for (JsonNode record : records) {
            int offset = record.get("offset").asInt();
            int length = record.get("length").asInt();
            assertThat(new String(Arrays.copyOfRange(raw, offset, offset + length), StandardCharsets.UTF_8))
                    .isEqualTo(record.get("text").asText());
            assertThat(record.get("object").asText()).isEqualTo(folder + "/raw/a.json");
            assertThat(record.get("form").asText()).isEqualTo("raw");
            assertThat(record.get("batch").asText()).isEqualTo("20260301T0400Z-8");
            assertThat(record.get("step").asText()).isEqualTo("convert");
            assertThat(record.get("sentence").asText()).endsWith(".");
        }
    }

    @Test
    void bytesThatAreNoUtf8AreKeptAsBase64(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        byte[] bytes = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xff, '"', '}', '\n', (byte) 0x80, '\n'};
        Iterator<JsonNode> records =
                table.quarantine(table.write(1, table.put("a.json", bytes))).iterator();
        JsonNode first = records.next();
        assertThat(first.get("base64").binaryValue()).isEqualTo(Arrays.copyOfRange(bytes, 0, 10));
        assertThat(first.get("reason").asText()).isEqualTo("invalid-utf8");
        assertThat(first.has("text")).isFalse();
        assertThat(records.next().get("base64").binaryValue()).containsExactly(0x80);
        assertThat(records).isExhausted();
    }

    @Test
    void manyTasksWriteAFileEachAndNoneWithoutRejectedRecords(SparkSession spark) throws IOException {
        TestTable table = TestTable.in(folder, spark, DEFINITION);
        StoredObject large = table.put("good.json", "{\"id\":\"x\"}\n".repeat(500_000));
        StoredObject bad = table.put("bad.json", "oops\n");
        StoredObject alsoBad = table.put("worse.json", "{\"id\":\n");
        Written written = table.write(1, large, bad, alsoBad);
        assertThat(written.written()).isEqualTo(500_000);
        assertThat(written.quarantined()).isEqualTo(2);
        assertThat(table.quarantine(written))
                .extracting(record -> record.get("text").asText())
                .containsExactlyInAnyOrder("oops", "{\"id\":");
    }
}
