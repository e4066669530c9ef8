package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.AwsEnvironment;
import dev.eightbells.store.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** Opens the catalog that a pipeline names. The catalog is the caller's to close when it is {@code AutoCloseable}. */
public final class Catalogs {
    /** The variable that holds the password of a {@code jdbc} catalog; secrets never stand in a pipeline file. */
    public static final String PASSWORD_VARIABLE = "EIGHTBELLS_CATALOG_PASSWORD";

    private static final String NAME = "eightbells";

    /** Whether Glue is not to keep the old version of a table at each commit: Iceberg keeps its own, and Glue's are limited. */
    private static final String SKIP_ARCHIVE = "glue.skip-archive";

    /** What the client of a metastore reads from Hadoop's configuration begins with one of these. */
    private static final List<String> OF_HIVE = List.of("hive.", "iceberg.hive.", "iceberg.engine.hive.");

    /** How long a metastore may take, by settings of its client; without them it is minutes, many times over. */
    private static final Map<String, String> PATIENCE = Map.of(
            "hive.metastore.client.socket.timeout",
            "60s",
            // Iceberg tries to get the lock again and again, for half an hour in all.
            "iceberg.hive.lock-timeout-ms",
            "60000",
            "iceberg.hive.lock-creation-timeout-ms",
            "30000");

    private Catalogs() {}

    /**
     * Opens the catalog.
     *
     * @param environment where the password of a {@code jdbc} catalog is looked up
     * @param hadoop how Hadoop's file systems are reached
     */
    public static Catalog open(Pipeline pipeline, Map<String, String> environment, Configuration hadoop) {
        Pipeline.Catalog catalog = pipeline.catalog();
        Map<String, String> properties = new HashMap<>(catalog.properties());
        String warehouse = warehouse(pipeline.lake());
        properties.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
        properties.putIfAbsent(CatalogProperties.FILE_IO_IMPL, "org.apache.iceberg.hadoop.HadoopFileIO");
        String type =
                switch (catalog.type()) {
                    case GLUE -> CatalogUtil.ICEBERG_CATALOG_TYPE_GLUE;
                    case HIVE -> CatalogUtil.ICEBERG_CATALOG_TYPE_HIVE;
                    case JDBC -> CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC;
                    case HADOOP -> CatalogUtil.ICEBERG_CATALOG_TYPE_HADOOP;
                };
        properties.put(CatalogUtil.ICEBERG_CATALOG_TYPE, type);
        if (catalog.type() == Pipeline.Catalog.Type.GLUE) {
            glue(properties, environment);
        }
        if (catalog.type() == Pipeline.Catalog.Type.HADOOP) {
            properties.put(CatalogProperties.LOCK_IMPL, FileLockManager.class.getName());
            properties.put(
                    FileLockManager.FOLDER,
                    pipeline.lake().path().resolve("tables").toString());
        }
        try {
            return switch (catalog.type()) {
                case JDBC -> jdbc(properties, environment, hadoop);
                case HIVE -> hive(pipeline, properties, hadoop);
                case GLUE, HADOOP -> CatalogUtil.buildIcebergCatalog(NAME, properties, hadoop);
            };
        } catch (IllegalArgumentException | NoClassDefFoundError e) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot open the " + type + " catalog of pipeline " + pipeline.name() + ": " + firstLine(e)
                            + ". Run where its classes are (EMR has them), or name a jdbc catalog.",
                    e);
        } catch (UncheckedSQLException e) {
            throw Failure.transientFailure(
                    "Cannot open the jdbc catalog at " + catalog.properties().get("uri") + ": "
                            + firstLine(e.getCause())
                            + ". Look whether the database runs and " + PASSWORD_VARIABLE
                            + " holds its password, and run it again.",
                    e);
        }
    }

    private static Catalog jdbc(Map<String, String> properties, Map<String, String> environment, Configuration hadoop) {
        Map<String, String> jdbc = new HashMap<>(properties);
        jdbc.remove(CatalogUtil.ICEBERG_CATALOG_TYPE);
        jdbc.putIfAbsent("jdbc.schema-version", "V1");
        // Without it a database that has gone silent is waited for until the operating system gives up, which is hours.
        jdbc.putIfAbsent("jdbc.socketTimeout", "60");
        // What is not said here is left to the driver's own defaults.
        Optional.ofNullable(jdbc.remove("user")).ifPresent(user -> jdbc.put("jdbc.user", user));
        Optional.ofNullable(environment.get(PASSWORD_VARIABLE)).ifPresent(word -> jdbc.put("jdbc.password", word));
        JdbcCatalog catalog = new JdbcCatalog(null, OneShotConnections::new, true);
        catalog.setConf(hadoop);
        catalog.initialize(NAME, jdbc);
        return catalog;
    }

    /** Asks the metastore something at once: one that is down is to be told from a table that cannot be read. */
    private static Catalog hive(Pipeline pipeline, Map<String, String> properties, Configuration hadoop) {
        Configuration configuration = new Configuration(hadoop);
        PATIENCE.forEach(configuration::setIfUnset);
        properties.forEach((name, value) -> {
            if (OF_HIVE.stream().anyMatch(name::startsWith)) {
                configuration.set(name, value);
            }
        });
        Catalog catalog = CatalogUtil.buildIcebergCatalog(NAME, properties, configuration);
        try {
            boolean unused = ((SupportsNamespaces) catalog)
                    .namespaceExists(Namespace.of(pipeline.table().name().database()));
            return catalog;
        } catch (RuntimeException e) {
            throw CatalogTrouble.within(e).isEmpty() ? e : notOpened(pipeline, properties, e);
        }
    }

    private static Failure notOpened(Pipeline pipeline, Map<String, String> properties, RuntimeException thrown) {
        String metastore = properties.getOrDefault(CatalogProperties.URI, "the metastore of hive-site.xml");
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean isDenied = CatalogTrouble.within(thrown).equals(Optional.of(CatalogTrouble.DENIED));
        return Failure.of(
                isDenied ? Failure.Kind.INPUT : Failure.Kind.TRANSIENT,
                "Cannot open the hive catalog of pipeline " + pipeline.name() + " at " + metastore + ": "
                        + firstLine(root)
                        + (isDenied
                                ? ". Grant it to whom this runs as, and run it again."
                                : ". Look whether the metastore runs, and run it again."),
                thrown);
    }

    /** The service's address is the SDK's to find; this process's environment may not be the one that counts. */
    private static void glue(Map<String, String> properties, Map<String, String> environment) {
        properties.putIfAbsent(SKIP_ARCHIVE, "true");
        AwsEnvironment.of(environment)
                .endpoint("GLUE", "open the glue catalog")
                .ifPresent(endpoint -> properties.putIfAbsent("glue.endpoint", endpoint.toString()));
        Stream.of("AWS_REGION", "AWS_DEFAULT_REGION")
                .map(environment::get)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(region -> properties.putIfAbsent("client.region", region));
    }

    private static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("\\.$", "");
    }

    private static String warehouse(Location lake) {
        return HadoopPaths.of(lake) + "tables";
    }
}
