package dev.eightbells.job;

import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Ledger;
import dev.eightbells.batch.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a service is asked to run.
 *
 * @param pipeline the pipeline's name
 * @param batch the batch's name
 * @param submission which submission of the batch this is, counted from 1
 * @param place where to send it, as {@link JobService#place} said
 * @param claimed when the submission was claimed; nothing was sent before
 * @param definition the location of the frozen pipeline file that its steps go by, {@code s3://…/definitions/….yaml}
 * @param jar the location of the steps' jar; null for this machine, which needs none
 * @param steps of the batch, in their order
 * @param bytes of the batch's raw objects, as stored
 */
public record JobRequest(
        String pipeline,
        BatchId batch,
        int submission,
        String place,
        Instant claimed,
        String definition,
        String jar,
        List<Step> steps,
        long bytes) {
    public JobRequest {
        steps = List.copyOf(steps);
    }

    /** A name that no other submission has, e.g. {@code eightbells web-events 20261122T0800Z #1}. */
    public String name() {
        return "eightbells " + pipeline + " " + batch + " #" + submission;
    }

    /** A token that no other submission has, also of a pipeline that has this one's name and another lake: 64 characters. */
    String token() {
        return Ledger.sha256(String.join("\n", pipeline, batch.toString(), Integer.toString(submission), definition));
    }

    /** What its job is tagged with; the keys and values fit every service. */
    Map<String, String> tags() {
        Map<String, String> tags = new TreeMap<>();
        tags.put("eightbells:pipeline", pipeline);
        tags.put("eightbells:batch", batch.toString());
        tags.put("eightbells:submission", Integer.toString(submission));
        return tags;
    }
}
