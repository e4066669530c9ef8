package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.LocalPostgres;
import java.io.IOException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OneShotConnectionsTest {
    @Test
    void aStatementWhoseAnswerIsLostIsNotSentAgain() throws IOException {
        try (LocalPostgres postgres = LocalPostgres.start();
                OneShotConnections connections = new OneShotConnections(Map.of(
                        "uri",
                        postgres.jdbcUrl(),
                        "jdbc.user",
                        postgres.user(),
                        "jdbc.password",
                        postgres.password()))) {
            AtomicInteger sent = new AtomicInteger();
            assertThatThrownBy(() -> connections.run(
                            connection -> {
                                sent.incrementAndGet();
                                throw new SQLNonTransientConnectionException("lost", "08006");
                            },
                            true))
                    .isInstanceOf(SQLNonTransientConnectionException.class)
                    .hasMessage("lost");
            assertThat(sent).hasValue(1);
        }
    }
}
