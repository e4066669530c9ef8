package dev.eightbells.store;

import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * The right to replace files in one folder, held by one thread of one process at a time. It ends with the process, however
 * that ends.
 */
final class FolderLock {
    static final String FILE_NAME = ".eightbells-lock";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * The system's locks belong to the process, and closing any channel of a file gives all its locks there up. So no
     * second channel may be opened in this process, by whichever store, while one is locked.
     */
    private static final List<ReentrantLock> IN_PROCESS =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock()).toList();

    private FolderLock() {}

    /** What is done under the lock. */
    interface Action<T> {
        T run() throws IOException;
    }

    /**
     * Waits for the lock of the folder, acts, and gives it up.
     *
     * @throws Failure of kind TRANSIENT when another holds it for a minute
     * @throws IOException when the folder cannot be written to, or from the action
     */
    static <T> T holding(Path folder, Action<T> action) throws IOException {
        Path file = folder.toRealPath().resolve(FILE_NAME);
        ReentrantLock inProcess = IN_PROCESS.get(Math.floorMod(file.hashCode(), IN_PROCESS.size()));
        if (!await(inProcess, file)) {
            throw busy(file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!tryLock(channel)) {
                if (System.nanoTime() > deadline) {
                    throw busy(file);
                }
                pause(file);
            }
            return action.run();
        } finally {
            inProcess.unlock();
        }
    }

    private static boolean await(ReentrantLock lock, Path file) {
        try {
            return lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(file, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // Held by this class in another class loader of this process.
        }
    }

    private static void pause(Path file) {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(file, e);
        }
    }

    private static Failure interrupted(Path file, InterruptedException e) {
        return Failure.transientFailure("Cannot lock " + file + ": the thread was interrupted. Run it again.", e);
    }

    private static Failure busy(Path file) {
        return Failure.transientFailure(
                "Cannot lock " + file + ": another process has held it for " + PATIENCE.toSeconds()
                        + " seconds. Run it again when that one is done.",
                null);
    }
}
