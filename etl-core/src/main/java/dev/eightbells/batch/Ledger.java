package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a lake knows about its batches, kept in small objects below it. Nothing is written before a method says so, and a
 * lake that does not exist yet can be asked. Safe for many processes at once. Does not close the store.
 */
public final class Ledger {
    /** How many manifests one page of a listing holds; any number is right. */
    private static final int PAGE = 1000;

    private final ObjectStore lake;
    private final String pipeline;
    private final String location;
    private volatile boolean owned;

    private Ledger(ObjectStore lake, String pipeline, String location) {
        this.lake = lake;
        this.pipeline = pipeline;
        this.location = location;
    }

    /**
     * Opens the ledger of a pipeline's lake, without writing.
     *
     * @param lake the objects below {@code pipeline.lake()}
     * @throws Failure of kind INPUT when the lake belongs to another pipeline or was made elsewhere
     */
    public static Ledger open(ObjectStore lake, Pipeline pipeline) {
        Ledger ledger = new Ledger(lake, pipeline.name(), pipeline.lake().toString());
        ledger.isOwned();
        return ledger;
    }

    /** The lake's objects. */
    public ObjectStore lake() {
        return lake;
    }

    /** The name of the pipeline that the lake belongs to. */
    public String pipeline() {
        return pipeline;
    }

    /**
     * Makes the lake this pipeline's own, unless it is already.
     *
     * @throws Failure of kind INPUT when it belongs to another pipeline or was made elsewhere
     */
    public void own() {
        lake.prepare();
        Identity own = new Identity(LedgerJson.VERSION, pipeline, location);
        if (lake.create(LakeLayout.IDENTITY, LedgerJson.bytes(own)).isEmpty() && !isOwned()) {
            throw new IllegalStateException(
                    "The object " + lake.location().resolve(LakeLayout.IDENTITY) + " was there and is gone.");
        }
        this.owned = true;
    }

    /**
     * Keeps the frozen text of a pipeline file.
     *
     * @return its SHA-256 in hexadecimal, by which batches name it
     */
    public String freeze(String definition) {
        String sha256 = sha256(definition);
        lake.create(LakeLayout.definition(sha256), definition.getBytes(StandardCharsets.UTF_8));
        return sha256;
    }

    /**
     * The frozen text with this SHA-256.
     *
     * @throws Failure of kind DATA when it is gone or damaged
     */
    public String definition(String sha256) {
        String key = LakeLayout.definition(sha256);
        String text = lake.read(key)
                .map(content -> new String(content.bytes(), StandardCharsets.UTF_8))
                .orElseThrow(() -> Failure.data("Cannot read " + lake.location().resolve(key)
                        + ": it is gone. Restore it; its batches cannot be finished without it."));
        if (!sha256(text).equals(sha256)) {
            throw Failure.data("Cannot read " + lake.location().resolve(key)
                    + ": its content is not what was frozen. Restore it; its batches cannot be finished without it.");
        }
        return text;
    }

    /** The SHA-256 of a text in hexadecimal, by which the lake names what is kept by its content. */
    public static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot compute a SHA-256: this Java has none.", impossible);
        }
    }

    /** Whether the lake has been made this pipeline's own; before that nothing is in it, and it may not be there. */
    boolean isOwned() {
        if (!owned) {
            Optional<Identity> identity = lake.read(LakeLayout.IDENTITY)
                    .map(content -> LedgerJson.read(
                            content.bytes(), Identity.class, lake.location().resolve(LakeLayout.IDENTITY)));
            identity.ifPresent(this::check);
            this.owned = identity.isPresent();
        }
        return owned;
    }

    /** The number of the newest manifest; 0 when there is none. */
    public int newestNumber() {
        if (!isOwned()) {
            return 0;
        }
        // Numbers have no gaps: leap in growing steps while something follows, then halve the step.
        int found = 0;
        int step = PAGE;
        while (hasManifestAfter(found + step)) {
            found += step;
            step *= 2;
        }
        while (step > PAGE) {
            step /= 2;
            found += hasManifestAfter(found + step) ? step : 0;
        }
        try (Stream<StoredObject> rest = manifestsAfter(found)) {
            return rest.map(object -> LakeLayout.manifestNumber(object.key())).reduce(found, Integer::max);
        }
    }

    /** The manifest with this number; empty when there is none. */
    public Optional<Manifest> manifest(int number) {
        String key = LakeLayout.manifest(number);
        return lake.read(key)
                .map(content -> LedgerJson.readGzip(
                        content.bytes(), Manifest.class, lake.location().resolve(key)));
    }

    /** The manifests from a number backwards to the first, read ahead while the stream is consumed. Close it. */
    Stream<Manifest> manifestsBackFrom(int number) {
        return BackwardReader.stream(number, this::existingManifest);
    }

    /** The same without what they take. */
    Stream<Outline> outlinesBackFrom(int number) {
        return BackwardReader.stream(number, this::existingOutline);
    }

    /** Claims the manifest's number; returns whether it was free. */
    boolean create(Manifest manifest) {
        return lake.create(LakeLayout.manifest(manifest.number()), LedgerJson.gzip(manifest))
                .isPresent();
    }

    /**
     * The manifest with this number, which must be there.
     *
     * @throws Failure of kind DATA when it is gone or damaged
     */
    public Manifest existingManifest(int number) {
        return manifest(number).orElseThrow(() -> gone(number));
    }

    private Outline existingOutline(int number) {
        String key = LakeLayout.manifest(number);
        return lake.read(key)
                .map(content ->
                        LedgerJson.readOutline(content.bytes(), lake.location().resolve(key)))
                .orElseThrow(() -> gone(number));
    }

    private Failure gone(int number) {
        return Failure.data("Cannot read " + lake.location().resolve(LakeLayout.manifest(number))
                + ": it is gone, and manifests are numbered without gaps. Restore it.");
    }

    /** The markers of a batch. */
    public Markers markers(BatchId batch) {
        return new Markers(lake, batch);
    }

    /** The attempts at a batch. */
    public Attempts attempts(BatchId batch) {
        return new Attempts(lake, batch);
    }

    /** What was given to compute services of a batch. */
    public Submissions submissions(BatchId batch) {
        return new Submissions(lake, batch);
    }

    /** What somebody asked to be forgotten. */
    public Forgets forgets() {
        return new Forgets(lake, pipeline);
    }

    /** What a day's look for late objects found; empty when nobody has looked that day. */
    public Optional<Stragglers> stragglers(LocalDate day) {
        String key = LakeLayout.stragglers(day);
        return lake.read(key)
                .map(content -> LedgerJson.read(
                        content.bytes(), Stragglers.class, lake.location().resolve(key)));
    }

    /** Keeps what a day's look for late objects found, unless another look was first. */
    public void keep(LocalDate day, Stragglers found) {
        lake.create(LakeLayout.stragglers(day), LedgerJson.bytes(found));
    }

    /**
     * Deletes what is noted about the records that a batch dropped for others of its own: when it is published or abandoned,
     * nobody will judge it again. Nothing happens when that was done before.
     */
    public void deleteDuplicates(BatchId batch) {
        List<String> keys;
        try (Stream<StoredObject> files = lake.list(LakeLayout.duplicates(batch), "")) {
            keys = files.map(StoredObject::key).toList();
        }
        keys.forEach(lake::delete);
    }

    /** A batch as it is now, by a listing of its own folder alone. */
    public BatchState state(Manifest manifest) {
        return Batches.one(this, manifest);
    }

    /** All batches, as they are now. */
    public Batches batches() {
        return Batches.of(this);
    }

    private boolean hasManifestAfter(int number) {
        try (Stream<StoredObject> after = manifestsAfter(number)) {
            return after.findFirst().isPresent();
        }
    }

    private Stream<StoredObject> manifestsAfter(int number) {
        return lake.list(LakeLayout.MANIFESTS, number == 0 ? "" : LakeLayout.manifest(number))
                .filter(object -> LakeLayout.isManifest(object.key()));
    }

    private void check(Identity identity) {
        if (!pipeline.equals(identity.pipeline())) {
            throw Failure.input("Cannot use the lake " + location + " for the pipeline " + pipeline
                    + ": it belongs to the pipeline " + identity.pipeline()
                    + ". Give each pipeline a lake of its own.");
        }
        if (!location.equals(identity.lake())) {
            throw Failure.input("Cannot use the lake " + location + " of the pipeline " + pipeline + ": it was made at "
                    + identity.lake() + " and its tables name that place. Move it back, or start a new lake.");
        }
    }

    /**
     * Whose lake this is.
     *
     * @param version of the lake's layout
     * @param pipeline the pipeline's name
     * @param lake the lake's absolute location
     */
    @JsonPropertyOrder({"version", "pipeline", "lake"})
    record Identity(int version, String pipeline, String lake) {}
}
