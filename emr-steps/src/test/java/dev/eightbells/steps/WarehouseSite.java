package dev.eightbells.steps;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.warehouse.LoadRequest;
import dev.eightbells.warehouse.Loaded;
import dev.eightbells.warehouse.Patience;
import dev.eightbells.warehouse.RedshiftConnector;
import dev.eightbells.warehouse.WarehouseLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A pipeline whose lake lies in the local S3 and that loads the local Redshift. All that it makes in either is named after
 * it, so that many share the services.
 */
final class WarehouseSite implements AutoCloseable {
    /** Waits so little that tests need not. */
    static final Patience HASTE =
            new Patience(8, Duration.ofMillis(2), Duration.ofMillis(50), null, Duration.ofMinutes(2));

    private static final Set<String> LINEAGE = Set.of("source_object", "source_offset");
    private static final String BATCH = "eightbells_batch";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Site site;
    private final LocalRedshift redshift;
    private final Map<String, String> environment;
    private final String catalog;
    private Connection connection;

    /**
     * @param name a database of the lake, a schema of the warehouse, and a bucket
     */
    WarehouseSite(String name, Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        this.name = name;
        this.site = new Site(folder, session);
        this.redshift = redshift;
        this.environment = new HashMap<>(s3.environment());
        this.environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        this.catalog = "catalog: {type: jdbc, uri: \"" + postgres.jdbcUrl() + "\", user: " + postgres.user() + "}";
        s3.createBucket(name);
        define(Site.VISITS, warehouse(name));
    }

    /** What a pipeline file says of a warehouse with tables in a schema. */
    String warehouse(String schema) {
        return """
                warehouse:
                  url: %s
                  events: %s.events
                  sessions: %s.sessions
                """
                .formatted(redshift.jdbcUrl(), schema, schema);
    }

    /** Writes the pipeline file, with its places in S3. */
    void define(String pipeline, String warehouse) throws IOException {
        site.define(pipeline.replace("raw/", "s3://" + name + "/raw/")
                        .replace("lake: lake/", "lake: s3://" + name + "/lake/\n" + catalog)
                        .replace("analytics.", name + ".")
                + warehouse);
    }

    String name() {
        return name;
    }

    Site site() {
        return site;
    }

    Map<String, String> environment() {
        return environment;
    }

    void deliver(String key, String text) {
        try (ObjectStore raw = ObjectStores.open(Location.of("s3://" + name + "/raw/"), environment)) {
            raw.create(key, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    ObjectStore lake() {
        return ObjectStores.open(Location.of("s3://" + name + "/lake/"), environment);
    }

    /** A command with the pipeline file. */
    Site.Result command(String command, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--pipeline", site.file().toString()));
        arguments.addAll(List.of(more));
        return site.run(environment, arguments.toArray(String[]::new));
    }

    Pipeline pipeline() {
        return PipelineFile.load(site.file(), environment);
    }

    Workplace workplace() {
        return Workplace.open(pipeline(), environment, Site.clock(), site.session()::spark);
    }

    /** Loads what is new into the warehouse of a pipeline, over a workplace that stays open. */
    static List<Loaded> load(Workplace workplace, Pipeline pipeline) {
        return new WarehouseLoader(
                        pipeline,
                        workplace.catalog(),
                        workplace.ledger(),
                        workplace::spark,
                        RedshiftConnector.of(pipeline.warehouse(), workplace.environment()),
                        HASTE,
                        workplace.clock())
                .load(LoadRequest.WHAT_IS_NEW);
    }

    /** This pipeline with its warehouse in another schema. */
    Pipeline into(String schema) {
        try {
            String text = java.nio.file.Files.readString(site.file());
            String moved = text.substring(0, text.indexOf("warehouse:\n")) + warehouse(schema);
            return PipelineFile.parse(moved, site.file().toString(), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of the lake, a text for each row, sorted. */
    List<String> lakeEvents(Workplace workplace) {
        return lakeRows(EventsTable.open(workplace.catalog(), workplace.pipeline())
                .orElseThrow()
                .table());
    }

    /** The sessions of the lake, a text for each row, sorted. */
    List<String> lakeSessions(Workplace workplace) {
        return lakeRows(SessionsTable.open(workplace.catalog(), workplace.pipeline())
                .orElseThrow()
                .table());
    }

    private List<String> lakeRows(Table table) {
        table.refresh();
        StructType schema = ScannedFiles.all(site.session().spark(), table).schema();
        List<StructField> fields = Arrays.stream(schema.fields())
                .filter(field -> !LINEAGE.contains(field.name()))
                .toList();
        return ScannedFiles.all(site.session().spark(), table)
                .selectExpr(fields.stream().map(WarehouseSite::asText).toArray(String[]::new))
                .collectAsList()
                .stream()
                .map(row -> text(fields, row))
                .sorted()
                .toList();
    }

    private static boolean isNested(StructField field) {
        return field.dataType() instanceof StructType
                || field.dataType() instanceof ArrayType
                || field.dataType() instanceof MapType;
    }

    private static String asText(StructField field) {
        if (isNested(field)) {
            return "to_json(`" + field.name() + "`)";
        }
        return field.dataType().equals(DataTypes.TimestampType)
                ? "date_format(`" + field.name() + "`, 'yyyy-MM-dd HH:mm:ss.SSSSSS')"
                : "cast(`" + field.name() + "` as string)";
    }

    private static String text(List<StructField> fields, Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            String value = row.isNullAt(i) ? null : row.getString(i);
            values.add(fields.get(i).name() + "=" + (isNested(fields.get(i)) ? json(value) : value));
        }
        return String.join("|", values);
    }

    private static String json(String text) {
        try {
            return text == null ? null : JSON.readTree(text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a table of the warehouse without their batches, a text for each, sorted. */
    List<String> warehouseRows(String table) throws SQLException {
        return ask("SELECT * FROM " + table).stream()
                .map(row -> row.entrySet().stream()
                        .filter(column -> !column.getKey().equals(BATCH))
                        .map(column -> column.getKey() + "=" + column.getValue())
                        .collect(Collectors.joining("|")))
                .sorted()
                .toList();
    }

    /** What the warehouse answers, each row by its columns, all values as texts. */
    List<Map<String, String>> ask(String sql) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (java.sql.Statement statement = connection().createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            int columns = answer.getMetaData().getColumnCount();
            while (answer.next()) {
                Map<String, String> row = new java.util.LinkedHashMap<>();
                for (int i = 1; i <= columns; i++) {
                    row.put(
                            answer.getMetaData().getColumnName(i),
                            value(answer, i, answer.getMetaData().getColumnTypeName(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static String value(ResultSet answer, int i, String type) throws SQLException {
        String value = answer.getString(i);
        if (value == null) {
            return null;
        }
        return switch (type) {
            case "timestamp" ->
                (value.contains(".") ? value : value + ".").concat("000000").substring(0, 26);
            case "bool" -> value.startsWith("t") ? "true" : "false";
            case "float8", "float4" -> value.matches("-?[0-9]+") ? value + ".0" : value;
            case "jsonb", "super" -> json(value);
            default -> value;
        };
    }

    /** Makes a schema of the warehouse that holds what another one does, as if it had been loaded itself. */
    void copy(String from, String schema) throws SQLException {
        say("CREATE SCHEMA " + schema);
        for (String table : List.of("events", "sessions", "eightbells_loads")) {
            say("CREATE TABLE " + schema + "." + table + " (LIKE " + from + "." + table + ")");
            say("INSERT INTO " + schema + "." + table + " SELECT * FROM " + from + "." + table);
        }
        say("UPDATE " + schema + ".eightbells_loads SET \"table\" = REPLACE(\"table\", '" + from + ".', '" + schema
                + ".')");
    }

    /** Says something to the warehouse. */
    void say(String sql) throws SQLException {
        try (java.sql.Statement statement = connection().createStatement()) {
            statement.execute(sql);
        }
    }

    /** A connection of its own; to connect costs more than most questions. */
    private Connection connection() throws SQLException {
        if (connection == null) {
            connection =
                    RedshiftConnector.of(pipeline().warehouse(), environment).open();
        }
        return connection;
    }

    @Override
    public void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
