package dev.eightbells.read;

import java.io.IOException;
import java.io.InputStream;

/** A stream whose first two bytes have been looked at. */
final class PeekedStream extends InputStream {
    private final InputStream in;
    private final byte[] head;
    private final int size;
    private int next;

    private PeekedStream(InputStream in, byte[] head, int size) {
        this.in = in;
        this.head = head;
        this.size = size;
    }

    static PeekedStream of(InputStream in) throws IOException {
        byte[] head = new byte[2];
        int size = in.readNBytes(head, 0, 2);
        return new PeekedStream(in, head, size);
    }

    /** The first byte; -1 when there is none. */
    int first() {
        return size > 0 ? head[0] & 0xFF : -1;
    }

    /** The second byte; -1 when there is none. */
    int second() {
        return size > 1 ? head[1] & 0xFF : -1;
    }

    @Override
    public int read() throws IOException {
        return next < size ? head[next++] & 0xFF : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next == size || length == 0) {
            return in.read(bytes, offset, length);
        }
        int count = Math.min(length, size - next);
        System.arraycopy(head, next, bytes, offset, count);
        next += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
