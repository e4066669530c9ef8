package dev.eightbells.pipeline;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Where the batches of a pipeline run.
 *
 * @param target the service, with what it must be told
 * @param jar the location of the steps' jar for spark-submit; null leaves it to whoever submits
 * @param maxAttempts how often a failed batch is submitted, at least 1
 * @param spark Spark settings that beat the ones made from the batch's size
 */
public record Compute(Target target, String jar, int maxAttempts, Map<String, String> spark) implements Serializable {
    /** How often a failed batch is submitted when the file does not say. */
    public static final int DEFAULT_MAX_ATTEMPTS = 3;

    /** On this machine, which is where a pipeline runs when its file does not say. */
    public static final Compute LOCAL = new Compute(new Local(), null, DEFAULT_MAX_ATTEMPTS, Map.of());

    public Compute {
        spark = Map.copyOf(spark);
    }

    /** A service that runs batches. */
    public sealed interface Target extends Serializable {
        /** Its {@code type} in the pipeline file. */
        String type();
    }

    /** On this machine. */
    public record Local() implements Target {
        @Override
        public String type() {
            return "local";
        }
    }

    /**
     * Steps on a running EMR cluster.
     *
     * @param cluster which one
     * @param runtimeRole the ARN of the steps' role; null for the cluster's own
     */
    public record EmrSteps(Cluster cluster, String runtimeRole) implements Target {
        @Override
        public String type() {
            return "emr-steps";
        }
    }

    /**
     * Which EMR cluster, resolved when a batch is submitted.
     *
     * @param by what it is found by
     * @param value the id, the name, or the tag as {@code key=value}
     */
    public record Cluster(By by, String value) implements Serializable {
        /** What a cluster is found by. */
        public enum By {
            ID,
            NAME,
            TAG
        }
    }

    /**
     * A transient EMR cluster for each batch.
     *
     * @param release the EMR release, e.g. {@code emr-7.14.0}
     * @param serviceRole the role of EMR itself
     * @param instanceProfile the role of its machines
     * @param subnets where it may start
     * @param securityConfiguration its name; null for none
     * @param logs where EMR writes its logs; null for nowhere
     */
    public record EmrCluster(
            String release,
            String serviceRole,
            String instanceProfile,
            List<String> subnets,
            String securityConfiguration,
            String logs)
            implements Target {
        public EmrCluster {
            subnets = List.copyOf(subnets);
        }

        @Override
        public String type() {
            return "emr-cluster";
        }
    }

    /**
     * An EMR Serverless application.
     *
     * @param application its id
     * @param role the ARN of the role that jobs run with
     */
    public record EmrServerless(String application, String role) implements Target {
        @Override
        public String type() {
            return "emr-serverless";
        }
    }

    /**
     * A virtual cluster of EMR on EKS.
     *
     * @param virtualCluster its id
     * @param role the ARN of the role that jobs run with
     * @param release the EMR release, e.g. {@code emr-7.14.0-latest}
     */
    public record EmrOnEks(String virtualCluster, String role, String release) implements Target {
        @Override
        public String type() {
            return "emr-on-eks";
        }
    }
}
