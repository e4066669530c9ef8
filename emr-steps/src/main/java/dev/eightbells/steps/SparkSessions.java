package dev.eightbells.steps;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Builds the one Spark session of a process. */
final class SparkSessions {
    private static final String S3_READER = "spark.hadoop.fs.s3.impl";

    private SparkSessions() {}

    /**
     * A session on the cluster when spark-submit started this process, else one of its own in this process.
     *
     * @param environment where an S3 endpoint other than Amazon's, and its credentials, are looked up
     */
    static SparkSession create(Map<String, String> environment) {
        // Tasks and their reports are records, which Kryo cannot rebuild; rows are shuffled in a form of their own.
        SparkSession.Builder builder =
                SparkSession.builder().config("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
        if (System.getProperty("spark.master") == null) {
            // A task that fails is tried again, as on a cluster.
            builder.master("local[*,4]")
                    .appName("eightbells")
                    // A task that runs out of memory must not end the process before it has said so.
                    .config("spark.executor.killOnFatalError.depth", "0")
                    .config("spark.ui.enabled", "false")
                    .config("spark.driver.host", "localhost")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", "4")
                    .config("spark.hadoop.fs.s3a.buffer.dir", System.getProperty("java.io.tmpdir") + "/eightbells-s3a");
        }
        if (System.getProperty(S3_READER) == null && new Configuration().get("fs.s3.impl") == null) {
            // EMR says itself what reads s3:// there; outside of it nobody does.
            builder.config(S3_READER, "org.apache.hadoop.fs.s3a.S3AFileSystem");
        }
        String endpoint = environment.getOrDefault("AWS_ENDPOINT_URL_S3", environment.get("AWS_ENDPOINT_URL"));
        if (endpoint != null) {
            builder.config("spark.hadoop.fs.s3a.endpoint", endpoint)
                    .config("spark.hadoop.fs.s3a.endpoint.region", environment.getOrDefault("AWS_REGION", "us-east-1"))
                    .config("spark.hadoop.fs.s3a.path.style.access", "true")
                    .config(
                            "spark.hadoop.fs.s3a.connection.ssl.enabled",
                            Boolean.toString(endpoint.startsWith("https")));
            if (environment.containsKey("AWS_ACCESS_KEY_ID")) {
                String token = environment.get("AWS_SESSION_TOKEN");
                builder.config(
                                "spark.hadoop.fs.s3a.aws.credentials.provider",
                                "org.apache.hadoop.fs.s3a."
                                        + (token == null ? "Simple" : "Temporary")
                                        + "AWSCredentialsProvider")
                        .config("spark.hadoop.fs.s3a.access.key", environment.get("AWS_ACCESS_KEY_ID"))
                        .config("spark.hadoop.fs.s3a.secret.key", environment.get("AWS_SECRET_ACCESS_KEY"));
                if (token != null) {
                    builder.config("spark.hadoop.fs.s3a.session.token", token);
                }
            }
        } else if (System.getProperty("spark.master") == null) {
            // The same chain as the client of the ledger uses, profiles and single sign-on included.
            builder.config(
                    "spark.hadoop.fs.s3a.aws.credentials.provider",
                    "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");
        }
        return builder.getOrCreate();
    }
}
