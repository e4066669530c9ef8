package dev.eightbells.job;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Compute;
import java.util.Map;

/** Opens the service that a pipeline file names. */
public final class JobServices {
    private JobServices() {}

    /**
     * The service that runs the batches of a pipeline. It is reached as the environment says: {@code AWS_REGION}, the
     * credentials, and {@code AWS_ENDPOINT_URL_EMR}, {@code AWS_ENDPOINT_URL_EMR_SERVERLESS} or
     * {@code AWS_ENDPOINT_URL_EMR_CONTAINERS} where something else stands in for AWS.
     *
     * @throws Failure of kind INPUT when the pipeline runs where it is started, or the environment is incomplete
     */
    public static JobService open(Compute compute, Map<String, String> environment) {
        return open(compute, AwsClients.of(environment));
    }

    static JobService open(Compute compute, AwsClients clients) {
        Compute.Target target = compute.target();
        if (target instanceof Compute.EmrSteps steps) {
            return new EmrStepsService(steps, compute.spark(), clients);
        }
        if (target instanceof Compute.EmrCluster cluster) {
            return new EmrClusterService(cluster, compute.spark(), clients);
        }
        if (target instanceof Compute.EmrServerless serverless) {
            return new EmrServerlessService(serverless, compute.spark(), clients);
        }
        if (target instanceof Compute.EmrOnEks eks) {
            return new EmrOnEksService(eks, compute.spark(), clients);
        }
        throw Failure.input("Cannot submit batches of compute type local: there is no Spark here. Name emr-steps,"
                + " emr-cluster, emr-serverless or emr-on-eks as compute.type, or do them with ./eightbells run.");
    }
}
