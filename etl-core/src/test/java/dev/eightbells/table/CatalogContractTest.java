package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.hive.LocalMetastore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.LockComponent;
import org.apache.hadoop.hive.metastore.api.LockLevel;
import org.apache.hadoop.hive.metastore.api.LockRequest;
import org.apache.hadoop.hive.metastore.api.LockType;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.ShowLocksRequest;
import org.apache.hadoop.hive.metastore.api.ShowLocksResponseElement;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The catalogs that run here, held to one contract. */
class CatalogContractTest {

    @Nested
    class Hadoop extends CatalogContract {
        @Override
        String catalog() {
            return "{type: hadoop}";
        }

        @Override
        String database() {
            return "order";
        }

        @Override
        boolean isInPlaces() {
            return false;
        }
    }

    /** Databases that tests of one server do not share; the first is a reserved word. */
    private static final class Databases {
        private final AtomicInteger tests = new AtomicInteger();

        String next() {
            int number = tests.getAndIncrement();
            return number == 0 ? "order" : "order" + number;
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Jdbc extends RemoteCatalogContract {
        private final Databases databases = new Databases();
        private LocalPostgres postgres;
        private String database;

        @BeforeAll
        void start() throws IOException {
            postgres = LocalPostgres.start();
        }

        @AfterAll
        void stop() {
            postgres.close();
        }

        @BeforeEach
        @Override
        void define() {
            database = databases.next();
            super.define();
        }

        @Override
        String database() {
            return database;
        }

        @Override
        int server() {
            return URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
        }

        @Override
        String catalog(int port, String seconds) {
            return "{type: jdbc, uri: \"jdbc:postgresql://localhost:" + port
                    + "/postgres\", user: postgres, properties: {jdbc.socketTimeout: " + seconds + "}}";
        }

        @Override
        String commit() {
            return "UPDATE iceberg_tables";
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Hive extends RemoteCatalogContract {
        private final Databases databases = new Databases();
        private LocalMetastore metastore;
        private String database;

        @BeforeAll
        void start(@TempDir Path home) throws IOException, InterruptedException {
            metastore = LocalMetastore.start(home);
        }

        @AfterAll
        void stop() {
            metastore.close();
        }

        @BeforeEach
        @Override
        void define() {
            database = databases.next();
            super.define();
        }

        @Override
        String database() {
            return database;
        }

        @Override
        int server() {
            return metastore.port();
        }

        @Override
        String catalog(int port, String seconds) {
            return "{type: hive, uri: \"thrift://127.0.0.1:" + port
                    + "\", properties: {hive.metastore.client.socket.timeout: " + seconds
                    + "s, hive.metastore.connect.retries: 1, hive.metastore.client.connect.retry.delay: 1s,"
                    + " iceberg.hive.lock-timeout-ms: 600, iceberg.hive.lock-creation-timeout-ms: 600}}";
        }

        @Override
        String commit() {
            return "alter_table";
        }

        private HiveMetaStoreClient client() throws Exception {
            HiveConf configuration = new HiveConf();
            configuration.set("hive.metastore.uris", metastore.uri());
            return new HiveMetaStoreClient(configuration);
        }

        /** The commit that was under way may have left one, which a metastore that looks after locks drops in five minutes. */
        private void dropLocks() throws Exception {
            HiveMetaStoreClient client = client();
            for (ShowLocksResponseElement lock :
                    client.showLocks(new ShowLocksRequest()).getLocks()) {
                client.unlock(lock.getLockid());
            }
            client.close();
        }

        @Test
        void aTableThatIsNotIcebergsIsRefusedAndStaysAsItIs() throws Exception {
            HiveMetaStoreClient client = client();
            String place = "file:" + folder.resolve("lake/tables").resolve(database);
            client.createDatabase(new Database(database, "", place, null));
            StorageDescriptor storage = new StorageDescriptor();
            storage.setLocation(place + "/select");
            storage.setCols(List.of());
            storage.setSerdeInfo(new SerDeInfo());
            Table table = new Table();
            table.setDbName(database);
            table.setTableName("select");
            table.setSd(storage);
            client.createTable(table);

            assertThatThrownBy(this::events)
                    .isInstanceOf(Failure.class)
                    .hasMessage("Cannot use table " + database + ".select: what has this name in the catalog is not an"
                            + " Iceberg table. Name another table, or drop that one.")
                    .extracting(thrown -> ((Failure) thrown).kind())
                    .isEqualTo(Failure.Kind.INPUT);
            assertThat(client.getTable(database, "select").getParameters()).doesNotContainKey("table_type");
            client.close();
        }

        @Test
        void aLockThatAnotherHoldsIsWorthARetryAndNothingIsCommitted() throws Exception {
            EventsTable events = events();
            events.table()
                    .updateProperties()
                    .set("commit.retry.num-retries", "1")
                    .commit();
            HiveMetaStoreClient client = client();
            LockComponent table = new LockComponent(LockType.EXCLUSIVE, LockLevel.TABLE, database);
            table.setTablename("select");
            long lock = client.lock(new LockRequest(List.of(table), "somebody", "here"))
                    .getLockid();

            assertThatThrownBy(() -> events.stage(batch("b1"), null, List.of(file(events, "b1"))))
                    .isInstanceOf(CommitFailedException.class)
                    .satisfies(thrown -> assertThat(CatalogTrouble.of(thrown)).contains(CatalogTrouble.LOCKED));
            assertThat(events.table().snapshots()).isEmpty();

            client.unlock(lock);
            client.close();
            stageAndPublish(events, "b1");
            assertThat(seen()).containsExactly("b1");
        }

        @Test
        void aMetastoreThatIsKilledMeanwhileHasEachBatchWholeOrNotAtAll() throws Exception {
            EventsTable events = events();
            stageAndPublish(events, "b1");
            Thread killer = new Thread(() -> {
                try {
                    Thread.sleep(150);
                    metastore.kill();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            killer.start();
            int published = 1;
            try {
                while (true) {
                    stageAndPublish(events, "b" + (published + 1));
                    published++;
                }
            } catch (RuntimeException e) {
                killer.join();
            }
            metastore.restart();
            dropLocks();
            assertThat(seen().size()).isBetween(published, published + 1);
            stageAndPublish(events(), "b" + (published + 1));
            assertThat(seen()).hasSize(published + 1).doesNotHaveDuplicates();
        }
    }
}
