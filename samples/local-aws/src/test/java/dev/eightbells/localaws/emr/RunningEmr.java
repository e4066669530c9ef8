package dev.eightbells.localaws.emr;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepConfig;

/** A {@link LocalEmr} for one test, and AWS's own client for it. */
final class RunningEmr implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ScriptedProgram program = new ScriptedProgram();
    private LocalEmr emr;
    private EmrClient client;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path logs = Path.of("target", "local-emr-logs");
        emr = LocalEmr.start(program, 0, logs);
        client = client(emr, StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        client.close();
        emr.close();
    }

    static EmrClient client(LocalEmr emr, AwsCredentialsProvider credentials) {
        return EmrClient.builder()
                .endpointOverride(emr.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(settings -> settings.retryStrategy(RetryMode.STANDARD))
                .build();
    }

    EmrClient anonymous() {
        return client(emr, AnonymousCredentialsProvider.create());
    }

    LocalEmr emr() {
        return emr;
    }

    EmrClient client() {
        return client;
    }

    ScriptedProgram program() {
        return program;
    }

    String waitingCluster() {
        return emr.startCluster("local", Map.of(), 1);
    }

    static StepConfig step(String name, ActionOnFailure action, String... arguments) {
        return StepConfig.builder()
                .name(name)
                .actionOnFailure(action)
                .hadoopJarStep(jar -> jar.jar("command-runner.jar").args(arguments))
                .build();
    }

    static StepConfig step(String name, String... arguments) {
        return step(name, ActionOnFailure.CONTINUE, arguments);
    }

    List<String> add(String cluster, StepConfig... steps) {
        return client.addJobFlowSteps(request -> request.jobFlowId(cluster).steps(steps))
                .stepIds();
    }

    /** A cluster that ends by itself. */
    String runTransient(StepConfig... steps) {
        return run(request -> request.steps(steps));
    }

    String run(Consumer<RunJobFlowRequest.Builder> more) {
        return client.runJobFlow(request -> {
                    request.name("transient")
                            .releaseLabel("emr-7.14.0")
                            .instances(instances -> instances.instanceCount(1).masterInstanceType("m7g.xlarge"));
                    more.accept(request);
                })
                .jobFlowId();
    }

    Cluster cluster(String id) {
        return client.describeCluster(request -> request.clusterId(id)).cluster();
    }

    Step step(String cluster, String step) {
        return client.describeStep(request -> request.clusterId(cluster).stepId(step))
                .step();
    }

    /** The states of a cluster's steps, the oldest first. */
    List<String> states(String cluster) {
        List<String> states = new ArrayList<>(client.listSteps(request -> request.clusterId(cluster)).steps().stream()
                .map(step -> step.status().stateAsString())
                .toList());
        Collections.reverse(states);
        return states;
    }

    void awaitStates(String cluster, String... states) {
        await(() -> states(cluster).equals(Arrays.asList(states)), () -> states(cluster));
    }

    void awaitCluster(String cluster, String state) {
        await(() -> cluster(cluster).status().stateAsString().equals(state), () -> cluster(cluster)
                .status());
    }

    static void await(BooleanSupplier condition, java.util.function.Supplier<Object> seen) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                Assertions.fail("Still " + seen.get());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
