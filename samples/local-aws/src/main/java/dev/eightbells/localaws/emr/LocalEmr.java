package dev.eightbells.localaws.emr;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A stand-in for EMR on EC2 on a port of the loopback interface, for rehearsals and tests: AWS's own clients start clusters,
 * add steps and ask how they go. Steps run for real, as a {@link StepProgram} does that; machines there are none. States,
 * their reasons, limits and refusals are EMR's. Safe for use by many threads.
 *
 * <p>Requests must be signed for the service, but by whom is not looked at.
 */
public final class LocalEmr implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final Clusters clusters;
    private final Endpoint endpoint;
    private final EmrFaults faults;

    private LocalEmr(HttpServer server, StepProgram program, Path logs) {
        this.server = server;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "local-emr");
            thread.setDaemon(true);
            return thread;
        });
        this.clusters = new Clusters(program, logs);
        this.faults = new EmrFaults();
        this.endpoint = new Endpoint(new Operations(clusters), faults);
    }

    /**
     * Starts one on a free port, whose logs lie in a temporary folder.
     *
     * @param program what every step runs
     * @throws IOException when it does not start
     */
    public static LocalEmr start(StepProgram program) throws IOException {
        return start(program, 0, Files.createTempDirectory("local-emr-"));
    }

    /**
     * Starts one without clusters.
     *
     * @param program what every step runs
     * @param port where it listens; 0 for any that is free
     * @param logs where the logs of step {@code s-…} lie, in {@code <cluster>/steps/<step>/}; created when absent
     * @throws IOException when it does not start
     */
    public static LocalEmr start(StepProgram program, int port, Path logs) throws IOException {
        Objects.requireNonNull(program, "program");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        LocalEmr emr = new LocalEmr(server, program, logs.toAbsolutePath());
        server.createContext("/", emr.endpoint);
        server.setExecutor(emr.threads);
        server.start();
        return emr;
    }

    /** Where it listens: {@code http://127.0.0.1:port}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What an AWS client needs to reach it, beside any credentials and a region. */
    public Map<String, String> environment() {
        return Map.of("AWS_ENDPOINT_URL_EMR", endpoint().toString());
    }

    /**
     * Starts a cluster that waits for steps until it is terminated; returns its id.
     *
     * @param stepConcurrency how many steps run side by side, from 1 to 256
     */
    public String startCluster(String name, Map<String, String> tags, int stepConcurrency) {
        return clusters.create(ClusterOrder.waiting(name, tags, stepConcurrency))
                .id();
    }

    /** Whether a step of a cluster waits or runs. */
    public boolean runs(String cluster) {
        return clusters.find(cluster).runs();
    }

    /**
     * A cluster dies at once, by no will of anybody: INSTANCE_FAILURE. Its running steps are interrupted, and those that
     * wait are cancelled.
     */
    public void killCluster(String cluster) {
        clusters.find(cluster).die();
    }

    /**
     * Interrupts a step that runs; the cluster goes on with the next one.
     *
     * @throws IllegalStateException when no step of this id runs
     */
    public void interruptStep(String step) {
        if (clusters.all().stream().noneMatch(cluster -> cluster.interruptStep(step))) {
            throw new IllegalStateException("Cannot interrupt step " + step + ": it does not run.");
        }
    }

    /** From now on new clusters stay in STARTING until they are released, as real ones do for minutes. */
    public void holdClusters() {
        clusters.hold();
    }

    /** Lets those clusters begin that were held. */
    public void releaseClusters() {
        clusters.release();
    }

    /** What is to go wrong with the next requests. */
    public EmrFaults faults() {
        return faults;
    }

    /** All requests since the start or the last {@link #forgetRequests}, in order, those that were refused too. */
    public List<EmrRequest> requests() {
        return endpoint.requests();
    }

    public void forgetRequests() {
        endpoint.forgetRequests();
    }

    /** Stops answering, and all clusters at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        clusters.all().forEach(LocalCluster::die);
    }
}
