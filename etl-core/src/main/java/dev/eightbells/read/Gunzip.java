package dev.eightbells.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes gzip: any number of members, one after the other. Damage does not throw: the stream ends where decoding does,
 * and {@link #damage()} says why. Zero bytes behind the last member are padding.
 */
final class Gunzip extends InputStream {
    /**
     * Why the decoded bytes are not all.
     *
     * @param reason {@link Rejection#TRUNCATED_GZIP} or {@link Rejection#CORRUPT_GZIP}
     * @param sentence the same for people
     */
    record Damage(String reason, String sentence) {}

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[64 * 1024];
    private int next;
    private int limit;
    private long stored;
    private boolean inMember;
    private boolean ended;
    private int members;
    private Damage damage;

    Gunzip(InputStream in) {
        this.in = in;
    }

    /** Whether an object that begins so is gzip. */
    static boolean isGzip(int first, int second) {
        return first == 0x1F && second == 0x8B;
    }

    /** Why decoding ended early; null when it did not (so far). */
    Damage damage() {
        return damage;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended) {
                if (!inMember) {
                    ended = !beginMember();
                    continue;
                }
                int count = inflater.inflate(bytes, offset, length);
                if (count > 0) {
                    checksum.update(bytes, offset, count);
                    return count;
                }
                if (inflater.finished()) {
                    next = limit - inflater.getRemaining();
                    endMember();
                } else if (inflater.needsDictionary()) {
                    throw new DataFormatException("a preset dictionary is needed");
                } else {
                    next = limit;
                    if (!refill()) {
                        throw new TruncatedException();
                    }
                    inflater.setInput(buffer, next, limit - next);
                }
            }
        } catch (TruncatedException e) {
            end(Rejection.TRUNCATED_GZIP, "The gzip data end after " + stored() + " bytes, before they are complete.");
        } catch (DataFormatException e) {
            String what = e.getMessage() == null ? "the data are damaged" : e.getMessage();
            end(Rejection.CORRUPT_GZIP, "The gzip data cannot be decoded near byte " + stored() + ": " + what + ".");
        }
        return -1;
    }

    private void end(String reason, String sentence) {
        ended = true;
        damage = new Damage(reason, sentence);
    }

    private long stored() {
        return stored - (inMember ? inflater.getRemaining() : limit - next);
    }

    private boolean refill() throws IOException {
        int count;
        do {
            count = in.read(buffer, 0, buffer.length);
        } while (count == 0);
        next = 0;
        limit = Math.max(count, 0);
        stored += limit;
        return count > 0;
    }

    private boolean hasMore() throws IOException {
        return next < limit || refill();
    }

    private int nextByte() throws IOException, TruncatedException {
        if (!hasMore()) {
            throw new TruncatedException();
        }
        return buffer[next++] & 0xFF;
    }

    private boolean beginMember() throws IOException, TruncatedException, DataFormatException {
        if (!hasMore()) {
            return false;
        }
        int first = nextByte();
        if (members > 0 && first == 0) {
            skipPadding();
            return false;
        }
        if (first != 0x1F || nextByte() != 0x8B) {
            throw new DataFormatException("something else follows the last member");
        }
        if (nextByte() != 8) {
            throw new DataFormatException("the compression method is unknown");
        }
        int flags = nextByte();
        if ((flags & RESERVED) != 0) {
            throw new DataFormatException("the header has reserved flags");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(nextByte() | nextByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
        inflater.setInput(buffer, next, limit - next);
        inMember = true;
        members++;
        return true;
    }

    private void endMember() throws IOException, TruncatedException, DataFormatException {
        inMember = false;
        long written = inflater.getBytesWritten();
        long expectedChecksum = littleEndian();
        long expectedSize = littleEndian();
        if (expectedChecksum != checksum.getValue() || expectedSize != (written & 0xFFFFFFFFL)) {
            throw new DataFormatException("the checksum of what was decoded does not match");
        }
    }

    private long littleEndian() throws IOException, TruncatedException {
        long value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (long) nextByte() << shift;
        }
        return value;
    }

    private void skipPadding() throws IOException, DataFormatException {
        while (hasMore()) {
            if (buffer[next++] != 0) {
                throw new DataFormatException("something else follows the last member");
            }
        }
    }

    private void skip(int count) throws IOException, TruncatedException {
        for (int k = 0; k < count; k++) {
            nextByte();
        }
    }

    private void skipText() throws IOException, TruncatedException {
        while (nextByte() != 0) {
            // The names of files and comments say nothing about records.
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    /** The stored bytes end too early. */
    private static final class TruncatedException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
