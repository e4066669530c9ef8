package dev.eightbells.batch;

import java.io.Serializable;
import java.time.Instant;

/**
 * That a person gave a batch up.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param finished when
 * @param reason why
 * @param returned whether its objects are free for the next plan
 */
public record Abandoned(
        int version, String pipeline, BatchId batch, int number, Instant finished, String reason, boolean returned)
        implements Serializable {
    /** Gives the batch up; its objects are never read again. */
    public static Abandoned of(Manifest manifest, Instant finished, String reason) {
        return new Abandoned(
                LedgerJson.VERSION, manifest.pipeline(), manifest.batch(), manifest.number(), finished, reason, false);
    }

    /** Gives the batch up and frees its objects for the next plan. */
    public static Abandoned returning(Manifest manifest, Instant finished, String reason) {
        return new Abandoned(
                LedgerJson.VERSION, manifest.pipeline(), manifest.batch(), manifest.number(), finished, reason, true);
    }
}
