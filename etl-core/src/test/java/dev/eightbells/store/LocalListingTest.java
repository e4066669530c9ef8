package dev.eightbells.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LocalListingTest {

    @Property(tries = 300)
    void listsFilesAsMemoryListsKeys(
            @ForAll("sets") Set<String> keys, @ForAll("starts") String prefix, @ForAll("starts") String startAfter)
            throws IOException {
        Path folder = Files.createTempDirectory("listing-");
        try (MemoryObjectStore memory = new MemoryObjectStore();
                LocalObjectStore local = new LocalObjectStore(Location.of(folder.toString()))) {
            for (String key : keys) {
                if (write(folder.resolve(key))) {
                    memory.create(key, new byte[0]);
                }
            }

            assertThat(listed(local, prefix, startAfter)).isEqualTo(listed(memory, prefix, startAfter));
        } finally {
            delete(folder);
        }
    }

    @Provide
    Arbitrary<Set<String>> sets() {
        return keys().set().ofMaxSize(12);
    }

    /** Beginnings of keys, and keys. */
    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.oneOf(
                Arbitraries.just(""), keys(), keys().map(key -> key + "/"), keys().map(key -> key.substring(0, 1)));
    }

    private static Arbitrary<String> keys() {
        Arbitrary<String> names = Arbitraries.strings()
                .withChars('a', 'b', '-', '0', 'é')
                .ofMinLength(1)
                .ofMaxLength(2);
        return names.list().ofMinSize(1).ofMaxSize(4).map(list -> String.join("/", list));
    }

    private static List<String> listed(ObjectStore store, String prefix, String startAfter) {
        return store.list(prefix, startAfter).map(StoredObject::key).toList();
    }

    /** False where a file of this name cannot be beside the others. */
    private static boolean write(Path file) throws IOException {
        for (Path above = file.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return false;
            }
        }
        if (Files.exists(file)) {
            return false;
        }
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        return true;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
