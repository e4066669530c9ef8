package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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

/** Whatever batches events come in, and wherever a run dies: the session table is that of one batch, row for row. */
class SessionsOverSplitsProperties {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Session SESSION = new Session(Map.of());
    private static final String FIXED = "42";

    /**
     * Some events and how they come: {@code batches} holds in each batch the numbers of the events in it, of which some
     * have been delivered before.
     */
    record History(List<Event> events, List<List<Integer>> batches) {
        List<Event> batch(int number) {
            return batches.get(number).stream().map(events::get).toList();
        }
    }

    /** Other tests of this process begin one of their own, with other services. */
    @AfterContainer
    static void stop() {
        SESSION.close();
    }

    @Provide
    Arbitrary<History> histories() {
        // Few visitors, times in clusters around midnight and half an hour apart, many of them equal.
        Arbitrary<Long> seconds = Combinators.combine(
                        Arbitraries.longs().between(-3, 5),
                        Arbitraries.longs().between(-2, 2),
                        Arbitraries.of(0L, 0L, 600L))
                .as((half, apart, more) -> half * 1800 + apart + more);
        Arbitrary<Event> events = Combinators.combine(
                        Arbitraries.of("anna", "bosun", "cleo").injectNull(0.05),
                        seconds,
                        Arbitraries.of("/a", "/b", "/c").injectNull(0.2),
                        Arbitraries.of("1.50", "7.25", "-3.00").injectNull(0.3))
                .as((visitor, second, page, amount) ->
                        new Event(null, visitor, MIDNIGHT.plusSeconds(second), page, amount));
        return events.list().ofMinSize(1).ofMaxSize(30).flatMap(list -> {
            List<Event> numbered = IntStream.range(0, list.size())
                    .mapToObj(i -> new Event(
                            "e%02d".formatted(i),
                            list.get(i).visitor(),
                            list.get(i).at(),
                            list.get(i).page(),
                            list.get(i).amount()))
                    .toList();
            Arbitrary<List<Integer>> first =
                    Arbitraries.integers().between(0, 5).list().ofSize(list.size());
            Arbitrary<List<Integer>> again =
                    Arbitraries.integers().between(0, 20).list().ofSize(list.size());
            return Combinators.combine(first, again).as((home, repeat) -> split(numbered, home, repeat));
        });
    }

    /** Batches of which none is empty; an event comes again where its second number is one of them. */
    private static History split(List<Event> events, List<Integer> home, List<Integer> repeat) {
        List<List<Integer>> batches = new ArrayList<>();
        for (int batch = 0; batch <= 5; batch++) {
            int number = batch;
            List<Integer> members = IntStream.range(0, events.size())
                    .filter(i -> home.get(i) == number || repeat.get(i) == number)
                    .boxed()
                    .toList();
            if (!members.isEmpty()) {
                batches.add(members);
            }
        }
        return new History(events, batches);
    }

    @Property(tries = 2, seed = FIXED, shrinking = ShrinkingMode.OFF)
    void anySplitGivesTheTableOfOneBatch(@ForAll("histories") History history) throws IOException {
        assertAnySplit(history);
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void anySplitGivesTheTableOfOneBatchWithAFreshSeed(@ForAll("histories") History history) throws IOException {
        assertAnySplit(history);
    }

    @Tag("soak")
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void anySplitGivesTheTableOfOneBatchAtLength(@ForAll("histories") History history) throws IOException {
        assertAnySplit(history);
    }

    @Property(tries = 2, seed = FIXED, shrinking = ShrinkingMode.OFF)
    void aRunThatDiesAnywhereAndIsRepeatedChangesNothing(
            @ForAll("histories") History history, @ForAll("deaths") Death death) throws IOException {
        assertAnyDeath(history, death);
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void aRunThatDiesAnywhereAndIsRepeatedChangesNothingWithAFreshSeed(
            @ForAll("histories") History history, @ForAll("deaths") Death death) throws IOException {
        assertAnyDeath(history, death);
    }

    @Tag("soak")
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void aRunThatDiesAnywhereAndIsRepeatedChangesNothingAtLength(
            @ForAll("histories") History history, @ForAll("deaths") Death death) throws IOException {
        assertAnyDeath(history, death);
    }

    private static void assertAnySplit(History history) throws IOException {
        inFolder(folder -> {
            Site split = site(folder.resolve("split"));
            for (int batch = 0; batch < history.batches().size(); batch++) {
                Visits.deliver(split, "part-" + batch, history.batch(batch));
                run(split, at(batch), lake -> lake);
            }
            Site whole = site(folder.resolve("whole"));
            Visits.deliver(whole, "whole", history.events());
            run(whole, at(0), lake -> lake);

            assertThat(split.sessionRows()).isEqualTo(whole.sessionRows()).isEqualTo(Visits.expected(whole));
        });
    }

    /** Where a run dies: before or after the write with this number. */
    record Death(int batch, int write, boolean before) {}

    @Provide
    Arbitrary<Death> deaths() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(1, 14),
                        Arbitraries.of(true, false))
                .as(Death::new);
    }

    private static void assertAnyDeath(History history, Death death) throws IOException {
        inFolder(folder -> {
            Site site = site(folder);
            int last = history.batches().size() - 1;
            for (int batch = 0; batch <= last; batch++) {
                Visits.deliver(site, "part-" + batch, history.batch(batch));
                if (batch == Math.min(death.batch(), last)) {
                    die(site, at(batch), death);
                }
                // The lease of what has died is over.
                run(site, at(batch).plus(LEASE), lake -> lake);
            }
            assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));
            assertThat(site.rows("id")).hasSize(history.events().size()).doesNotHaveDuplicates();
        });
    }

    /** Ends a run from outside, as far as that can be done in one process: nothing that it does afterwards counts. */
    private static void die(Site site, Instant now, Death death) {
        AtomicInteger writes = new AtomicInteger();
        Runnable before = () -> {
            int number = writes.incrementAndGet();
            if (number > death.write() || (number == death.write() && death.before())) {
                throw new Killed();
            }
        };
        Runnable after = () -> {
            if (writes.get() >= death.write()) {
                throw new Killed();
            }
        };
        try {
            run(site, now, lake -> new WatchedStore(lake, key -> before.run(), key -> after.run()));
        } catch (Killed | Failure killed) {
            // What it says now is not heard by anybody.
        }
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static Site site(Path folder) throws IOException {
        Site site = new Site(folder, SESSION);
        site.define(Site.VISITS);
        return site;
    }

    private static Instant at(int batch) {
        return Site.NOW.plus(LEASE.multipliedBy(2L * batch));
    }

    private static void run(Site site, Instant now, UnaryOperator<ObjectStore> lake) {
        Console quiet = new Console(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                Console.Progress.LINES);
        try (Workplace workplace = site.workplace(Clock.fixed(now, ZoneOffset.UTC), lake)) {
            new Run(workplace, quiet).now(now, null);
        }
    }

    private interface Work {
        void in(Path folder) throws IOException;
    }

    private static void inFolder(Work work) throws IOException {
        Path folder = Files.createTempDirectory("sessions");
        try {
            work.in(folder);
        } finally {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
