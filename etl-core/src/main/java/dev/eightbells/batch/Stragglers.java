package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.eightbells.store.StoredObject;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Objects that were delivered too late for any listing: they lie below its bounds, and no manifest has them.
 *
 * @param version of this form
 * @param at when they were looked for
 * @param looked the folders that were looked through
 * @param objects how many there are
 * @param bytes their size as stored
 * @param examples the keys of the first of them, at most ten
 */
@JsonPropertyOrder({"version", "at", "looked", "objects", "bytes", "examples"})
public record Stragglers(int version, Instant at, Bounds looked, long objects, long bytes, List<String> examples)
        implements Serializable {
    private static final int EXAMPLES = 10;

    public Stragglers {
        examples = List.copyOf(examples);
    }

    /**
     * Counts the objects of a listing that are not in manifests.
     *
     * @param taken the {@linkplain #digests digests} of what manifests took, sorted
     */
    static Stragglers of(Instant at, Bounds looked, Stream<StoredObject> listing, long[] taken) {
        List<String> examples = new ArrayList<>();
        long[] sum = new long[2];
        listing.filter(Offer::isData)
                .filter(object -> Arrays.binarySearch(taken, digest(object)) < 0)
                .forEach(object -> {
                    sum[0]++;
                    sum[1] += object.bytes();
                    if (examples.size() < EXAMPLES) {
                        examples.add(object.key());
                    }
                });
        return new Stragglers(LedgerJson.VERSION, at, looked, sum[0], sum[1], examples);
    }

    /**
     * What a manifest took, in 8 bytes for each object: a week of a large pipeline has millions. Two that agree by chance
     * hide a straggler once in many thousand years.
     */
    static LongStream digests(Outline manifest) {
        long[] taken = manifest.taken();
        return IntStream.range(0, taken.length / 2).mapToLong(object -> taken[2 * object]);
    }

    private static long digest(StoredObject object) {
        return Digests.of(object.key(), object.etag()).findFirst().orElseThrow();
    }
}
