package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Cases that other systems' tests assert, where they are at hand; skipped by name where they are not. */
class KnownSessionsTest {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private static Path cases() {
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("shared/data/sessions/cases.ndjson"))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(folder != null, "the third-party data with known answers are not here");
        return folder.resolve("shared/data/sessions/cases.ndjson");
    }

    @TestFactory
    Stream<DynamicTest> makesTheSessionsOfOtherSystems() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(cases())) {
            JsonNode node = json.readTree(line);
            tests.add(DynamicTest.dynamicTest(node.get("id").asText(), () -> assertSessions(node)));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void assertSessions(JsonNode node) {
        long gap = Duration.ofSeconds(node.get("gap_seconds").asLong()).toNanos() / 1000;
        List<Known> expected = expected(node);
        if (!node.get("boundary_rule_asserted").asText().equals("gap==timeout -> NEW")) {
            assertThat(sessions(node, gap)).isEqualTo(expected);
            return;
        }
        // The other rule is ours with a microsecond less, and so differs exactly at the boundary.
        assertThat(sessions(node, gap - 1)).isEqualTo(expected);
        assertThat(sessions(node, gap)).isEqualTo(joined(expected, gap));
    }

    private record Known(String visitor, long start, long end, long events) {
        boolean isFollowedBy(Known next, long gap) {
            return visitor.equals(next.visitor) && next.start - end == gap;
        }

        Known plus(Known next) {
            return new Known(visitor, start, next.end, events + next.events);
        }
    }

    /** Sessions of a visitor that follow each other by exactly the gap, as one. */
    private static List<Known> joined(List<Known> sessions, long gap) {
        List<Known> joined = new ArrayList<>();
        for (Known session : sessions) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).isFollowedBy(session, gap)) {
                joined.set(last, joined.get(last).plus(session));
            } else {
                joined.add(session);
            }
        }
        return joined;
    }

    private static List<Known> sessions(JsonNode node, long gap) {
        SessionAlgebra algebra = new SessionAlgebra(gap, null, List.of());
        Map<String, List<Session>> visitors = new TreeMap<>();
        for (JsonNode event : node.get("events")) {
            // An event without a time is counted elsewhere, and in no session.
            if (!event.get(1).isNull()) {
                visitors.computeIfAbsent(event.get(0).asText(), any -> new ArrayList<>())
                        .add(Session.ofEvent(micros(event.get(1)), null));
            }
        }
        List<Known> found = new ArrayList<>();
        visitors.forEach((visitor, events) -> algebra.mergeAll(events)
                .forEach(session -> found.add(new Known(visitor, session.start, session.end, session.events))));
        return found;
    }

    private static List<Known> expected(JsonNode node) {
        List<Known> expected = new ArrayList<>();
        for (JsonNode session : node.get("expected_sessions")) {
            JsonNode times = session.get(1);
            expected.add(new Known(
                    session.get(0).asText(), micros(times.get(0)), micros(times.get(times.size() - 1)), times.size()));
        }
        expected.sort(Comparator.comparing(Known::visitor).thenComparing(Known::start));
        return expected;
    }

    private static long micros(JsonNode time) {
        return time.isTextual()
                ? LocalDateTime.parse(time.asText(), TIME).toEpochSecond(ZoneOffset.UTC) * 1_000_000
                : Math.round(time.asDouble() * 1_000_000);
    }
}
