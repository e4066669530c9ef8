package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.job.Job;
import dev.eightbells.job.JobRequest;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobState;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A firing that dies before or after each thing it does to the world, and what the next one makes of what is left. */
class CrashPointsTest {
    /** What a firing finds when it begins. */
    private enum Scene {
        NEW_OBJECTS {
            @Override
            void set(Harbour harbour) {
                harbour.deliver("2026/11/22/05", "a");
            }
        },
        A_BATCH_THAT_FAILED {
            @Override
            void set(Harbour harbour) {
                harbour.deliver("2026/11/22/05", "a");
                harbour.fire();
                harbour.fail(harbour.jobs.last(), Failure.Kind.TRANSIENT, "Cannot finish: a disk is full.");
            }
        },
        A_JOB_THAT_DIED_AND_NEW_OBJECTS {
            @Override
            void set(Harbour harbour) {
                harbour.deliver("2026/11/22/05", "a");
                harbour.fire();
                harbour.begin(harbour.manifest("20261122T0800Z"), 1);
                harbour.jobs.fail(harbour.jobs.last(), "cluster j-1 is TERMINATED_WITH_ERRORS");
                harbour.deliver("2026/11/22/06", "b");
            }
        },
        A_REFUSED_SUBMISSION {
            @Override
            void set(Harbour harbour) {
                harbour.deliver("2026/11/22/05", "a");
                harbour.jobs.faults.add(TestJobs.Fault.REFUSED);
                harbour.fire();
            }
        };

        abstract void set(Harbour harbour);
    }

    @ParameterizedTest
    @EnumSource(Scene.class)
    void theNextFiringGoesOnWhereOneDied(Scene scene) {
        List<String> points = points(scene);

        for (int point = 0; point < points.size(); point++) {
            String where = scene + ", " + points.get(point);
            Harbour harbour = new Harbour();
            scene.set(harbour);
            int before = harbour.jobs.sent.size();
            Hazard hazard = new Hazard(point);
            assertThatThrownBy(() -> fire(harbour, hazard)).as(where).isInstanceOf(Death.class);

            harbour.clock.pass(Duration.ofMinutes(3));
            Watched next = harbour.fire();

            assertThat(next.failures()).as(where).isEmpty();
            assertThat(harbour.jobs.sent.subList(before, harbour.jobs.sent.size()))
                    .as(where)
                    .extracting(job -> job.request().name())
                    .doesNotHaveDuplicates();
            harbour.jobs.sent.subList(before, harbour.jobs.sent.size()).forEach(harbour::finish);
            assertThat(harbour.fire().batches()).as(where).isEmpty();
            assertThat(harbour.planned().values()).as(where).containsOnly(1L);
            assertThat(harbour.planned()).as(where).hasSameSizeAs(harbour.delivered());
        }
    }

    @Test
    void thePointsAreThoseOfTheTable() {
        assertThat(points(Scene.NEW_OBJECTS))
                .containsExactly(
                        "before create eightbells.json",
                        "after create eightbells.json",
                        "before create definitions/SHA.yaml",
                        "after create definitions/SHA.yaml",
                        "before create manifests/00000001.json.gz",
                        "after create manifests/00000001.json.gz",
                        "before create definitions/SHA.yaml",
                        "after create definitions/SHA.yaml",
                        "before create batches/20261122T0800Z/submissions/1.json",
                        "after create batches/20261122T0800Z/submissions/1.json",
                        "before send eightbells clicks 20261122T0800Z #1",
                        "after send eightbells clicks 20261122T0800Z #1",
                        "before replace batches/20261122T0800Z/submissions/1.json",
                        "after replace batches/20261122T0800Z/submissions/1.json",
                        "before create stragglers/2026-11-22.json",
                        "after create stragglers/2026-11-22.json");
        assertThat(points(Scene.A_JOB_THAT_DIED_AND_NEW_OBJECTS))
                .startsWith(
                        "before replace batches/20261122T0800Z/attempts/1.json",
                        "after replace batches/20261122T0800Z/attempts/1.json",
                        "before replace batches/20261122T0800Z/submissions/1.json",
                        "after replace batches/20261122T0800Z/submissions/1.json",
                        "before create definitions/SHA.yaml",
                        "after create definitions/SHA.yaml",
                        "before create batches/20261122T0800Z/submissions/2.json");
    }

    /** Everything that a firing does to the world in a scene. */
    private static List<String> points(Scene scene) {
        Harbour harbour = new Harbour();
        scene.set(harbour);
        Hazard none = new Hazard(Integer.MAX_VALUE);
        fire(harbour, none);
        return none.passed.stream()
                .map(point -> point.replaceAll("[0-9a-f]{64}", "SHA"))
                .toList();
    }

    private static void fire(Harbour harbour, Hazard hazard) {
        harbour.fire(
                new MortalStore(harbour.lake, hazard),
                new MortalService(harbour.jobs, hazard),
                harbour.clock.instant(),
                Firing.By.SCHEDULE);
    }

    /** A process that is killed throws nothing that anybody catches. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Lets a process die at the n-th point. */
    private static final class Hazard {
        private final int deadly;
        private final List<String> passed = new ArrayList<>();

        Hazard(int deadly) {
            this.deadly = deadly;
        }

        <T> T around(String what, Supplier<T> effect) {
            pass("before " + what);
            T result = effect.get();
            pass("after " + what);
            return result;
        }

        private void pass(String point) {
            passed.add(point);
            if (passed.size() > deadly) {
                throw new Death();
            }
        }
    }

    private record MortalStore(ObjectStore store, Hazard hazard) implements ObjectStore {
        @Override
        public Location location() {
            return store.location();
        }

        @Override
        public void prepare() {
            store.prepare();
        }

        @Override
        public Stream<StoredObject> list(String prefix, String startAfter) {
            return store.list(prefix, startAfter);
        }

        @Override
        public Optional<StoredObject> find(String key) {
            return store.find(key);
        }

        @Override
        public Optional<Content> read(String key) {
            return store.read(key);
        }

        @Override
        public InputStream open(String key, String etag, long offset) throws IOException {
            return store.open(key, etag, offset);
        }

        @Override
        public Optional<String> create(String key, byte[] content) {
            return hazard.around("create " + key, () -> store.create(key, content));
        }

        @Override
        public Optional<String> replace(String key, String etag, byte[] content) {
            return hazard.around("replace " + key, () -> store.replace(key, etag, content));
        }

        @Override
        public void delete(String key) {
            store.delete(key);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private record MortalService(JobService service, Hazard hazard) implements JobService {
        @Override
        public String place() {
            return service.place();
        }

        @Override
        public Job send(JobRequest request) {
            return hazard.around("send " + request.name(), () -> service.send(request));
        }

        @Override
        public Optional<Job> find(JobRequest request) {
            return service.find(request);
        }

        @Override
        public Repeats repeats() {
            return service.repeats();
        }

        @Override
        public JobState state(Job job) {
            return service.state(job);
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
