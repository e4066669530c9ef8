package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Third-party data whose answers are known, through the whole of it; skipped by name where the data are not at hand. */
@ExtendWith(LocalServices.class)
class KnownDataTest {
    private static final String BATCH = "20260302T0400Z";
    private static Path data;

    @TempDir
    private Path folder;

    private Site site;

    @BeforeAll
    static void findData() {
        Path parent = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (parent != null && !Files.isDirectory(parent.resolve("shared/data/wikiticker"))) {
            parent = parent.getParent();
        }
        Assumptions.assumeTrue(parent != null, "the third-party data with known answers are not here");
        data = parent.resolve("shared/data");
    }

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private void define(String table) throws IOException {
        site.define(
                """
                version: 1
                pipeline: known
                source: {location: raw/, layout: flat}
                lake: lake/
                table:
                  name: known.data
                """
                        + table.indent(2));
    }

    private void take(String file) throws IOException {
        Path from = data.resolve(file);
        Files.copy(from, site.raw(from.getFileName().toString()));
    }

    private void assertRun(String sentence) {
        assertThat(site.command("run")).isEqualTo(new Result(0, BATCH + "        " + sentence + "\n", ""));
    }

    @Test
    void vaccinationsAsStringsBecomeTypedRows() throws IOException {
        define(
                """
                key: [country, date]
                partitionBy: {from: date, unit: month}
                nullValues: [""]
                columns:
                  - {name: country, type: string, required: true}
                  - {name: iso_code, type: string}
                  - {name: date, type: date, required: true}
                  - {name: total_vaccinations, type: bigint}
                  - {name: people_vaccinated, type: bigint}
                  - {name: people_fully_vaccinated, type: bigint}
                  - {name: daily_vaccinations_raw, type: int}
                  - {name: daily_vaccinations, type: int}
                  - {name: total_vaccinations_per_hundred, type: double}
                  - {name: people_vaccinated_per_hundred, type: double}
                  - {name: people_fully_vaccinated_per_hundred, type: double}
                  - {name: daily_vaccinations_per_million, type: double}
                  - {name: vaccines, type: string}
                  - {name: source_name, type: string}
                  - {name: source_website, type: string}
                """);
        take("vaccinations/country_vaccinations_as_strings.ndjson.gz");
        assertRun("read 25,862 = written 25,862 + duplicates 0 + quarantined 0");
        Map<String, Long> nulls = Map.of(
                "total_vaccinations", 11_340L,
                "people_vaccinated", 12_100L,
                "people_fully_vaccinated", 14_821L,
                "daily_vaccinations_raw", 13_859L,
                "daily_vaccinations", 267L);
        JsonNode columns = site.json("batches/" + BATCH + "/convert.json").get("columns");
        nulls.forEach((column, count) -> {
            assertThat(columns.get(column).get("nulls").asLong()).as(column).isEqualTo(count);
            assertThat(site.table().where(column + " is null").count())
                    .as(column)
                    .isEqualTo(count);
        });
        Row totals = site.table()
                .selectExpr("count(distinct country)", "cast(min(date) as string)", "cast(max(date) as string)")
                .head();
        assertThat(totals.toString()).isEqualTo("[217,2020-12-02,2021-06-20]");
    }

    @Test
    void wikipediaEditsKeepTheirDaysNullsAndSums() throws IOException {
        define(
                """
                partitionBy: {from: time, unit: day}
                columns:
                  - {name: time, type: timestamp, required: true}
                  - {name: channel, type: string}
                  - {name: city_name, type: string, from: cityName}
                  - {name: region_name, type: string, from: regionName}
                  - {name: is_robot, type: boolean, from: isRobot}
                  - {name: added, type: bigint}
                  - {name: deleted, type: bigint}
                  - {name: delta, type: bigint}
                """);
        take("wikiticker/wikiticker-2015-09-12-sampled.json.gz");
        assertRun("read 39,244 = written 39,244 + duplicates 0 + quarantined 0");
        Row totals = site.table()
                .selectExpr(
                        "count(distinct date(time))",
                        "count_if(date(time) = date'2015-09-12')",
                        "count_if(city_name is null)",
                        "count_if(region_name is null)",
                        "sum(added)",
                        "sum(deleted)",
                        "sum(delta)")
                .head();
        assertThat(totals.toString()).isEqualTo("[46,39199,37091,37144,9385573,394298,8991275]");
        assertThat(site.json("batches/" + BATCH + "/published.json").get("files"))
                .hasSize(46);
    }

    @Test
    void nothingMalformedOfTheSuiteBecomesARowAndEveryByteOfItIsInQuarantine() throws IOException {
        define(
                """
                partitionBy: {from: at, unit: day}
                rescue: rescued
                columns:
                  - {name: id, type: string}
                  - {name: at, type: timestamp}
                """);
        byte[] rejected = Files.readAllBytes(data.resolve("json-test-suite/lines_reject.bin"));
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write("{\"id\":\"before\"}\n".getBytes(StandardCharsets.UTF_8));
        int from = object.size();
        object.write(rejected);
        int to = object.size();
        object.write("{\"id\":\"after\"}\n".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = object.toByteArray();
        Files.write(site.raw("a.json"), bytes);

        assertThat(site.command("run").exitCode()).isZero();
        assertThat(site.rows("concat(id, coalesce(rescued, ''))")).containsExactly("after", "before");
        boolean[] kept = new boolean[bytes.length];
        for (JsonNode record : site.quarantine(BATCH)) {
            int offset = record.get("offset").asInt();
            int length = record.get("length").asInt();
            byte[] text = record.has("text")
                    ? record.get("text").asText().getBytes(StandardCharsets.UTF_8)
                    : record.get("base64").binaryValue();
            assertThat(text).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
            Arrays.fill(kept, offset, offset + length, true);
        }
        for (int i = from; i < to; i++) {
            boolean blank = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == ' ' || bytes[i] == '\t';
            assertThat(kept[i] || blank)
                    .as("byte %d of the rejected lines is in quarantine", i - from)
                    .isTrue();
        }
    }

    @Test
    void theObjectsAmongTheAcceptedCasesLoadAndTheOthersAreNoRecords() throws IOException {
        define(
                """
                partitionBy: {from: at, unit: day}
                rescue: rescued
                columns:
                  - {name: a, type: string}
                  - {name: at, type: timestamp}
                """);
        int accepted = 0;
        int objects = 0;
        for (String line : Files.readAllLines(data.resolve("json-test-suite/manifest.ndjson"))) {
            JsonNode suiteCase = Site.parse(line);
            if (suiteCase.get("verdict").asText().equals("accept")) {
                Files.write(
                        site.raw(++accepted + ".json"),
                        Base64.getDecoder().decode(suiteCase.get("content_b64").asText()));
                objects += suiteCase.get("top_level").asText().equals("object") ? 1 : 0;
            }
        }
        assertThat(List.of(accepted, objects)).containsExactly(95, 12);
        assertRun("read 95 = written 12 + duplicates 0 + quarantined 83");
        assertThat(site.rows("a")).contains("b", "c", "[]", "null");
        assertThat(site.quarantine(BATCH))
                .extracting(record -> record.get("reason").asText())
                .containsOnly("not-an-object");
    }

    @Test
    void theCasesOfSparksOwnReaderAreCountedRight() throws IOException {
        define(
                """
                partitionBy: {from: at, unit: day}
                columns:
                  - {name: a, type: string}
                  - {name: b, type: string}
                  - {name: c, type: string}
                  - {name: dummy, type: string}
                  - {name: at, type: timestamp}
                """);
        List<String> files = List.of("corruptRecords.ndjson", "additionalCorruptRecords.ndjson", "malformed_utf8.bin");
        for (String file : files) {
            take("spark-json/" + file);
        }
        assertRun("read 13 = written 4 + duplicates 0 + quarantined 9");
        assertThat(site.rows("concat_ws(' ', a, b, c, dummy)"))
                .containsExactly("1", "1", "str_a_4 str_b_4 str_c_4", "test");
        JsonNode expected = Site.parse(Files.readString(data.resolve("spark-json/expected.json")));
        List<JsonNode> rejected = site.quarantine(BATCH);
        for (String file : files.subList(0, 2)) {
            assertThat(rejected.stream()
                            .filter(record -> record.get("object").asText().endsWith("/" + file))
                            .map(record -> record.get("text").asText().strip()))
                    .as(file)
                    .containsExactlyInAnyOrderElementsOf(corrupt(expected.get(file)));
        }
        assertThat(rejected)
                .filteredOn(record -> record.has("base64"))
                .singleElement()
                .satisfies(
                        record -> assertThat(record.get("base64").binaryValue()).containsExactly(0x80));
    }

    private static List<String> corrupt(JsonNode expected) {
        List<String> texts = new java.util.ArrayList<>();
        expected.get("corrupt_raw").forEach(text -> texts.add(text.asText().strip()));
        return texts;
    }

    @Test
    void numbersThatADoubleWouldRoundAreKeptExactlyOrRejected() throws IOException {
        define(
                """
                partitionBy: {from: at, unit: day}
                columns:
                  - {name: big, type: "decimal(38,0)", from: bigInteger}
                  - {name: text, type: string, from: bigInteger}
                  - {name: b, type: double}
                  - {name: at, type: timestamp}
                """);
        take("spark-json/numericExtremes.ndjson");
        assertThat(site.command("run").exitCode()).isZero();
        assertThat(site.rows("big || ' ' || text")).contains("92233720368547758070 92233720368547758070");
        assertThat(site.quarantine(BATCH)).singleElement().satisfies(record -> {
            assertThat(record.get("column").asText()).isEqualTo("b");
            assertThat(record.get("text").asText()).contains("\"b\": 92233720368547758070");
        });
    }
}
