package dev.eightbells.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.LockManager;

/**
 * A lock across the threads and processes of one machine, for the {@code hadoop} catalog of a local lake, whose commits
 * are a check and a rename. Held on a file of the operating system, so it is released when its process dies.
 */
public final class FileLockManager implements LockManager {
    /** The property that names the folder in which the lock file lies. */
    static final String FOLDER = "eightbells.lock-folder";

    // The operating system's file locks belong to the process, and closing any channel on a file drops them all: the
    // threads of a process take turns first. This is the one thing that is rightly shared by the whole process.
    private static final Map<Path, Semaphore> TURNS = new ConcurrentHashMap<>();

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private Path file;

    private record Held(String owner, FileChannel channel) {}

    @Override
    public void initialize(Map<String, String> properties) {
        try {
            Path folder = Files.createDirectories(Path.of(properties.get(FOLDER)));
            this.file = folder.toRealPath().resolve(".commit.lock");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean acquire(String entity, String owner) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Semaphore turn = turn();
        boolean locked = false;
        boolean mine = false;
        try {
            mine = turn.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (mine) {
                locked = lock(entity, owner, deadline);
            }
            return locked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            if (mine && !locked) {
                turn.release();
            }
        }
    }

    private boolean lock(String entity, String owner, long deadline) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            while (lock == null && System.nanoTime() < deadline) {
                Thread.sleep(PAUSE.toMillis());
                lock = channel.tryLock();
            }
            if (lock != null) {
                held.put(entity, new Held(owner, channel));
                return true;
            }
            return false;
        } finally {
            if (!held.containsKey(entity)) {
                channel.close();
            }
        }
    }

    @Override
    public boolean release(String entity, String owner) {
        Held mine = held.get(entity);
        if (mine == null || !mine.owner().equals(owner)) {
            return false;
        }
        held.remove(entity);
        giveBack(mine);
        return true;
    }

    @Override
    public void close() {
        held.values().forEach(this::giveBack);
        held.clear();
    }

    private void giveBack(Held lock) {
        try {
            lock.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            turn().release();
        }
    }

    private Semaphore turn() {
        return TURNS.computeIfAbsent(file, any -> new Semaphore(1, true));
    }
}
