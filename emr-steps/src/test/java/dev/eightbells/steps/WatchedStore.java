package dev.eightbells.steps;

import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A store that tells which objects are about to be written, and which have been.
 *
 * @param before hears the key before it is created or replaced
 * @param after hears the key when it has been created or replaced, or something else was there
 */
record WatchedStore(ObjectStore store, Consumer<String> before, Consumer<String> after) implements ObjectStore {

    @Override
    public Optional<String> create(String key, byte[] content) {
        before.accept(key);
        Optional<String> etag = store.create(key, content);
        after.accept(key);
        return etag;
    }

    @Override
    public Location location() {
        return store.location();
    }

    @Override
    public void prepare() {
        store.prepare();
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
        return store.list(prefix, startAfter);
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return store.find(key);
    }

    @Override
    public Optional<Content> read(String key) {
        return store.read(key);
    }

    @Override
    public InputStream open(String key, String etag, long offset) throws IOException {
        return store.open(key, etag, offset);
    }

    @Override
    public Optional<String> replace(String key, String etag, byte[] content) {
        before.accept(key);
        Optional<String> written = store.replace(key, etag, content);
        after.accept(key);
        return written;
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public void close() {
        store.close();
    }
}
