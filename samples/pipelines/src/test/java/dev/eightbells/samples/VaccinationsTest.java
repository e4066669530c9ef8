package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaccinationsTest {
    private static final Instant FROM = Instant.parse("2021-06-21T04:00:00Z");
    private static final long EVENTS = Sample.VACCINATIONS.usualEvents(4);
    private static final List<String> COUNTS = List.of(
            "total_vaccinations",
            "people_vaccinated",
            "people_fully_vaccinated",
            "daily_vaccinations_raw",
            "daily_vaccinations");

    private final List<JsonNode> rows = new ArrayList<>();
    private Generated generated;

    @BeforeAll
    void generate(@TempDir Path folder) {
        this.generated = Sample.VACCINATIONS.generator().generate(folder, FROM, 4, EVENTS, 42);
        new RawData(folder)
                .files().stream()
                        .flatMap(file -> RawData.lines(file).stream())
                        .map(RawData::object)
                        .map(Optional::orElseThrow)
                        .forEach(rows::add);
    }

    @Test
    void isCleanButForCorrectionsThatAreTakenForTotals() {
        long corrections = rows.stream().filter(VaccinationsTest::isCorrection).count();
        assertThat(corrections).isBetween(1L, EVENTS / 500);
        assertThat(generated.counts()).isEqualTo(new Generated.Counts(EVENTS, EVENTS - corrections, 0, corrections));
        assertThat(rows).hasSize((int) EVENTS);
        assertThat(rows)
                .extracting(row -> text(row, "country") + " " + text(row, "date"))
                .doesNotHaveDuplicates();
    }

    @Test
    void endsOnTheDayBeforeTheDelivery() {
        assertThat(rows.stream().map(row -> LocalDate.parse(text(row, "date"))).max(LocalDate::compareTo))
                .contains(LocalDate.of(2021, 6, 20));
    }

    @Test
    void writesEveryValueAsAString() {
        assertThat(rows).allSatisfy(row -> {
            assertThat(row).hasSize(15).allMatch(JsonNode::isTextual);
            COUNTS.forEach(count -> assertThat(text(row, count)).matches("(-17\\.0|\\d+\\.0)?"));
            assertThat(text(row, "total_vaccinations_per_hundred")).matches("(\\d+\\.(0|\\d?[1-9]))?");
            assertThat(text(row, "daily_vaccinations_per_million")).matches("(\\d+\\.0)?");
        });
    }

    @Test
    void leavesOutWhatACountryDidNotReport() {
        COUNTS.forEach(
                count -> assertThat(rows).anyMatch(row -> text(row, count).isEmpty()));
        COUNTS.forEach(
                count -> assertThat(rows).anyMatch(row -> !text(row, count).isEmpty()));
    }

    @Test
    void neverLosesAVaccination() {
        Map<String, Double> totals = new HashMap<>();
        for (JsonNode row : rows) {
            String total = text(row, "total_vaccinations");
            if (!total.isEmpty() && !isCorrection(row)) {
                Double before = totals.put(text(row, "country"), Double.valueOf(total));
                assertThat(Double.parseDouble(total)).isGreaterThanOrEqualTo(before == null ? 0 : before);
            }
        }
        assertThat(totals).hasSize(Countries.ALL.size());
    }

    private static boolean isCorrection(JsonNode row) {
        return text(row, "total_vaccinations").equals("-17.0");
    }

    private static String text(JsonNode row, String field) {
        return row.get(field).textValue();
    }
}
