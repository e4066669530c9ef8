package dev.eightbells.job;

import dev.eightbells.Failure;
import java.util.Optional;

/**
 * A service that runs batches as jobs. A job is one submission of a batch: one or more steps of a cluster, a cluster, or a
 * job run.
 */
public interface JobService extends AutoCloseable {

    /**
     * Where a job would be sent now: the id of the cluster, the application or the virtual cluster; the service's name where
     * each job makes a place of its own.
     *
     * @throws Failure of kind INPUT when nothing that takes jobs answers to what the pipeline file says, or may not be
     *     asked; TRANSIENT when the service does not answer
     */
    String place();

    /**
     * Sends a job, once: nothing below this call sends it again unless the service said that it took nothing.
     *
     * @return what the service calls it
     * @throws Failure of kind UNKNOWN when it cannot be told whether the service took the job, TRANSIENT when it took
     *     nothing and may do so later, INPUT when it refused it
     */
    Job send(JobRequest request);

    /**
     * The job that was sent with this request before, if its answer was lost; empty when there is none.
     *
     * @throws Failure as {@link #place} does
     */
    Optional<Job> find(JobRequest request);

    /** Whether a request that is sent twice is one job. */
    Repeats repeats();

    /**
     * How a job goes.
     *
     * @throws Failure as {@link #place} does
     */
    JobState state(Job job);

    @Override
    void close();

    /** What a service makes of a request that it gets twice. */
    enum Repeats {
        /** It knows the request's token, and answers with the same job. */
        ONE_JOB,
        /** It would run two jobs; look before sending again. */
        TWO_JOBS
    }
}
