package dev.eightbells.samples;

import dev.eightbells.batch.Ledger;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.pipeline.Warehouse;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.TableHistory;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.warehouse.Patience;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StorageStatistics;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.Row;

/** A lake of web events in the local S3, and the local Redshift that it is loaded into in several ways. */
final class RehearsedLoads {
    private static final String LAKE = "bench";
    private static final String SCHEME = "s3";
    private static final int ROWS_OF_INSERT = 1_000;

    private final Path raw;
    private final LocalPostgres postgres;
    private final LocalRedshift redshift;
    private final Session session;
    private final Clock clock;
    private final Map<String, String> environment;

    /**
     * @param raw the generated events
     * @param postgres for the catalog of the lake
     */
    RehearsedLoads(Path raw, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift, Session session, Clock clock) {
        this.raw = raw;
        this.postgres = postgres;
        this.redshift = redshift;
        this.session = session;
        this.clock = clock;
        this.environment = new HashMap<>(s3.environment());
        environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        environment.put("RAW", raw.toString());
        environment.put("LAKE", "s3://" + LAKE + "/");
        s3.createBucket(LAKE);
    }

    /** How rows are inserted. */
    enum Inserts {
        /** A statement for each. */
        ONE_BY_ONE,
        /** The driver makes one statement of many. */
        REWRITTEN
    }

    /** How much the lake's table holds. */
    record Size(long rows, long files, long bytes) {}

    /**
     * What it took to bring rows in.
     *
     * @param statements how many were sent
     * @param bytesRead of the lake, by other than COPY
     */
    record Measure(double seconds, long rows, int statements, long bytesRead) {}

    /** Publishes what was delivered until an instant, with all that a run does but rules, sessions and the load. */
    void publish(Instant at, Console console) {
        try (Workplace workplace = Workplace.open(pipeline(null), environment, clock, session::spark)) {
            new Run(workplace, Bench.quiet(console)).now(at, null);
        }
    }

    Size size() {
        List<FileScanTask> files =
                TableHistory.of(table()).live(TableHistory.of(table()).commits().get(0));
        return new Size(
                files.stream().mapToLong(task -> task.file().recordCount()).sum(),
                files.size(),
                files.stream().mapToLong(task -> task.file().fileSizeInBytes()).sum());
    }

    /** Some rows of the lake's table, in memory. */
    List<Row> rows(int count) {
        return ScannedFiles.all(session.spark(), table())
                .drop("source_object", "source_offset")
                .limit(count)
                .collectAsList();
    }

    /** Loads into the table {@code web_events} of a schema. */
    Measure load(String schema, LoadRequest request) {
        Pipeline pipeline = pipeline(new Warehouse(
                redshift.jdbcUrl(),
                null,
                "default",
                new TableName(schema, "web_events"),
                null,
                "cookie_id",
                List.of("event_timestamp")));
        redshift.faults().reset();
        long before = bytesRead();
        long[] rows = new long[1];
        double seconds = Bench.seconds(() -> {
            try (ObjectStore lake = ObjectStores.open(pipeline.lake(), environment)) {
                List<Loaded> loaded = new WarehouseLoader(
                                pipeline,
                                catalog(pipeline),
                                Ledger.open(lake, pipeline),
                                session::spark,
                                RedshiftConnector.of(pipeline.warehouse(), environment),
                                Patience.USUAL,
                                clock)
                        .load(request);
                rows[0] = loaded.get(0).rows();
            }
        });
        return new Measure(seconds, rows[0], redshift.statements().size(), bytesRead() - before);
    }

    /** Inserts into a table like the one that was loaded into this schema, in one transaction. */
    Measure insert(String schema, List<Row> rows, Inserts how) {
        String table = schema + ".inserted_" + how.name().toLowerCase(Locale.ROOT);
        Properties properties = new Properties();
        properties.put("user", redshift.user());
        properties.put("password", redshift.user());
        properties.put("ssl", "false");
        properties.put("reWriteBatchedInserts", Boolean.toString(how == Inserts.REWRITTEN));
        try (Connection connection = DriverManager.getConnection(redshift.jdbcUrl(), properties)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE " + table + " (LIKE " + schema + ".web_events)");
            }
            redshift.faults().reset();
            double seconds = Bench.seconds(() -> insert(connection, table, rows));
            return new Measure(seconds, rows.size(), redshift.statements().size(), 0);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot insert into " + table, e);
        }
    }

    private static void insert(Connection connection, String table, List<Row> rows) {
        String[] columns = rows.get(0).schema().fieldNames();
        String sql = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.length, "?")) + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            int waiting = 0;
            for (Row row : rows) {
                for (int i = 0; i < columns.length; i++) {
                    insert.setObject(i + 1, row.get(i));
                }
                insert.addBatch();
                if (++waiting % ROWS_OF_INSERT == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot insert into " + table, e);
        }
    }

    /** What this process has read of the lake's files. */
    private static long bytesRead() {
        StorageStatistics statistics = FileSystem.getGlobalStorageStatistics().get(SCHEME);
        Long bytes = statistics == null ? null : statistics.getLong("bytesRead");
        return bytes == null ? 0 : bytes;
    }

    private Table table() {
        Pipeline pipeline = pipeline(null);
        return EventsTable.open(catalog(pipeline), pipeline).orElseThrow().table();
    }

    private Catalog catalog(Pipeline pipeline) {
        return Catalogs.open(
                pipeline, environment, session.spark().sparkContext().hadoopConfiguration());
    }

    /** The sample's, without rules and sessions. */
    private Pipeline pipeline(Warehouse warehouse) {
        String catalog = "catalog: {type: jdbc, uri: \"" + postgres.jdbcUrl() + "\", user: " + postgres.user() + "}\n";
        String text = Sample.WEB_EVENTS.pipelineText().replace("lake: ${LAKE}\n", "lake: ${LAKE}\n" + catalog);
        Pipeline sample = PipelineFile.parse(text, raw + ".yaml", environment);
        return new Pipeline(
                sample.name(),
                sample.window(),
                sample.source(),
                sample.lake(),
                sample.catalog(),
                sample.table(),
                null,
                null,
                warehouse,
                sample.compute(),
                sample.care(),
                sample.retention());
    }
}
