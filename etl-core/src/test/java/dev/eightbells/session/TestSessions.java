package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.LocalSpark;
import dev.eightbells.batch.Marker;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Events that are published without having been delivered, their sessions, and eyes to look at them. */
final class TestSessions {
    static final String VISITS =
            """
            name: analytics.sessions
            by: visitor
            time: at
            gap: 30m
            columns:
              - {name: landing, first: page}
              - {name: leaving, last: page}
              - {name: views, count: "page like '/%'"}
              - {name: paid, any: "page = '/paid'"}
              - {name: revenue, sum: amount}
              - {name: cheapest, min: amount}
              - {name: dearest, max: amount}
              - {name: mean, expression: "cast(revenue / views as decimal(20,4))"}
            """;

    private final Pipeline pipeline;
    private final Catalog catalog;
    private final EventsTable events;

    private TestSessions(Path folder, String key, String sessions) {
        String text =
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/, layout: flat}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  %2$s
                  columns:
                    - {name: id, type: string, required: true}
                    - {name: visitor, type: string}
                    - {name: at, type: timestamp}
                    - {name: page, type: string%3$s}
                    - {name: amount, type: "decimal(10,2)"}
                    - {name: score, type: double}
                sessions:
                """
                        .formatted(folder, key, key.contains("page") ? ", required: true" : "");
        this.pipeline = PipelineFile.parse(text + sessions.indent(2), "shop.yaml", Map.of());
        this.catalog = Catalogs.open(
                pipeline, Map.of(), LocalSpark.session().sparkContext().hadoopConfiguration());
        this.events = EventsTable.openOrCreate(catalog, pipeline, new Turn(1, 0));
    }

    static TestSessions in(Path folder, String sessions) {
        return new TestSessions(folder, "key: [id]", sessions);
    }

    static TestSessions withKey(Path folder, String key, String sessions) {
        return new TestSessions(folder, "key: " + key, sessions);
    }

    static TestSessions withoutKey(Path folder, String sessions) {
        return new TestSessions(folder, "", sessions);
    }

    /** An event; all but its id may be null. */
    record Event(String id, String visitor, Instant at, String page, String amount, Double score) {
        static Event of(String id, String visitor, String at, String page) {
            return new Event(id, visitor, at == null ? null : Instant.parse(at), page, null, null);
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /** Publishes events in one commit, a file for each day. */
    long publish(String batch, List<Event> some) {
        Provenance provenance = new Provenance(batch, 1, "convert");
        Long head = events.refreshedHead();
        List<DataFile> files = write(some);
        long staged = events.stage(provenance, head, files);
        return events.publish(provenance, staged, head, files).orElseThrow().snapshot();
    }

    private List<DataFile> write(List<Event> some) {
        Table table = events.table();
        Map<Object, DataWriter<Record>> writers = new LinkedHashMap<>();
        List<DataFile> files = new ArrayList<>();
        try {
            InternalRecordWrapper wrapper =
                    new InternalRecordWrapper(table.schema().asStruct());
            for (Event event : some) {
                Record record = GenericRecord.create(table.schema());
                record.setField("id", event.id());
                record.setField("visitor", event.visitor());
                record.setField("at", event.at() == null ? null : event.at().atOffset(ZoneOffset.UTC));
                record.setField("page", event.page());
                record.setField(
                        "amount", event.amount() == null ? null : new java.math.BigDecimal(event.amount()).setScale(2));
                record.setField("score", event.score());
                record.setField("source_object", "somewhere");
                record.setField("source_offset", 0L);
                PartitionKey key = new PartitionKey(table.spec(), table.schema());
                key.partition(wrapper.wrap(record));
                writers.computeIfAbsent(key, any -> open(table, key)).write(record);
            }
            for (DataWriter<Record> writer : writers.values()) {
                writer.close();
                files.add(writer.toDataFile());
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataWriter<Record> open(Table table, PartitionKey key) {
        try {
            return Parquet.writeData(table.io()
                            .newOutputFile(table.locationProvider()
                                    .newDataLocation(table.spec(), key, UUID.randomUUID() + ".parquet")))
                    .forTable(table)
                    .withSpec(table.spec())
                    .withPartition(key)
                    .createWriterFunc(GenericParquetWriter::create)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sessions of a published commit's events; nobody else may commit meanwhile. */
    Marker.Sessions sessionize(String batch, long published) {
        Sessionizer sessionizer = new Sessionizer(LocalSpark.session(), pipeline, new Turn(1, 0));
        SessionsTable table = sessionizer.open(catalog);
        Long head = table.refreshedHead();
        BatchSessions.Merged merged = sessionizer.read(events, published).mergedInto(table, head);
        assertThat(table.replace(new Provenance(batch, 1, "sessionize"), head, merged.replacement(), "{}"))
                .isPresent();
        return merged.counts();
    }

    Marker.Sessions add(String batch, List<Event> some) {
        return sessionize(batch, publish(batch, some));
    }

    EventsTable events() {
        return events;
    }

    SessionsTable table() {
        return new Sessionizer(LocalSpark.session(), pipeline, new Turn(1, 0)).open(catalog);
    }

    /** What is in the session table. */
    Dataset<Row> sessions() {
        return ScannedFiles.all(LocalSpark.session(), table().table());
    }

    /** One expression over all sessions as texts, sorted; a null is {@code null}. */
    List<String> sessions(String expression) {
        return sessions().selectExpr("cast(" + expression + " as string)").collectAsList().stream()
                .map(row -> String.valueOf(row.getString(0)))
                .sorted()
                .toList();
    }

    /** The days that have files, in their order. */
    List<String> days() {
        SessionsTable table = table();
        return scanned(table)
                .map(file -> table.days().describe(SessionsTable.day(file)))
                .distinct()
                .toList();
    }

    List<String> files() {
        return scanned(table()).map(DataFile::location).toList();
    }

    private static Stream<DataFile> scanned(SessionsTable table) {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.table().newScan().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted(Comparator.comparing(SessionsTable::day));
    }
}
