package dev.eightbells.localaws;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes a new PostgreSQL look like a Redshift: its database, its user, its types, functions and views. */
final class Installation {
    private static final String SCRIPT = "/local-aws/redshift.sql";

    private Installation() {}

    /** Does what is not done yet; a folder that was used before has it all. */
    static void complete(EmbeddedPostgres postgres, String database, String user) throws SQLException, IOException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!isThere(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + user + "'")) {
                statement.execute("CREATE ROLE " + user + " LOGIN");
            }
            // A transaction of Redshift sees one state of the database, and a backslash escapes.
            statement.execute("ALTER ROLE " + user + " SET default_transaction_isolation = 'repeatable read'");
            statement.execute("ALTER ROLE " + user + " SET standard_conforming_strings = off");
            statement.execute("ALTER ROLE " + user + " SET escape_string_warning = off");
            if (!isThere(statement, "SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
                statement.execute("CREATE DATABASE " + database + " OWNER " + user + " TEMPLATE template0"
                        + " ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'");
            }
        }
        try (Connection connection = postgres.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (!isThere(statement, "SELECT 1 FROM pg_class WHERE relname = 'svv_columns'")) {
                statement.execute(script().replace("{version}", Dialect.VERSION));
            }
            connection.commit();
        }
    }

    private static boolean isThere(Statement statement, String query) throws SQLException {
        try (ResultSet answer = statement.executeQuery(query)) {
            return answer.next();
        }
    }

    private static String script() throws IOException {
        try (InputStream script = Installation.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IOException("Cannot start local Redshift: " + SCRIPT + " is not on the class path.");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
