package dev.eightbells.table;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * Connections of a {@code jdbc} catalog that are used once. Iceberg's own pool sends a statement again when its answer is
 * lost; a commit that went through then looks refused, and Iceberg deletes the manifests that it needs.
 */
final class OneShotConnections extends JdbcClientPool {
    private final String url;
    private final Properties login = new Properties();

    OneShotConnections(Map<String, String> properties) {
        super(1, properties.get(CatalogProperties.URI), properties);
        this.url = properties.get(CatalogProperties.URI);
        properties.forEach((name, value) -> {
            if (name.startsWith(JdbcCatalog.PROPERTY_PREFIX)) {
                login.setProperty(name.substring(JdbcCatalog.PROPERTY_PREFIX.length()), value);
            }
        });
    }

    @Override
    public <R> R run(Action<R, Connection, SQLException> action, boolean retry)
            throws SQLException, InterruptedException {
        try (Connection connection = newClient()) {
            return action.run(connection);
        }
    }

    /** Not by DriverManager, which sees only the drivers of the class loader that Spark started with. */
    @Override
    protected Connection newClient() {
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, OneShotConnections.class.getClassLoader())) {
                if (driver.acceptsURL(url)) {
                    return driver.connect(url, login);
                }
            }
        } catch (SQLException e) {
            throw new UncheckedSQLException(e, "Cannot connect to %s", url);
        }
        throw new UncheckedSQLException(new SQLException("there is no driver for it"), "Cannot connect to %s", url);
    }
}
