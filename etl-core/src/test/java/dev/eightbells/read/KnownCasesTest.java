package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.pipeline.ColumnType.Primitive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Cases of JSONTestSuite and of Spark's own tests, where they are at hand; skipped by name where they are not. */
class KnownCasesTest {
    private static final String GOOD = "{\"a\":\"good\"}";
    private static Path data;

    @BeforeAll
    static void findData() {
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/data/json-test-suite"))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(folder != null, "the third-party data with known answers are not here");
        data = folder.resolve("shared/data");
    }

    @TestFactory
    Stream<DynamicTest> readsEveryCaseOfTheSuite() throws IOException {
        ObjectMapper json = new ObjectMapper();
        return Files.readAllLines(data.resolve("json-test-suite/manifest.ndjson")).stream()
                .map(line -> {
                    try {
                        return json.readTree(line);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .filter(node -> !node.get("content_b64").isNull())
                .map(node -> DynamicTest.dynamicTest(node.get("file").asText(), () -> assertVerdict(node)));
    }

    private static void assertVerdict(JsonNode node) {
        byte[] content = Base64.getDecoder().decode(node.get("content_b64").asText());
        Reading reading = Reading.of(content);
        assertThat(reading.read()).isEqualTo(reading.items().size());
        switch (node.get("verdict").asText()) {
            case "accept" -> {
                assertThat(reading.items()).hasSize(1);
                assertThat(reading.items().get(0).reason())
                        .isEqualTo(node.get("top_level").asText().equals("object") ? null : "not-an-object");
            }
            case "reject" -> assertThat(reading.rows()).isEmpty();
            default -> assertThat(reading.items()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void makesNoRowsOfDeepNesting() {
        assertThat(Reading.of("[".repeat(100_000)).rows()).isEmpty();
        assertThat(Reading.of("[{\"\":".repeat(50_000) + "\n").rows()).isEmpty();
    }

    @Test
    void quarantinesEveryByteOfTheRejectedLinesAndLoadsTheirNeighbours() throws IOException {
        byte[] lines = Files.readAllBytes(data.resolve("json-test-suite/lines_reject.bin"));
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes((GOOD + "\n").getBytes(StandardCharsets.UTF_8));
        object.writeBytes(lines);
        object.writeBytes(("\n" + GOOD + "\n").getBytes(StandardCharsets.UTF_8));
        Reading reading = Reading.of(object.toByteArray());
        assertThat(reading.rows()).containsExactly("good", "good");
        String quarantined = String.join("", reading.texts()).replaceAll("[ \t\r\n]", "");
        assertThat(quarantined).isEqualTo(new String(lines, StandardCharsets.ISO_8859_1).replaceAll("[ \t\r\n]", ""));
    }

    @Test
    void quarantinesEachRejectedLineBetweenItsNeighbours() throws IOException {
        byte[] lines = Files.readAllBytes(data.resolve("json-test-suite/lines_reject.bin"));
        int begin = 0;
        for (int i = 0; i <= lines.length; i++) {
            if (i < lines.length && lines[i] != '\n') {
                continue;
            }
            String line = new String(Arrays.copyOfRange(lines, begin, i), StandardCharsets.ISO_8859_1);
            begin = i + 1;
            if (line.isBlank()) {
                continue;
            }
            Reading reading =
                    Reading.of((GOOD + "\n" + line + "\n" + GOOD + "\n" + GOOD).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(reading.rows()).as(line).containsExactly("good", "good", "good");
            assertThat(String.join("", reading.texts())).isEqualTo(line.strip());
        }
    }

    @Test
    void loadsTheObjectsAmongTheAcceptedLines() throws IOException {
        byte[] lines = Files.readAllBytes(data.resolve("json-test-suite/lines_accept.ndjson"));
        Reading reading = Reading.of(lines);
        assertThat(reading.rows()).hasSize(11);
        assertThat(reading.reasons()).containsOnly("not-an-object");
        assertThat(reading.read())
                .isEqualTo(new String(lines, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .count());
    }

    @Test
    void readsSparksCorruptRecords() throws IOException {
        Reading reading = Reading.of(
                Files.readString(data.resolve("spark-json/corruptRecords.ndjson")),
                Reading.table(
                        Reading.column("a", Primitive.STRING),
                        Reading.column("b", Primitive.STRING),
                        Reading.column("c", Primitive.STRING)));
        assertThat(reading.items().stream().filter(item -> item.reason() == null))
                .extracting(Reading.Item::values)
                .containsExactly(List.of("str_a_4", "str_b_4", "str_c_4"));
        assertThat(reading.texts()).containsExactly("{", "{\"a\":1, b:2}", "{\"a\":{, b:3}", "]");
    }

    @Test
    void readsSparksAdditionalCorruptRecords() throws IOException {
        Reading reading = Reading.of(
                Files.readString(data.resolve("spark-json/additionalCorruptRecords.ndjson")),
                Reading.table(Reading.column("dummy", Primitive.STRING)));
        assertThat(reading.rows()).containsExactly("test");
        assertThat(reading.texts()).containsExactly("[1,2,3]", "\":\"test\", \"a\":1}", "42", "\",\"ian\":\"test\"}");
    }

    @Test
    void readsSparksMalformedUtf8() throws IOException {
        Reading reading = Reading.of(Files.readAllBytes(data.resolve("spark-json/malformed_utf8.bin")));
        assertThat(reading.rows()).containsExactly("1", "1");
        assertThat(reading.reasons()).containsExactly("invalid-utf8");
    }

    @Test
    void readsTheWikipediaEditsWhole() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("wikiticker"))) {
            Path file = files.filter(path -> path.toString().contains(".gz"))
                    .findFirst()
                    .orElseThrow();
            Reading reading = Reading.of(
                    Files.readAllBytes(file),
                    Split.whole(),
                    Reading.table(
                            Reading.required("time", Primitive.TIMESTAMP),
                            Reading.column("cityName", Primitive.STRING),
                            Reading.column("regionName", Primitive.STRING),
                            Reading.required("added", Primitive.BIGINT),
                            Reading.required("deleted", Primitive.BIGINT),
                            Reading.required("delta", Primitive.BIGINT)),
                    Reading.MAX_RECORD,
                    1 << 16);
            assertThat(reading.rejected()).isEmpty();
            assertThat(reading.rows()).hasSize(39_244);
            assertThat(count(reading, 1)).isEqualTo(37_091);
            assertThat(count(reading, 2)).isEqualTo(37_144);
            assertThat(sum(reading, 3)).isEqualTo(9_385_573);
            assertThat(sum(reading, 4)).isEqualTo(394_298);
            assertThat(sum(reading, 5)).isEqualTo(8_991_275);
        }
    }

    private static long count(Reading reading, int column) {
        return reading.items().stream()
                .filter(item -> item.values().get(column) == null)
                .count();
    }

    private static long sum(Reading reading, int column) {
        return reading.items().stream()
                .mapToLong(item -> (long) item.values().get(column))
                .sum();
    }
}
