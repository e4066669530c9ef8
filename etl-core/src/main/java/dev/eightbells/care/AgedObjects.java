package dev.eightbells.care;

import dev.eightbells.batch.BatchId;
import dev.eightbells.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Objects of batches that are older than they may become.
 *
 * @param what they are, for people
 * @param keys where they lie, in the lake
 * @param bytes how large they are
 * @param batches of how many batches they are
 */
record AgedObjects(String what, List<String> keys, long bytes, int batches) {
    AgedObjects {
        keys = List.copyOf(keys);
    }

    private static final class Folder {
        private final List<String> keys = new ArrayList<>();
        private long bytes;
        private Instant newest = Instant.MIN;

        void add(StoredObject object) {
            keys.add(object.key());
            bytes += object.bytes();
            newest = object.modified().isAfter(newest) ? object.modified() : newest;
        }
    }

    /**
     * Decides. A batch's objects stay together as long as the newest of them may, and as long as it is not done.
     *
     * @param folder that all keys begin with; the batch's name follows
     * @param before what is older is too old
     * @param open the batches that are not done
     */
    static AgedObjects of(String what, String folder, Stream<StoredObject> objects, Instant before, Set<String> open) {
        SortedMap<String, Folder> folders = new TreeMap<>();
        objects.forEach(object -> batch(folder, object.key())
                .ifPresent(batch ->
                        folders.computeIfAbsent(batch, named -> new Folder()).add(object)));
        folders.entrySet()
                .removeIf(entry -> open.contains(entry.getKey())
                        || !entry.getValue().newest.isBefore(before));
        return new AgedObjects(
                what,
                folders.values().stream().flatMap(aged -> aged.keys.stream()).toList(),
                folders.values().stream().mapToLong(aged -> aged.bytes).sum(),
                folders.size());
    }

    private static Optional<String> batch(String folder, String key) {
        int end = key.indexOf('/', folder.length());
        return end < 0
                ? Optional.empty()
                : BatchId.find(key.substring(folder.length(), end)).map(BatchId::toString);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }
}
