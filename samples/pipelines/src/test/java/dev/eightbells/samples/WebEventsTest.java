package dev.eightbells.samples;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.samples.Generated.Counts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One large sample, counted naively. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebEventsTest {
    private static final Instant FROM = Instant.parse("2026-11-20T00:00:00Z");
    private static final int HOURS = 72;
    private static final long EVENTS = 40_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private final List<Delivery> events = new ArrayList<>();
    /** From the hour of the first delivery to that of each other one. */
    private final List<Duration> repeats = new ArrayList<>();

    private final List<String> malformed = new ArrayList<>();
    private final TreeMap<Instant, Counts> hours = new TreeMap<>();
    private Generated generated;
    private long late;

    /** An event where it was delivered first. */
    private record Delivery(JsonNode fields, Instant happened, Instant hour) {
        String text(String field) {
            return fields.get(field).textValue();
        }
    }

    @BeforeAll
    void generate(@TempDir Path folder) {
        this.generated = Sample.WEB_EVENTS.generator().generate(folder, FROM, HOURS, EVENTS, 42);
        Map<String, Instant> seen = new HashMap<>();
        for (Path file : new RawData(folder).files()) {
            String hourFolder = folder.relativize(file.getParent()).toString();
            Instant hour = LocalDateTime.parse(hourFolder, DateTimeFormatter.ofPattern("uuuu/MM/dd/HH"))
                    .toInstant(ZoneOffset.UTC);
            for (byte[] line : RawData.lines(file)) {
                hours.merge(hour, read(line, hour, seen), Counts::plus);
            }
        }
    }

    private Counts read(byte[] line, Instant hour, Map<String, Instant> seen) {
        Optional<JsonNode> good = RawData.object(line)
                .filter(event -> event.hasNonNull("event_id") && event.hasNonNull("event_timestamp"))
                .filter(event -> event.get("geo_latitude").textValue().matches("-?\\d{1,2}\\.\\d+"));
        if (good.isEmpty()) {
            malformed.add(new String(line, StandardCharsets.ISO_8859_1));
            return new Counts(1, 0, 0, 1);
        }
        JsonNode event = good.get();
        Instant first = seen.putIfAbsent(event.get("event_id").textValue(), hour);
        if (first != null) {
            repeats.add(Duration.between(first, hour));
            return new Counts(1, 0, 1, 0);
        }
        Instant happened = LocalDateTime.parse(event.get("event_timestamp").textValue(), TIME)
                .toInstant(ZoneOffset.UTC);
        late += happened.truncatedTo(ChronoUnit.HOURS).isBefore(hour) ? 1 : 0;
        events.add(new Delivery(event, happened, hour));
        return new Counts(1, 1, 0, 0);
    }

    @Test
    void countsWhatANaiveReaderCounts() {
        int read = events.size() + repeats.size() + malformed.size();
        assertThat(generated.hours()).isEqualTo(hours);
        assertThat(generated.counts()).isEqualTo(new Counts(read, events.size(), repeats.size(), malformed.size()));
        assertThat(events.size() + malformed.size()).isEqualTo(EVENTS);
        assertThat(generated.late()).isEqualTo(late);
    }

    @Test
    void goesWrongNowAndThen() {
        assertThat(repeats).hasSizeBetween((int) EVENTS / 200, (int) EVENTS / 50);
        assertThat(late).isBetween(EVENTS / 200, EVENTS / 50);
        assertThat(malformed).hasSizeBetween((int) EVENTS / 2000, (int) EVENTS / 500);
    }

    @Test
    void isMalformedInEveryWay() {
        assertThat(malformed).anyMatch(line -> line.startsWith("{\"event_id\"") && !line.endsWith("}"));
        assertThat(malformed).anyMatch(line -> line.contains("\u00ff"));
        assertThat(malformed).anyMatch(line -> line.startsWith("{'event_id': '"));
        assertThat(malformed).contains("\"ping\"");
        assertThat(malformed).anyMatch(line -> line.startsWith("{\"event_timestamp\": \"") && line.endsWith("\"}"));
        assertThat(malformed).anyMatch(line -> line.contains("\"geo_latitude\": \"north\", \"geo_longitude\""));
        assertThat(malformed).anyMatch(line -> line.contains("\"geo_latitude\": \"141.50000\", \"geo_longitude\""));
    }

    @Test
    void repeatsEventsAtOnceAndUpToADayLater() {
        assertThat(repeats).filteredOn(Duration::isZero).hasSizeGreaterThan(repeats.size() / 3);
        assertThat(repeats).filteredOn(after -> after.toHours() >= 4).hasSizeGreaterThan(repeats.size() / 5);
        assertThat(repeats).allSatisfy(after -> assertThat(after).isBetween(Duration.ZERO, Duration.ofHours(24)));
    }

    @Test
    void deliversEventsHoursLate() {
        Duration latest = events.stream()
                .map(event -> Duration.between(event.happened(), event.hour()))
                .max(Duration::compareTo)
                .orElseThrow();
        assertThat(latest).isBetween(Duration.ofHours(15), Duration.ofHours(24));
    }

    @Test
    void deliversNothingBeforeItHappensNorOutsideTheHours() {
        assertThat(events).noneMatch(event -> event.happened().isBefore(FROM));
        assertThat(events)
                .allMatch(event -> event.happened().isBefore(event.hour().plus(1, ChronoUnit.HOURS)));
        assertThat(hours.firstKey()).isEqualTo(FROM);
        assertThat(hours.lastKey()).isEqualTo(FROM.plus(HOURS - 1, ChronoUnit.HOURS));
    }

    @Test
    void narrowsFromStepToStep() {
        Map<String, Set<String>> visits = events.stream()
                .collect(groupingBy(
                        event -> event.text("page_url_path").replaceFirst("^/product/.*", "/product"),
                        mapping(event -> event.text("click_id"), toSet())));

        assertThat(visits).containsOnlyKeys("/home", "/product", "/cart", "/payment", "/confirmation");
        List<Integer> funnel = List.of("/home", "/product", "/cart", "/payment", "/confirmation").stream()
                .map(step -> visits.get(step).size())
                .toList();
        for (int step = 1; step < funnel.size(); step++) {
            assertThat(funnel.get(step)).isLessThan(funnel.get(step - 1)).isPositive();
        }
    }

    @Test
    void followsTheDay() {
        Map<Integer, Long> byHour = new TreeMap<>();
        events.forEach(
                event -> byHour.merge(event.happened().atOffset(ZoneOffset.UTC).getHour(), 1L, Long::sum));

        assertThat(byHour).hasSize(24);
        assertThat(byHour.get(3)).isLessThan(byHour.get(19) / 3);
    }

    @Test
    void countsVisitorsAndSessionsAsANaiveReaderDoes() {
        Map<String, List<Instant>> visitors = new HashMap<>();
        events.forEach(event -> visitors.computeIfAbsent(event.text("user_domain_id"), id -> new ArrayList<>())
                .add(event.happened()));
        long sessions = 0;
        long returning = 0;
        long overMidnight = 0;
        long exactlyHalfAnHour = 0;
        for (List<Instant> times : visitors.values()) {
            times.sort(null);
            sessions++;
            for (int event = 1; event < times.size(); event++) {
                Duration gap = Duration.between(times.get(event - 1), times.get(event));
                if (gap.compareTo(Duration.ofMinutes(30)) > 0) {
                    sessions++;
                } else if (day(times.get(event)) != day(times.get(event - 1))) {
                    overMidnight++;
                }
                exactlyHalfAnHour += gap.equals(Duration.ofMinutes(30)) ? 1 : 0;
                returning += gap.compareTo(Duration.ofHours(1)) > 0 ? 1 : 0;
            }
        }

        assertThat(generated.visitors()).isEqualTo(visitors.size());
        assertThat(generated.sessions()).isEqualTo(sessions);
        assertThat(returning).isGreaterThan(1000);
        assertThat(overMidnight).isPositive();
        assertThat(exactlyHalfAnHour).isPositive();
        assertThat((double) sessions / HOURS / 60).as("sessions a minute").isGreaterThan(3);
    }

    @Test
    void writesThirtyFieldsAllStringsButOne() {
        List<String> names = names(events.get(0).fields());

        assertThat(names).hasSize(30).startsWith("event_id", "event_timestamp").endsWith("user_domain_id");
        assertThat(events).allMatch(event -> names.equals(names(event.fields())));
        List<String> texts =
                names.stream().filter(name -> !name.equals("device_is_mobile")).toList();
        assertThat(events).allMatch(event -> texts.stream()
                .allMatch(name -> event.fields().get(name).isTextual()));
        assertThat(events)
                .allMatch(event -> event.fields().get("device_is_mobile").isBoolean());
        assertThat(events).allMatch(event -> event.text("ip_address").matches("[1-9]\\d{0,2}(\\.\\d{1,3}){3}"));
    }

    private static List<String> names(JsonNode event) {
        List<String> names = new ArrayList<>();
        event.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static long day(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 86_400L);
    }
}
