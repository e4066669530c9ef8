package dev.eightbells.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.jdbc.JdbcClientPool;

/**
 * Connections of a {@code jdbc} catalog that are used once. Iceberg's own pool sends a statement again when its answer is
 * lost; a commit that went through then looks refused, and Iceberg deletes the manifests that it needs.
 */
final class OneShotConnections extends JdbcClientPool {
    OneShotConnections(Map<String, String> properties) {
        super(1, properties.get(CatalogProperties.URI), properties);
    }

    @Override
    public <R> R run(Action<R, Connection, SQLException> action, boolean retry)
            throws SQLException, InterruptedException {
        try (Connection connection = newClient()) {
            return action.run(connection);
        }
    }
}
