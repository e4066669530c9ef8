package dev.eightbells.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The bytes of an open file, which must be as many as were planned and must not have been written over meanwhile by
 * somebody who does not write aside.
 */
final class UnchangedFileStream extends InputStream {
    private final FileChannel channel;
    private final LocalFile planned;
    private final Path path;
    private final Location location;
    private final String key;
    private long position;
    private boolean checked;

    UnchangedFileStream(FileChannel channel, long offset, LocalFile planned, Path path, Location location, String key) {
        this.channel = channel;
        this.position = offset;
        this.planned = planned;
        this.path = path;
        this.location = location;
        this.key = key;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int wanted = (int) Math.min(length, planned.bytes() - position);
        if (wanted == 0) {
            checkAtEnd();
            return -1;
        }
        int count = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
        if (count < 0) {
            throw PlannedObject.changed(location, key);
        }
        this.position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, planned.bytes() - position));
        this.position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, planned.bytes() - position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void checkAtEnd() throws IOException {
        if (checked) {
            return;
        }
        this.checked = true;
        try {
            LocalFile now = LocalFile.of(path);
            // Another inode has taken the name: then nobody wrote into the one that is open here.
            if (now.inode() == planned.inode() && !now.etag().equals(planned.etag())) {
                throw PlannedObject.changed(location, key);
            }
        } catch (NoSuchFileException e) {
            return; // Deleted, and still whole for whoever has it open.
        }
    }
}
