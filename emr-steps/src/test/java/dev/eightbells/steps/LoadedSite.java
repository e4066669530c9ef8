package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.warehouse.Connector;
import dev.eightbells.warehouse.RedshiftConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A pipeline over visits with its lake in S3, its tables in a PostgreSQL catalog, and a warehouse. */
final class LoadedSite {
    /** A warehouse at whose door nobody answers. */
    static final String NOBODY = "jdbc:redshift://127.0.0.1:1/dev";

    private final Site site;
    private final String name;
    private final LocalPostgres postgres;
    private final Map<String, String> environment;

    /**
     * @param name of the bucket, and in the names of tables: catalog and warehouse are shared
     */
    LoadedSite(Path folder, String name, Session session, LocalS3 s3, LocalPostgres postgres) throws IOException {
        this.site = new Site(folder, session);
        this.name = name;
        this.postgres = postgres;
        this.environment = new HashMap<>(s3.environment());
        this.environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        s3.createBucket(name);
    }

    /** What the pipeline file says without a warehouse. */
    String without() {
        return Site.VISITS
                .replace("raw/", "s3://" + name + "/raw/")
                .replace(
                        "lake: lake/",
                        "lake: s3://" + name + "/lake/\ncatalog: {type: jdbc, uri: \"" + postgres.jdbcUrl()
                                + "\", user: " + postgres.user() + "}")
                .replace("analytics.", schema() + ".");
    }

    /** What it says with one. */
    String with(String url) {
        return without() + "warehouse:\n  url: " + url + "\n  events: " + schema() + ".loaded_events\n  sessions: "
                + schema() + ".loaded_sessions\n";
    }

    /** The schema of all tables, in the lake and in the warehouse. */
    String schema() {
        return name.replace('-', '_');
    }

    void define(String text) throws IOException {
        site.define(text);
    }

    void deliver(String key, Visits.Event... events) {
        deliver(key, List.of(events).stream().map(Visits.Event::json).collect(Collectors.joining()));
    }

    void deliver(String key, String text) {
        try (ObjectStore raw = ObjectStores.open(Location.of("s3://" + name + "/raw/"), environment)) {
            raw.create(key, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The lake's objects. */
    ObjectStore lake() {
        return ObjectStores.open(Location.of("s3://" + name + "/lake/"), environment);
    }

    Result command(String command, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--pipeline", site.file().toString()));
        arguments.addAll(List.of(more));
        return site.run(environment, arguments.toArray(String[]::new));
    }

    /** The command at an instant, which is now for it too. */
    Result commandAt(String instant, String command) {
        return site.run(
                environment,
                Instant.parse(instant),
                command,
                "--pipeline",
                site.file().toString());
    }

    Workplace workplace() {
        return Workplace.open(
                PipelineFile.load(site.file(), environment), environment, Site.clock(), site.session()::spark);
    }

    /** The same over another warehouse. */
    Workplace workplace(Connector warehouse) {
        return Workplace.open(
                PipelineFile.load(site.file(), environment),
                environment,
                Site.clock(),
                site.session()::spark,
                lake(),
                warehouse);
    }

    /** Plans a batch without running it. */
    void plan() {
        try (Workplace workplace = workplace()) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
    }

    /** Loses an object of the lake. */
    void delete(String key) {
        try (ObjectStore lake = lake()) {
            lake.delete(key);
        }
    }

    private Connection connect() throws SQLException {
        return RedshiftConnector.of(PipelineFile.load(site.file(), environment).warehouse(), environment)
                .open();
    }

    /** Changes something in the warehouse. */
    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What the warehouse answers: rows of values, as they are in {@link #lakeRows}. */
    List<List<Object>> ask(String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
                    boolean isMoment = answer.getMetaData().getColumnType(i) == Types.TIMESTAMP;
                    row.add(isMoment ? moment(answer.getObject(i, LocalDateTime.class)) : answer.getObject(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static Instant moment(LocalDateTime there) {
        return there == null ? null : there.toInstant(ZoneOffset.UTC);
    }

    /** Rows of a table of the lake, without the columns that stay there, in the order of their first column. */
    List<List<Object>> lakeRows(String table) {
        Dataset<Row> rows = table(table).drop("source_object", "source_offset");
        return rows.orderBy(rows.columns()[0]).collectAsList().stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(i -> row.get(i) instanceof Timestamp at ? at.toInstant() : row.get(i))
                        .toList())
                .toList();
    }

    /** A table of the lake, through Iceberg. */
    Dataset<Row> table(String table) {
        String catalog = "spark.sql.catalog.eightbells";
        site.session().spark().conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
        site.session().spark().conf().set(catalog + ".type", "jdbc");
        site.session().spark().conf().set(catalog + ".uri", postgres.jdbcUrl());
        site.session().spark().conf().set(catalog + ".jdbc.user", postgres.user());
        site.session().spark().conf().set(catalog + ".jdbc.password", postgres.password());
        site.session().spark().conf().set(catalog + ".warehouse", "s3://" + name + "/lake/tables");
        site.session().spark().conf().set(catalog + ".cache-enabled", "false");
        // The name by which the catalog was made is part of its rows in the database.
        return site.session().spark().table("eightbells." + schema() + "." + table);
    }
}
