package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.quality.QualityCheck;
import dev.eightbells.quality.QualityReport;
import dev.eightbells.quality.QualityRules;
import dev.eightbells.quality.Verdict;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measure 1, 10 and 50 rules over the same rows, together and one by one.")
final class QualityBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final int HOURS = 4;

    /**
     * Fifty rules; the first ten and the first are the smaller sets. Two sets of columns are grouped, {@code event_id} and
     * {@code click_id}, and one query is asked.
     */
    private static final List<String> RULES = rules();

    private final Session session;
    private final Console console;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Events to judge; by default ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each runs; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for all of it.")
    private Path folder;

    QualityBench(Session session, Console console) {
        this.session = session;
        this.console = console;
    }

    private static List<String> rules() {
        List<String> rules = new ArrayList<>(List.of(
                "IsComplete \"event_id\"",
                "RowCount > 0",
                "ColumnValues \"geo_latitude\" between -90.001 and 90.001",
                "ColumnLength \"geo_country\" = 2",
                "Mean \"geo_latitude\" between -90 and 90",
                "StandardDeviation \"geo_longitude\" > 0",
                "IsUnique \"event_id\"",
                "UniqueValueRatio \"click_id\" > 0",
                "ColumnValues \"event_type\" in [\"pageview\", \"click\"]",
                "CustomSql \"select count(*) from primary where page_url_path not like '/%'\" = 0"));
        for (String column : List.of(
                "event_timestamp",
                "event_type",
                "page_url",
                "page_url_path",
                "geo_country",
                "os",
                "browser_name",
                "ip_address")) {
            rules.add("IsComplete \"" + column + "\"");
            rules.add("Completeness \"" + column + "\" > 0.5");
        }
        for (String column : List.of("event_type", "page_url", "page_url_path", "os", "browser_name", "ip_address")) {
            rules.add("ColumnLength \"" + column + "\" between 0 and 1000");
            rules.add("ColumnValues \"" + column + "\" != EMPTY");
            rules.add("ColumnValues \"" + column + "\" matches \"[a-zA-Z0-9]\"");
        }
        rules.add("IsPrimaryKey \"event_id\"");
        rules.add("Uniqueness \"event_id\" > 0.9");
        rules.add("DistinctValuesCount \"click_id\" > 0");
        rules.add("Entropy \"click_id\" > 0");
        rules.add("Mean \"geo_longitude\" between -180 and 180");
        rules.add("Sum \"geo_longitude\" != 0");
        return List.copyOf(rules.subList(0, 50));
    }

    @Override
    public Integer call() {
        if (rounds < 1 || events < 1) {
            throw Failure.input(
                    "Cannot measure " + events + " events in " + rounds + " rounds. Ask for 1 or more of both.");
        }
        Dataset<Row> rows = rows(folder.toAbsolutePath().normalize());
        long count = rows.count();
        console.println(String.format(Locale.ROOT, "quality: web-events, %,d rows; %s", count, Bench.machine()));
        for (int size : List.of(1, 10, 50)) {
            List<String> rules = RULES.subList(0, size);
            List<Double> together = new ArrayList<>();
            List<Double> oneByOne = new ArrayList<>();
            double passes = 0;
            for (int round = 1; round <= rounds; round++) {
                passes = passes(count, () -> together.add(Bench.seconds(() -> judge(rows, rules))));
                oneByOne.add(Bench.seconds(() -> rules.forEach(rule -> judge(rows, List.of(rule)))));
            }
            console.println(String.format(
                    Locale.ROOT,
                    "%2d rules: together %.1f s in %.0f passes, one by one %.1f s, ratio %.2f",
                    size,
                    Bench.median(together),
                    passes,
                    Bench.median(oneByOne),
                    Bench.median(together) / Bench.median(oneByOne)));
        }
        return 0;
    }

    private static void judge(Dataset<Row> rows, List<String> rules) {
        QualityReport report = QualityCheck.evaluate(
                rows, QualityRules.parse("Rules = [ " + String.join(", ", rules) + " ]", "bench"));
        if (report.verdict() != Verdict.PASSED) {
            throw new IllegalStateException("The rules should pass over what was generated: " + report.outcomes());
        }
    }

    /** How often some work reads all rows. */
    private double passes(long count, Runnable work) {
        AtomicLong read = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                read.addAndGet(task.taskMetrics().inputMetrics().recordsRead());
            }
        };
        SparkSession spark = session.spark();
        spark.sparkContext().addSparkListener(listener);
        try {
            work.run();
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new IllegalStateException("Spark did not tell in time what it has read.", e);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return (double) read.get() / count;
    }

    /** The generated events that fail no rule, in Parquet. */
    private Dataset<Row> rows(Path root) {
        Path table = root.resolve("rows-" + events);
        SparkSession spark = session.spark();
        if (!Files.exists(table.resolve("_SUCCESS"))) {
            Path raw = root.resolve("raw-" + events);
            Sample.WEB_EVENTS.generator().generate(raw, FROM, HOURS, events, 8);
            StructType fields = new StructType();
            for (String name : List.of(
                    "event_id",
                    "event_timestamp",
                    "event_type",
                    "page_url",
                    "page_url_path",
                    "click_id",
                    "geo_country",
                    "geo_latitude",
                    "geo_longitude",
                    "ip_address",
                    "browser_name",
                    "os")) {
                fields = fields.add(name, DataTypes.StringType);
            }
            spark.read()
                    .schema(fields)
                    .option("recursiveFileLookup", "true")
                    .json(raw.toString())
                    .selectExpr(
                            "event_id",
                            "to_timestamp(event_timestamp) as event_timestamp",
                            "event_type",
                            "page_url",
                            "page_url_path",
                            "click_id",
                            "geo_country",
                            "cast(geo_latitude as double) as geo_latitude",
                            "cast(geo_longitude as double) as geo_longitude",
                            "ip_address",
                            "browser_name",
                            "os")
                    .where("event_id is not null and event_timestamp is not null and abs(geo_latitude) <= 90")
                    .dropDuplicates("event_id")
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(table.toString());
        }
        return spark.read().parquet(table.toString());
    }
}
