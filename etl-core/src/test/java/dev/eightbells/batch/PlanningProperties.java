package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Layout;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class PlanningProperties {
    private static final Duration LOOKBACK = Duration.ofHours(12);
    private static final Instant BEGINNING = Instant.parse("2026-11-01T00:00:00Z");

    @Property(tries = 300)
    void everyObjectIsInExactlyOneManifest(
            @ForAll("happenings") List<Happening> happenings, @ForAll("pipelines") TestPipeline pipeline) {
        World world = new World(pipeline);

        happenings.forEach(happening -> happening.happenIn(world));
        world.finish();

        world.assertThatEveryObjectIsInExactlyOneManifest();
    }

    @Provide
    Arbitrary<TestPipeline> pipelines() {
        Arbitrary<Layout> layouts = Arbitraries.of(
                Layout.FIREHOSE,
                Layout.parse("year=yyyy/month=MM/day=dd"),
                Layout.parse("yyyy/MM/dd/HH/mm"),
                Layout.FLAT);
        Arbitrary<Long> caps = Arbitraries.of(1L, 3L, 10L, Long.MAX_VALUE);
        return Combinators.combine(layouts, caps)
                .as((layout, cap) ->
                        TestPipeline.FIREHOSE.with(layout).lookingBack(LOOKBACK).cappedAt(cap));
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        Arbitrary<Happening> waits =
                Arbitraries.integers().between(1, 40 * 60).map(minutes -> new Wait(Duration.ofMinutes(minutes)));
        Arbitrary<Happening> arrivals = Combinators.combine(
                        Arbitraries.integers().between(0, (int) LOOKBACK.toMinutes()),
                        Arbitraries.integers().between(1, 5))
                .as((late, bytes) -> new Arrival(Duration.ofMinutes(late), bytes));
        Arbitrary<Happening> plans = ago().map(Claim::new);
        Arbitrary<Happening> gatherings = ago().map(Gather::new);
        Arbitrary<Happening> delayedClaims = Arbitraries.of(new ClaimGathered());
        Arbitrary<Happening> backfills =
                Arbitraries.integers().between(1, 30).map(days -> new Backfill(Duration.ofDays(days)));
        Arbitrary<Happening> returns = Arbitraries.integers().between(0, 30).map(Return::new);
        Arbitrary<Happening> replays = Arbitraries.integers().between(0, 30).map(Replay::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(4, waits),
                        Tuple.of(8, arrivals),
                        Tuple.of(4, plans),
                        Tuple.of(2, gatherings),
                        Tuple.of(2, delayedClaims),
                        Tuple.of(1, backfills),
                        Tuple.of(1, returns),
                        Tuple.of(1, replays))
                .list()
                .ofMaxSize(60);
    }

    private static Arbitrary<Duration> ago() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(Duration.ZERO)),
                Tuple.of(1, Arbitraries.integers().between(1, 100).map(Duration::ofHours)));
    }

    private sealed interface Happening {
        void happenIn(World world);
    }

    private record Wait(Duration duration) implements Happening {
        @Override
        public void happenIn(World world) {
            world.clock.advance(duration);
        }
    }

    /** An object arrives so much later than its folder's time says. */
    private record Arrival(Duration late, int bytes) implements Happening {
        @Override
        public void happenIn(World world) {
            world.put(world.clock.instant().minus(late), bytes);
        }
    }

    /** Somebody plans, perhaps for an earlier window than the newest. */
    private record Claim(Duration ago) implements Happening {
        @Override
        public void happenIn(World world) {
            world.planning().claim(world.clock.instant().minus(ago), null);
        }
    }

    /** A slow planner looks around, and claims only later what it saw. */
    private record Gather(Duration ago) implements Happening {
        @Override
        public void happenIn(World world) {
            Planning planning = world.planning();
            world.gathered.add(
                    planning.gather(planning.window(world.clock.instant().minus(ago)), null));
        }
    }

    private record ClaimGathered() implements Happening {
        @Override
        public void happenIn(World world) {
            if (!world.gathered.isEmpty()) {
                world.planning().claim(world.gathered.remove(0));
            }
        }
    }

    /** Not as the first plan: that would leave what is older on purpose. */
    private record Backfill(Duration ago) implements Happening {
        @Override
        public void happenIn(World world) {
            if (world.ledger().newestNumber() > 0) {
                world.planning()
                        .claim(world.clock.instant(), world.clock.instant().minus(ago));
            }
        }
    }

    /** A person gives a batch up and returns its objects. */
    private record Return(int choice) implements Happening {
        @Override
        public void happenIn(World world) {
            Ledger ledger = world.ledger();
            int newest = ledger.newestNumber();
            if (newest > 0) {
                Manifest manifest = ledger.existingManifest(choice % newest + 1);
                ledger.markers(manifest.batch())
                        .write(Abandoned.returning(manifest, world.clock.instant(), "to be done again"));
            }
        }
    }

    /** A batch is published, and a record of it replayed. */
    private record Replay(int choice) implements Happening {
        @Override
        public void happenIn(World world) {
            Ledger ledger = world.ledger();
            int newest = ledger.newestNumber();
            if (newest == 0) {
                return;
            }
            Manifest manifest = ledger.existingManifest(choice % newest + 1);
            if (ledger.markers(manifest.batch()).abandoned().isEmpty()) {
                ledger.markers(manifest.batch())
                        .write(new Published(
                                1,
                                manifest.pipeline(),
                                manifest.batch(),
                                manifest.number(),
                                1,
                                world.clock.instant(),
                                42,
                                null,
                                Marker.Records.published(1, 0, 0, 1),
                                List.of()));
                String key = manifest.objects().get(0).key();
                new Replays(world.pipeline.pipeline(), "version: 1\n", ledger)
                        .claim(
                                ledger.batches().find(manifest.batch()).orElseThrow(),
                                hears -> hears.accept(new Replays.Rejected(key, 0, 1)),
                                () -> {});
            }
        }
    }

    /** A source, a lake and the time. */
    private static final class World {
        private final TestPipeline pipeline;
        private final ManualClock clock = new ManualClock("2026-11-22T00:00:00Z");
        private final ObjectStore source;
        private final ObjectStore lake = new MemoryObjectStore();
        private final List<Planning.Facts> gathered = new ArrayList<>();
        private int arrived;

        private World(TestPipeline pipeline) {
            this.pipeline = pipeline;
            this.source = new MemoryObjectStore(pipeline.lake(), clock);
            put(BEGINNING, 2);
            put(BEGINNING.plus(Duration.ofDays(10)), 2);
        }

        private void put(Instant time, int bytes) {
            String folder = pipeline.layout().folder(time);
            String key = String.format(Locale.ROOT, "%s%04d", folder, arrived++);
            assertThat(source.create(key, "x".repeat(bytes).getBytes(StandardCharsets.UTF_8)))
                    .isPresent();
        }

        private Ledger ledger() {
            return Ledger.open(lake, pipeline.pipeline());
        }

        private Planning planning() {
            return new Planning(pipeline.pipeline(), "version: 1\n", source, ledger(), clock);
        }

        private void finish() {
            Planning.Facts[] late = gathered.toArray(Planning.Facts[]::new);
            for (Planning.Facts facts : late) {
                planning().claim(facts);
            }
            clock.advance(Duration.ofDays(2));
            Optional<Manifest> claimed = planning().claim(clock.instant(), null);
            while (claimed.isPresent()) {
                claimed = planning().claim(clock.instant(), null);
            }
        }

        private void assertThatEveryObjectIsInExactlyOneManifest() {
            List<String> planned = new ArrayList<>();
            List<BatchId> names = new ArrayList<>();
            for (int number = 1; number <= ledger().newestNumber(); number++) {
                Manifest manifest = ledger().existingManifest(number);
                names.add(manifest.batch());
                Markers markers = ledger().markers(manifest.batch());
                boolean isReturned =
                        markers.abandoned().isPresent() && markers.published().isEmpty();
                if (!manifest.isReplay() && !isReturned) {
                    manifest.objects().forEach(object -> planned.add(object.key()));
                }
            }
            assertThat(names).doesNotHaveDuplicates();
            try (Stream<StoredObject> objects = source.list("", "")) {
                assertThat(planned)
                        .containsExactlyInAnyOrderElementsOf(
                                objects.map(StoredObject::key).toList());
            }
        }
    }
}
