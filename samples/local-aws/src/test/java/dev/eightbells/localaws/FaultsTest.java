package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.RunningRedshift.Session;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningRedshift.Resolver.class)
class FaultsTest {
    private String table;

    @BeforeEach
    void createTable(RunningRedshift running) throws Exception {
        table = RunningRedshift.name("t");
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + table + " (a INT)");
        }
        running.faults().reset();
    }

    @AfterEach
    void forget(RunningRedshift running) {
        running.faults().reset();
    }

    private String insert(int value) {
        return "INSERT INTO " + table + " VALUES (" + value + ")";
    }

    private void assertRows(RunningRedshift running, String rows) throws SQLException {
        try (Session session = running.open()) {
            assertThat(session.value("SELECT COALESCE(LISTAGG, '') FROM (SELECT string_agg(a::text, ',' ORDER BY a) AS"
                            + " LISTAGG FROM " + table + ") t"))
                    .isEqualTo(rows);
        }
    }

    private static void assertRefused(String state, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state))
                .hasMessageContaining(message);
    }

    private static void assertDropped(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                .startsWith("08"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void countsWhatIsExecuted(String mode, RunningRedshift running) throws Exception {
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            session.execute("SELECT 1; SELECT ';'").execute("");
            assertThatThrownBy(() -> session.execute("SELECT nope")).isInstanceOf(SQLException.class);
            session.execute("BEGIN").execute(insert(1)).execute("COMMIT");
        }
        assertThat(running.redshift().statements())
                .containsExactly("SELECT 1", "SELECT ';'", "SELECT nope", "BEGIN", insert(1), "COMMIT");
    }

    @Test
    void countsNothingThatADriverAsksByItself(RunningRedshift running) throws Exception {
        try (Session session = running.open()) {
            assertThat(session.connection().isValid(5)).isTrue();
            session.connection().setAutoCommit(false);
            session.execute("SELECT 1");
            session.connection().commit();
        }
        assertThat(running.redshift().statements()).containsExactly("BEGIN", "SELECT 1", "COMMIT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void failsInsteadOfExecuting(String mode, RunningRedshift running) throws Exception {
        running.faults().failBefore(3, RedshiftError.serializableIsolationViolation());
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            session.execute("BEGIN").execute(insert(1));
            assertRefused("XX000", "Serializable isolation violation on table", () -> session.execute(insert(2)));
            assertRefused("25P02", "current transaction is aborted", () -> session.execute(insert(3)));
            session.execute("ROLLBACK").execute(insert(4));
        }
        assertRows(running, "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void failsAfterItHasExecuted(String mode, RunningRedshift running) throws Exception {
        running.faults().failAfter(1, RedshiftError.diskFull());
        running.faults().failAfter(3, RedshiftError.of("XX000", "late"));
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            assertRefused("XX000", "Disk Full", () -> session.execute(insert(1)));
            session.execute("BEGIN");
            assertRefused("XX000", "late", () -> session.execute(insert(2)));
            assertRefused("25P02", "current transaction is aborted", () -> session.execute(insert(3)));
            session.execute("ROLLBACK");
        }
        assertRows(running, "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void failsACommitBeforeOrAfterIt(String mode, RunningRedshift running) throws Exception {
        running.faults().failBefore(3, RedshiftError.conflictWithConcurrentTransaction());
        running.faults().failAfter(6, RedshiftError.conflictWithConcurrentTransaction());
        String message = "could not complete because of conflict with concurrent transaction";
        try (Session session = RunningRedshift.open(running.redshift(), "preferQueryMode", mode)) {
            session.execute("BEGIN").execute(insert(1));
            assertRefused("XX000", message, () -> session.execute("COMMIT"));
            session.execute("BEGIN").execute(insert(2));
            assertRefused("XX000", message, () -> session.execute("COMMIT"));
            assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("1");
        }
        assertRows(running, "2");
    }

    @Test
    void dropsTheConnectionInsteadOfExecuting(RunningRedshift running) throws Exception {
        running.faults().dropBefore(3);
        try (Session session = running.open()) {
            session.execute("BEGIN").execute("LOCK " + table);
            assertDropped(() -> session.execute(insert(1)));
        }
        // Would wait for the lock if the session behind were still there.
        assertRows(running, "");
    }

    @Test
    void dropsTheConnectionAfterItHasExecuted(RunningRedshift running) throws Exception {
        running.faults().dropAfter(2);
        running.faults().dropAfter(5);
        running.faults().dropAfter(6);
        try (Session session = running.open()) {
            session.execute("BEGIN");
            assertDropped(() -> session.execute(insert(1)));
        }
        try (Session session = running.open()) {
            session.execute("BEGIN").execute(insert(2));
            assertDropped(() -> session.execute("COMMIT"));
        }
        try (Session session = running.open()) {
            assertDropped(() -> session.execute(insert(3)));
        }
        assertRows(running, "2,3");
    }

    @Test
    void endsTheConnectionWithAFatalError(RunningRedshift running) throws Exception {
        running.faults().failBefore(2, RedshiftError.adminShutdown());
        try (Session session = running.open()) {
            session.execute("BEGIN");
            assertRefused("57P01", "terminating connection", () -> session.execute("LOCK " + table));
            assertDropped(() -> session.execute("SELECT 1"));
        }
    }

    @Test
    void refusesConnectionsUntilToldOtherwise(RunningRedshift running) throws Exception {
        try (Session before = running.open()) {
            running.faults().refuseConnections(RedshiftError.startingUp());
            assertRefused("57P03", "the database system is starting up", running::open);
            running.faults().refuseConnections(RedshiftError.tooManyConnections());
            assertRefused("53300", "connection limit", running::open);
            assertThat(before.value("SELECT 1")).isEqualTo("1");
            running.faults().acceptConnections();
        }
        assertRows(running, "");
    }

    @Test
    void happensToOneExecutionOfAPreparedStatement(RunningRedshift running) throws Exception {
        running.faults().failBefore(2, RedshiftError.permissionDenied(table));
        try (Session session = running.open();
                var insert = session.connection().prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
            insert.setInt(1, 1);
            insert.executeUpdate();
            assertRefused("42501", "permission denied for relation " + table, insert::executeUpdate);
            insert.setInt(1, 3);
            insert.executeUpdate();
        }
        assertRows(running, "1,3");
    }

    @Test
    void wordsErrorsAsRedshiftDoes() {
        assertThat(RedshiftError.diskFull().message(42, 17).fields())
                .containsEntry('S', "ERROR")
                .containsEntry('C', "XX000")
                .containsEntry('M', "Disk Full")
                .containsEntry(
                        'D',
                        """

                          -----------------------------------------------
                          error:  Disk Full
                          code:      1016
                          context:   node: 0
                          query:     42
                          location:  fdisk_api.cpp:532
                          process:   padbmaster [pid=17]
                          -----------------------------------------------
                        """);
        assertThat(RedshiftError.relationDoesNotExist().message(1, 1).fields())
                .containsEntry('M', "1018")
                .containsEntry('D', "Relation does not exist.");
        assertThat(RedshiftError.readOnly().message(1, 1).fields())
                .containsEntry('C', "25006")
                .containsEntry('M', "transaction is read-only");
    }

    @Test
    void refusesNumbersThatNoStatementHas(RunningRedshift running) {
        assertThatThrownBy(() -> running.faults().dropBefore(0))
                .hasMessage("Invalid number of a statement: 0 (from 1).");
        assertThatThrownBy(() -> RedshiftError.of("XX", "x")).hasMessage("Invalid SQLSTATE: XX (five characters).");
    }
}
