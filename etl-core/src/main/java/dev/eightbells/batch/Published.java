package dev.eightbells.batch;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * That a batch's events are visible, for ever.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param attempt which attempt wrote this
 * @param finished when
 * @param snapshot the commit on the table's main line
 * @param parent the commit before it; null when it is the table's first
 * @param records where the batch's records went, in the end
 * @param files the files that the commit added
 */
public record Published(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Instant finished,
        long snapshot,
        Long parent,
        Marker.Records records,
        List<Marker.DataFile> files)
        implements Serializable {
    public Published {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** A marker of this attempt, in the present version. */
    public static Published of(
            Attempt attempt,
            Instant finished,
            long snapshot,
            Long parent,
            Marker.Records records,
            List<Marker.DataFile> files) {
        return new Published(
                LedgerJson.VERSION,
                attempt.pipeline(),
                attempt.batch(),
                attempt.number(),
                attempt.attempt(),
                finished,
                snapshot,
                parent,
                records,
                files);
    }

    /** This marker in the form in which the ledger keeps it. */
    public String json() {
        return LedgerJson.text(this);
    }
}
