package dev.eightbells.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Eightbells;
import dev.eightbells.steps.Session;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.warehouse.RedshiftConnector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Some windows of visits to the shop, one after the other from raw objects to the warehouse that the sample's own file
 * describes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LoadedWebEvents {
    private static final long EVENTS_OF_WINDOW = 100;
    private static final DateTimeFormatter BATCH =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    /** In sessions of types that the sample has none of. */
    private static final String MORE_COLUMNS =
            """
                - {name: seconds_per_page, expression: "cast(duration_seconds / page_views as decimal(24,9))"}
                - {name: ends, expression: "named_struct('landing', landing_page, 'exit', exit_page, 'port', cast(null as int))"}
                - {name: way, expression: "array(landing_page, exit_page)"}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int windows;
    private final int hours;
    private final List<String> said = new ArrayList<>();
    private LocalS3 s3;
    private LocalPostgres postgres;
    private LocalRedshift redshift;
    private Session session;
    private Map<String, String> environment;
    private Path file;
    private Generated generated;

    LoadedWebEvents(int windows) {
        this.windows = windows;
        this.hours = 4 * windows;
    }

    @BeforeAll
    void runWindowByWindow(@TempDir Path folder) throws IOException {
        s3 = LocalS3.start();
        s3.createBucket("lake");
        postgres = LocalPostgres.start();
        redshift = LocalRedshift.start(s3);
        generated = Sample.WEB_EVENTS
                .generator()
                .generate(folder.resolve("raw"), DemoCommand.FROM, hours, EVENTS_OF_WINDOW * windows, DemoCommand.SEED);
        environment = new HashMap<>(s3.environment());
        environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        environment.put("RAW", folder.resolve("raw").toString());
        environment.put("LAKE", "s3://lake/web-events/");
        environment.put("WAREHOUSE", redshift.jdbcUrl());
        session = new Session(environment);
        file = Files.writeString(folder.resolve("web-events.yaml"), definition());
        for (int window = 1; window <= windows; window++) {
            said.add(command("run", "--at", end(window).toString()));
        }
    }

    @AfterAll
    void stop() {
        session.close();
        redshift.close();
        postgres.close();
        s3.close();
    }

    /** The sample's file with its warehouse, and a catalog that a lake in S3 needs. */
    private String definition() {
        String text = Sample.WEB_EVENTS.pipelineText();
        int warehouse = text.indexOf("# warehouse:\n");
        return text.substring(0, warehouse)
                        .replace("lake: ${LAKE}\n", "lake: ${LAKE}\n" + catalog())
                        .stripTrailing()
                + "\n" + MORE_COLUMNS
                + text.substring(warehouse).replaceAll("(?m)^# ?", "");
    }

    private String catalog() {
        return "catalog: {type: jdbc, uri: \"" + postgres.jdbcUrl() + "\", user: " + postgres.user() + "}\n";
    }

    private static Instant end(int window) {
        return DemoCommand.FROM.plus(4L * window, ChronoUnit.HOURS);
    }

    /** What a command says that ends well. */
    private String command(String command, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Console.Progress.LINES);
        List<String> arguments = new ArrayList<>(List.of(command, "--pipeline", file.toString()));
        arguments.addAll(List.of(more));
        int code = Eightbells.configured(
                        Eightbells.commandLine(
                                session, console, environment, Clock.fixed(end(windows), ZoneOffset.UTC)),
                        console)
                .execute(arguments.toArray(String[]::new));
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theWarehouseHoldsTheEventsOfTheLakeColumnForColumn() throws SQLException {
        EventsTable events = EventsTable.open(catalogOfLake(), pipeline()).orElseThrow();
        List<List<Object>> rows = equalRows("analytics.web_events", events.table());
        assertThat(rows).hasSize((int) generated.counts().written());
    }

    @Test
    void theWarehouseHoldsTheSessionsOfTheLakeColumnForColumn() throws SQLException {
        SessionsTable sessions = SessionsTable.open(catalogOfLake(), pipeline()).orElseThrow();
        List<List<Object>> rows = equalRows("analytics.web_sessions", sessions.table());
        assertThat(rows).hasSize((int) generated.sessions());
    }

    @Test
    void theLedgerHasARowForEachBatchAndTable() throws SQLException {
        List<String> expected = new ArrayList<>();
        for (String table : List.of("analytics.web_events", "analytics.web_sessions")) {
            for (int window = 1; window <= windows; window++) {
                expected.add("web-events " + table + " " + window + " " + BATCH.format(end(window)));
            }
        }
        assertThat(ask("SELECT \"pipeline\" || ' ' || \"table\" || ' ' || \"number\" || ' ' || \"batch\""
                        + " FROM analytics.eightbells_loads ORDER BY \"table\", \"number\""))
                .extracting(row -> row.get(0))
                .containsExactlyElementsOf(expected);
        assertThat(ask("SELECT SUM(\"rows\") FROM analytics.eightbells_loads"
                        + " WHERE \"table\" = 'analytics.web_events'"))
                .extracting(row -> ((Number) row.get(0)).longValue())
                .containsExactly(generated.counts().written());
    }

    @Test
    void eachRowNamesItsBatch() throws SQLException {
        assertThat(ask("SELECT \"batch\", \"rows\" FROM analytics.eightbells_loads"
                        + " WHERE \"table\" = 'analytics.web_events' ORDER BY 1"))
                .isEqualTo(ask("SELECT eightbells_batch, COUNT(*) FROM analytics.web_events GROUP BY 1 ORDER BY 1"));
    }

    @Test
    void theEventsAreDistributedAndSortedAsTheFileSays() {
        assertThat(redshift.statements())
                .filteredOn(
                        statement -> statement.startsWith("CREATE TABLE IF NOT EXISTS \"analytics\".\"web_events\""))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("DISTSTYLE KEY DISTKEY(\"cookie_id\")\nCOMPOUND SORTKEY(\"event_timestamp\")");
    }

    @Test
    void everyRunTellsOfTheLoad() {
        assertThat(said).hasSize(windows).allMatch(line -> line.contains("loaded"));
    }

    @Test
    void loadingABatchAgainChangesNothing() throws SQLException {
        List<List<Object>> ledger = ask("SELECT * FROM analytics.eightbells_loads ORDER BY 1, 2, 3");
        int statements = redshift.statements().size();
        for (int window = 1; window <= windows; window++) {
            String batch = BATCH.format(end(window));
            assertThat(command("load", "--batch", batch)).startsWith(batch).endsWith("  (already loaded)\n");
        }
        assertThat(redshift.statements()).hasSize(statements);
        assertThat(ask("SELECT * FROM analytics.eightbells_loads ORDER BY 1, 2, 3"))
                .isEqualTo(ledger);
    }

    private Pipeline pipeline() {
        return PipelineFile.load(file, environment);
    }

    private Catalog catalogOfLake() {
        return Catalogs.open(
                pipeline(), environment, session.spark().sparkContext().hadoopConfiguration());
    }

    /** The rows that both have, once each is found to have the other's. */
    private List<List<Object>> equalRows(String target, Table table) throws SQLException {
        StructType schema = ScannedFiles.all(session.spark(), table).schema();
        List<StructField> fields = Arrays.stream(schema.fields())
                .filter(field -> !field.name().startsWith("source_"))
                .toList();
        List<List<Object>> lake = ScannedFiles.all(session.spark(), table)
                .selectExpr(fields.stream().map(LoadedWebEvents::expression).toArray(String[]::new))
                .collectAsList()
                .stream()
                .map(row -> values(fields, row))
                .sorted(Comparator.comparing(Object::toString))
                .toList();
        String columns = fields.stream().map(StructField::name).collect(Collectors.joining(", "));
        List<List<Object>> loaded = new ArrayList<>();
        ask("SELECT " + columns + " FROM " + target, answer -> loaded.add(values(fields, answer)));
        loaded.sort(Comparator.comparing(Object::toString));
        assertThat(loaded).isEqualTo(lake);
        return lake;
    }

    private static boolean isNested(DataType type) {
        return type.typeName().equals("array") || type.typeName().equals("struct");
    }

    private static String expression(StructField field) {
        if (isNested(field.dataType())) {
            return "to_json(" + field.name() + ", map('ignoreNullFields', 'false'))";
        }
        return field.dataType().equals(DataTypes.TimestampType)
                ? "date_format(" + field.name() + ", 'yyyy-MM-dd HH:mm:ss.SSSSSS')"
                : field.name();
    }

    private static List<Object> values(List<StructField> fields, Row row) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> isNested(fields.get(i).dataType()) ? json(row.getString(i)) : row.get(i))
                .toList();
    }

    private static List<Object> values(List<StructField> fields, ResultSet answer) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            DataType type = fields.get(i).dataType();
            Object value = answer.getObject(i + 1);
            if (value != null && isNested(type)) {
                value = json(answer.getString(i + 1));
            } else if (value != null && type.equals(DataTypes.TimestampType)) {
                value = (answer.getString(i + 1) + (answer.getString(i + 1).contains(".") ? "" : ".") + "000000")
                        .substring(0, "2024-11-04 00:00:00.000000".length());
            }
            values.add(value);
        }
        return values;
    }

    private static Object json(String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("No JSON: " + text, e);
        }
    }

    private List<List<Object>> ask(String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        ask(sql, answer -> {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
                row.add(answer.getObject(i));
            }
            rows.add(row);
        });
        return rows;
    }

    /** Takes a row of an answer. */
    private interface Taker {
        void take(ResultSet answer) throws SQLException;
    }

    private void ask(String sql, Taker taker) throws SQLException {
        try (Connection connection = RedshiftConnector.of(pipeline().warehouse(), environment)
                        .open();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                taker.take(answer);
            }
        }
    }
}
