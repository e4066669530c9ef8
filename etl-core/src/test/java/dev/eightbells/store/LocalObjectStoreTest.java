package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
    @TempDir
    private Path temporary;

    private LocalObjectStore store;

    @BeforeEach
    void openStore() {
        this.store = new LocalObjectStore(Location.of(temporary.resolve("lake").toString()));
        store.prepare();
    }

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void countsEveryIncrementOfFourProcesses() throws Exception {
        int processes = 4;
        int increments = 100;
        store.create("state/counter", bytes("0"));

        List<Process> running = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            running.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path", "")
                                    + File.pathSeparator
                                    + System.getProperty("surefire.test.class.path", ""),
                            CountingProcess.class.getName(),
                            store.location().toString(),
                            Integer.toString(increments))
                    .inheritIO()
                    .start());
        }
        for (Process process : running) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(text("state/counter")).isEqualTo(Integer.toString(processes * increments));
    }

    @Test
    void countsEveryIncrementOfTwoStoresInOneProcess() throws Exception {
        store.create("state/counter", bytes("0"));

        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(
                    () -> CountingProcess.count(new LocalObjectStore(store.location()), "state/counter", 50)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(text("state/counter")).isEqualTo("200");
    }

    @Test
    void ordersKeysBeyondTheBasicPlane() {
        // In the contract this would be about S3Proxy, whose order differs here.
        List<String> keys = List.of("\uf8ff/x", "😀", "😀-b");
        keys.forEach(key -> store.create(key, bytes(key)));

        assertThat(keys("", "")).containsExactlyElementsOf(keys);
    }

    @Test
    void hidesWhatACrashLeftBehind() throws IOException {
        Path folder = store.location().path().resolve("batches");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(".eightbells-0b7c2f1e"), "half a man");
        Files.writeString(folder.resolve(FolderLock.FILE_NAME), "");
        Files.writeString(folder.resolve(".hidden"), "not ours, and so shown");

        assertThat(keys("", "")).containsExactly("batches/.hidden");
    }

    @Test
    void leavesNothingAside() throws IOException {
        String etag = store.create("a/x", bytes("1")).orElseThrow();
        store.create("a/x", bytes("2"));
        store.replace("a/x", etag, bytes("3"));

        try (Stream<Path> files = Files.list(store.location().path().resolve("a"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("x", FolderLock.FILE_NAME);
        }
    }

    @Test
    void neverRepeatsATag() {
        List<String> tags = new ArrayList<>();
        tags.add(store.create("state", bytes("0")).orElseThrow());
        for (int i = 0; i < 200; i++) {
            tags.add(store.replace("state", tags.get(i), bytes(Integer.toString(i % 2)))
                    .orElseThrow());
        }

        assertThat(tags).doesNotHaveDuplicates();
    }

    @Test
    void saysThatThereIsNoFolder() {
        Path missing = temporary.resolve("missing");

        assertThatThrownBy(() -> new LocalObjectStore(Location.of(missing.toString())).list("", ""))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT))
                .hasMessage("Cannot list " + missing
                        + ": there is no such file or folder. Create it, or name another location.");
    }

    @Test
    void saysThatAFileIsNoFolder() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatThrownBy(() -> new LocalObjectStore(Location.of(file.toString())).list("", ""))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot list " + file + ": it is not a folder. Name the folder that holds it.");
    }

    @Test
    void saysThatAFileHoldsNoOthers() {
        store.create("a", bytes("x"));
        store.create("b/c", bytes("x"));

        assertThatThrownBy(() -> store.create("a/b", bytes("x")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot write %1$s/a/b: %1$s/a is a file, and a file cannot hold others. Use another name."
                        .formatted(store.location().path()));
        assertThatThrownBy(() -> store.create("b", bytes("x")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot write %s/b: it is a folder, and cannot be a file too. Use another name."
                        .formatted(store.location().path()));
    }

    @Test
    void followsLinks() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("x"), "linked");
        Files.createSymbolicLink(store.location().path().resolve("raw"), elsewhere);
        Files.createSymbolicLink(store.location().path().resolve("y"), elsewhere.resolve("x"));

        assertThat(keys("", "")).containsExactly("raw/x", "y");
        assertThat(text("raw/x")).isEqualTo("linked");
    }

    @Test
    void saysThatALinkLeadsNowhereOrBack() throws IOException {
        Path root = store.location().path();
        Path nowhere = Files.createSymbolicLink(root.resolve("nowhere"), root.resolve("missing"));
        assertThatThrownBy(() -> keys("", ""))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot list " + nowhere + ": it is a link to nothing. Mend or remove it.");
        Files.delete(nowhere);

        Files.createDirectories(root.resolve("a"));
        Path back = Files.createSymbolicLink(root.resolve("a/back"), root);
        assertThatThrownBy(() -> keys("", ""))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot list " + back + ": it is a link back to " + root + ", above it. Remove the link.");
    }

    @Test
    void noticesAFileThatIsWrittenOverWhileItIsRead() throws IOException {
        String etag = store.create("raw", new byte[100_000]).orElseThrow();
        Path file = store.location().path().resolve("raw");

        try (InputStream stream = store.open("raw", etag, 0)) {
            stream.readNBytes(10);
            Files.write(file, new byte[10], StandardOpenOption.TRUNCATE_EXISTING);

            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOf(Failure.class)
                    .hasMessage("Cannot read " + file + ": it has changed since it was planned."
                            + " Abandon the batch that holds it with --return, and run again.");
        }
    }

    @Test
    void readsOnWhenTheFileIsReplacedOrDeleted() throws IOException {
        String etag = store.create("raw", new byte[100_000]).orElseThrow();

        try (InputStream stream = store.open("raw", etag, 0)) {
            String next = store.replace("raw", etag, bytes("new")).orElseThrow();
            assertThat(stream.readNBytes(50_000)).hasSize(50_000);
            assertThat(store.replace("raw", next, bytes("newer"))).isPresent();
            store.delete("raw");
            assertThat(stream.readAllBytes()).hasSize(50_000).containsOnly(0);
        }
    }

    @Test
    void skipsWithoutReading() throws IOException {
        String etag = store.create("raw", bytes("0123456789")).orElseThrow();

        try (InputStream stream = store.open("raw", etag, 2)) {
            assertThat(stream.skip(3)).isEqualTo(3);
            assertThat(stream.read()).isEqualTo('5');
            assertThat(stream.available()).isEqualTo(4);
            assertThat(stream.skip(100)).isEqualTo(4);
            assertThat(stream.read()).isEqualTo(-1);
        }
    }
}
