package dev.eightbells.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.TableName;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A pipeline in a folder, the command line over it, and eyes to look at what came of it. */
final class Site {
    /** Twenty past the window from 00:00 to 04:00. */
    static final Instant NOW = Instant.parse("2026-03-02T04:20:00Z");

    static final String SHOP =
            """
            version: 1
            pipeline: shop
            source:
              location: raw/
            lake: lake/
            table:
              name: analytics.events
              key: [id]
              partitionBy: {from: at, unit: day}
              columns:
                - {name: id, type: string, required: true}
                - {name: at, type: timestamp}
                - {name: amount, type: int}
            """;

    /** The shop, with rules below. */
    static String shopWith(String... quality) {
        return SHOP + "quality:\n" + String.join("\n", quality).indent(2);
    }

    /** Visits, and what is wanted of them. */
    static final String VISITS =
            """
            version: 1
            pipeline: visits
            source: {location: raw/, layout: flat}
            lake: lake/
            table:
              name: analytics.events
              key: [id]
              partitionBy: {from: at, unit: day}
              columns:
                - {name: id, type: string, required: true}
                - {name: visitor, type: string}
                - {name: at, type: timestamp}
                - {name: page, type: string}
                - {name: amount, type: "decimal(10,2)"}
            sessions:
              name: analytics.sessions
              by: visitor
              time: at
              gap: 30m
              columns:
                - {name: landing, first: page}
                - {name: leaving, last: page}
                - {name: views, count: "page is not null"}
                - {name: paid, any: "amount > 5"}
                - {name: revenue, sum: amount}
                - {name: cheapest, min: amount}
                - {name: dearest, max: amount}
                - {name: mean, expression: "cast(revenue / views as decimal(20,4))"}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Session session;

    Site(Path folder, Session session) throws IOException {
        this.folder = folder;
        this.session = session;
        Files.createDirectories(folder.resolve("raw"));
        define(SHOP);
    }

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {}

    Path file() {
        return folder.resolve("pipeline.yaml");
    }

    Path raw(String key) {
        return folder.resolve("raw").resolve(key);
    }

    Path lake(String key) {
        return folder.resolve("lake").resolve(key);
    }

    /** Where a process that runs over this site writes what it has to say. */
    Path output() {
        return folder.resolve("output");
    }

    /** A file by whose presence a process that runs over this site tells or is told something. */
    Path word(String word) {
        return folder.resolve(word);
    }

    Session session() {
        return session;
    }

    void define(String text) throws IOException {
        Files.writeString(file(), text);
    }

    /** An event of the shop. */
    static String event(String id, String at, int amount) {
        return "{\"id\":\"" + id + "\",\"at\":\"" + at + "\",\"amount\":" + amount + "}\n";
    }

    /** An object in the folder of the hour that begins at an instant. */
    void deliver(String hour, String name, String text) throws IOException {
        deliver(hour, name, text.getBytes(StandardCharsets.UTF_8));
    }

    void deliver(String hour, String name, byte[] bytes) throws IOException {
        Path path = raw(delivered(hour, name));
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    static String delivered(String hour, String name) {
        return hour.replace('-', '/').replace('T', '/') + "/" + name;
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** The command at an instant, which is now for it too. */
    Result commandAt(String instant, String command) {
        return run(Map.of(), Instant.parse(instant), command, "--pipeline", file().toString());
    }

    /** A command of commands at an instant, with the site's pipeline file. */
    Result later(String instant, String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--pipeline", file().toString()));
        return run(Map.of(), Instant.parse(instant), arguments.toArray(String[]::new));
    }

    /** The command with the site's pipeline file. */
    Result command(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--pipeline", file().toString()));
        arguments.addAll(List.of(more));
        return run(Map.of(), arguments.toArray(String[]::new));
    }

    Result run(Map<String, String> environment, String... arguments) {
        return run(environment, NOW, arguments);
    }

    Result run(Map<String, String> environment, Instant now, String... arguments) {
        return speaking(console -> Eightbells.configured(
                        Eightbells.commandLine(session, console, environment, Clock.fixed(now, ZoneOffset.UTC)),
                        console)
                .execute(arguments));
    }

    private static Result speaking(ToIntFunction<Console> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Console.Progress.LINES);
        int exitCode = command.applyAsInt(console);
        return new Result(
                exitCode, out.toString(StandardCharsets.UTF_8), withoutProgress(err.toString(StandardCharsets.UTF_8)));
    }

    /** How far it is, a command says after ten seconds: what else it says must not depend on how busy a machine is. */
    private static String withoutProgress(String said) {
        return said.replaceAll("(?m)^\\S+  \\d+ of \\d+ tasks\\R", "");
    }

    /** The command as spark-submit runs it, with the site's pipeline file. */
    Result onCluster(String command, String... more) {
        return onCluster(Platform.found(), command, more);
    }

    Result onCluster(Platform platform, String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--pipeline", file().toString()));
        arguments.addAll(List.of(more));
        return speaking(
                console -> Main.run(platform, session, console, Map.of(), clock(), arguments.toArray(String[]::new))
                        .map(failure -> failure.kind().exitCode())
                        .orElse(0));
    }

    static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    Pipeline pipeline() {
        return PipelineFile.load(file(), Map.of());
    }

    /** A workplace whose lake is seen through something. */
    Workplace workplace(UnaryOperator<ObjectStore> lake) {
        return workplace(clock(), lake);
    }

    Workplace workplace(Clock clock, UnaryOperator<ObjectStore> lake) {
        Pipeline pipeline = pipeline();
        return Workplace.open(
                pipeline, Map.of(), clock, session::spark, lake.apply(ObjectStores.open(pipeline.lake(), Map.of())));
    }

    /** What is visible in the table, through Iceberg. */
    Dataset<Row> table() {
        return session.spark().table(name(pipeline().table().name()));
    }

    /** What is visible in the session table, through Iceberg. */
    Dataset<Row> sessions() {
        return session.spark().table(name(pipeline().sessions().name()));
    }

    /** What Spark calls the table of what was judged and measured. */
    String historyName() {
        return name(pipeline().table().name()) + "_quality";
    }

    /** The attempts whose verdicts are in the history, and these, by the number of rows that each has measured. */
    List<String> judgements() {
        return session
                .spark()
                .table(historyName())
                .where("metric = 'Dataset.*.RowCount'")
                .selectExpr("concat_ws(' ', attempt, verdict)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** What Spark calls the session table. */
    String sessionsName() {
        return name(pipeline().sessions().name());
    }

    /** All of the session table, row by row, sorted. */
    List<String> sessionRows() {
        return json(sessions());
    }

    static List<String> json(Dataset<Row> rows) {
        return rows.selectExpr("to_json(struct(*))").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private Dataset<Row> metadata(String table) {
        return session.spark().table(name(pipeline().table().name()) + "." + table);
    }

    private String name(TableName table) {
        String catalog = "site" + Integer.toHexString(folder.hashCode());
        session.spark().conf().set("spark.sql.catalog." + catalog, "org.apache.iceberg.spark.SparkCatalog");
        session.spark().conf().set("spark.sql.catalog." + catalog + ".type", "hadoop");
        session.spark().conf().set("spark.sql.catalog." + catalog + ".warehouse", "file:" + lake("tables"));
        session.spark().conf().set("spark.sql.catalog." + catalog + ".cache-enabled", "false");
        return catalog + "." + table;
    }

    /** One expression over the visible rows as texts, sorted. */
    List<String> rows(String expression) {
        return table().selectExpr("cast(" + expression + " as string)").collectAsList().stream()
                .map(row -> String.valueOf(row.getString(0)))
                .sorted()
                .toList();
    }

    /** How many commits the table's main line has. */
    long commits() {
        return metadata("history").count();
    }

    /** The tags that the table has. */
    List<String> tags() {
        return metadata("refs").where("type = 'TAG'").selectExpr("name").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    JsonNode json(String key) throws IOException {
        return JSON.readTree(Files.readAllBytes(lake(key)));
    }

    static JsonNode parse(String text) throws IOException {
        return JSON.readTree(text);
    }

    /** The records in the quarantine files that convert's marker of a batch names. */
    List<JsonNode> quarantine(String batch) throws IOException {
        return quarantine(batch, "convert");
    }

    /** The records in the quarantine files that a step's marker names. */
    List<JsonNode> quarantine(String batch, String step) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (JsonNode file : json("batches/" + batch + "/" + step + ".json").get("quarantine")) {
            Path path = lake(file.get("location").asText());
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    records.add(JSON.readTree(line));
                }
            }
        }
        return records;
    }

    /** The files in which is noted which records were dropped for which. */
    List<Path> notesOfDuplicates() throws IOException {
        Path notes = lake("duplicates");
        if (!Files.exists(notes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(notes)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9].*\\.json\\.gz"))
                    .toList();
        }
    }

    /** All files below the folder, with their sizes and when they were written. */
    List<String> everything() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(folder.relativize(file) + " " + (Files.isDirectory(file) ? "" : Files.size(file)) + " "
                        + Files.getLastModifiedTime(file));
            }
            return all;
        }
    }
}
