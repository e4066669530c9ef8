package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest;
import dev.eightbells.job.Job;
import dev.eightbells.job.JobRequest;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobState;
import dev.eightbells.steps.BatchRunner;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Workplace;
import java.util.List;
import java.util.Optional;

/** Runs batches in this process: a job has ended when it has been sent. */
final class HereJobs implements JobService {
    private final Workplace workplace;
    private final Console console;
    private Failure first;

    /** @param workplace is closed with this */
    HereJobs(Workplace workplace, Console console) {
        this.workplace = workplace;
        this.console = console;
    }

    /** What the first batch that failed here failed with; empty when none did. */
    Optional<Failure> failure() {
        return Optional.ofNullable(first);
    }

    @Override
    public String place() {
        return "this machine";
    }

    /** A batch that fails was taken all the same: its attempt says why. */
    @Override
    public Job send(JobRequest request) {
        Manifest manifest =
                workplace.ledger().batches().find(request.batch()).orElseThrow().manifest();
        try {
            BatchRunner runner = new BatchRunner(workplace, request.submission(), end -> {});
            console.println(Run.line(manifest, runner.run(manifest)));
        } catch (Failure failure) {
            this.first = first == null ? failure : first;
        }
        return new Job(
                request.place(), List.of("process " + ProcessHandle.current().pid()));
    }

    /** Always empty: what was begun here and not recorded has ended with its process, or holds the batch's lease. */
    @Override
    public Optional<Job> find(JobRequest request) {
        return Optional.empty();
    }

    @Override
    public Repeats repeats() {
        return Repeats.ONE_JOB;
    }

    @Override
    public JobState state(Job job) {
        return new JobState(JobState.Phase.FAILED, job.ids().get(0) + " has ended");
    }

    @Override
    public void close() {
        workplace.close();
    }
}
