package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * What one batch takes, decided once. Manifests are numbered without gaps in the order in which they were decided.
 *
 * @param version of this form
 * @param number counted from 1
 * @param batch the batch's name
 * @param pipeline the pipeline's name
 * @param definition the SHA-256 of the frozen pipeline file, in hexadecimal
 * @param window the window that the batch works for
 * @param listed the folders that the planner listed; null for a replay, which lists nothing
 * @param reached the latest end of what this and all earlier manifests listed; null when one of them listed to the end.
 *     All manifests up to this one hold no key from there on
 * @param unfinished the folders in which this or an earlier manifest left objects over; the next listing covers them;
 *     null when there are none
 * @param objects what the batch takes, in the order in which it is read; in a replay those that hold its records
 * @param left what {@code maxBytes} left over
 * @param ignored how many keys in the listing were hidden, directory markers or empty
 * @param replayOf the batch whose quarantined records this one replays; null when it takes objects
 * @param records the replayed records; null when the batch takes objects
 */
@JsonPropertyOrder({
    "version",
    "number",
    "batch",
    "pipeline",
    "definition",
    "window",
    "listed",
    "reached",
    "unfinished",
    "objects",
    "left",
    "ignored",
    "replayOf",
    "records"
})
public record Manifest(
        int version,
        int number,
        BatchId batch,
        String pipeline,
        String definition,
        Window window,
        Bounds listed,
        Instant reached,
        Bounds unfinished,
        List<ManifestObject> objects,
        Left left,
        long ignored,
        @JsonInclude(JsonInclude.Include.NON_NULL) BatchId replayOf,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<ReplayedRecord> records)
        implements Serializable {
    /** The name of that member in JSON. */
    static final String OBJECTS = "objects";

    public Manifest {
        objects = objects == null ? List.of() : List.copyOf(objects);
        left = left == null ? Left.NOTHING : left;
        records = records == null ? null : List.copyOf(records);
    }

    /** Whether this takes records out of another batch's quarantine, and lists nothing. */
    @JsonIgnore
    public boolean isReplay() {
        return replayOf != null;
    }

    /** This manifest without what it takes, for those who keep many. */
    Manifest outline() {
        return new Manifest(
                version,
                number,
                batch,
                pipeline,
                definition,
                window,
                listed,
                reached,
                unfinished,
                List.of(),
                left,
                ignored,
                replayOf,
                isReplay() ? List.of() : null);
    }

    /** The size of all objects as stored. */
    public long bytes() {
        return objects.stream().mapToLong(ManifestObject::bytes).sum();
    }

    /** This manifest in the form in which the ledger keeps it. */
    public String json() {
        return LedgerJson.text(this);
    }

    /** What a manifest left for the next one, because of {@code maxBytes}. */
    public record Left(long objects, long bytes) implements Serializable {
        static final Left NOTHING = new Left(0, 0);
    }

    /**
     * A record that a replay takes out of quarantine.
     *
     * @param key the raw object that holds it
     * @param etag that object's tag
     * @param offset where it begins in the uncompressed object
     * @param length its length in bytes; 0 when the quarantine does not tell
     */
    public record ReplayedRecord(String key, String etag, long offset, long length) implements Serializable {}
}
