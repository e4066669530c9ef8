package dev.eightbells.read;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.InputStream;

/** The stored bytes of an object; fails when they do not end where they should, so that half an object is not a whole. */
final class StoredStream extends InputStream {
    private final RecordSource source;
    private final InputStream in;
    private long position;

    private StoredStream(RecordSource source, InputStream in, long position) {
        this.source = source;
        this.in = in;
        this.position = position;
    }

    static StoredStream open(RecordSource source, long offset) throws IOException {
        return new StoredStream(source, source.bytes().open(offset), offset);
    }

    /** How many stored bytes stand before the next one. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            position += count;
        }
        boolean isComplete = source.size() < 0 || (count < 0 ? position >= source.size() : position <= source.size());
        if (!isComplete || (source.size() >= 0 && position > source.size())) {
            throw Failure.data("Cannot read " + source.location() + ": it has " + (count < 0 ? "only " : "at least ")
                    + position + " bytes and was planned with " + source.size()
                    + ". Plan again, or restore the object that was planned.");
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
