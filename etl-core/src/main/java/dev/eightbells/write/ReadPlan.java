package dev.eightbells.write;

import dev.eightbells.read.Split;
import dev.eightbells.store.StoredObject;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which task reads what. A large object that may be split is read by several tasks of its own; the others are read
 * whole, many small ones by one task.
 */
record ReadPlan(List<Task> tasks) {
    private static final long LARGEST_TASK = 64L << 20;
    private static final long SMALLEST_TASK = 4L << 20;

    /** Opening an object costs about as much as reading this many bytes. */
    private static final long OPENING = 256L << 10;

    /**
     * One task's work.
     *
     * @param number tells the task's files from those of others
     * @param slices in the order of the manifest; a slice of a split object stands alone
     */
    record Task(int number, List<Slice> slices) implements Serializable {}

    /**
     * One object, or a part of it.
     *
     * @param ordinal the object's place in the manifest
     * @param part the place of this slice among those of the object
     */
    record Slice(int ordinal, int part, StoredObject object, Split split) implements Serializable {}

    /**
     * Plans the tasks.
     *
     * @param ordinals the objects to read, by their places in the manifest
     * @param splittable those of them that may be split
     * @param size about how many bytes one task reads
     */
    static ReadPlan of(List<StoredObject> objects, Set<Integer> ordinals, Set<Integer> splittable, long size) {
        List<Task> tasks = new ArrayList<>();
        List<Slice> whole = new ArrayList<>();
        long weight = 0;
        for (int ordinal : ordinals.stream().sorted().toList()) {
            StoredObject object = objects.get(ordinal);
            if (splittable.contains(ordinal) && worthSplitting(object, size)) {
                split(ordinal, object, size).forEach(slice -> tasks.add(new Task(tasks.size(), List.of(slice))));
                continue;
            }
            if (weight > 0 && weight + object.bytes() > size) {
                tasks.add(new Task(tasks.size(), List.copyOf(whole)));
                whole.clear();
                weight = 0;
            }
            whole.add(new Slice(ordinal, 0, object, Split.whole()));
            weight += object.bytes() + OPENING;
        }
        if (!whole.isEmpty()) {
            tasks.add(new Task(tasks.size(), List.copyOf(whole)));
        }
        return new ReadPlan(List.copyOf(tasks));
    }

    /** About how many bytes one task reads, when {@code parallelism} tasks can run at the same time. */
    static long taskBytes(List<StoredObject> objects, int parallelism) {
        long total = objects.stream().mapToLong(StoredObject::bytes).sum();
        return Math.max(SMALLEST_TASK, Math.min(LARGEST_TASK, total / Math.max(1, parallelism)));
    }

    static boolean worthSplitting(StoredObject object, long taskBytes) {
        return object.bytes() >= 2 * taskBytes;
    }

    private static List<Slice> split(int ordinal, StoredObject object, long size) {
        int parts = Math.toIntExact(object.bytes() / size);
        List<Slice> slices = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            long start = object.bytes() * part / parts;
            long end = object.bytes() * (part + 1) / parts;
            slices.add(new Slice(ordinal, part, object, new Split(start, end)));
        }
        return slices;
    }
}
