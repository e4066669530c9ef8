package dev.eightbells.store;

import java.io.Serializable;
import java.time.Instant;

/**
 * One object as a listing shows it.
 *
 * @param key relative to the store's location
 * @param etag changes whenever the content does; without quotes
 * @param bytes the size as stored
 * @param modified when it was stored
 */
public record StoredObject(String key, String etag, long bytes, Instant modified) implements Serializable {}
