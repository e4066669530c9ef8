package dev.eightbells.trigger;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.eightbells.Failure;
import dev.eightbells.job.JobService;
import dev.eightbells.job.JobServices;
import dev.eightbells.pipeline.Compute;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What AWS Lambda calls. It looks after all pipelines of its configuration, prints one line for each, and fails in the end
 * when one of them could not be looked after or waits for a person: Lambda then tries again, and tells the person.
 */
public final class Handler implements RequestStreamHandler {
    /** What is left when nothing new is begun, for what was begun to end. */
    private static final Duration TO_END = Duration.ofMinutes(1);

    /** How many sentences a failure tells; a message has room for some. */
    private static final int TOLD = 20;

    private final Map<String, String> environment;
    private final Watch watch;
    private final Clock clock;
    private final PrintStream log;

    /** As Lambda makes it. */
    public Handler() {
        this(System.getenv(), compute -> JobServices.open(compute, System.getenv()), Clock.systemUTC(), System.out);
    }

    Handler(Map<String, String> environment, Function<Compute, JobService> services, Clock clock, PrintStream log) {
        this.environment = environment;
        this.watch = new Watch(environment, services, clock);
        this.clock = clock;
        this.log = log;
    }

    /**
     * Looks after all pipelines.
     *
     * @param event see {@link Firing#read}
     * @param answer {@code {"pipelines": […]}}, each as {@link Watched} says
     * @throws Failure when the event is none, or a pipeline could not be looked after or waits for a person, after all were
     *     looked after
     */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        Instant now = clock.instant();
        Firing firing = Firing.read(new String(event.readAllBytes(), StandardCharsets.UTF_8), now);
        Instant until = now.plusMillis(context.getRemainingTimeInMillis()).minus(TO_END);
        List<Watched> all = watch.all(PipelineFiles.of(environment), firing, until);
        all.forEach(watched -> log.println(WatchLine.of(watched, now)));
        List<Watched.Sentence> complaints =
                all.stream().flatMap(watched -> watched.complaints().stream()).toList();
        if (!complaints.isEmpty()) {
            throw Failure.of(complaints.get(0).kind(), told(complaints), null);
        }
        answer.write(WatchLine.answer(all).getBytes(StandardCharsets.UTF_8));
    }

    private static String told(List<Watched.Sentence> complaints) {
        String told =
                complaints.stream().limit(TOLD).map(Watched.Sentence::sentence).collect(Collectors.joining("\n"));
        int more = complaints.size() - TOLD;
        return more > 0 ? told + "\nAnd " + more + " more: see the log." : told;
    }
}
