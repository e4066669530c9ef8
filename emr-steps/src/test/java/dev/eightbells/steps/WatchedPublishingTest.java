package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever looks while batches are published, tables are cared for, and the writer is killed, sees each batch whole or not at
 * all.
 */
@ExtendWith(LocalServices.class)
class WatchedPublishingTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final int KILLED = 137;

    @TempDir
    private Path folder;

    private Site site;
    private final List<Process> writers = new ArrayList<>();

    @BeforeEach
    void openTheHouse(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(WindowLoop.definition());
    }

    @AfterEach
    void leaveNoProcessBehind() {
        writers.forEach(Process::destroyForcibly);
    }

    @Test
    void eachBatchAndItsSessionsAreSeenWholeOrNotAtAllThoughTheWriterIsKilled() throws Exception {
        watch(6, 2, 1);
    }

    @Test
    @Tag("soak")
    void eachBatchAndItsSessionsAreSeenWholeOrNotAtAllForLong() throws Exception {
        watch(80, 25, 2);
    }

    private void watch(int windows, int kills, int seed) throws Exception {
        Lookout lookout = new Lookout(site, windows);
        AtomicBoolean isOver = new AtomicBoolean();
        List<Throwable> seen = new ArrayList<>();
        Thread watcher = new Thread(() -> watch(lookout, isOver, seen), "lookout");
        watcher.start();
        try {
            write(windows, kills, new Random(seed));
        } finally {
            isOver.set(true);
            watcher.join();
        }
        assertThat(seen).isEmpty();
        lookout.look();
        assertThat(lookout.published()).containsExactlyElementsOf(all(windows));
        assertThat(lookout.sessionized()).containsExactlyElementsOf(all(windows));
        assertThat(lookout.compactions()).as("commits of care").isPositive();
        assertThat(lookout.states())
                .as("states seen in %s looks", lookout.looks())
                .isGreaterThan(windows);
    }

    private static List<Integer> all(int windows) {
        return IntStream.range(0, windows).boxed().toList();
    }

    private static void watch(Lookout lookout, AtomicBoolean isOver, List<Throwable> seen) {
        while (!isOver.get() && seen.isEmpty()) {
            Instant next = Instant.now().plus(BETWEEN_LOOKS);
            try {
                lookout.look();
                Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
            } catch (InterruptedException | RuntimeException | AssertionError e) {
                seen.add(e);
            }
        }
    }

    /** A writer after the other, each but the last killed at some moment; the next is warm by then. */
    private void write(int windows, int kills, Random random) throws Exception {
        start(windows);
        for (int kill = 0; kill < kills; kill++) {
            go(kill);
            start(windows);
            Process writer = writers.get(kill);
            Thread.sleep(500 + random.nextInt(4000));
            boolean isDone = !writer.isAlive();
            writer.destroyForcibly().waitFor();
            assertThat(writer.exitValue()).as(said(kill)).isEqualTo(isDone ? 0 : KILLED);
        }
        go(kills);
        assertThat(writers.get(kills).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(writers.get(kills).exitValue()).as(said(kills)).isZero();
        for (int writer = 0; writer <= kills; writer++) {
            assertThat(said(writer)).doesNotContain("eightbells: ");
        }
    }

    private void start(int windows) throws IOException {
        writers.add(WindowLoop.start(site, "writer" + writers.size(), windows));
    }

    private void go(int number) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!Files.exists(site.word("writer" + number + ".ready"))) {
            assertThat(Instant.now()).as("not ready; it said: %s", said(number)).isBefore(end);
            Thread.sleep(5);
        }
        Files.createFile(site.word("writer" + number + ".go"));
    }

    private String said(int number) throws IOException {
        Path output = site.word("writer" + number + ".output");
        return Files.exists(output) ? Files.readString(output) : "nothing";
    }
}
