package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever comes in whatever batches: each record is published, or has the key of a row that is, or lies in quarantine; and
 * when that is replayed often enough, each key of which there is a good record is published.
 */
class EveryRecordProperties {
    private static final Session SESSION = new Session(Map.of());
    private static final String FIXED = "8";
    private static final String DUPLICATES = "duplicate-of-rejected";

    /** A record: a key, an amount that rules take when it is positive, and whether it is JSON at all. */
    record Sent(int id, int amount, boolean isJson) {
        private boolean isGood() {
            return isJson && amount > 0;
        }

        private String key() {
            return "k" + id;
        }

        private String line() {
            return isJson ? Site.event(key(), "2026-03-0" + (1 + id % 2) + "T01:00:00Z", amount) : "oops\n";
        }
    }

    /** Other tests of this process begin one of their own, with other services. */
    @AfterContainer
    static void stop() {
        SESSION.close();
    }

    @Provide
    Arbitrary<List<List<Sent>>> deliveries() {
        Arbitrary<Sent> sent = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(-2, -1, -1, 1, 2),
                        Arbitraries.of(true, true, true, true, true, false))
                .as(Sent::new);
        return sent.list().ofMinSize(4).ofMaxSize(10).list().ofMinSize(2).ofMaxSize(2);
    }

    @Property(tries = 1, seed = FIXED, shrinking = ShrinkingMode.OFF)
    void everyRecordIsAccountedFor(@ForAll("deliveries") List<List<Sent>> deliveries) throws IOException {
        assertEveryRecord(deliveries);
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void everyRecordIsAccountedForWithAFreshSeed(@ForAll("deliveries") List<List<Sent>> deliveries) throws IOException {
        assertEveryRecord(deliveries);
    }

    @Tag("soak")
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everyRecordIsAccountedForAtLength(@ForAll("deliveries") List<List<Sent>> deliveries) throws IOException {
        assertEveryRecord(deliveries);
    }

    /** What was sent, by its place. */
    private record Place(String object, long offset) {}

    private static void assertEveryRecord(List<List<Sent>> deliveries) throws IOException {
        Path folder = Files.createTempDirectory("records");
        try {
            Site site = new Site(folder, SESSION);
            site.define(Site.shopWith("rules: 'Rules = [ ColumnValues \"amount\" > 0 ]'", "maxQuarantined: 100%"));
            Map<Place, Sent> sent = new HashMap<>();
            for (int number = 0; number < deliveries.size(); number++) {
                List<Sent> all = deliveries.get(number);
                int half = all.size() / 2;
                sent.putAll(deliver(site, number + "a", all.subList(0, half)));
                // A batch of which not one record is accepted would wait for a person.
                Sent own = new Sent(100 + number, 1, true);
                sent.putAll(deliver(
                        site,
                        number + "b",
                        Stream.concat(all.subList(half, all.size()).stream(), Stream.of(own))
                                .toList()));
                Result run = site.command("run");
                assertThat(run.exitCode()).as(run.err()).isZero();
            }
            assertAccountedFor(site, sent);

            replayAll(site);
            assertAccountedFor(site, sent);
            assertThat(new TreeSet<>(site.rows("id")))
                    .isEqualTo(sent.values().stream()
                            .filter(Sent::isGood)
                            .map(Sent::key)
                            .collect(Collectors.toCollection(TreeSet::new)));
        } finally {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Map<Place, Sent> deliver(Site site, String name, List<Sent> records) throws IOException {
        Map<Place, Sent> places = new HashMap<>();
        StringBuilder text = new StringBuilder();
        String object = site.raw(Site.delivered("2026-03-02T01", name)).toString();
        for (Sent record : records) {
            places.put(new Place(object, text.length()), record);
            text.append(record.line());
        }
        if (!records.isEmpty()) {
            site.deliver("2026-03-02T01", name, text.toString());
        }
        return places;
    }

    /** Nothing is in two places, and what is in none has the key of a published row. */
    private static void assertAccountedFor(Site site, Map<Place, Sent> sent) throws IOException {
        Set<Place> published = new HashSet<>();
        site.table().select("source_object", "source_offset").collectAsList().forEach(row -> assertThat(
                        published.add(new Place(row.getString(0), row.getLong(1))))
                .isTrue());
        List<String> keys = site.rows("id");
        assertThat(keys).doesNotHaveDuplicates();
        Set<Place> quarantined = new HashSet<>();
        for (String batch : batches(site)) {
            for (String line : lying(site, batch)) {
                JsonNode record = Site.parse(line);
                Place place = new Place(
                        record.get("object").asText(), record.get("offset").asLong());
                assertThat(quarantined.add(place)).as(line).isTrue();
            }
        }
        assertThat(published).doesNotContainAnyElementsOf(quarantined);
        assertThat(sent.keySet()).containsAll(published).containsAll(quarantined);
        sent.forEach((place, record) -> {
            if (published.contains(place)) {
                assertThat(record.isGood()).as("%s at %s", record, place).isTrue();
            } else if (!quarantined.contains(place)) {
                assertThat(record.isJson()).as("%s at %s", record, place).isTrue();
                assertThat(keys).as("%s at %s", record, place).contains(record.key());
            }
        });
    }

    private static List<String> batches(Site site) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            return workplace.ledger().batches().all().stream()
                    .map(state -> state.batch().toString())
                    .toList();
        }
    }

    private static List<String> lying(Site site, String batch) {
        Result shown = site.run(
                Map.of(), "quarantine", "show", "--pipeline", site.file().toString(), "--batch", batch, "--json");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        return shown.out().lines().toList();
    }

    /** Judges what nobody has judged yet, until there is no such record. */
    private static void replayAll(Site site) {
        Deque<String> batches = new ArrayDeque<>(batches(site));
        while (!batches.isEmpty()) {
            String batch = batches.remove();
            Result replay = site.command("replay", "--batch", batch, "--reason", DUPLICATES);
            assertThat(replay.exitCode()).as(replay.err()).isZero();
            if (!replay.out().startsWith("Nothing to replay")) {
                batches.add(replay.out().replaceFirst("(?s)^Batch (\\S+) .*", "$1"));
            }
        }
    }
}
