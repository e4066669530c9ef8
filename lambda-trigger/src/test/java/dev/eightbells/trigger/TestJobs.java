package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.job.Job;
import dev.eightbells.job.JobRequest;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service whose jobs do what the test says. By default it runs a request that it gets twice twice, as EMR steps do. */
final class TestJobs implements JobService {
    /** What goes wrong with the next call of {@link #send}. */
    enum Fault {
        /** The service says no, and took nothing. */
        REFUSED,
        /** It took the job, and its answer is lost. */
        ANSWER_LOST,
        /** It took nothing, and the caller cannot tell. */
        NEVER_ARRIVED
    }

    /** A job that the service took. */
    record Sent(String id, JobRequest request) {}

    final List<Sent> sent = new ArrayList<>();
    final Deque<Fault> faults = new ArrayDeque<>();
    Repeats repeats = Repeats.TWO_JOBS;
    String place = "j-1";
    Failure unreachable;
    private final Map<String, JobState> states = new HashMap<>();

    @Override
    public synchronized String place() {
        if (unreachable != null) {
            throw unreachable;
        }
        return place;
    }

    @Override
    public synchronized Job send(JobRequest request) {
        Fault fault = faults.poll();
        if (fault == Fault.REFUSED) {
            throw Failure.input("Cannot submit to " + place + ": access denied. Grant it.");
        }
        if (fault == Fault.NEVER_ARRIVED) {
            throw unknown();
        }
        Sent job = repeats == Repeats.ONE_JOB ? known(request).orElseGet(() -> take(request)) : take(request);
        if (fault == Fault.ANSWER_LOST) {
            throw unknown();
        }
        return new Job(request.place(), List.of(job.id()));
    }

    private Sent take(JobRequest request) {
        Sent job = new Sent("s-" + (sent.size() + 1), request);
        sent.add(job);
        states.put(job.id(), new JobState(JobState.Phase.RUNNING, "step convert is RUNNING"));
        return job;
    }

    private Optional<Sent> known(JobRequest request) {
        return sent.stream()
                .filter(job -> job.request().name().equals(request.name())
                        && job.request().place().equals(request.place()))
                .findFirst();
    }

    private static Failure unknown() {
        return Failure.of(Failure.Kind.UNKNOWN, "Cannot tell whether the job was taken. Look before a retry.", null);
    }

    @Override
    public synchronized Optional<Job> find(JobRequest request) {
        return known(request).map(job -> new Job(request.place(), List.of(job.id())));
    }

    @Override
    public Repeats repeats() {
        return repeats;
    }

    @Override
    public synchronized JobState state(Job job) {
        return states.get(job.ids().get(0));
    }

    synchronized Sent last() {
        return sent.get(sent.size() - 1);
    }

    synchronized void succeed(Sent job) {
        states.put(job.id(), new JobState(JobState.Phase.SUCCEEDED, "step convert is COMPLETED"));
    }

    synchronized void fail(Sent job, String said) {
        states.put(job.id(), new JobState(JobState.Phase.FAILED, said));
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
