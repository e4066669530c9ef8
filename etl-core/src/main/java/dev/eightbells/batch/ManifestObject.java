package dev.eightbells.batch;

import dev.eightbells.store.StoredObject;
import java.io.Serializable;
import java.time.Instant;

/**
 * One raw object that a batch takes. Its identity is its key and tag: the same key with another tag is another object.
 *
 * @param key relative to the source's location
 * @param etag the tag it had when it was listed
 * @param bytes its size as stored
 * @param modified when it was stored; informs, and decides nothing except the order of a flat source
 */
public record ManifestObject(String key, String etag, long bytes, Instant modified) implements Serializable {
    static ManifestObject of(StoredObject object) {
        return new ManifestObject(object.key(), object.etag(), object.bytes(), object.modified());
    }
}
