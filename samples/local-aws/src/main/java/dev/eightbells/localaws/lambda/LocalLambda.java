package dev.eightbells.localaws.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A stand-in for Lambda with one function. Its deployment package runs for real, in a process of its own with the memory of
 * the function, under AWS's runtime interface client. The process is started by the first invocation, serves the later ones
 * too, and is started again after a timeout or when it has ended. One invocation runs at a time, as with a reserved
 * concurrency of 1; others wait for their turn. Safe for use by many threads.
 *
 * <p>What it is not: it caps the heap but not the process, gives a function as much processor as there is, and knows no
 * roles.
 */
public final class LocalLambda implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final List<Duration> WAITS = List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));

    private final LambdaFunction function;
    private final Path folder;
    private final Path task;
    private final Path log;
    private final RuntimeClient client;
    private final InvokeEndpoint endpoint;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile Sandbox sandbox;
    private volatile boolean closed;

    private LocalLambda(LambdaFunction function, int port, Path folder, List<Duration> waits) throws IOException {
        this.function = function;
        this.folder = folder;
        this.task = folder.resolve("task");
        this.log = folder.resolve("log");
        delete(task);
        delete(folder.resolve("runtime"));
        new DeploymentPackage(function.zip()).unpackTo(task);
        this.client = RuntimeClient.unpackTo(folder.resolve("runtime"));
        this.endpoint = InvokeEndpoint.start(this, function, port, waits);
    }

    /**
     * Deploys a function, by the name {@code function} and with the longest timeout, 15 minutes.
     *
     * @param zip the deployment package: classes at the root, jars in {@code lib/}
     * @param handler e.g. {@code com.acme.Handler::handleRequest}
     * @param environment its variables, beside those that Lambda sets
     * @param memoryMegabytes from 128 to 10240
     * @throws IOException when the package cannot be unpacked, or functions do not run on this system
     */
    public static LocalLambda start(Path zip, String handler, Map<String, String> environment, int memoryMegabytes)
            throws IOException {
        LambdaFunction function = new LambdaFunction("function", zip, handler, environment, memoryMegabytes, LONGEST);
        return start(function, 0, Files.createTempDirectory("local-lambda-"));
    }

    /**
     * Deploys a function.
     *
     * @param port where its Invoke API listens; 0 for any that is free
     * @param folder where its package is unpacked, and its {@code log} lies; created when absent
     * @throws IOException when the package cannot be unpacked, functions do not run on this system, or the port is taken
     */
    public static LocalLambda start(LambdaFunction function, int port, Path folder) throws IOException {
        return start(function, port, folder, WAITS);
    }

    /**
     * The same.
     *
     * @param waits before the further attempts at an event that failed
     */
    static LocalLambda start(LambdaFunction function, int port, Path folder, List<Duration> waits) throws IOException {
        return new LocalLambda(function, port, folder.toAbsolutePath().normalize(), waits);
    }

    /** Where the Invoke API listens: {@code http://127.0.0.1:port}. It looks at no signatures. */
    public URI endpoint() {
        return endpoint.uri();
    }

    /**
     * Invokes the function, in its turn; waits for the answer.
     *
     * @param payload the event, as JSON
     * @throws InterruptedException when this thread is interrupted meanwhile; the function's process has ended then
     */
    public Answer invoke(String payload) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("Cannot invoke " + function.name() + ": it is closed.");
            }
            long begun = System.nanoTime();
            Duration initialization = null;
            try {
                if (sandbox == null || !sandbox.isReady()) {
                    coolDown();
                    sandbox = Sandbox.start(function, client, task, log);
                    initialization = sandbox.initialization();
                    begun = System.nanoTime();
                }
                return answer(Answer.Outcome.RETURNED, sandbox.invoke(payload), begun, initialization);
            } catch (FunctionError e) {
                return answer(Answer.Outcome.FAILED, e.payload(), begun, initialization);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot start a process for " + function.name(), e);
            }
        } finally {
            turn.unlock();
        }
    }

    private static Answer answer(Answer.Outcome outcome, String payload, long begun, Duration initialization) {
        return new Answer(outcome, payload, Duration.ofNanos(System.nanoTime() - begun), initialization);
    }

    /** Ends the function's process, whatever it does; the next invocation starts another. */
    public void coolDown() {
        Sandbox running = sandbox;
        if (running != null) {
            running.close();
        }
    }

    /** The most memory that the function's process has had in use at once, in bytes; empty when none runs. */
    public OptionalLong peakMemory() {
        Sandbox running = sandbox;
        return running == null ? OptionalLong.empty() : running.peakMemory();
    }

    /** What the function has printed so far. */
    public String log() {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    /** Ends the function's process, and removes what was unpacked; the log stays. */
    @Override
    public void close() {
        closed = true;
        endpoint.close();
        coolDown();
        delete(task);
        delete(folder.resolve("runtime"));
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder, e);
        }
    }
}
