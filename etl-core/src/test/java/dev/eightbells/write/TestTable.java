package dev.eightbells.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.batch.BatchId;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** An events table in a folder, with raw objects to write into it and eyes to look at what came of them. */
final class TestTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final Path folder;
    private final Pipeline pipeline;
    private final EventsTable events;
    private final ObjectStore source;

    private TestTable(SparkSession spark, Path folder, Configuration hadoop, Pipeline pipeline, Turn turn)
            throws IOException {
        this.spark = spark;
        this.folder = folder;
        this.pipeline = pipeline;
        Files.createDirectories(folder.resolve("raw"));
        this.events = EventsTable.openOrCreate(Catalogs.open(pipeline, Map.of(), hadoop), pipeline, turn);
        this.source = ObjectStores.open(pipeline.source().location(), Map.of());
    }

    /** @param table what stands below {@code table:} in a pipeline file, without the name */
    static TestTable in(Path folder, SparkSession spark, String table) throws IOException {
        return in(folder, spark, spark.sparkContext().hadoopConfiguration(), table);
    }

    /** @param rules the part of a pipeline file about quality */
    static TestTable withRules(Path folder, SparkSession spark, String table, String rules) throws IOException {
        return in(folder, spark, spark.sparkContext().hadoopConfiguration(), table, rules, new Turn(1, 0));
    }

    /** @param hadoop how files are reached */
    static TestTable in(Path folder, SparkSession spark, Configuration hadoop, String table) throws IOException {
        return in(folder, spark, hadoop, table, "", new Turn(1, 0));
    }

    /** The same table for a batch of another definition. */
    TestTable under(String table, Turn turn) throws IOException {
        return in(folder, spark, spark.sparkContext().hadoopConfiguration(), table, "", turn);
    }

    private static TestTable in(
            Path folder, SparkSession spark, Configuration hadoop, String table, String rules, Turn turn)
            throws IOException {
        String text =
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/, layout: flat}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                """
                        .formatted(folder);
        Pipeline pipeline = PipelineFile.parse(text + table.indent(2) + rules, "shop.yaml", Map.of());
        return new TestTable(spark, folder, hadoop, pipeline, turn);
    }

    EventsTable events() {
        return events;
    }

    StoredObject put(String key, String text) throws IOException {
        return put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    StoredObject put(String key, byte[] bytes) throws IOException {
        Path file = folder.resolve("raw").resolve(key);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return source.find(key).orElseThrow();
    }

    SparkBatchWriter writer() {
        return new SparkBatchWriter(spark);
    }

    BatchInput batch(int number, StoredObject... objects) {
        return new BatchInput(batchName(number), 1, pipeline, List.of(objects), RecordSelection.all(), Map.of());
    }

    private static String batchName(int number) {
        return BatchId.parse("20260301T0400Z-" + (number + 1)).toString();
    }

    /** Writes a batch that is judged at the head. */
    BatchWriter.Written write(int number, StoredObject... objects) {
        return writer().write(batch(number, objects), events, events.refreshedHead());
    }

    /** Stages and publishes what was written at the head; it must go through at once. */
    long publish(int number, List<DataFile> files) {
        Long head = events.refreshedHead();
        Provenance provenance = new Provenance(batchName(number), 1, "convert");
        long staged = events.stage(provenance, head, files);
        return events.publish(provenance, staged, head, files).orElseThrow().snapshot();
    }

    BatchWriter.Written writeAndPublish(int number, StoredObject... objects) {
        BatchWriter.Written written = write(number, objects);
        publish(number, written.files());
        return written;
    }

    /** The rows of some files, in the order in which they are read. */
    Dataset<Row> rows(List<DataFile> files) {
        return spark.read().parquet(files.stream().map(file -> file.location()).toArray(String[]::new));
    }

    /** What is visible in the table, through Iceberg. */
    Dataset<Row> published() {
        String catalog = "table" + Integer.toHexString(folder.hashCode());
        spark.conf().set("spark.sql.catalog." + catalog, "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set("spark.sql.catalog." + catalog + ".type", "hadoop");
        spark.conf().set("spark.sql.catalog." + catalog + ".warehouse", "file:" + folder.resolve("lake/tables"));
        spark.conf().set("spark.sql.catalog." + catalog + ".cache-enabled", "false");
        return spark.table(catalog + "." + pipeline.table().name());
    }

    /** One expression over rows as texts, sorted; a null is {@code null}. */
    static List<String> texts(Dataset<Row> rows, String expression) {
        return rows.selectExpr("cast(" + expression + " as string)").collectAsList().stream()
                .map(row -> String.valueOf(row.getString(0)))
                .sorted()
                .toList();
    }

    /** What stands in the quarantine files, file by file. */
    List<JsonNode> quarantine(BatchWriter.Written written) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (QuarantineFile file : written.quarantine()) {
            Path path = folder.resolve("lake").resolve(file.location());
            int before = records.size();
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    records.add(JSON.readTree(line));
                }
            }
            assertThatFile(file, records.size() - before, Files.size(path));
        }
        return records;
    }

    private static void assertThatFile(QuarantineFile file, int records, long bytes) {
        if (file.records() != records || file.bytes() != bytes) {
            throw new AssertionError(file + " holds " + records + " records in " + bytes + " bytes");
        }
    }

    Path folder() {
        return folder;
    }
}
