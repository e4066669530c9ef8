package dev.eightbells.warehouse;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one warehouse. */
public interface Connector {
    /**
     * A new connection in autocommit mode; the caller closes it.
     *
     * @throws SQLException when the warehouse cannot be reached or refuses; it holds no secret
     * @throws dev.eightbells.Failure when the credentials cannot be had
     */
    Connection open() throws SQLException;
}
