package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.Failure;
import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplePipelinesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("RAW", "/data/raw", "LAKE", "/data/lake");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void loads(Sample sample) throws IOException {
        Path file = Files.writeString(folder.resolve(sample.pipelineFile()), sample.pipelineText());
        Pipeline pipeline = PipelineFile.load(file, ENVIRONMENT);

        assertThat(pipeline.name()).isEqualTo(sample.id());
        assertThat(pipeline.source().location()).hasToString("/data/raw/");
        assertThat(pipeline.source().layout()).isEqualTo(sample.layout());
        assertThat(pipeline.lake()).hasToString("/data/lake/");
    }

    @ParameterizedTest
    @EnumSource
    void asksForItsVariables(Sample sample) {
        assertThatThrownBy(() -> PipelineFile.parse(sample.pipelineText(), sample.pipelineFile(), Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(sample.pipelineFile())
                .hasMessageContaining("RAW")
                .hasMessageContaining("LAKE");
    }

    @ParameterizedTest
    @EnumSource
    void hasAColumnForEachFieldThatIsGenerated(Sample sample) {
        sample.generator().generate(folder, Instant.parse("2026-11-22T00:00:00Z"), 1, 200, 1);

        Set<String> fields = new TreeSet<>();
        for (Path file : new RawData(folder).files()) {
            if (sample == Sample.WIND_FARM) {
                RawData.eachGlued(file, event -> event.fieldNames().forEachRemaining(fields::add));
            } else {
                RawData.lines(file).stream()
                        .flatMap(line -> RawData.object(line).stream())
                        .forEach(event -> event.fieldNames().forEachRemaining(fields::add));
            }
        }
        assertThat(read(sample)).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void keepsDaysOfWebEventsAndMonthsOfVaccinations() {
        assertThat(pipeline(Sample.WEB_EVENTS).table().key()).containsExactly("event_id");
        assertThat(pipeline(Sample.WEB_EVENTS).table().partitionBy())
                .isEqualTo(new PartitionBy("event_timestamp", Unit.DAY));
        assertThat(pipeline(Sample.WIND_FARM).table().key()).containsExactly("sensor_id", "measured_at");
        assertThat(pipeline(Sample.WIND_FARM).table().partitionBy())
                .isEqualTo(new PartitionBy("measured_at", Unit.DAY));
        assertThat(pipeline(Sample.VACCINATIONS).table().key()).containsExactly("country", "date");
        assertThat(pipeline(Sample.VACCINATIONS).table().partitionBy()).isEqualTo(new PartitionBy("date", Unit.MONTH));
    }

    @Test
    void hasTheFieldsOfARealWebEvent() throws IOException {
        JsonNode event =
                new ObjectMapper().readTree(thirdParty("web-event-example.json").toFile());
        List<String> fields = new ArrayList<>(List.of("event_id"));
        event.fieldNames().forEachRemaining(fields::add);

        assertThat(read(Sample.WEB_EVENTS)).containsExactlyElementsOf(fields);
    }

    @Test
    void takesEveryRealVaccinationRowWithoutLoss() {
        Path file = thirdParty("vaccinations/country_vaccinations_as_strings.ndjson.gz");
        List<byte[]> lines = RawData.lines(file);
        List<Column> columns = pipeline(Sample.VACCINATIONS).table().columns();
        List<String> names = columns.stream().map(Column::name).toList();
        Set<List<String>> shapes = new HashSet<>();
        Set<String> failures = new TreeSet<>();
        Map<String, Long> nulls = new TreeMap<>();

        for (byte[] line : lines) {
            JsonNode row = RawData.object(line).orElseThrow();
            List<String> fields = new ArrayList<>();
            row.fieldNames().forEachRemaining(fields::add);
            shapes.add(fields);
            for (Column column : columns) {
                String value = row.get(column.name()).textValue();
                if (value.isEmpty()) {
                    nulls.merge(column.name(), 1L, Long::sum);
                } else if (!casts(value, column.type())) {
                    failures.add(column.name() + " " + value);
                }
            }
        }

        assertThat(failures).isEmpty();
        assertThat(shapes).containsExactly(names);
        assertThat(columns).filteredOn(Column::required).noneMatch(column -> nulls.containsKey(column.name()));
        assertThat(lines).hasSize(25_862);
        assertThat(nulls)
                .containsEntry("total_vaccinations", 11_340L)
                .containsEntry("people_vaccinated", 12_100L)
                .containsEntry("people_fully_vaccinated", 14_821L)
                .containsEntry("daily_vaccinations_raw", 13_859L)
                .containsEntry("daily_vaccinations", 267L);
    }

    private static boolean casts(String value, ColumnType type) {
        return switch (type.ddl()) {
            case "string" -> true;
            case "date" -> value.matches("\\d{4}-\\d{2}-\\d{2}") && LocalDate.parse(value) != null;
            case "int" -> isWhole(value) && new BigDecimal(value).toBigInteger().bitLength() < Integer.SIZE;
            case "bigint" ->
                isWhole(value) && new BigDecimal(value).toBigInteger().bitLength() < Long.SIZE;
            case "double" ->
                new BigDecimal(value).compareTo(new BigDecimal(Double.toString(Double.parseDouble(value)))) == 0;
            default -> throw new IllegalArgumentException("no cast to " + type.ddl());
        };
    }

    private static boolean isWhole(String value) {
        return new BigDecimal(value).stripTrailingZeros().scale() <= 0;
    }

    private static Pipeline pipeline(Sample sample) {
        return PipelineFile.parse(sample.pipelineText(), sample.pipelineFile(), ENVIRONMENT);
    }

    /** The names of the fields that a pipeline reads, with aliases. */
    private static List<String> read(Sample sample) {
        return pipeline(sample).table().columns().stream()
                .flatMap(column -> column.from().stream())
                .map(path -> path.stream().collect(Collectors.joining(".")))
                .toList();
    }

    /** A file of the third-party data beside the project; a test that needs one is skipped without it. */
    private static Path thirdParty(String name) {
        Path here = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        return Stream.iterate(here, Objects::nonNull, Path::getParent)
                .map(parent -> parent.resolveSibling("shared").resolve("data").resolve(name))
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("skipped: there is no " + name + " of the third-party data"));
    }
}
