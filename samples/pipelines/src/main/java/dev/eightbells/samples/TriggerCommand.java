package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobServices;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.PipelineOption;
import dev.eightbells.steps.WindowOption;
import dev.eightbells.steps.Workplace;
import dev.eightbells.trigger.Firing;
import dev.eightbells.trigger.Watch;
import dev.eightbells.trigger.Watched;
import dev.eightbells.trigger.Watched.Became;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "trigger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Do here what the Lambda does: finish open batches, plan what is new, and give both to the compute"
                        + " service that the pipeline file names.")
final class TriggerCommand implements Callable<Integer> {
    /** A person may wait longer than a function. */
    private static final Duration TIME = Duration.ofDays(1);

    private final PipelineOption.Context context;
    private final Console console;

    @Mixin
    private PipelineOption file;

    @Mixin
    private WindowOption window;

    TriggerCommand(PipelineOption.Context context, Console console) {
        this.context = context;
        this.console = console;
    }

    @Override
    public Integer call() {
        Pipeline pipeline = file.load(context);
        List<HereJobs> here = new ArrayList<>();
        Watch watch = new Watch(context.environment(), compute -> service(pipeline, compute, here), context.clock());
        Firing firing = new Firing(pipeline.name(), window.at(context.clock()), window.from(), Firing.By.PERSON);
        Watched watched = watch.one(pipeline, firing, context.clock().instant().plus(TIME));
        // What ran here has been told already, and what went wrong is told in the end.
        Set<Became> news = here.isEmpty() ? EnumSet.of(Became.SUBMITTED, Became.RUNNING) : EnumSet.of(Became.RUNNING);
        watched.batches().stream()
                .filter(batch -> news.contains(batch.became()))
                .forEach(batch -> console.println(batch.sentence()));
        if (watched.batches().isEmpty() && watched.failures().isEmpty()) {
            console.println("Nothing new for pipeline " + pipeline.name() + ", and nothing open.");
        }
        return ended(Stream.concat(
                        here.stream().flatMap(jobs -> jobs.failure().stream()).map(Watched.Sentence::of),
                        watched.complaints().stream())
                .distinct()
                .toList());
    }

    private JobService service(Pipeline pipeline, Compute compute, List<HereJobs> here) {
        if (!(compute.target() instanceof Compute.Local)) {
            return JobServices.open(compute, context.environment());
        }
        HereJobs jobs = new HereJobs(
                Workplace.open(pipeline, context.environment(), context.clock(), context.session()::spark), console);
        here.add(jobs);
        return jobs;
    }

    /** Tells all that a person should know, the last of it by the failure that this command ends with. */
    private int ended(List<Watched.Sentence> complaints) {
        if (complaints.isEmpty()) {
            return 0;
        }
        complaints.subList(1, complaints.size()).forEach(complaint -> console.err()
                .println("eightbells: " + complaint.sentence()));
        throw Failure.of(complaints.get(0).kind(), complaints.get(0).sentence(), null);
    }
}
