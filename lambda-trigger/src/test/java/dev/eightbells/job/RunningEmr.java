package dev.eightbells.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.job.JobState.Phase;
import dev.eightbells.localaws.emr.EmrRequest;
import dev.eightbells.localaws.emr.LocalEmr;
import dev.eightbells.pipeline.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** EMR on this machine for one test, and services that reach it. */
final class RunningEmr implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<JobService> services = new ArrayList<>();
    private GatedSteps steps;
    private LocalEmr emr;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        steps = new GatedSteps();
        emr = LocalEmr.start(steps, 0, Path.of("target", "local-emr-logs"));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        services.forEach(JobService::close);
        services.clear();
        emr.close();
    }

    LocalEmr emr() {
        return emr;
    }

    GatedSteps steps() {
        return steps;
    }

    JobService service(Compute.Target target) {
        JobService service = JobServices.open(Fixtures.compute(target), Fixtures.clients(emr.endpoint()));
        services.add(service);
        return service;
    }

    /** Waits until a job has come this far. */
    JobState await(JobService service, Job job, Phase phase) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        JobState state = service.state(job);
        while (state.phase() != phase && Instant.now().isBefore(end)) {
            Thread.sleep(20);
            state = service.state(job);
        }
        assertThat(state.phase()).as(state.said()).isEqualTo(phase);
        return state;
    }

    /** How many requests of an operation arrived. */
    long requests(String operation) {
        return emr.requests().stream()
                .map(EmrRequest::operation)
                .filter(operation::equals)
                .count();
    }
}
