package dev.eightbells.pipeline;

import java.io.Serializable;
import java.util.List;

/**
 * The warehouse that a pipeline loads.
 *
 * @param url what {@link RedshiftUrl} parses
 * @param secret the id or ARN of the Secrets Manager secret with username and password; null when the URL uses IAM, or
 *     leads to this machine
 * @param copyRole the ARN of the role that COPY reads with, or {@code default}
 * @param events the target of the events
 * @param sessions the target of the sessions; null when they are not loaded
 * @param distKey the distribution key of the events; null leaves it to Redshift
 * @param sortKey the sort key of the events; empty leaves it to Redshift
 */
public record Warehouse(
        String url,
        String secret,
        String copyRole,
        TableName events,
        TableName sessions,
        String distKey,
        List<String> sortKey)
        implements Serializable {
    public Warehouse {
        sortKey = List.copyOf(sortKey);
    }
}
