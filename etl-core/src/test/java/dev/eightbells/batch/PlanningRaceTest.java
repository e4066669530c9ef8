package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.store.LocalObjectStore;
import dev.eightbells.store.Location;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanningRaceTest {
    private static final int ROUNDS = 20;
    private static final int PLANNERS = 4;
    private static final Instant FIRST = Instant.parse("2026-11-22T08:00:00Z");

    @Test
    void plansDifferentWindowsAtOnceWithoutTakingAnObjectTwice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PLANNERS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                ObjectStore source = new MemoryObjectStore();
                ObjectStore lake = new MemoryObjectStore();
                fill(source);
                CyclicBarrier start = new CyclicBarrier(PLANNERS);
                List<Callable<Void>> planners = new ArrayList<>();
                for (int planner = 0; planner < PLANNERS; planner++) {
                    Instant at = FIRST.plus(Duration.ofHours(4L * planner));
                    planners.add(() -> {
                        start.await();
                        PlanningProcess.planAll(source, lake, at);
                        return null;
                    });
                }
                for (Future<Void> planned : threads.invokeAll(planners)) {
                    planned.get();
                }

                assertEachObjectIsPlannedOnce(source, lake);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void plansDifferentWindowsInTwoProcessesWithoutTakingAnObjectTwice(@TempDir Path folder) throws Exception {
        List<Process> running = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            fill(source(folder, round));
        }
        for (String at : List.of("2026-11-22T16:00:00Z", "2026-11-22T20:00:00Z")) {
            running.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path", "")
                                    + File.pathSeparator
                                    + System.getProperty("surefire.test.class.path", ""),
                            PlanningProcess.class.getName(),
                            folder.toString(),
                            Integer.toString(ROUNDS),
                            at)
                    .inheritIO()
                    .start());
        }
        for (Process process : running) {
            assertThat(process.waitFor()).isZero();
        }

        for (int round = 0; round < ROUNDS; round++) {
            assertEachObjectIsPlannedOnce(source(folder, round), lake(folder, round));
        }
    }

    static ObjectStore source(Path folder, int round) {
        return new LocalObjectStore(Location.of(folder.resolve("raw-" + round).toString()));
    }

    static ObjectStore lake(Path folder, int round) {
        return new LocalObjectStore(Location.of(folder.resolve("lake-" + round).toString()));
    }

    private static void fill(ObjectStore source) {
        for (int hour = 0; hour < 12; hour++) {
            for (int object = 0; object < 3; object++) {
                String key = TestPipeline.FIREHOSE.layout().folder(FIRST.plus(Duration.ofHours(hour - 2L))) + object;
                assertThat(source.create(key, "{}".getBytes(StandardCharsets.UTF_8)))
                        .isPresent();
            }
        }
    }

    private static void assertEachObjectIsPlannedOnce(ObjectStore source, ObjectStore lake) {
        Ledger ledger = Ledger.open(lake, TestPipeline.FIREHOSE.pipeline());
        List<String> planned = new ArrayList<>();
        List<BatchId> names = new ArrayList<>();
        for (int number = 1; number <= ledger.newestNumber(); number++) {
            Manifest manifest = ledger.existingManifest(number);
            manifest.objects().forEach(object -> planned.add(object.key()));
            names.add(manifest.batch());
        }
        try (Stream<StoredObject> objects = source.list("", "")) {
            assertThat(planned)
                    .containsExactlyInAnyOrderElementsOf(
                            objects.map(StoredObject::key).toList());
        }
        assertThat(names).doesNotHaveDuplicates();
    }
}
