package dev.eightbells.localaws.lambda;

import dev.eightbells.localaws.jvm.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that serves a function's events, one at a time, and its Runtime API. */
final class Sandbox implements AutoCloseable {
    private static final long KIBIBYTES_PER_MEGABYTE = 1024;

    private final LambdaFunction function;
    private final RuntimeApi api;
    private final ChildJvm process;
    private final Duration initialization;
    private volatile boolean closed;

    private Sandbox(LambdaFunction function, RuntimeApi api, ChildJvm process, Duration initialization) {
        this.function = function;
        this.api = api;
        this.process = process;
        this.initialization = initialization;
    }

    /**
     * Starts the process, and waits until it is ready.
     *
     * @param task where the package is unpacked
     * @param log where its output goes
     * @throws FunctionError when the process ends before, or the timeout is over
     */
    static Sandbox start(LambdaFunction function, RuntimeClient client, Path task, Path log)
            throws IOException, FunctionError, InterruptedException {
        long begun = System.nanoTime();
        String request = UUID.randomUUID().toString();
        RuntimeApi api = RuntimeApi.start(function.arn());
        ChildJvm process = null;
        try {
            process = ChildJvm.start(arguments(function, client), environment(function, api, task), task, log, log);
            CompletableFuture<Void> ready = api.ready();
            failAtItsEnd(process, ready, request);
            await(ready, function.timeout(), request);
            return new Sandbox(function, api, process, Duration.ofNanos(System.nanoTime() - begun));
        } catch (IOException | FunctionError | InterruptedException | RuntimeException e) {
            api.close();
            if (process != null) {
                process.kill();
            }
            throw e;
        }
    }

    /**
     * As Lambda starts the JVM of a function without snapshots: the serial collector, no second compiler, and a heap of
     * 85 % of the memory (445,645 KiB have been seen in functions of 512 MB).
     */
    private static List<String> arguments(LambdaFunction function, RuntimeClient client) {
        long heap = Math.round(function.memoryMegabytes() * KIBIBYTES_PER_MEGABYTE * 0.85);
        return List.of(
                "-XX:MaxHeapSize=" + heap + "k",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-Djava.net.preferIPv4Stack=true",
                "-D" + RuntimeClient.LIBRARY_PROPERTY + "=" + client.library(),
                "-cp",
                ChildJvm.classPath(client.jars()),
                RuntimeClient.MAIN,
                function.handler());
    }

    private static Map<String, String> environment(LambdaFunction function, RuntimeApi api, Path task) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", "us-east-1");
        environment.putAll(function.environment());
        environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
        environment.put("_HANDLER", function.handler());
        environment.put("LAMBDA_TASK_ROOT", task.toString());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(function.memoryMegabytes()));
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
        environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        environment.put("TZ", ":UTC");
        return environment;
    }

    /** How long it took to be ready. */
    Duration initialization() {
        return initialization;
    }

    /** Waits until the process asks for its next event, or has ended or is about to; returns whether it asks. */
    boolean isReady() throws InterruptedException {
        // A process that was killed may live on for a moment.
        if (closed) {
            return false;
        }
        try {
            CompletableFuture.anyOf(api.ready(), process.exit()).get();
            return process.isAlive();
        } catch (ExecutionException e) {
            return false;
        }
    }

    OptionalLong peakMemory() {
        return process.peakMemory();
    }

    /**
     * Has the function handle an event; returns what it returned.
     *
     * @throws FunctionError when it failed, its process ended, or it took too long, which ends its process
     */
    String invoke(String payload) throws FunctionError, InterruptedException {
        String request = UUID.randomUUID().toString();
        CompletableFuture<String> end = new CompletableFuture<>();
        failAtItsEnd(process, end, request);
        api.give(new RuntimeApi.Event(request, payload, Instant.now().plus(function.timeout()), end));
        try {
            return await(end, function.timeout(), request);
        } finally {
            if (!end.isDone()) {
                close();
            }
        }
    }

    private static void failAtItsEnd(ChildJvm process, CompletableFuture<?> waiting, String request) {
        CompletableFuture<Void> unused = process.exit()
                .thenAccept(code -> waiting.completeExceptionally(FunctionError.of(
                        "Runtime.ExitError", request, "Runtime exited with error: exit status " + code)));
    }

    private static <T> T await(CompletableFuture<T> end, Duration timeout, String request)
            throws FunctionError, InterruptedException {
        try {
            return end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw FunctionError.of(
                    "Sandbox.Timedout",
                    request,
                    String.format(Locale.ROOT, "Task timed out after %.2f seconds", timeout.toMillis() / 1000.0));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FunctionError error) {
                throw error;
            }
            throw new IllegalStateException("Cannot follow a function", e.getCause());
        }
    }

    /** Ends the process, and whatever it is doing; returns when it has ended. */
    @Override
    public void close() {
        closed = true;
        process.kill();
        process.exit().join();
        api.close();
    }
}
