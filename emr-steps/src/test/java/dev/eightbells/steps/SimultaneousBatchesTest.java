package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Manifest;
import dev.eightbells.batch.Published;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalServices.class)
class SimultaneousBatchesTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private static String events(int from, int to, int day) {
        return IntStream.range(from, to)
                .mapToObj(number -> Site.event("e" + number, "2026-03-0" + day + "T00:00:00Z", number))
                .collect(Collectors.joining());
    }

    /** Plans a window's batch for what has been delivered so far. */
    private Manifest plan(String at) {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            return workplace.planning().claim(Instant.parse(at), null).orElseThrow();
        }
    }

    /** Converts all batches at once: none writes its marker, and so none publishes, before all of them have staged. */
    private List<Published> publishTogether(List<Manifest> manifests) throws Exception {
        CyclicBarrier staged = new CyclicBarrier(manifests.size());
        ExecutorService pool = Executors.newFixedThreadPool(manifests.size());
        try {
            List<Callable<Published>> conversions = new ArrayList<>();
            for (Manifest manifest : manifests) {
                conversions.add(() -> {
                    try (Workplace workplace = site.workplace(lake -> new WatchedStore(
                            lake, key -> awaitOthers(staged, key.endsWith("/convert.json")), key -> {}))) {
                        return new BatchRunner(workplace).convert(manifest).published();
                    }
                });
            }
            List<Published> published = new ArrayList<>();
            for (Future<Published> conversion : pool.invokeAll(conversions)) {
                published.add(conversion.get());
            }
            return published;
        } finally {
            pool.shutdownNow();
        }
    }

    private static void awaitOthers(CyclicBarrier barrier, boolean here) {
        if (here) {
            try {
                barrier.await(2, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void eachKeyIsPublishedOnceByBatchesWithTheSameKeys() throws Exception {
        site.deliver("2026-03-02T01", "a", events(0, 20, 1) + events(0, 20, 2));
        Manifest first = plan("2026-03-02T04:00:00Z");
        site.deliver("2026-03-02T01", "b", events(10, 30, 1) + events(50, 60, 2));
        Manifest second = plan("2026-03-02T04:00:00Z");
        site.deliver("2026-03-02T01", "c", events(0, 30, 1));
        Manifest third = plan("2026-03-02T04:00:00Z");

        List<Published> published = publishTogether(List.of(first, second, third));

        assertThat(site.rows("concat(id, ' ', day(at))"))
                .doesNotHaveDuplicates()
                .hasSize(30 + 30);
        assertThat(published.stream()
                        .mapToLong(marker -> marker.records().published())
                        .sum())
                .isEqualTo(60);
        assertThat(published).allSatisfy(marker -> {
            assertThat(marker.records().balanced()).isTrue();
            assertThat(marker.files().stream().mapToLong(file -> file.rows()).sum())
                    .isEqualTo(marker.records().published());
        });
        assertThat(published.stream().map(Published::snapshot)).doesNotHaveDuplicates();
        assertThat(site.command("status").out()).doesNotContain("running");
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    @Test
    void aBatchWhoseKeysAreAllPublishedMeanwhilePublishesNothingAndIsDone() throws Exception {
        site.deliver("2026-03-02T01", "a", events(0, 5, 1));
        Manifest first = plan("2026-03-02T04:00:00Z");
        site.deliver("2026-03-02T01", "b", events(0, 5, 1));
        Manifest second = plan("2026-03-02T04:00:00Z");

        List<Published> published = publishTogether(List.of(first, second));

        assertThat(site.rows("id")).containsExactly("e0", "e1", "e2", "e3", "e4");
        assertThat(published.stream().map(marker -> marker.records().duplicates()))
                .containsExactlyInAnyOrder(0L, 5L);
    }

    /** The attempt sleeps at the creation of a key; meanwhile its lease expires, and another one does the batch. */
    @ParameterizedTest(name = "asleep {0} {1} is created")
    @CsvSource({"after, attempts/1.json", "before, convert.json", "after, convert.json", "before, published.json"})
    void anAttemptThatWakesUpAfterItWasTakenOverPublishesNothingAgain(String when, String key) throws Exception {
        site.deliver("2026-03-02T01", "a", events(0, 20, 1) + "oops\n");
        Manifest manifest = plan("2026-03-02T04:00:00Z");
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        Consumer<String> sleep = created -> {
            if (created.endsWith("/" + key)) {
                asleep.countDown();
                await(awake);
            }
        };
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<Published> sleeper = pool.submit(() -> {
                try (Workplace workplace = site.workplace(lake -> when.equals("before")
                        ? new WatchedStore(lake, sleep, any -> {})
                        : new WatchedStore(lake, any -> {}, sleep))) {
                    return new BatchRunner(workplace).convert(manifest).published();
                }
            });
            await(asleep);
            Result taken = site.commandAt("2026-03-02T04:30:00Z", "run");
            assertThat(taken.err()).isEmpty();
            assertThat(taken.out()).contains("read 21 = written 20 + duplicates 0 + quarantined 1");
            awake.countDown();
            assertThat(sleeper.get(2, TimeUnit.MINUTES).attempt()).isEqualTo(2);
        } finally {
            awake.countDown();
            pool.shutdownNow();
        }
        assertThat(site.rows("id")).hasSize(20).doesNotHaveDuplicates();
        assertThat(site.commits()).isEqualTo(1);
        assertThat(site.tags()).isEmpty();
        assertThat(site.quarantine("20260302T0400Z")).hasSize(1);
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
