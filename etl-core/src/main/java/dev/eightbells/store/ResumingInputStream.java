package dev.eightbells.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * One stream over connections that may break: it goes on where the last one ended. Only for objects that cannot change,
 * which is for the opener to see to.
 */
final class ResumingInputStream extends InputStream {
    private static final int FRUITLESS_ATTEMPTS = 5;

    private final Opener opener;
    private final Duration pause;
    private InputStream current;
    private long position;
    private int fruitless;

    /**
     * Opens the first stream.
     *
     * @param pause what to wait before the first resumption without any bytes in between; doubled each time
     */
    ResumingInputStream(Opener opener, long offset, Duration pause) throws IOException {
        this.opener = opener;
        this.pause = pause;
        this.position = offset;
        this.current = opener.open(offset);
    }

    /** Opens the same bytes from an offset. */
    interface Opener {
        InputStream open(long offset) throws IOException;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            try {
                int count = current.read(buffer, offset, length);
                this.position += Math.max(count, 0);
                this.fruitless = 0;
                return count;
            } catch (IOException e) {
                resume(e);
            }
        }
    }

    @Override
    public int available() throws IOException {
        return current.available();
    }

    @Override
    public void close() throws IOException {
        current.close();
    }

    private void resume(IOException broken) throws IOException {
        fruitless++;
        if (fruitless > FRUITLESS_ATTEMPTS || Thread.currentThread().isInterrupted()) {
            throw broken;
        }
        closeBroken(broken);
        pause(broken);
        this.current = opener.open(position);
    }

    private void closeBroken(IOException broken) {
        try {
            current.close();
        } catch (IOException e) {
            broken.addSuppressed(e);
        }
    }

    private void pause(IOException broken) throws IOException {
        try {
            Thread.sleep(pause.toMillis() << (fruitless - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw broken;
        }
    }
}
