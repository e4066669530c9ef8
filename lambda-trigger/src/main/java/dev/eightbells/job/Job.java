package dev.eightbells.job;

import java.util.List;

/**
 * A job as its service knows it.
 *
 * @param place the id of the cluster, the application or the virtual cluster that runs it
 * @param ids of its steps in their order, or of its one job run; the cluster's own for a cluster that runs nothing else
 */
public record Job(String place, List<String> ids) {
    public Job {
        ids = List.copyOf(ids);
    }
}
