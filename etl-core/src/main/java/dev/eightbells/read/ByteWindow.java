package dev.eightbells.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The part of a stream that is in memory. Positions count from the beginning of the object, indices from the beginning
 * of the buffer; {@link #base()} is the position of index 0. Bytes before {@link #keep} may go whenever more are needed,
 * so memory is bounded by what is kept. Behind the last byte stands a zero, and seven bytes of anything.
 */
final class ByteWindow {
    private static final int PADDING = 8;
    private static final int LARGEST = Integer.MAX_VALUE - 64;

    private final InputStream in;
    private byte[] bytes;
    private long base;
    private int limit;
    private long kept;
    private boolean ended;

    /**
     * @param in the bytes from {@code base} on
     * @param base the position of the first byte
     * @param capacity how many bytes to hold at first
     */
    ByteWindow(InputStream in, long base, int capacity) {
        this.in = in;
        this.base = base;
        this.kept = base;
        this.bytes = new byte[capacity + PADDING];
    }

    /** The buffer; another one after {@link #fill}. */
    byte[] bytes() {
        return bytes;
    }

    long base() {
        return base;
    }

    /** The index behind the last byte in memory. */
    int limit() {
        return limit;
    }

    int index(long position) {
        return (int) (position - base);
    }

    /** From now on bytes before this position may go. */
    void keep(long position) {
        kept = position;
    }

    /** The byte at this kept position, read when needed; -1 behind the end. */
    int at(long position) throws IOException {
        while (position - base >= limit) {
            if (!fill()) {
                return -1;
            }
        }
        return bytes[(int) (position - base)] & 0xFF;
    }

    /** Reads more, as much as there is room for; false at the end. Indices change. */
    boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        int gone = (int) Math.min(kept - base, limit);
        if (gone > 0) {
            System.arraycopy(bytes, gone, bytes, 0, limit - gone);
            base += gone;
            limit -= gone;
        }
        int capacity = bytes.length - PADDING;
        if (limit > capacity - Math.max(capacity / 4, 1)) {
            if (capacity >= LARGEST) {
                throw new IOException("Cannot hold a record of more than " + LARGEST + " bytes in memory");
            }
            capacity = (int) Math.min(capacity * 2L, LARGEST);
            bytes = Arrays.copyOf(bytes, capacity + PADDING);
        }
        int before = limit;
        while (limit < capacity) {
            int count = in.read(bytes, limit, capacity - limit);
            if (count < 0) {
                ended = true;
                break;
            }
            limit += count;
        }
        bytes[limit] = 0;
        return limit > before;
    }

    /** A copy of the kept bytes from one position to another. */
    byte[] copy(long from, long to) {
        return Arrays.copyOfRange(bytes, index(from), index(to));
    }
}
