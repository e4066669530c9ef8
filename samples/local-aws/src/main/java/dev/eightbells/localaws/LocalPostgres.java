package dev.eightbells.localaws;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A real PostgreSQL on a free port of the loopback interface, with an empty database that is gone when it is closed. It
 * starts in a few seconds, as root too. Safe for use by many threads.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final String USER = "postgres";

    private final EmbeddedPostgres server;

    private LocalPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @throws IOException when it does not start
     */
    public static LocalPostgres start() throws IOException {
        return new LocalPostgres(EmbeddedPostgres.start());
    }

    /** The address of the database, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    public String user() {
        return USER;
    }

    /** Any password does; clients that insist on one take this. */
    public String password() {
        return USER;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop PostgreSQL: " + e.getMessage(), e);
        }
    }
}
