package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.RunningRedshift.Session;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of Redshift's own driver see. */
@ExtendWith(RunningRedshift.Resolver.class)
class SessionsTest {

    private static void assertRefused(String state, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple", "extendedForPrepared"})
    void executesByEachProtocol(String mode, RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            session.execute("CREATE TABLE " + table + " (a INT, b VARCHAR(20)); INSERT INTO " + table
                    + " VALUES (1, 'one;'); INSERT INTO " + table + " VALUES (2, NULL)");
            try (PreparedStatement insert =
                    session.connection().prepareStatement("INSERT INTO " + table + " VALUES (?, ?)")) {
                for (int i = 3; i < 6; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "it's " + i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
            }
            assertThat(session.rows("SELECT a, b FROM " + table + " ORDER BY a"))
                    .containsExactly("1|one;", "2|null", "3|it's 3", "4|it's 4", "5|it's 5");
            try (PreparedStatement query =
                    session.connection().prepareStatement("SELECT b FROM " + table + " WHERE a = ?")) {
                for (int i = 0; i < 12; i++) {
                    query.setInt(1, 3 + i % 3);
                    try (ResultSet row = query.executeQuery()) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getString(1)).isEqualTo("it's " + (3 + i % 3));
                    }
                }
            }
            assertThat(session.statement().executeUpdate("DELETE FROM " + table))
                    .isEqualTo(5);
            assertRefused("42703", "nope", () -> session.execute("SELECT nope"));
            assertRefused("42601", "syntax error", () -> session.execute("DROP DROP"));
            assertThat(session.value("SELECT 6 * 7")).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void abortsATransactionWhenItRefusesAStatementOfIt(String mode, RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            session.execute("CREATE TABLE " + table + " (a INT)");
            session.execute("BEGIN").execute("INSERT INTO " + table + " VALUES (1)");
            assertRefused("0A000", "local Redshift does not know SAVEPOINT", () -> session.execute("SAVEPOINT a"));
            assertRefused("25P02", "current transaction is aborted", () -> session.execute("SELECT 1"));
            session.execute("ROLLBACK");
            assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");

            session.execute("BEGIN")
                    .execute("INSERT INTO " + table + " VALUES (2)")
                    .execute("COMMIT");
            assertThat(session.value("SELECT a FROM " + table)).isEqualTo("2");
        }
    }

    @Test
    void takesTransactionsOfTheDriver(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a INT)");
            session.connection().setAutoCommit(false);
            session.execute("INSERT INTO " + table + " VALUES (1)");
            session.connection().rollback();
            session.execute("INSERT INTO " + table + " VALUES (2)");
            session.connection().commit();
            session.connection().setAutoCommit(true);
            assertThat(session.rows("SELECT a FROM " + table)).containsExactly("2");
            assertThat(session.connection().isValid(5)).isTrue();
        }
    }

    @Test
    void passesLargeResults(RunningRedshift running) throws Exception {
        try (Session session = running.open()) {
            session.connection().setAutoCommit(false);
            session.statement().setFetchSize(1000);
            long sum = 0;
            try (ResultSet rows =
                    session.statement().executeQuery("SELECT n, repeat('x', 500) FROM generate_series(1, 20000) n")) {
                while (rows.next()) {
                    sum += rows.getInt(1) + rows.getString(2).length();
                }
            }
            assertThat(sum).isEqualTo(20000L * 20001 / 2 + 20000L * 500);
        }
    }

    @Test
    void looksLikeRedshift(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            assertThat(session.value("SELECT version()"))
                    .startsWith("PostgreSQL 8.0.2 on ")
                    .contains("Redshift 1.0.");
            assertThat(session.connection().getMetaData().getDatabaseProductVersion())
                    .isEqualTo("8.0.2");
            session.execute("CREATE TABLE " + table + " (\"UserId\" VARCHAR(MAX), s SUPER, n DECIMAL)");
            session.execute("SET search_path TO nothing");
            assertThat(session.rows("SELECT column_name, data_type, character_maximum_length, numeric_precision"
                            + " FROM svv_columns WHERE table_name = '" + table + "' ORDER BY ordinal_position"))
                    .containsExactly("userid|character varying|65535|null", "s|super|null|null", "n|numeric|null|18");
            assertThat(session.rows(
                            "SELECT table_schema, table_type FROM svv_tables WHERE table_name = '" + table + "'"))
                    .containsExactly("public|BASE TABLE");
            assertThat(session.value("SELECT GETDATE() <= SYSDATE + interval '1 minute'"))
                    .isEqualTo("t");
        }
    }

    @Test
    void keepsDocuments(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (s SUPER)");
            session.execute(
                    "INSERT INTO " + table + " SELECT JSON_PARSE('{\"b\": [1, {\"c\": \"d e\"}], \"a\": null}')");
            try (ResultSet row = session.statement().executeQuery("SELECT s, JSON_SERIALIZE(s) FROM " + table)) {
                assertThat(row.next()).isTrue();
                assertThat(row.getMetaData().getColumnTypeName(1)).isEqualTo("super");
                assertThat(row.getString(1)).isEqualTo("{\"a\": null, \"b\": [1, {\"c\": \"d e\"}]}");
                assertThat(row.getString(2)).isEqualTo("{\"a\":null,\"b\":[1,{\"c\":\"d e\"}]}");
            }
        }
    }

    @Test
    void countsTheBytesOfCharacters(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a VARCHAR(4), b CHAR(2))");
            session.execute("INSERT INTO " + table + " VALUES ('äö', 'x')");
            String message = "value too long for type character varying(4)";
            assertRefused("22001", message, () -> session.execute("INSERT INTO " + table + " VALUES ('äöü')"));
            assertRefused("22001", message, () -> session.execute("UPDATE " + table + " SET a = a || 'u'"));
            session.execute("CREATE TEMP TABLE c (LIKE " + table + ")");
            assertRefused("22001", message, () -> session.execute("INSERT INTO c VALUES ('äöü')"));
        }
    }

    @Test
    void altersVarcharsToVarcharsOnly(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        String alter = "ALTER TABLE " + table + " ALTER COLUMN ";
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a VARCHAR(4), n INT)");
            session.execute(alter + "a TYPE VARCHAR(6)");
            session.execute("INSERT INTO " + table + " VALUES ('äöü', 1)");
            assertRefused(
                    "0A000",
                    "cannot alter column \"a\" of relation \"" + table + "\", target column size should be different",
                    () -> session.execute(alter + "a TYPE VARCHAR(6)"));
            assertRefused("0A000", "cannot alter type of column \"n\"", () -> session.execute(alter + "n TYPE BIGINT"));
            assertRefused("22001", "varying(5)", () -> session.execute(alter + "a TYPE VARCHAR(5)"));
            assertRefused(
                    "22001",
                    "value too long for type character varying(6)",
                    () -> session.execute("UPDATE " + table + " SET a = 'äöüx'"));
            session.execute("BEGIN");
            assertRefused(
                    "25001",
                    "ALTER TABLE ALTER COLUMN cannot run inside a transaction block",
                    () -> session.execute(alter + "a TYPE VARCHAR(9)"));
            session.execute("ROLLBACK");
            assertRefused("42703", "column \"z\" of relation", () -> session.execute(alter + "z TYPE VARCHAR(9)"));
        }
    }

    @Test
    void commitsWhenItTruncates(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a INT)").execute("INSERT INTO " + table + " VALUES (1)");
            session.execute("BEGIN")
                    .execute("CREATE TABLE " + table + "_2 (a INT)")
                    .execute("TRUNCATE " + table);
            session.execute("ROLLBACK");
            assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");
            assertThat(session.value("SELECT count(*) FROM " + table + "_2")).isEqualTo("0");
        }
    }

    @Test
    void vacuumsOutsideOfTransactionsOnly(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a INT)").execute("VACUUM FULL " + table);
            session.execute("BEGIN");
            assertRefused(
                    "25001", "VACUUM cannot run inside a transaction block", () -> session.execute("VACUUM " + table));
            session.execute("ROLLBACK");
        }
    }

    @Test
    void requiresValuesOfColumnsThatAreNotNull(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a INT NOT NULL)");
            assertRefused(
                    "XX000",
                    "Cannot insert a NULL value into column a",
                    () -> session.execute("INSERT INTO " + table + " VALUES (NULL)"));
        }
    }

    @Test
    void hasTheSecondWaitForTheLockOfTheFirst(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session first = running.open();
                Session second = running.open()) {
            first.execute("CREATE TABLE " + table + " (a INT)");
            first.execute("BEGIN").execute("LOCK " + table).execute("INSERT INTO " + table + " VALUES (1)");
            second.execute("BEGIN");
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return second.execute("LOCK " + table).value("SELECT count(*) FROM " + table);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(first.value("SELECT pg_backend_pid()")).isNotEqualTo("0");
            assertThat(waiting.isDone()).isFalse();
            first.execute("COMMIT");
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("1");
        }
    }

    @Test
    void keepsToOneStateOfTheDatabaseWithinATransaction(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session first = running.open();
                Session second = running.open()) {
            first.execute("CREATE TABLE " + table + " (a INT)").execute("INSERT INTO " + table + " VALUES (1)");
            first.execute("BEGIN");
            assertThat(first.value("SELECT max(a) FROM " + table)).isEqualTo("1");
            second.execute("UPDATE " + table + " SET a = 2");
            assertThat(first.value("SELECT max(a) FROM " + table)).isEqualTo("1");
            assertRefused(
                    "XX000",
                    "Serializable isolation violation on table",
                    () -> first.execute("UPDATE " + table + " SET a = 3"));
            first.execute("ROLLBACK");
        }
    }

    @Test
    void cancelsAStatement(RunningRedshift running) throws Exception {
        try (Session session = running.open()) {
            CompletableFuture<SQLException> end = CompletableFuture.supplyAsync(() -> {
                try {
                    session.execute("SELECT pg_sleep(60)");
                    return null;
                } catch (SQLException e) {
                    return e;
                }
            });
            try (Session other = running.open()) {
                while (!other.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
                        .equals("1")) {
                    Thread.sleep(10);
                }
            }
            session.statement().cancel();
            assertThat(end.get(10, TimeUnit.SECONDS).getSQLState()).isEqualTo("57014");
            assertThat(session.value("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void mergesAndDeletesByOtherTables(RunningRedshift running) throws Exception {
        String table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (k INT, at TIMESTAMP)");
            session.execute("INSERT INTO " + table + " VALUES (1, '2024-11-04 10:00'), (2, '2024-11-05 11:00')");
            session.execute("CREATE TEMP TABLE stage (k INT, at TIMESTAMP)");
            session.execute("INSERT INTO stage VALUES (2, '2024-11-05 12:00')");
            assertThat(session.statement()
                            .executeUpdate("DELETE FROM \"" + table + "\" USING \"stage\" WHERE DATE_TRUNC('day', \""
                                    + table + "\".\"at\") = DATE_TRUNC('day', \"stage\".\"at\")"))
                    .isEqualTo(1);
            session.execute("MERGE INTO " + table + " USING stage ON " + table + ".k = stage.k WHEN MATCHED THEN"
                    + " UPDATE SET at = stage.at WHEN NOT MATCHED THEN INSERT VALUES (stage.k, stage.at)");
            session.execute("ALTER TABLE " + table + " RENAME TO " + table + "_2")
                    .execute("DROP TABLE stage");
            assertThat(session.rows("SELECT k, at FROM " + table + "_2 ORDER BY k"))
                    .containsExactly("1|2024-11-04 10:00:00", "2|2024-11-05 12:00:00");
        }
    }

    @Test
    void refusesADatabaseThatIsNotThere(RunningRedshift running) {
        String url = running.redshift().jdbcUrl().replaceFirst("/dev$", "/prod");
        assertRefused("3D000", "database \"prod\" does not exist", () -> connect(url));
    }

    private static void connect(String url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "anybody");
        properties.setProperty("password", "");
        properties.setProperty("ssl", "false");
        Connection connection = DriverManager.getConnection(url, properties);
        connection.close();
    }
}
