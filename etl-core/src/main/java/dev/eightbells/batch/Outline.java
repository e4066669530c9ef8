package dev.eightbells.batch;

import java.util.stream.LongStream;

/** A manifest for those who keep many: without what it takes, of which only the {@link Digests} are known. */
final class Outline {
    private final Manifest manifest;
    private final long[] digests;

    /**
     * @param manifest without objects and records
     * @param digests of its objects, two for each
     */
    Outline(Manifest manifest, long[] digests) {
        this.manifest = manifest;
        this.digests = digests;
    }

    static Outline of(Manifest whole) {
        LongStream digests = whole.objects().stream().flatMapToLong(object -> Digests.of(object.key(), object.etag()));
        return new Outline(whole.outline(), digests.toArray());
    }

    /** The manifest without objects and records. */
    Manifest manifest() {
        return manifest;
    }

    /** The digests of what no other batch may take; a replay reads what is taken already. Two numbers for each object. */
    long[] taken() {
        return manifest.isReplay() ? new long[0] : digests;
    }
}
