package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.Step;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure a batch, and the commit that publishes it, in a table of 1, 1,000 and 10,000 files over 100 days."
        })
final class PublishBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final int DAYS = 100;
    private static final long DAY = 86_400;

    /** What a batch of a day or two adds. */
    private static final int FILES_OF_COMMIT = 10;

    private static final String PIPELINE =
            """
            version: 1
            pipeline: bench
            source: {location: "${RAW}", layout: flat}
            lake: ${LAKE}
            table:
              name: bench.events
              key: [id]
              partitionBy: {from: at, unit: day}
              columns:
                - {name: id, type: string, required: true}
                - {name: visitor, type: string}
                - {name: at, type: timestamp}
                - {name: page, type: string}
                - {name: amount, type: "decimal(12,2)"}
            """;

    private final Session session;
    private final Console console;
    private final Map<String, String> environment;
    private final Clock clock;
    private int deliveries;
    private int written;

    @Option(
            names = "--files",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,1000,10000",
            description = "Files of the table to measure at, rising; by default ${DEFAULT-VALUE}.")
    private List<Integer> files;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Events of a batch, half of them on a day that has files; by default ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many batches at each size; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for the lake.")
    private Path folder;

    PublishBench(Session session, Console console, Map<String, String> environment, Clock clock) {
        this.session = session;
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    private record Measure(double batch, double publish) {}

    @Override
    public Integer call() {
        if (rounds < 1 || events < 2 || files.stream().anyMatch(count -> count < 1)) {
            throw Failure.input("Cannot measure " + rounds + " batches of " + events + " events at " + files
                    + " files. Ask for 1 batch, 2 events and 1 file at least.");
        }
        Path root = folder.toAbsolutePath().normalize().resolve("publish");
        Bench.delete(root);
        Pipeline pipeline = PipelineFile.parse(
                PIPELINE,
                "bench.yaml",
                Map.of(
                        "RAW", root.resolve("raw").toString(),
                        "LAKE", root.resolve("lake").toString()));
        say("publish: batches of %,d events on two days, one of which has files; %s", events, Bench.machine());
        measure(root, pipeline);
        for (int count : files) {
            double filling = Bench.seconds(() -> fill(pipeline, count));
            List<Measure> measures = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                measures.add(measure(root, pipeline));
            }
            say(
                    "median:  %,7d files: the whole batch %5.2f s, of it publishing %5.2f s  (filled in %.0f s)",
                    count,
                    Bench.median(measures.stream().map(Measure::batch).toList()),
                    Bench.median(measures.stream().map(Measure::publish).toList()),
                    filling);
        }
        return 0;
    }

    private void say(String format, Object... arguments) {
        console.println(String.format(Locale.ROOT, format, arguments));
    }

    private Measure measure(Path root, Pipeline pipeline) {
        deliveries++;
        Instant old = FROM.plusSeconds(deliveries % DAYS * DAY);
        Instant today = FROM.plusSeconds((DAYS + deliveries) * DAY);
        int half = events / 2;
        Path raw = root.resolve("raw");
        new Traffic(old, DAY, half, half, 2L * deliveries).write(raw.resolve("delivery-" + deliveries + "-old"));
        new Traffic(today, DAY, half, half, 2L * deliveries + 1).write(raw.resolve("delivery-" + deliveries));
        double[] publishing = new double[1];
        double batch = Bench.seconds(() -> publishing[0] = publish(pipeline));
        return new Measure(batch, publishing[0]);
    }

    /** Runs the batch; returns the seconds between the marker of what is staged and that of what is published. */
    private double publish(Pipeline pipeline) {
        try (Workplace workplace = Workplace.open(pipeline, environment, clock, session::spark)) {
            BatchId id = new Run(workplace, Bench.quiet(console))
                    .now(clock.instant(), null)
                    .get(0)
                    .published()
                    .batch();
            Instant staged = workplace
                    .ledger()
                    .markers(id)
                    .find(Step.CONVERT)
                    .orElseThrow()
                    .finished();
            Instant published =
                    workplace.ledger().markers(id).published().orElseThrow().finished();
            return Duration.between(staged, published).toMillis() / 1000.0;
        }
    }

    /** Adds files of one row each until there are so many, a few with each commit, spread over the days. */
    private void fill(Pipeline pipeline, int count) {
        Catalog catalog = Catalogs.open(
                pipeline, environment, session.spark().sparkContext().hadoopConfiguration());
        Table table = EventsTable.open(catalog, pipeline).orElseThrow().table();
        GenericRecord row = example(table);
        while (written < count) {
            AppendFiles append = table.newAppend();
            for (int i = 0; i < FILES_OF_COMMIT && written < count; i++) {
                append.appendFile(file(table, row));
            }
            append.commit();
        }
    }

    private static GenericRecord example(Table table) {
        try (CloseableIterable<org.apache.iceberg.data.Record> rows =
                IcebergGenerics.read(table).build()) {
            return ((GenericRecord) rows.iterator().next()).copy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataFile file(Table table, GenericRecord row) {
        row.setField("id", "file-" + written);
        row.setField(
                "at", FROM.plusSeconds(written % DAYS * DAY + written % DAY).atOffset(ZoneOffset.UTC));
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        partition.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(row));
        String location = table.locationProvider().newDataLocation(table.spec(), partition, written + ".parquet");
        written++;
        try {
            DataWriter<GenericRecord> writer = Parquet.writeData(table.io().newOutputFile(location))
                    .forTable(table)
                    .withPartition(partition)
                    .createWriterFunc(GenericParquetWriter::create)
                    .build();
            try (writer) {
                writer.write(row);
            }
            return writer.toDataFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
