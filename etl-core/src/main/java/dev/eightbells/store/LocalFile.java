package dev.eightbells.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What one look at a file's attributes tells, links followed. */
record LocalFile(long bytes, FileTime modified, long inode, boolean isFolder, boolean isObject) {

    /** Looks at the file, by one call of the system. */
    static LocalFile of(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:size,lastModifiedTime,ino,isDirectory,isRegularFile");
        return new LocalFile(
                (Long) attributes.get("size"),
                (FileTime) attributes.get("lastModifiedTime"),
                (Long) attributes.get("ino"),
                (Boolean) attributes.get("isDirectory"),
                (Boolean) attributes.get("isRegularFile"));
    }

    String etag() {
        return Long.toHexString(bytes) + "-" + Long.toHexString(modified.to(TimeUnit.NANOSECONDS)) + "-"
                + Long.toHexString(inode);
    }

    StoredObject describe(String key) {
        return new StoredObject(key, etag(), bytes, modified.toInstant());
    }

    /** A time for a file that takes this one's place: now, and never one that this file or an earlier one has had. */
    FileTime later() {
        Instant next = modified.toInstant().plusNanos(1_000);
        Instant now = Instant.now();
        return FileTime.from(now.isAfter(next) ? now : next);
    }
}
