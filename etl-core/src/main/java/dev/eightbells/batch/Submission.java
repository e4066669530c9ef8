package dev.eightbells.batch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.eightbells.Failure;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * That a batch was given to a compute service, or is about to be. It is claimed before anything is sent, and says later
 * which job came of it and how that ended.
 *
 * @param version of this form
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param number the number of the batch's manifest
 * @param submission counted from 1
 * @param attempt which try this is since the batch last succeeded or a person asked for it, counted from 1
 * @param token tells apart two processes that claim the same
 * @param claimed when it was claimed first; nothing was sent before
 * @param sendBy until when the process that holds the claim may send; later another may take it over
 * @param steps what it runs
 * @param service what runs it, as the pipeline file names its type
 * @param place the cluster, application or virtual cluster
 * @param job what the service calls the job's parts; empty while that is not known
 * @param end how it ended; null when that is not known
 */
@JsonPropertyOrder({
    "version",
    "pipeline",
    "batch",
    "number",
    "submission",
    "attempt",
    "token",
    "claimed",
    "sendBy",
    "steps",
    "service",
    "place",
    "job",
    "end"
})
public record Submission(
        int version,
        String pipeline,
        BatchId batch,
        int number,
        int submission,
        int attempt,
        String token,
        Instant claimed,
        Instant sendBy,
        List<Step> steps,
        String service,
        String place,
        List<String> job,
        @JsonInclude(JsonInclude.Include.NON_NULL) End end)
        implements Serializable {
    public Submission {
        steps = List.copyOf(steps);
        job = job == null ? List.of() : List.copyOf(job);
    }

    /** Whether the service is known to have taken it. */
    @JsonIgnore
    public boolean isSent() {
        return !job.isEmpty();
    }

    /** Whether the service is known to have taken nothing. */
    @JsonIgnore
    public boolean isRefused() {
        return job.isEmpty() && end != null;
    }

    /** This submission in the form in which the ledger keeps it. */
    public String json() {
        return LedgerJson.text(this);
    }

    /** This submission in the hands of another process. */
    Submission takenOver(String by, Instant until, List<Step> todo, String to) {
        return new Submission(
                version,
                pipeline,
                batch,
                number,
                submission,
                attempt,
                by,
                claimed,
                until,
                todo,
                service,
                to,
                job,
                null);
    }

    /** This submission with what the service calls the job. */
    Submission sent(List<String> ids) {
        return new Submission(
                version,
                pipeline,
                batch,
                number,
                submission,
                attempt,
                token,
                claimed,
                sendBy,
                steps,
                service,
                place,
                ids,
                null);
    }

    /** This submission with its end. */
    Submission ended(End how) {
        return new Submission(
                version,
                pipeline,
                batch,
                number,
                submission,
                attempt,
                token,
                claimed,
                sendBy,
                steps,
                service,
                place,
                job,
                how);
    }

    /**
     * How a submission ended.
     *
     * @param at when that was seen
     * @param kind the kind of failure; null when it succeeded
     * @param sentence what the job's steps or the service said
     */
    @JsonPropertyOrder({"at", "kind", "sentence"})
    public record End(Instant at, Failure.Kind kind, String sentence) implements Serializable {}
}
