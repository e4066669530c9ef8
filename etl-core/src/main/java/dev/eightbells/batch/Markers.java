package dev.eightbells.batch;

import dev.eightbells.store.ObjectStore;
import java.time.Instant;
import java.util.Optional;

/**
 * What has happened to one batch for ever. Each marker is written once: when another process was first, its marker holds
 * and is returned.
 */
public final class Markers {
    private final ObjectStore lake;
    private final BatchId batch;

    Markers(ObjectStore lake, BatchId batch) {
        this.lake = lake;
        this.batch = batch;
    }

    /** The marker of a step; empty when it has not finished. */
    public Optional<Marker> find(Step step) {
        return read(LakeLayout.marker(batch, step), Marker.class);
    }

    /** Writes a step's marker; returns the one that holds. */
    public Marker write(Marker marker) {
        return write(LakeLayout.marker(batch, marker.step()), marker, Marker.class);
    }

    /** Since when the batch is visible; empty when it is not. */
    public Optional<Published> published() {
        return read(key(LakeLayout.PUBLISHED), Published.class);
    }

    /** Writes that the batch is visible; returns the marker that holds. */
    public Published write(Published published) {
        return write(key(LakeLayout.PUBLISHED), published, Published.class);
    }

    /** Why the batch waits for a decision; empty when it does not. */
    public Optional<Stopped> stopped() {
        return read(key(LakeLayout.STOPPED), Stopped.class);
    }

    /** Writes that the batch waits for a decision; returns the marker that holds. */
    public Stopped write(Stopped stopped) {
        return write(key(LakeLayout.STOPPED), stopped, Stopped.class);
    }

    /** Why the batch was given up; empty when it was not. */
    public Optional<Abandoned> abandoned() {
        return read(key(LakeLayout.ABANDONED), Abandoned.class);
    }

    /** Writes that the batch was given up; returns the marker that holds. */
    public Abandoned write(Abandoned abandoned) {
        return write(key(LakeLayout.ABANDONED), abandoned, Abandoned.class);
    }

    /** Writes that the objects of a returned batch have been offered to a plan; returns the marker that holds. */
    Replanned replanned(Instant at) {
        return write(key(LakeLayout.REPLANNED), new Replanned(LedgerJson.VERSION, batch, at), Replanned.class);
    }

    /** That the objects of a returned batch have been offered to a plan. */
    record Replanned(int version, BatchId batch, Instant finished) {}

    private String key(String name) {
        return LakeLayout.batch(batch) + name;
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        return lake.read(key)
                .map(content ->
                        LedgerJson.read(content.bytes(), type, lake.location().resolve(key)));
    }

    private <T> T write(String key, T marker, Class<T> type) {
        if (lake.create(key, LedgerJson.bytes(marker)).isPresent()) {
            return marker;
        }
        return read(key, type)
                .orElseThrow(() -> new IllegalStateException(
                        "The marker " + lake.location().resolve(key) + " was there and is gone."));
    }
}
