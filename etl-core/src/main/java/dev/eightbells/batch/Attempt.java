package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.eightbells.Failure;
import java.io.Serializable;
import java.time.Instant;

/**
 * What one process that works on a batch says about itself.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param attempt counted from 1
 * @param owner which process
 * @param submission the submission to a compute service that started the process; null when a person did
 * @param token tells apart two attempts that agree in everything else
 * @param started when it claimed the batch
 * @param until when its lease expires unless it is renewed
 * @param supersededBy the attempt that took the lease over; null when none did
 * @param end how it ended; null when it has not said so
 */
@JsonPropertyOrder({
    "version",
    "pipeline",
    "batch",
    "number",
    "attempt",
    "owner",
    "submission",
    "token",
    "started",
    "until",
    "supersededBy",
    "end"
})
public record Attempt(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int attempt,
        Owner owner,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer submission,
        String token,
        Instant started,
        Instant until,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer supersededBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) End end)
        implements Serializable {
    /** Whether the lease holds at an instant, as far as this record tells. */
    public boolean holdsAt(Instant now) {
        return end == null && supersededBy == null && now.isBefore(until);
    }

    /** This attempt in the form in which the ledger keeps it. */
    public String json() {
        return LedgerJson.text(this);
    }

    Attempt renewed(Instant later) {
        return new Attempt(
                version, pipeline, batch, number, attempt, owner, submission, token, started, later, supersededBy, end);
    }

    Attempt superseded(int by) {
        return new Attempt(
                version, pipeline, batch, number, attempt, owner, submission, token, started, until, by, end);
    }

    Attempt ended(End how) {
        return new Attempt(
                version, pipeline, batch, number, attempt, owner, submission, token, started, until, supersededBy, how);
    }

    /**
     * How an attempt ended.
     *
     * @param at when
     * @param step the last step it worked at; null when it came to none
     * @param exitCode the exit code of the process
     * @param kind the kind of failure; null when it succeeded
     * @param sentence what was told
     */
    @JsonPropertyOrder({"at", "step", "exitCode", "kind", "sentence"})
    public record End(Instant at, Step step, int exitCode, Failure.Kind kind, String sentence)
            implements Serializable {}
}
