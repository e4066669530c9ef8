package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.samples.Generated.Counts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WindFarmTest {
    private static final Instant FROM = Instant.parse("2023-03-07T08:00:00Z");
    private static final int HOURS = 12;
    private static final long EVENTS = Sample.WIND_FARM.usualEvents(HOURS);

    private final List<JsonNode> records = new ArrayList<>();
    private Generated generated;
    private RawData data;

    @BeforeAll
    void generate(@TempDir Path folder) {
        this.generated = Sample.WIND_FARM.generator().generate(folder, FROM, HOURS, EVENTS, 42);
        this.data = new RawData(folder);
        data.files().forEach(file -> RawData.eachGlued(file, records::add));
    }

    @Test
    void countsWhatANaiveReaderCounts() {
        Set<List<String>> keys = new HashSet<>();
        long quarantined = 0;
        long misspelled = 0;
        long duplicates = 0;
        for (JsonNode record : records) {
            if (record.get("type").textValue().equals("tempeature")) {
                misspelled++;
            } else if (!record.get("data").textValue().matches("\\d+\\.\\d{7}")) {
                assertThat(record.get("data").textValue()).isEqualTo("offline");
                quarantined++;
            } else if (!keys.add(List.of(sensor(record), record.get("timestamp").textValue()))) {
                duplicates++;
            }
        }

        assertThat(generated.counts())
                .isEqualTo(new Counts(records.size(), keys.size(), duplicates, quarantined + misspelled));
        assertThat(keys.size() + quarantined + misspelled).isEqualTo(EVENTS);
        assertThat(misspelled).isBetween(EVENTS / 300, EVENTS / 75);
        assertThat(duplicates).isBetween(EVENTS / 200, EVENTS / 50);
        assertThat(quarantined).isPositive();
        assertThat(generated.late()).isPositive();
    }

    @Test
    void gluesRecordsTogether() {
        assertThat(data.files()).allSatisfy(file -> assertThat(
                        new String(RawData.content(file), java.nio.charset.StandardCharsets.US_ASCII))
                .doesNotContain("\n")
                .startsWith("{\"id")
                .contains("\"}{\"id")
                .endsWith("\"}"));
    }

    @Test
    void measuresEveryTenSecondsWithinEachSensorsRange() {
        Map<String, TreeSet<Long>> ticks = new HashMap<>();
        Map<String, double[]> ranges =
                Map.of("17", new double[] {0.9, 1}, "42", new double[] {22, 30}, "8", new double[] {69, 71});
        for (JsonNode record : records) {
            Instant measured = Instant.parse(record.get("timestamp").textValue().replace(' ', 'T') + "Z");
            ticks.computeIfAbsent(sensor(record), sensor -> new TreeSet<>()).add(measured.getEpochSecond() / 10);
            if (!record.get("data").textValue().equals("offline")) {
                double[] range = ranges.get(sensor(record));
                assertThat(Double.parseDouble(record.get("data").textValue())).isBetween(range[0], range[1]);
            }
        }

        assertThat(ticks).containsOnlyKeys("17", "42", "8");
        assertThat(ticks.values()).allSatisfy(sensor -> {
            assertThat(sensor).hasSize(HOURS * 360);
            assertThat(sensor.last() - sensor.first()).isEqualTo(HOURS * 360 - 1);
        });
    }

    @Test
    void driftsFromTheNinthHourOn() {
        Map<Long, List<Double>> byWatch = records.stream()
                .filter(record -> sensor(record).equals("42"))
                .filter(record -> !record.get("data").textValue().equals("offline"))
                .collect(Collectors.groupingBy(
                        record -> Duration.between(
                                                FROM,
                                                Instant.parse(record.get("timestamp")
                                                                .textValue()
                                                                .replace(' ', 'T') + "Z"))
                                        .toHours()
                                / 4,
                        Collectors.mapping(
                                record -> Double.valueOf(record.get("data").textValue()), Collectors.toList())));

        assertThat(mean(byWatch.get(0L))).isBetween(22.8, 23.2);
        assertThat(mean(byWatch.get(1L))).isBetween(22.8, 23.2);
        assertThat(mean(byWatch.get(2L))).isBetween(25.5, 26.5);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @Test
    void isWrittenByDifferentVersions() {
        assertThat(records).anyMatch(record -> record.has("id") && !record.has("idtemp"));
        assertThat(records).anyMatch(record -> record.has("idtemp") && !record.has("id"));
        assertThat(records)
                .extracting(record -> record.get("type").textValue())
                .containsOnly("powerfactor", "temperature", "tempeature", "hydraulicpressure");
        assertThat(records)
                .extracting(record -> record.get("timestamp").textValue())
                .allMatch(time -> time.matches("2023-03-07 \\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?"))
                .anyMatch(time -> time.length() == "2023-03-07 10:11:12".length())
                .noneMatch(time -> time.endsWith(".000000"));
    }

    private static String sensor(JsonNode record) {
        return record.path("idtemp").asText(record.path("id").asText());
    }
}
