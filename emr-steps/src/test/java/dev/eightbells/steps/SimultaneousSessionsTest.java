package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Published;
import dev.eightbells.session.BatchSessions;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.steps.Visits.Event;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Batches that are sessionized at the same moment: the one that loses the race reads again. */
@ExtendWith(LocalServices.class)
class SimultaneousSessionsTest {
    @TempDir
    private Path folder;

    private Site site;
    private int deliveries;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.VISITS);
    }

    private Manifest publish(List<Event> events) throws IOException {
        Visits.deliver(site, "part-" + ++deliveries, events);
        try (Workplace workplace = site.workplace(lake -> lake)) {
            Manifest manifest = workplace.planning().claim(Site.NOW, null).orElseThrow();
            assertThat(new BatchRunner(workplace).convert(manifest).published().files())
                    .isNotEmpty();
            return manifest;
        }
    }

    /** Sessionizes both: none commits before both have read the same state of the table. */
    private List<Marker> sessionizeTogether(Manifest one, Manifest other) throws Exception {
        CyclicBarrier bothHaveRead = new CyclicBarrier(2);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Marker>> both = new ArrayList<>();
            for (Manifest manifest : List.of(one, other)) {
                Consumer<String> wait = atTheFirstCheckOf(manifest, bothHaveRead);
                both.add(() -> {
                    try (Workplace workplace = site.workplace(lake -> new WatchedStore(lake, key -> {}, wait))) {
                        return new BatchRunner(workplace).sessionize(manifest).sessionized();
                    }
                });
            }
            List<Marker> markers = new ArrayList<>();
            for (Future<Marker> done : pool.invokeAll(both)) {
                markers.add(done.get());
            }
            return markers;
        } finally {
            pool.shutdownNow();
        }
    }

    /** The lease is looked at right before the commit; its attempt was written once before, when it was claimed. */
    private static Consumer<String> atTheFirstCheckOf(Manifest manifest, CyclicBarrier barrier) {
        AtomicInteger writes = new AtomicInteger();
        return key -> {
            if (key.equals("batches/" + manifest.batch() + "/attempts/2.json") && writes.incrementAndGet() == 2) {
                try {
                    barrier.await(2, TimeUnit.MINUTES);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    @Test
    void theTableIsThatOfOneBatch() throws Exception {
        sessionizeTogether(4);
    }

    @Test
    @Tag("soak")
    void twentyTimesTheTableIsThatOfOneBatch() throws Exception {
        sessionizeTogether(20);
    }

    private void sessionizeTogether(int rounds) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int lostRaces = 0;
        for (int round = 0; round < rounds; round++) {
            Instant midnight = Instant.parse("2026-02-01T00:00:00Z").plusSeconds(86_400L * (round / 2));
            List<Event> one = someEvents("a" + round, midnight, random);
            List<Event> other = someEvents("b" + round, midnight, random);
            one.add(new Event("late" + round, "over-midnight", midnight.minusSeconds(600), "/late", "1.00"));
            other.add(new Event("early" + round, "over-midnight", midnight.plusSeconds(600), "/early", "2.00"));

            List<Marker> markers = sessionizeTogether(publish(one), publish(other));

            assertThat(site.sessionRows())
                    .as("round %d with seed %d", round, seed)
                    .isEqualTo(Visits.expected(site));
            lostRaces += markers.stream()
                                    .mapToLong(marker -> marker.sessions().extended())
                                    .sum()
                            > 0
                    ? 1
                    : 0;
        }
        // The two visits over midnight are one session, so whoever came second found the other's.
        assertThat(lostRaces).isEqualTo(rounds);
        assertThat(site.sessionRows().stream().filter(row -> row.contains("over-midnight")))
                .hasSize(rounds / 2);
    }

    private static List<Event> someEvents(String prefix, Instant midnight, Random random) {
        return new ArrayList<>(IntStream.range(0, 15)
                .mapToObj(i -> new Event(
                        prefix + "-" + i,
                        "visitor-" + random.nextInt(4),
                        midnight.plusSeconds(random.nextInt(5 * 3600) - 2 * 3600),
                        "/" + random.nextInt(3),
                        random.nextBoolean() ? null : "3.00"))
                .toList());
    }

    /** What an attempt does that was taken for dead: it commits while its successor reads. */
    private void commitAsAnAttemptThatWasTakenForDead(Manifest manifest) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            Sessionizer sessionizer = new Sessionizer(workplace.spark(), workplace.pipeline(), new Turn(1, 0));
            SessionsTable table = sessionizer.open(workplace.catalog());
            EventsTable events =
                    EventsTable.open(workplace.catalog(), workplace.pipeline()).orElseThrow();
            Published published =
                    workplace.ledger().markers(manifest.batch()).published().orElseThrow();
            BatchSessions.Merged merged =
                    sessionizer.read(events, published.snapshot()).mergedInto(table, table.refreshedHead());
            Marker marker = Marker.ofSessions(
                    workplace.ledger().attempts(manifest.batch()).find(1).orElseThrow(),
                    Site.NOW,
                    Site.NOW,
                    published.records(),
                    merged.counts(),
                    Map.of());
            Provenance provenance = new Provenance(manifest.batch().toString(), 1, "sessionize");
            assertThat(table.replace(provenance, table.head(), merged.replacement(), marker.json()))
                    .isPresent();
        }
    }

    @Test
    void whatAnotherAttemptCommitsWhileThisOneReadsIsNotCountedTwice() throws Exception {
        Manifest manifest = publish(
                List.of(Event.of("a", "v", "2026-03-01T10:00:00Z"), Event.of("b", "v", "2026-03-01T10:10:00Z")));
        AtomicBoolean done = new AtomicBoolean();
        Clock interrupted = new Clock() {
            @Override
            public Instant instant() {
                // The step asks for the time when it has found no commit, and begins to read.
                boolean reading = StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().equals(SessionizeStep.class.getName())));
                if (reading && done.compareAndSet(false, true)) {
                    commitAsAnAttemptThatWasTakenForDead(manifest);
                }
                return Site.NOW;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        try (Workplace workplace = site.workplace(interrupted, lake -> lake)) {
            Marker marker = new BatchRunner(workplace).sessionize(manifest).sessionized();
            assertThat(marker.attempt()).isEqualTo(1);
        }
        assertThat(done).isTrue();
        assertThat(site.sessionRows()).hasSize(1).isEqualTo(Visits.expected(site));
    }

    @Test
    void batchesOfOtherDaysDoNotDisturbEachOther() throws Exception {
        Manifest one = publish(List.of(Event.of("a", "v", "2026-03-01T10:00:00Z")));
        Manifest other = publish(List.of(Event.of("b", "v", "2026-03-05T10:00:00Z")));
        List<Marker> markers = sessionizeTogether(one, other);
        assertThat(markers)
                .allSatisfy(marker -> assertThat(marker.sessions().created()).isEqualTo(1));
        assertThat(site.sessionRows()).hasSize(2).isEqualTo(Visits.expected(site));
    }
}
