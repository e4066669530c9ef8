package dev.eightbells.store;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Objects in memory, for tests and trials: everything that the other stores do, in microseconds. Closing it keeps them. */
public final class MemoryObjectStore implements ObjectStore {
    private final Location location;
    private final Clock clock;
    private final ConcurrentNavigableMap<String, Entry> entries = new ConcurrentSkipListMap<>(Keys.ORDER);
    private final AtomicLong tags = new AtomicLong();

    /** An empty store at {@code s3://memory/}. */
    public MemoryObjectStore() {
        this(Location.of("s3://memory/"), Clock.systemUTC());
    }

    /**
     * An empty store that says it is at this location.
     *
     * @param clock tells when objects are stored
     */
    public MemoryObjectStore(Location location, Clock clock) {
        this.location = Objects.requireNonNull(location, "location");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Location location() {
        return location;
    }

    @Override
    public void prepare() {
        // Memory is there.
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
        boolean fromPrefix = Keys.ORDER.compare(prefix, startAfter) > 0;
        return entries.tailMap(fromPrefix ? prefix : startAfter, fromPrefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> entry.getValue().describe(entry.getKey()));
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> entry.describe(key));
    }

    @Override
    public Optional<Content> read(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> new Content(entry.bytes.clone(), entry.etag));
    }

    @Override
    public InputStream open(String key, String etag, long offset) {
        Entry entry = entries.get(key);
        if (entry == null) {
            throw PlannedObject.gone(location, key);
        }
        if (!entry.etag.equals(etag)) {
            throw PlannedObject.changed(location, key);
        }
        int start = (int) Math.min(offset, entry.bytes.length);
        return new ByteArrayInputStream(entry.bytes, start, entry.bytes.length - start);
    }

    @Override
    public Optional<String> create(String key, byte[] content) {
        Entry entry = entry(content);
        return entries.putIfAbsent(Keys.check(key), entry) == null ? Optional.of(entry.etag) : Optional.empty();
    }

    @Override
    public Optional<String> replace(String key, String etag, byte[] content) {
        Entry old = entries.get(Keys.check(key));
        if (old == null || !old.etag.equals(etag)) {
            return Optional.empty();
        }
        Entry entry = entry(content);
        return entries.replace(key, old, entry) ? Optional.of(entry.etag) : Optional.empty();
    }

    @Override
    public void delete(String key) {
        entries.remove(Keys.check(key));
    }

    @Override
    public void close() {
        // What was stored is still there for whoever shares this store.
    }

    @Override
    public String toString() {
        return location + " (" + entries.size() + " objects in memory)";
    }

    private Entry entry(byte[] content) {
        String etag = Long.toHexString(tags.incrementAndGet());
        return new Entry(content.clone(), etag, clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private record Entry(byte[] bytes, String etag, Instant modified) {

        private StoredObject describe(String key) {
            return new StoredObject(key, etag, bytes.length, modified);
        }
    }
}
