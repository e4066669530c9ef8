package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.apache.hadoop.hive.metastore.api.InvalidOperationException;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.hive.RuntimeMetaException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;

class CatalogTroubleTest {
    private final CommitStateUnknownException refused = new CommitStateUnknownException(
            new InvalidOperationException("The following columns have types incompatible with the existing columns"));

    @Test
    void aServerThatIsNotThereIsDownWhicheverCatalogItIsOf() {
        assertThat(CatalogTrouble.of(new UncheckedSQLException(new SQLException("broken"), "Cannot connect")))
                .contains(CatalogTrouble.DOWN);
        assertThat(CatalogTrouble.of(new TTransportException("broken"))).contains(CatalogTrouble.DOWN);
        assertThat(CatalogTrouble.of(new RuntimeMetaException(new MetaException("broken"), "Failed to connect")))
                .contains(CatalogTrouble.DOWN);
        assertThat(CatalogTrouble.within(new RuntimeException("Failed to list", new TTransportException("broken"))))
                .contains(CatalogTrouble.DOWN);
    }

    @Test
    void whatAMetastoreDeniesIsToldFromWhatItCannotDo() {
        assertThat(CatalogTrouble.of(new MetaException(
                        "Got exception: org.apache.hadoop.security.AccessControlException Permission denied: user=me")))
                .contains(CatalogTrouble.DENIED);
    }

    @Test
    void columnsThatAMetastoreRefusesAreNoLostAnswer() {
        assertThat(CatalogTrouble.of(refused)).contains(CatalogTrouble.COLUMNS_REFUSED);
        assertThatThrownBy(() -> CatalogTrouble.requireLostAnswer(refused)).isSameAs(refused);
    }

    @Test
    void onlyALostAnswerIsWorthALook() {
        assertThatCode(() -> CatalogTrouble.requireLostAnswer(
                        new CommitStateUnknownException(new TTransportException("broken"))))
                .doesNotThrowAnyException();
        assertThatCode(() -> CatalogTrouble.requireLostAnswer(
                        new UncheckedSQLException(new SQLException("broken"), "Failed")))
                .doesNotThrowAnyException();
        CommitFailedException beaten = new CommitFailedException("somebody else was first");
        assertThatThrownBy(() -> CatalogTrouble.requireLostAnswer(beaten)).isSameAs(beaten);
        assertThat(CatalogTrouble.of(beaten)).isEmpty();
        assertThat(CatalogTrouble.of(new IllegalStateException("odd"))).isEmpty();
    }
}
