package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.RunningRedshift.Session;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningRedshift.Resolver.class)
class LocalRedshiftTest {

    @Test
    void findsTheDataOfItsFolderAgain(RunningRedshift running, @TempDir Path folder) throws Exception {
        String query;
        try (LocalRedshift redshift = LocalRedshift.start(running.s3(), folder);
                Session session = RunningRedshift.open(redshift)) {
            session.execute("CREATE SCHEMA analytics").execute("CREATE TABLE analytics.t (a VARCHAR(3), s SUPER)");
            session.execute("INSERT INTO analytics.t VALUES ('abc', JSON_PARSE('[1]'))");
            assertThatThrownBy(() -> session.execute(
                            "COPY analytics.t FROM 's3://lake/nothing' IAM_ROLE default FORMAT PARQUET"))
                    .isInstanceOf(SQLException.class);
            query = session.value("SELECT query_id FROM sys_load_error_detail");
        }
        try (LocalRedshift redshift = LocalRedshift.start(running.s3(), folder)) {
            redshift.requiring("loader", "secret");
            assertThatThrownBy(() -> RunningRedshift.open(redshift))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"))
                    .hasMessageContaining("password authentication failed for user \"awsuser\"");
            assertThatThrownBy(() -> RunningRedshift.open(redshift, "user", "loader"))
                    .hasMessageContaining("password authentication failed for user \"loader\"");
            try (Session session = RunningRedshift.open(redshift, "user", "loader", "password", "secret")) {
                assertThat(session.rows("SELECT a, s FROM analytics.t")).containsExactly("abc|[1]");
                assertThat(session.value("SELECT query_id FROM sys_load_error_detail"))
                        .isEqualTo(query);
                session.execute("SELECT 1");
                assertThat(Long.parseLong(session.value("SELECT pg_last_query_id()")))
                        .isGreaterThan(Long.parseLong(query));
            }
        }
    }

    @Test
    void saysWhereItIs(RunningRedshift running) throws Exception {
        assertThat(running.redshift().jdbcUrl()).matches("jdbc:redshift://127\\.0\\.0\\.1:\\d+/dev");
        assertThat(running.redshift().user()).isEqualTo("awsuser");
    }

    @Test
    void endsItsSessionsWhenItIsClosed(RunningRedshift running) throws Exception {
        LocalRedshift redshift = LocalRedshift.start(running.s3());
        Session session = RunningRedshift.open(redshift);
        redshift.close();
        assertThatThrownBy(() -> session.execute("SELECT 1")).isInstanceOf(SQLException.class);
        session.close();
    }
}
