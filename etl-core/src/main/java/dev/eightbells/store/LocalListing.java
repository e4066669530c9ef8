package dev.eightbells.store;

import dev.eightbells.Failure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The files below a folder in the order of their keys, one folder at a time. A folder is sorted in as its name and a
 * slash, since that is what all the keys in it go on with: {@code a-b}, {@code a/b}, {@code ab}.
 */
final class LocalListing implements Iterator<StoredObject> {
    private final String prefix;
    private final String startAfter;
    private final Deque<Level> levels = new ArrayDeque<>();
    private StoredObject next;

    /** Begins a listing; the folder itself must be there. */
    LocalListing(Path root, String prefix, String startAfter) {
        this.prefix = prefix;
        this.startAfter = startAfter;
        levels.push(open(root, ""));
        advance();
    }

    /** Whether a file of this name is one that a store keeps for itself. */
    static boolean isOwn(String name) {
        return name.startsWith(".eightbells-");
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public StoredObject next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        StoredObject found = next;
        advance();
        return found;
    }

    private void advance() {
        this.next = null;
        while (next == null && !levels.isEmpty()) {
            Iterator<Entry> entries = levels.peek().entries;
            if (!entries.hasNext()) {
                levels.pop();
                continue;
            }
            Entry entry = entries.next();
            if (entry.file.isFolder()) {
                enter(entry);
            } else {
                this.next = entry.file.describe(entry.key);
            }
        }
    }

    private void enter(Entry folder) {
        for (Level above : levels) {
            if (above.inode == folder.file.inode() && isSame(above.path, folder.path)) {
                throw Failure.input("Cannot list " + folder.path + ": it is a link back to " + above.path
                        + ", above it. Remove the link.");
            }
        }
        try {
            levels.push(open(folder.path, folder.key));
        } catch (Failure e) {
            if (Files.exists(folder.path)) {
                throw e;
            }
            // Deleted since its name was read: it holds nothing.
        }
    }

    private static boolean isSame(Path left, Path right) {
        try {
            return Files.isSameFile(left, right);
        } catch (IOException e) {
            throw LocalFailures.reading("list", right, e);
        }
    }

    private Level open(Path folder, String prefixOfKeys) {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            long inode = LocalFile.of(folder).inode();
            for (Path path : files) {
                add(entries, prefixOfKeys, path);
            }
            entries.sort(Comparator.comparing(Entry::key, Keys.ORDER));
            return new Level(folder, inode, entries.iterator());
        } catch (NotDirectoryException e) {
            throw Failure.input("Cannot list " + folder + ": it is not a folder. Name the folder that holds it.");
        } catch (DirectoryIteratorException e) {
            throw LocalFailures.reading("list", folder, e.getCause());
        } catch (IOException e) {
            throw LocalFailures.reading("list", folder, e);
        }
    }

    private void add(List<Entry> entries, String prefixOfKeys, Path path) throws IOException {
        String name = path.getFileName().toString();
        if (!isSpelledBy(name, path)) {
            throw Failure.input("Cannot list " + path + ": its name is not UTF-8. Rename it, or set LC_ALL=C.UTF-8.");
        }
        String key = prefixOfKeys + name;
        if (isOwn(name) || !(isAsked(key) || leadsToAsked(key + "/"))) {
            return;
        }
        LocalFile file = lookAt(path);
        if (file == null) {
            return;
        }
        if (file.isFolder() && leadsToAsked(key + "/")) {
            entries.add(new Entry(key + "/", path, file));
        } else if (file.isObject() && isAsked(key)) {
            entries.add(new Entry(key, path, file));
        }
    }

    /** Bytes that are no text are read as a replacement character, and would be looked for in vain. */
    private static boolean isSpelledBy(String name, Path path) {
        try {
            return path.resolveSibling(name).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private boolean isAsked(String key) {
        return key.startsWith(prefix) && Keys.ORDER.compare(key, startAfter) > 0;
    }

    private boolean leadsToAsked(String folder) {
        return (folder.startsWith(prefix) || prefix.startsWith(folder))
                && (Keys.ORDER.compare(folder, startAfter) > 0 || startAfter.startsWith(folder));
    }

    /** Null when the file was deleted since its name was read. */
    private static LocalFile lookAt(Path path) throws IOException {
        try {
            return LocalFile.of(path);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(path)) {
                throw Failure.input("Cannot list " + path + ": it is a link to nothing. Mend or remove it.");
            }
            return null;
        }
    }

    private record Level(Path path, long inode, Iterator<Entry> entries) {}

    private record Entry(String key, Path path, LocalFile file) {}
}
