package dev.eightbells.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the warehouse, through which statements are sent. */
final class WarehouseSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseSession.class);

    private final Connection connection;

    WarehouseSession(Connection connection) {
        this.connection = connection;
    }

    /** Sends a statement; returns how many rows it changed, 0 for those that change none. */
    long send(Statement statement) throws SQLException {
        try (java.sql.Statement sent = connection.createStatement()) {
            sent.setEscapeProcessing(false);
            sent.execute(sql(statement));
            return Math.max(0, sent.getLargeUpdateCount());
        }
    }

    /** Asks; returns the rows of the answer, each a list of its values, which may be null. */
    List<List<Object>> ask(Statement question) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (java.sql.Statement sent = connection.createStatement()) {
            sent.setEscapeProcessing(false);
            try (ResultSet answer = sent.executeQuery(sql(question))) {
                int columns = answer.getMetaData().getColumnCount();
                while (answer.next()) {
                    List<Object> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(answer.getObject(i));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static String sql(Statement statement) {
        String sql = Sql.of(statement);
        LOG.debug("{}", Sql.shown(statement));
        return sql;
    }

    /** Closes the connection; what is lost by that is only an open transaction. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("Closing a connection failed", e);
        }
    }
}
