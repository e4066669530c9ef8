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
     * Makes the location ready for objects: creates the local folder, or checks that the bucket exists and may be listed.
     * A store that is only read needs none of it.
     */
    void prepare();

    /**
     * Objects whose key begins with {@code prefix} and is greater than {@code startAfter} (empty: from the first), in the
     * order of their keys' UTF-8 bytes, fetched page by page as the stream is consumed. Directory markers (keys that end
     * with a slash) are left out; objects of no bytes are not. Nothing there is an empty stream.
     *
     * @throws dev.eightbells.Failure of kind INPUT, at the latest when the stream is consumed, when the location itself is
     *     not there (a missing folder or bucket; a prefix in a bucket is always there) or may not be read
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
     * @param offset in bytes as stored; at the end, or beyond it, the stream is empty
     * @throws dev.eightbells.Failure of kind DATA when the object is gone or has changed since it had that tag
     * @throws IOException when reading fails later on
     */
    InputStream open(String key, String etag, long offset) throws IOException;

    /**
     * Creates the object when there is none with this key, atomically; returns its tag, or empty when there is one.
     *
     * <p>On S3 a repeated request can meet what the first one wrote. That is told by the content: when two writers may send
     * the same bytes and it matters which of them won, the bytes must carry something that only one writer has.
     */
    Optional<String> create(String key, byte[] content);

    /**
     * Replaces the object when it still has this tag, atomically; returns the new tag, or empty when it has another or is
     * gone. For content that only one writer has, as with {@link #create}.
     */
    Optional<String> replace(String key, String etag, byte[] content);

    /** Deletes the object; nothing happens when there is none. */
    void delete(String key);

    @Override
    void close();

    /** A small object, whole. The bytes are the receiver's own. */
    record Content(byte[] bytes, String etag) {}
}
