package dev.eightbells.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_date;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measure convert beside a plain Spark job, in one process and in turns.")
final class ConvertBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final int HOURS = 4;
    private static final int BYTES_OF_EVENT = 1100;

    private final Session session;
    private final Console console;
    private final Map<String, String> environment;
    private final Clock clock;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "1024",
            description = "How much raw data, uncompressed; by default ${DEFAULT-VALUE}.")
    private long megabytes;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each runs; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for all of it.")
    private Path folder;

    ConvertBench(Session session, Console console, Map<String, String> environment, Clock clock) {
        this.session = session;
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (rounds < 1 || megabytes < 1) {
            throw Failure.input(
                    "Cannot measure " + megabytes + " MB in " + rounds + " rounds. Ask for 1 or more of both.");
        }
        Path root = folder.toAbsolutePath().normalize();
        Path raw = root.resolve("raw-" + megabytes);
        Generated generated =
                Sample.WEB_EVENTS.generator().generate(raw, FROM, HOURS, (megabytes << 20) / BYTES_OF_EVENT, 8);
        console.println(String.format(
                Locale.ROOT,
                "convert: web-events, %,d records, %,d files, %,d bytes stored, %,d uncompressed; %s",
                generated.counts().read(),
                generated.files(),
                generated.bytes(),
                generated.uncompressedBytes(),
                Bench.machine()));
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            plain.add(Bench.seconds(() -> plainSpark(raw, root.resolve("plain"))));
            ours.add(Bench.seconds(() -> convert(raw, root.resolve("lake"))));
            console.println(String.format(
                    Locale.ROOT,
                    "round %d: eightbells %.1f s, plain Spark %.1f s, ratio %.2f",
                    round,
                    ours.get(round - 1),
                    plain.get(round - 1),
                    ours.get(round - 1) / plain.get(round - 1)));
        }
        console.println(String.format(
                Locale.ROOT,
                "median:  eightbells %.1f s, plain Spark %.1f s, ratio %.2f",
                Bench.median(ours),
                Bench.median(plain),
                Bench.median(ours) / Bench.median(plain)));
        return 0;
    }

    /** Everything that a run does: plan, read strictly, quarantine, drop duplicates, write, stage, publish. */
    private void convert(Path raw, Path lake) {
        Bench.delete(lake);
        Pipeline pipeline = pipeline(raw, lake);
        try (Workplace workplace = Workplace.open(pipeline, environment, clock, session::spark)) {
            new Run(workplace, Bench.quiet(console)).now(FROM.plus(HOURS, ChronoUnit.HOURS), null);
        }
    }

    private Pipeline pipeline(Path raw, Path lake) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("RAW", raw.toString());
        variables.put("LAKE", lake.toString());
        Pipeline sample =
                PipelineFile.parse(Sample.WEB_EVENTS.pipelineText(), Sample.WEB_EVENTS.pipelineFile(), variables);
        // Convert alone: no rules, no sessions, no warehouse.
        return new Pipeline(
                sample.name(),
                sample.window(),
                sample.source(),
                sample.lake(),
                sample.catalog(),
                sample.table(),
                null,
                null,
                null,
                sample.compute(),
                sample.care(),
                sample.retention());
    }

    /** What one would write by hand: Spark's JSON reader, the same casts, one folder a day. */
    private void plainSpark(Path raw, Path out) {
        SparkSession spark = session.spark();
        Pipeline pipeline = pipeline(raw, out);
        StructType strings = new StructType();
        for (Column column : pipeline.table().columns()) {
            boolean isBoolean = column.type() == ColumnType.Primitive.BOOLEAN;
            strings =
                    strings.add(column.from().get(0).get(0), isBoolean ? DataTypes.BooleanType : DataTypes.StringType);
        }
        Dataset<Row> rows = spark.read()
                .schema(strings)
                .option("recursiveFileLookup", "true")
                .json(raw.toString());
        List<org.apache.spark.sql.Column> casts = new ArrayList<>();
        for (Column column : pipeline.table().columns()) {
            casts.add(col(column.from().get(0).get(0)).cast(column.type().ddl()).as(column.name()));
        }
        rows.select(casts.toArray(org.apache.spark.sql.Column[]::new))
                .withColumn("day", to_date(col("event_timestamp")))
                .write()
                .mode(SaveMode.Overwrite)
                .option("compression", "zstd")
                .partitionBy("day")
                .parquet(out.toString());
    }
}
