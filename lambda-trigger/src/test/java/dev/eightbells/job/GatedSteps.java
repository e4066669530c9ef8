package dev.eightbells.job;

import dev.eightbells.localaws.emr.StepProgram;
import dev.eightbells.localaws.emr.StepRun;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** Steps that run until they are told how to end; each is known by the last word of its name. */
final class GatedSteps implements StepProgram {
    private final Map<String, CompletableFuture<Integer>> gates = new ConcurrentHashMap<>();
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Override
    public int run(StepRun run) throws InterruptedException, ExecutionException {
        ran.add(run.name());
        return gate(run.name().substring(run.name().lastIndexOf(' ') + 1)).get();
    }

    /** Ends steps, now or when they run. */
    void end(int exitCode, String... steps) {
        for (String step : steps) {
            gate(step).complete(exitCode);
        }
    }

    /** The names of the steps that were begun, in order. */
    List<String> ran() {
        return ran;
    }

    private CompletableFuture<Integer> gate(String step) {
        return gates.computeIfAbsent(step, name -> new CompletableFuture<>());
    }
}
