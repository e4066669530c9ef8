package dev.eightbells.steps;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The Spark session of this process, started when it is first asked for and stopped in the end. */
public final class Session implements AutoCloseable {
    private final Map<String, String> environment;
    private SparkSession spark;

    /**
     * @param environment where an S3 endpoint other than Amazon's, and its credentials, are looked up
     */
    public Session(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The session. */
    public synchronized SparkSession spark() {
        if (spark == null) {
            spark = SparkSessions.create(environment);
        }
        return spark;
    }

    @Override
    public synchronized void close() {
        if (spark != null) {
            spark.stop();
        }
    }
}
