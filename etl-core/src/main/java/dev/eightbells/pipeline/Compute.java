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
     * @param instanceTypes what its machines may be, each of 4 vCPUs or a multiple of them
     * @param maxUnits the most units of 4 vCPUs that it has beside its primary; null for as many as the batch's size asks for
     * @param securityConfiguration its name; null for none
     * @param logs where its logs go: a place on S3, or a CloudWatch log group that begins with {@code /}; null for nowhere
     */
    public record EmrCluster(
            String release,
            String serviceRole,
            String instanceProfile,
            List<String> subnets,
            List<String> instanceTypes,
            Integer maxUnits,
            String securityConfiguration,
            String logs)
            implements Target {
        /** What machines may be when the file does not say: of one architecture, and in most regions. */
        public static final List<String> DEFAULT_INSTANCE_TYPES = List.of(
                "m5.xlarge",
                "m5a.xlarge",
                "m5d.xlarge",
                "m6i.xlarge",
                "m5.2xlarge",
                "m5a.2xlarge",
                "m5d.2xlarge",
                "m6i.2xlarge");

        public EmrCluster {
            subnets = List.copyOf(subnets);
            instanceTypes = List.copyOf(instanceTypes);
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
     * @param logs where its logs go: a place on S3, or a CloudWatch log group that begins with {@code /}; null to leave it to
     *     the application
     */
    public record EmrServerless(String application, String role, String logs) implements Target {
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
     * @param logs where its logs go: a place on S3, or a CloudWatch log group that begins with {@code /}; null for nowhere
     *     but Kubernetes
     */
    public record EmrOnEks(String virtualCluster, String role, String release, String logs) implements Target {
        @Override
        public String type() {
            return "emr-on-eks";
        }
    }
}
