package dev.eightbells.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A set of objects by the digests of their keys and tags, in 16 bytes each: two days of a large pipeline have millions. Two
 * objects that agree by chance would hide one of them; with so many bytes that does not happen. Safe for use by many threads.
 */
final class Digests {
    static final Digests NONE = new Digests(new long[2], 0);

    /** Pairs, each at the place that its first half tells or, where that is taken, at the next free one; free is 0, 0. */
    private final long[] table;

    private final int size;

    private Digests(long[] table, int size) {
        this.table = table;
        this.size = size;
    }

    /** The digest of an object, as two numbers. */
    static LongStream of(String key, String etag) {
        ByteBuffer digest = digest(key, etag);
        return LongStream.of(digest.getLong(), digest.getLong());
    }

    private static ByteBuffer digest(String key, String etag) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return ByteBuffer.wrap(digest.digest(etag.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot compute a SHA-256: this Java has none.", impossible);
        }
    }

    /**
     * These and more.
     *
     * @param more two numbers for each digest
     */
    Digests and(List<long[]> more) {
        int most = size + more.stream().mapToInt(digests -> digests.length / 2).sum();
        long[] grown = new long[2 * places(most)];
        int all = addAll(grown, table);
        for (long[] digests : more) {
            all += addAll(grown, digests);
        }
        return new Digests(grown, all);
    }

    boolean contains(String key, String etag) {
        ByteBuffer digest = digest(key, etag);
        long first = digest.getLong();
        long second = digest.getLong();
        int place = place(table, first, second);
        return table[place] == first && table[place + 1] == second;
    }

    /** A power of two that leaves a third or more of them free. */
    private static int places(int count) {
        return Integer.highestOneBit(Math.max(1, count + count / 2)) << 1;
    }

    /** Returns how many were new. */
    private static int addAll(long[] table, long[] digests) {
        int added = 0;
        for (int next = 0; next < digests.length; next += 2) {
            int place = place(table, digests[next], digests[next + 1]);
            // What is free in another table is found here at any free place, and adds nothing.
            if (table[place] != digests[next] || table[place + 1] != digests[next + 1]) {
                table[place] = digests[next];
                table[place + 1] = digests[next + 1];
                added++;
            }
        }
        return added;
    }

    /** Where a digest is, or would be. */
    private static int place(long[] table, long first, long second) {
        int mask = table.length - 2;
        int place = ((int) first << 1) & mask;
        while ((table[place] != first || table[place + 1] != second) && (table[place] != 0 || table[place + 1] != 0)) {
            place = (place + 2) & mask;
        }
        return place;
    }
}
