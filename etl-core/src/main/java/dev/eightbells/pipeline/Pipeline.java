package dev.eightbells.pipeline;

import dev.eightbells.store.Location;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Everything that one pipeline file says, checked. Parts that the file leaves out are null where their documentation
 * says so, else their defaults.
 *
 * @param name {@code [a-z][a-z0-9-]{0,62}}
 * @param window the length of a window; divides 24 hours
 * @param source the raw objects
 * @param lake where everything that the pipeline makes lies; belongs to this pipeline alone
 * @param catalog where the tables are registered
 * @param table the events table
 * @param quality the rules; null when there are none
 * @param sessions the session table; null when there is none
 * @param warehouse the warehouse to load; null when there is none
 * @param compute where batches run; {@link Compute#LOCAL} when the file does not say
 * @param care how long snapshots stay, and how often the tables are taken care of
 * @param retention how old rows and records may become
 */
public record Pipeline(
        String name,
        Duration window,
        Source source,
        Location lake,
        Catalog catalog,
        TableDefinition table,
        Quality quality,
        Sessions sessions,
        Warehouse warehouse,
        Compute compute,
        Care care,
        Retention retention)
        implements Serializable {

    /**
     * The raw objects.
     *
     * @param location where they lie
     * @param layout how their folders follow time
     * @param from where the first plan begins; null means everything
     * @param lookback how far before the newest planned window the listing begins
     * @param maxBytes the most bytes (as stored) in one batch; {@link Long#MAX_VALUE} when there is no cap
     * @param maxRecord the most bytes in one record
     */
    public record Source(
            Location location, Layout layout, Instant from, Duration lookback, long maxBytes, int maxRecord)
            implements Serializable {}

    /**
     * Where the tables are registered.
     *
     * @param type which kind of catalog
     * @param properties the catalog's own properties, among them {@code uri} and {@code user} where the file has them;
     *     no secrets
     */
    public record Catalog(Type type, Map<String, String> properties) implements Serializable {
        public Catalog {
            properties = Map.copyOf(properties);
        }

        /** The kinds of catalogs. */
        public enum Type {
            GLUE,
            HIVE,
            JDBC,
            HADOOP
        }
    }
}
