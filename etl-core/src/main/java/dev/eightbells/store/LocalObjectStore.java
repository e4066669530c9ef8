package dev.eightbells.store;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Objects as files below a folder, on a file system with hard links and file locks. What it writes is on the disk before
 * it returns, and whole or not there, whenever the process or the machine stops. Names that begin with
 * {@code .eightbells-} are its own: files being written and locks; they may be deleted when no process is running.
 */
public final class LocalObjectStore implements ObjectStore {
    private static final int READ_ATTEMPTS = 1_000;

    private final Location location;
    private final Path root;

    /** The store below this local location. Nothing is touched until it is used. */
    public LocalObjectStore(Location location) {
        this.location = location;
        this.root = location.path();
    }

    @Override
    public Location location() {
        return location;
    }

    @Override
    public void prepare() {
        try {
            makeFolder(root);
        } catch (IOException e) {
            throw LocalFailures.writing(root, 0, e);
        }
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
        Iterator<StoredObject> listing = new LocalListing(root, prefix, startAfter);
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(listing, traits), false);
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return lookAt(file(key)).map(file -> file.describe(key));
    }

    @Override
    public Optional<Content> read(String key) {
        Path path = file(key);
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            Optional<LocalFile> file = lookAt(path);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            Optional<Content> content = readUnchanged(path, file.get());
            if (content.isPresent()) {
                return content;
            }
        }
        throw Failure.transientFailure(
                "Cannot read " + path + ": it was replaced " + READ_ATTEMPTS + " times meanwhile. Run it again.", null);
    }

    @Override
    public InputStream open(String key, String etag, long offset) throws IOException {
        Path path = file(key);
        requireUnchanged(key, path, etag);
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw PlannedObject.gone(location, key);
        } catch (IOException e) {
            throw LocalFailures.reading("read", path, e);
        }
        try {
            // The same tag before and after means that what was opened between has it too.
            LocalFile file = requireUnchanged(key, path, etag);
            return new UnchangedFileStream(channel, Math.min(offset, file.bytes()), file, path, location, key);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Optional<String> create(String key, byte[] content) {
        Path path = file(key);
        try {
            Optional<LocalFile> there = lookAt(path);
            if (there.isPresent()) {
                return Optional.empty();
            }
            makeFolder(path.getParent());
            Path aside = writeAside(path, content, FileTime.from(Instant.now()));
            try {
                Files.createLink(path, aside);
                LocalFile created = LocalFile.of(aside);
                syncFolder(path.getParent());
                return Optional.of(created.etag());
            } catch (FileAlreadyExistsException e) {
                requireNoFolder(path);
                return Optional.empty();
            } catch (UnsupportedOperationException e) {
                throw Failure.input(
                        "Cannot write " + path + ": its file system has no hard links. Put the lake on one that has.");
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (FileAlreadyExistsException e) {
            throw Failure.input("Cannot write " + path + ": " + e.getFile()
                    + " is a file, and a file cannot hold others. Use another name.");
        } catch (IOException e) {
            throw LocalFailures.writing(path, content.length, e);
        }
    }

    @Override
    public Optional<String> replace(String key, String etag, byte[] content) {
        Path path = file(key);
        if (lookAt(path, etag).isEmpty()) {
            return Optional.empty();
        }
        try {
            return FolderLock.holding(path.getParent(), () -> {
                Optional<LocalFile> old = lookAt(path, etag);
                return old.isPresent() ? Optional.of(overwrite(path, old.get(), content)) : Optional.empty();
            });
        } catch (IOException e) {
            throw LocalFailures.writing(path, content.length, e);
        }
    }

    @Override
    public void delete(String key) {
        Path path = file(key);
        if (lookAt(path).isEmpty()) {
            return;
        }
        try {
            FolderLock.holding(path.getParent(), () -> Files.deleteIfExists(path));
            syncFolder(path.getParent());
        } catch (IOException e) {
            throw LocalFailures.writing(path, 0, e);
        }
    }

    @Override
    public void close() {
        // Nothing is held between calls.
    }

    @Override
    public String toString() {
        return location.toString();
    }

    private Path file(String key) {
        try {
            return root.resolve(Keys.check(key));
        } catch (InvalidPathException e) {
            throw Failure.input("Cannot use the key " + key + " below " + root + ": " + e.getReason()
                    + ". Set LC_ALL=C.UTF-8, or use another name.");
        }
    }

    /** What is at the path; empty when there is nothing that could be an object. */
    private Optional<LocalFile> lookAt(Path path) {
        try {
            return Optional.of(LocalFile.of(path)).filter(LocalFile::isObject);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (e instanceof FileSystemException && isBelowAFile(path)) {
                return Optional.empty();
            }
            throw LocalFailures.reading("read", path, e);
        }
    }

    private Optional<LocalFile> lookAt(Path path, String etag) {
        return lookAt(path).filter(file -> file.etag().equals(etag));
    }

    private boolean isBelowAFile(Path path) {
        for (Path above = path.getParent(); above != null && !above.equals(root); above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return true;
            }
        }
        return false;
    }

    private LocalFile requireUnchanged(String key, Path path, String etag) {
        LocalFile file = lookAt(path).orElseThrow(() -> PlannedObject.gone(location, key));
        if (!file.etag().equals(etag)) {
            throw PlannedObject.changed(location, key);
        }
        return file;
    }

    /** Empty when the file was replaced or deleted meanwhile. */
    private Optional<Content> readUnchanged(Path path, LocalFile file) {
        try (InputStream stream = Files.newInputStream(path)) {
            return lookAt(path, file.etag()).isPresent()
                    ? Optional.of(new Content(stream.readAllBytes(), file.etag()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw LocalFailures.reading("read", path, e);
        }
    }

    private static String overwrite(Path path, LocalFile old, byte[] content) throws IOException {
        Path aside = writeAside(path, content, old.later());
        try {
            LocalFile replaced = LocalFile.of(aside);
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(path.getParent());
            return replaced.etag();
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void requireNoFolder(Path path) {
        if (Files.isDirectory(path)) {
            throw Failure.input(
                    "Cannot write " + path + ": it is a folder, and cannot be a file too. Use another name.");
        }
    }

    private static Path writeAside(Path path, byte[] content, FileTime modified) throws IOException {
        Path aside = path.resolveSibling(".eightbells-" + UUID.randomUUID());
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            Files.setLastModifiedTime(aside, modified);
            channel.force(true);
            return aside;
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = folder.getParent();
        if (above != null) {
            makeFolder(above);
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        if (above != null) {
            syncFolder(above);
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
