package dev.eightbells.trigger;

import dev.eightbells.Failure;
import dev.eightbells.batch.Ledger;
import dev.eightbells.job.JobService;
import dev.eightbells.pipeline.Compute;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.RulesJudge;
import dev.eightbells.pipeline.SqlJudge;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after pipelines: what one cannot do keeps no other from being looked after. */
public final class Watch {
    /** The environment's name for the location of the steps' jar. */
    static final String JAR = "EIGHTBELLS_STEPS_JAR";

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final Map<String, String> environment;
    private final Function<Compute, JobService> services;
    private final Clock clock;

    /**
     * @param environment what pipeline files, credentials and endpoints are resolved with
     * @param services opens the service that a pipeline's batches run on
     */
    public Watch(Map<String, String> environment, Function<Compute, JobService> services, Clock clock) {
        this.environment = environment;
        this.services = services;
        this.clock = clock;
    }

    /**
     * Looks after all pipelines of these files, or the one that the firing names.
     *
     * @param until begins nothing after this
     * @throws Failure of kind INPUT when the firing names a pipeline that is in none of the files
     */
    List<Watched> all(PipelineFiles files, Firing firing, Instant until) {
        List<Watched> all = new ArrayList<>();
        for (String entry : files.entries()) {
            for (String file : guarded(entry, () -> PipelineFiles.expand(entry, environment), all)) {
                for (Pipeline pipeline : guarded(file, () -> List.of(load(file)), all)) {
                    if (firing.pipeline() == null || firing.pipeline().equals(pipeline.name())) {
                        all.addAll(guarded(pipeline.name(), () -> List.of(one(pipeline, firing, until)), all));
                    }
                }
            }
        }
        if (all.isEmpty()) {
            throw Failure.input("Cannot look after pipeline " + firing.pipeline()
                    + ": no pipeline file has that name. Send another name, or add its file to "
                    + PipelineFiles.VARIABLE + ".");
        }
        return all;
    }

    /**
     * Looks after one pipeline.
     *
     * @param until begins nothing after this
     * @throws Failure when its stores or its service cannot be opened
     */
    public Watched one(Pipeline pipeline, Firing firing, Instant until) {
        try (ObjectStore source = ObjectStores.open(pipeline.source().location(), environment);
                ObjectStore lake = ObjectStores.open(pipeline.lake(), environment);
                JobService service = services.apply(pipeline.compute())) {
            Ledger ledger = Ledger.open(lake, pipeline);
            return new Trigger(pipeline, source, ledger, service, environment.get(JAR), clock).fire(firing, until);
        }
    }

    private Pipeline load(String file) {
        return PipelineFile.load(file, environment, SqlJudge.none(), RulesJudge.none());
    }

    /** What comes of some work; nothing when it fails, which is told instead. */
    private static <T> List<T> guarded(String name, Work<T> work, List<Watched> told) {
        try {
            return work.run();
        } catch (Failure failure) {
            told.add(Watched.failed(name, failure));
        } catch (RuntimeException bug) {
            LOG.error("Cannot look after {}", name, bug);
            told.add(Watched.failed(
                    name,
                    Failure.of(
                            Failure.Kind.BUG,
                            "Cannot look after " + name + ": " + bug.getClass().getSimpleName() + " ("
                                    + bug.getMessage() + "). This was not expected: report it with its log.",
                            bug)));
        }
        return List.of();
    }

    private interface Work<T> {
        List<T> run();
    }
}
