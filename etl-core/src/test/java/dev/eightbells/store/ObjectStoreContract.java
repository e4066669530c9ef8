package dev.eightbells.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every object store does, whichever it is. */
abstract class ObjectStoreContract {
    private static final int RACERS = 8;
    private static final List<String> ODD_KEYS = List.of(
            "dt=2026-11-22/12:30:00 part.json",
            "Größe/日本/звезда-😀.json",
            "a+b&c?d#e%20f.json",
            "quote's (1).json",
            "year=0001/x",
            "year=9999/x");

    /** The store under test, empty at the start of each test and prepared. */
    abstract ObjectStore store();

    @Test
    void readsBackWhatWasCreated() {
        Optional<String> etag = store().create("a/b.json", bytes("{}"));

        ObjectStore.Content content = store().read("a/b.json").orElseThrow();

        assertThat(content.bytes()).isEqualTo(bytes("{}"));
        assertThat(etag).contains(content.etag());
        assertThat(store().find("a/b.json"))
                .hasValueSatisfying(found -> {
                    assertThat(found.key()).isEqualTo("a/b.json");
                    assertThat(found.etag()).isEqualTo(content.etag()).doesNotContain("\"");
                    assertThat(found.bytes()).isEqualTo(2);
                    assertThat(found.modified()).isNotNull();
                })
                .hasValueSatisfying(found -> assertThat(store().list("", "")).containsExactly(found));
    }

    @Test
    void findsNothingWhereNothingIs() {
        store().create("folder/name", bytes("x"));

        assertThat(store().find("none")).isEmpty();
        assertThat(store().read("none")).isEmpty();
        assertThat(store().find("folder")).isEmpty();
        assertThat(store().read("folder")).isEmpty();
        assertThat(store().find("folder/name/below")).isEmpty();
        assertThat(store().list("none/", "")).isEmpty();
    }

    @Test
    void createsOnlyWhereThereIsNone() {
        store().create("once", bytes("first"));

        assertThat(store().create("once", bytes("second"))).isEmpty();
        assertThat(text("once")).isEqualTo("first");
    }

    @Test
    void createsEmptyObjects() throws IOException {
        String etag = store().create("empty", new byte[0]).orElseThrow();

        assertThat(store().read("empty").orElseThrow().bytes()).isEmpty();
        assertThat(store().list("", "")).extracting(StoredObject::bytes).containsExactly(0L);
        assertThat(readFrom("empty", etag, 0)).isEmpty();
    }

    @Test
    void replacesOnlyWhatIsUnchanged() {
        String first = store().create("state", bytes("one")).orElseThrow();

        String second = store().replace("state", first, bytes("two")).orElseThrow();

        assertThat(second).isNotEqualTo(first);
        assertThat(store().replace("state", first, bytes("three"))).isEmpty();
        assertThat(text("state")).isEqualTo("two");
        assertThat(store().read("state").orElseThrow().etag()).isEqualTo(second);
    }

    @Test
    void replacesNothingWhereNothingIs() {
        String etag = store().create("state", bytes("one")).orElseThrow();
        store().delete("state");

        assertThat(store().replace("state", etag, bytes("two"))).isEmpty();
        assertThat(store().replace("never/there", etag, bytes("two"))).isEmpty();
        assertThat(store().list("", "")).isEmpty();
    }

    @Test
    void deletesTwice() {
        store().create("a/b", bytes("x"));

        store().delete("a/b");
        store().delete("a/b");
        store().delete("never/there");

        assertThat(store().find("a/b")).isEmpty();
        assertThat(store().create("a/b", bytes("y"))).isPresent();
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() {
        List<String> keys = List.of(
                "2026/11/22/08/z",
                "Z",
                "a b",
                "a-b",
                "a.b/c",
                "a/b",
                "a/b-c",
                "a/b.c/d",
                "a/c",
                "a0",
                "ab",
                "é/x",
                "😀");
        keys.stream().sorted().forEach(this::put);

        assertThat(keys("", "")).containsExactlyElementsOf(keys);
        assertThat(keys("a", "")).containsExactlyElementsOf(keys.subList(2, 11));
    }

    @Test
    void listsByAPrefixThatNeedNotBeAFolder() {
        List.of("2026/11/21/x", "2026/11/22/x", "2026/11/23/x", "2026/12/01/x").forEach(this::put);

        assertThat(keys("2026/11/2", "")).containsExactly("2026/11/21/x", "2026/11/22/x", "2026/11/23/x");
        assertThat(keys("2026/11/22", "")).containsExactly("2026/11/22/x");
        assertThat(keys("2026/11/22/x", "")).containsExactly("2026/11/22/x");
        assertThat(keys("2026/11/22/xy", "")).isEmpty();
        assertThat(keys("2026/1", "")).hasSize(4);
    }

    @Test
    void listsWhatComesAfter() {
        List.of("2026/11/21/x", "2026/11/22/x", "2026/11/22/y", "2026/12/01/x").forEach(this::put);

        assertThat(keys("", "2026/11/22/x")).containsExactly("2026/11/22/y", "2026/12/01/x");
        assertThat(keys("", "2026/11/22/wanting")).containsExactly("2026/11/22/x", "2026/11/22/y", "2026/12/01/x");
        assertThat(keys("", "2026/11/22/")).hasSize(3);
        assertThat(keys("", "2026/11/22")).hasSize(3);
        assertThat(keys("2026/11/", "2026/11/21/zzz")).containsExactly("2026/11/22/x", "2026/11/22/y");
        assertThat(keys("2026/11/", "2026/10/")).hasSize(3);
        assertThat(keys("2026/11/", "2026/12/")).isEmpty();
        assertThat(keys("", "zzz")).isEmpty();
    }

    @Test
    void listsMoreThanAPageLazily() throws Exception {
        List<String> keys = IntStream.range(0, 1_005)
                .mapToObj(i -> "page/%04d.json".formatted(i))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<Future<Optional<String>>> created = new ArrayList<>();
            keys.forEach(key -> created.add(threads.submit(() -> store().create(key, bytes(key)))));
            for (Future<Optional<String>> each : created) {
                assertThat(each.get()).isPresent();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(keys("", "")).isEqualTo(keys);
        assertThat(keys("page/", "page/0003.json")).isEqualTo(keys.subList(4, 1_005));
        Iterator<StoredObject> listing = store().list("page/", "").iterator();
        assertThat(listing.next().key()).isEqualTo("page/0000.json");
    }

    @Test
    void keepsOddKeys() throws IOException {
        for (String key : ODD_KEYS) {
            String first = store().create(key, bytes("first")).orElseThrow();
            String etag = store().replace(key, first, bytes(key)).orElseThrow();
            assertThat(readFrom(key, etag, 0)).isEqualTo(bytes(key));
            assertThat(store().find(key)).isPresent();
            assertThat(keys(key, "")).containsExactly(key);
        }

        assertThat(keys("", "")).containsExactlyInAnyOrderElementsOf(ODD_KEYS);
        ODD_KEYS.forEach(store()::delete);
        assertThat(store().list("", "")).isEmpty();
    }

    @Test
    void refusesKeysThatNameNoObject() {
        for (String key : List.of("", "/a", "a/", "a//b", "a/../b", ".", "a/./b")) {
            assertThatThrownBy(() -> store().create(key, bytes("x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Invalid key: " + key + " (needs names between single slashes, none of them . or ..)");
        }
    }

    @Test
    void opensFromAnOffset() throws IOException {
        String etag = store().create("digits", bytes("0123456789")).orElseThrow();

        assertThat(readFrom("digits", etag, 0)).isEqualTo(bytes("0123456789"));
        assertThat(readFrom("digits", etag, 7)).isEqualTo(bytes("789"));
        assertThat(readFrom("digits", etag, 10)).isEmpty();
        assertThat(readFrom("digits", etag, 11)).isEmpty();
    }

    @Test
    void opensOnlyWhatWasPlanned() {
        String planned = store().create("raw/x", bytes("before")).orElseThrow();
        store().replace("raw/x", planned, bytes("after!"));

        assertThatThrownBy(() -> readFrom("raw/x", planned, 0))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.DATA))
                .hasMessage("Cannot read " + store().location() + "raw/x: it has changed since it was planned."
                        + " Abandon the batch that holds it with --return, and run again.");

        store().delete("raw/x");

        assertThatThrownBy(() -> readFrom("raw/x", planned, 0))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.DATA))
                .hasMessage("Cannot read " + store().location() + "raw/x: it is gone since it was planned."
                        + " Restore it, or abandon the batch that holds it with --return.");
    }

    @Test
    void letsOneOfEightCreate() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "race/" + round;
            List<Optional<String>> results = race(racer -> store().create(key, bytes("written by " + racer)));

            List<Integer> winners = winners(results);
            assertThat(winners).hasSize(1);
            assertThat(text(key)).isEqualTo("written by " + winners.get(0));
        }
    }

    @Test
    void letsOneOfEightReplace() throws Exception {
        String etag = store().create("race", bytes("start")).orElseThrow();
        for (int round = 0; round < 10; round++) {
            String current = etag;
            String written = "round " + round + " by ";
            List<Optional<String>> results = race(racer -> store().replace("race", current, bytes(written + racer)));

            List<Integer> winners = winners(results);
            assertThat(winners).hasSize(1);
            assertThat(text("race")).isEqualTo(written + winners.get(0));
            etag = results.get(winners.get(0)).orElseThrow();
        }
    }

    @Test
    void neverShowsHalfAnObject() throws Exception {
        byte[][] contents = {filled('a', 300_000), filled('b', 200_000)};
        String etag = store().create("whole", contents[0]).orElseThrow();
        AtomicBoolean writing = new AtomicBoolean(true);
        CountDownLatch reading = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> reads = threads.submit(() -> {
                int count = 0;
                while (writing.get()) {
                    assertThat(store().read("whole").orElseThrow().bytes()).isIn(contents[0], contents[1]);
                    assertThat(store().list("", "")).hasSize(1);
                    count++;
                    reading.countDown();
                }
                return count;
            });
            assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
            for (int i = 1; i <= 50; i++) {
                etag = store().replace("whole", etag, contents[i % 2]).orElseThrow();
            }
            writing.set(false);
            assertThat(reads.get()).isPositive();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void givesBytesAwayForGood() {
        byte[] content = bytes("mine");
        store().create("copy", content);
        content[0] = 'X';
        store().read("copy").orElseThrow().bytes()[1] = 'X';

        assertThat(text("copy")).isEqualTo("mine");
    }

    @Test
    void preparesTwice() {
        store().prepare();
        store().prepare();

        assertThat(store().list("", "")).isEmpty();
    }

    final List<String> keys(String prefix, String startAfter) {
        try (Stream<StoredObject> listing = store().list(prefix, startAfter)) {
            return listing.map(StoredObject::key).toList();
        }
    }

    final String text(String key) {
        return new String(store().read(key).orElseThrow().bytes(), UTF_8);
    }

    final byte[] readFrom(String key, String etag, long offset) throws IOException {
        try (InputStream stream = store().open(key, etag, offset)) {
            return stream.readAllBytes();
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void put(String key) {
        store().create(key, bytes(key));
    }

    private static byte[] filled(char with, int length) {
        return String.valueOf(with).repeat(length).getBytes(UTF_8);
    }

    private static List<Integer> winners(List<Optional<String>> results) {
        return IntStream.range(0, results.size())
                .filter(racer -> results.get(racer).isPresent())
                .boxed()
                .toList();
    }

    private static List<Optional<String>> race(Racer racer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        CyclicBarrier start = new CyclicBarrier(RACERS);
        try {
            List<Callable<Optional<String>>> racers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                int number = i;
                racers.add(() -> {
                    start.await();
                    return againWhenAConnectionBreaks(() -> racer.run(number));
                });
            }
            List<Optional<String>> results = new ArrayList<>();
            for (Future<Optional<String>> result : threads.invokeAll(racers)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** A server that refuses early can hang up on those who still send; as anybody would, they send again. */
    private static Optional<String> againWhenAConnectionBreaks(Callable<Optional<String>> write) throws Exception {
        try {
            return write.call();
        } catch (Failure failure) {
            if (failure.kind() != Failure.Kind.TRANSIENT) {
                throw failure;
            }
            return write.call();
        }
    }

    private interface Racer {
        Optional<String> run(int number);
    }
}
