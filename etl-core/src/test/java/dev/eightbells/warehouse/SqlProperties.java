package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.pipeline.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever names and values hold, a database takes them for names and values: asked of a real PostgreSQL, whose rules of
 * quoting are Redshift's, with backslashes as escapes, as in Redshift, and without.
 */
class SqlProperties {
    private static final TableName LEDGER = new TableName("public", "eightbells_loads");
    private static final int LONGEST_NAME = 63;

    private static LocalPostgres postgres;

    private static Connection connection;

    @BeforeContainer
    static void start() throws IOException, SQLException {
        postgres = LocalPostgres.start();
        connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        say(
                "CREATE TABLE eightbells_loads (pipeline TEXT, \"table\" TEXT, \"number\" BIGINT, source TEXT, snapshot BIGINT,"
                        + " batch TEXT, \"rows\" BIGINT, loaded_at TIMESTAMP)");
        say("CREATE TABLE witness (n INT)");
    }

    @AfterContainer
    static void stop() throws SQLException {
        connection.close();
        postgres.close();
    }

    @Property(tries = 500)
    void aValueComesBackAsItWas(
            @ForAll("texts") String pipeline, @ForAll("texts") String batch, @ForAll("escaping") String escaping)
            throws SQLException {
        say("SET standard_conforming_strings = " + escaping);
        say("DELETE FROM eightbells_loads");
        say(Sql.of(new Statement.RecordLoad(
                LEDGER, new Statement.Entry(pipeline, LEDGER, 1, batch, 2, batch, 3, Instant.EPOCH))));

        assertThat(ask("SELECT pipeline, batch FROM eightbells_loads", 2)).containsExactly(List.of(pipeline, batch));
        assertNothingElseHappened();
    }

    @Property(tries = 300)
    void aNameIsANameAndNothingElse(
            @ForAll("names") String table, @ForAll("names") String column, @ForAll("escaping") String escaping)
            throws SQLException {
        say("SET standard_conforming_strings = " + escaping);
        say(Sql.of(
                new Statement.CreateStaging(table, List.of(new Statement.Column(column, WarehouseType.Plain.BIGINT)))));

        try (PreparedStatement find =
                connection.prepareStatement("SELECT column_name FROM information_schema.columns WHERE table_name = ?"
                        + " AND table_schema LIKE 'pg_temp%'")) {
            find.setString(1, table);
            try (ResultSet found = find.executeQuery()) {
                assertThat(found.next()).isTrue();
                assertThat(found.getString(1)).isEqualTo(column);
                assertThat(found.next()).isFalse();
            }
        }
        say(Sql.of(new Statement.DropStaging(table)));
        assertNothingElseHappened();
    }

    @Property(tries = 200)
    void whereNoExpressionMayStandABackslashIsRefused(@ForAll("texts") String text) {
        Statement copy = new Statement.Copy("staging", text, "default", Statement.Nesting.FLAT);
        if (text.contains("\\")) {
            assertThatThrownBy(() -> Sql.of(copy)).hasMessageContaining("Invalid value in SQL: a backslash");
        } else {
            assertThat(Sql.of(copy)).contains("FROM '" + text.replace("'", "''") + "'\nIAM_ROLE");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "'; DROP TABLE witness; --",
                                "\\'; DROP TABLE witness; --",
                                "'' OR 1=1",
                                "$$; DROP TABLE witness; $$",
                                "/* */ --",
                                "select",
                                "",
                                "\\",
                                "''\\''",
                                "E'\\n'",
                                "?",
                                "{fn now()}",
                                "\n\r\t")),
                Tuple.of(
                        3,
                        Arbitraries.strings().withChars("'\"\\;-/*$?{}:é漢 ab").ofMaxLength(12)),
                Tuple.of(
                        1,
                        Arbitraries.strings().excludeChars('\0').ofMaxLength(20).filter(SqlProperties::isEncodable)));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                        texts(),
                        Arbitraries.of("select", "table", "user", "order", "a\"b", "\"", "\"; DROP TABLE witness; --"))
                .filter(name -> !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME);
    }

    @Provide
    Arbitrary<String> escaping() {
        return Arbitraries.of("on", "off");
    }

    private static boolean isEncodable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static void assertNothingElseHappened() throws SQLException {
        assertThat(ask("SELECT count(*) FROM witness", 1)).containsExactly(List.of("0"));
    }

    private static void say(String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static List<List<String>> ask(String sql, int columns) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(answer.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
