package dev.eightbells.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects below one {@link Location}: S3, a local folder or memory, all three with the same behaviour. Keys are
 * relative to the location and use slashes. A reader never sees half an object. Safe for use by many threads.
 *
 * <p>Expected failures (not there, not allowed, unreachable) are {@link dev.eightbells.Failure}s that name the object.
 */
public interface ObjectStore extends AutoCloseable {

    /** Where the objects lie. */
    Location location();

    /**
     * Objects whose key begins with {@code prefix} and is greater than {@code startAfter} (empty: from the first), in the
     * order of their keys' UTF-8 bytes, fetched page by page as the stream is consumed. Directory markers (keys that end
     * with a slash) are left out; objects of no bytes are not. Nothing there is an empty stream.
     */
    Stream<StoredObject> list(String prefix, String startAfter);

    /** The object as a listing would show it; empty when there is none. */
    Optional<StoredObject> find(String key);

    /** The whole object in memory, with the tag to replace it by; empty when there is none. For small objects. */
    Optional<Content> read(String key);

    /**
     * Opens the object from an offset to its end.
     *
     * @param etag the tag the object must still have
     * @throws dev.eightbells.Failure of kind DATA when the object is gone or has changed since it had that tag
     * @throws IOException when reading fails later on
     */
    InputStream open(String key, String etag, long offset) throws IOException;

    /** Creates the object when there is none with this key, atomically; returns its tag, or empty when there is one. */
    Optional<String> create(String key, byte[] content);

    /** Replaces the object when it still has this tag, atomically; returns the new tag, or empty when it has another. */
    Optional<String> replace(String key, String etag, byte[] content);

    /** Deletes the object; nothing happens when there is none. */
    void delete(String key);

    @Override
    void close();

    /** A small object, whole. The bytes are the receiver's own. */
    record Content(byte[] bytes, String etag) {}
}
