package dev.eightbells.samples;

import dev.eightbells.care.CarePlan;
import dev.eightbells.care.CareText;
import dev.eightbells.care.Caretaker;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "care",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure care: the files of many small batches before and after it, and the seconds of each part; and how long",
            "publishing, and planning care, take beside few and many files."
        })
final class CareBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final long WINDOW = Duration.ofHours(4).toSeconds();
    private static final int EVENTS_OF_VISITOR = 25;
    private static final int FILES_OF_COMMIT = 100;
    private static final int FILES_OF_DAY = 25;
    private static final int FIRST_DAY = 10_000;

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
            sessions: {name: bench.sessions, by: visitor, time: at, gap: 30m}
            quality: {rules: "Rules = [ RowCount > 0 ]"}
            care: {every: 0}
            """;

    private final Session session;
    private final Console console;
    private final Map<String, String> environment;
    private final Clock clock;

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "42",
            description = "Batches of four hours; by default ${DEFAULT-VALUE}, a week.")
    private int batches;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Events of a batch; by default ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--files",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,1000,10000",
            description = "Files in the table to publish at; by default ${DEFAULT-VALUE}.")
    private List<Integer> files;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "How often each is published to; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for all of it.")
    private Path folder;

    CareBench(Session session, Console console, Map<String, String> environment, Clock clock) {
        this.session = session;
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        say("care: %s", Bench.machine());
        manyBatches();
        for (int count : files) {
            publishBeside(count);
        }
        return 0;
    }

    private void say(String format, Object... arguments) {
        console.println(String.format(Locale.ROOT, format, arguments));
    }

    private Path root(String name) {
        return folder.toAbsolutePath().normalize().resolve(name);
    }

    private Pipeline pipeline(Path root) {
        return PipelineFile.parse(
                PIPELINE,
                "bench.yaml",
                Map.of(
                        "RAW",
                        root.resolve("raw").toString(),
                        "LAKE",
                        root.resolve("lake").toString()));
    }

    private Workplace workplace(Path root, Clock at) {
        return Workplace.open(pipeline(root), environment, at, session::spark);
    }

    private void manyBatches() {
        Path root = root("batches");
        Bench.delete(root);
        for (int batch = 0; batch < batches; batch++) {
            Instant from = FROM.plusSeconds(batch * WINDOW);
            new Traffic(from, WINDOW, events, Math.max(1, events / EVENTS_OF_VISITOR), batch)
                    .write(root.resolve("raw").resolve("delivery-" + batch));
            try (Workplace workplace = workplace(root, clock)) {
                new Run(workplace, Bench.quiet(console)).now(clock.instant(), null);
            }
        }
        say("%d batches of %,d events; on disk: %s", batches, events, onDisk(root));
        care(root, clock);
        // A month later nobody needs the snapshots of today.
        care(root, Clock.offset(clock, Duration.ofDays(30)));
        say("on disk: %s", onDisk(root));
    }

    private void care(Path root, Clock at) {
        try (Workplace workplace = workplace(root, at)) {
            Caretaker caretaker = workplace.caretaker();
            CarePlan plan = caretaker.plan();
            CareText.of(caretaker.perform(plan)).forEach(console::println);
        }
    }

    private static String onDisk(Path root) {
        try (Stream<Path> paths = Files.walk(root.resolve("lake/tables"))) {
            List<Path> all = paths.filter(Files::isRegularFile)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .toList();
            long bytes = 0;
            for (Path path : all) {
                bytes += Files.size(path);
            }
            return String.format(
                    Locale.ROOT,
                    "%,d files, of them %,d of data, %.1f MB",
                    all.size(),
                    all.stream()
                            .filter(path -> path.toString().endsWith(".parquet"))
                            .count(),
                    bytes / (double) (1 << 20));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look into " + root, e);
        }
    }

    /** The files are there in the table's metadata alone: publishing looks into none of other days. */
    private void publishBeside(int count) {
        Path root = root("files-" + count);
        Bench.delete(root);
        Pipeline pipeline = pipeline(root);
        Catalog catalog = Catalogs.open(
                pipeline, environment, session.spark().sparkContext().hadoopConfiguration());
        EventsTable table = EventsTable.openOrCreate(catalog, pipeline);
        for (int first = 0; first < count; first += FILES_OF_COMMIT) {
            AppendFiles append = table.table().newFastAppend();
            IntStream.range(first, Math.min(count, first + FILES_OF_COMMIT))
                    .forEach(number -> append.appendFile(file(table, FIRST_DAY + number / FILES_OF_DAY)));
            append.commit();
        }
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Provenance provenance = new Provenance("b" + round, 1, "convert");
            seconds.add(Bench.seconds(() -> {
                Long head = table.refreshedHead();
                List<DataFile> added = List.of(file(table, FIRST_DAY - 1));
                long staged = table.stage(provenance, head, added);
                if (table.publish(provenance, staged, head, added).isEmpty()) {
                    throw new IllegalStateException("Somebody else works in " + root);
                }
                table.letGo(provenance.batch());
            }));
        }
        try (Workplace workplace = workplace(root, clock)) {
            Caretaker caretaker = workplace.caretaker();
            double planned = Bench.seconds(caretaker::plan);
            say(
                    "beside %,6d files: publish median %.3f s %s, plan care %.2f s",
                    count, Bench.median(seconds), seconds, planned);
        }
    }

    private static DataFile file(EventsTable table, int day) {
        return DataFiles.builder(table.table().spec())
                .withPath(table.table().location() + "/data/" + UUID.randomUUID() + ".parquet")
                .withFormat(FileFormat.PARQUET)
                .withPartitionPath("at_day=" + LocalDate.ofEpochDay(day))
                .withFileSizeInBytes(1 << 20)
                .withRecordCount(10_000)
                .build();
    }
}
