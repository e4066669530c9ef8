package dev.eightbells.table;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.Location;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** Opens the catalog that a pipeline names. The catalog is the caller's to close when it is {@code AutoCloseable}. */
public final class Catalogs {
    /** The variable that holds the password of a {@code jdbc} catalog; secrets never stand in a pipeline file. */
    public static final String PASSWORD_VARIABLE = "EIGHTBELLS_CATALOG_PASSWORD";

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
        if (catalog.type() == Pipeline.Catalog.Type.HADOOP) {
            properties.put(CatalogProperties.LOCK_IMPL, FileLockManager.class.getName());
            properties.put(
                    FileLockManager.FOLDER,
                    pipeline.lake().path().resolve("tables").toString());
        }
        try {
            return catalog.type() == Pipeline.Catalog.Type.JDBC
                    ? jdbc(properties, environment, hadoop)
                    : CatalogUtil.buildIcebergCatalog("eightbells", properties, hadoop);
        } catch (IllegalArgumentException | NoClassDefFoundError e) {
            throw Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot open the " + type + " catalog of pipeline " + pipeline.name() + ": " + firstLine(e)
                            + ". Run where its classes are (glue and hive: on EMR), or name a jdbc catalog.",
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
        // What is not said here is left to the driver's own defaults.
        Optional.ofNullable(jdbc.remove("user")).ifPresent(user -> jdbc.put("jdbc.user", user));
        Optional.ofNullable(environment.get(PASSWORD_VARIABLE)).ifPresent(word -> jdbc.put("jdbc.password", word));
        JdbcCatalog catalog = new JdbcCatalog(null, OneShotConnections::new, true);
        catalog.setConf(hadoop);
        catalog.initialize("eightbells", jdbc);
        return catalog;
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
