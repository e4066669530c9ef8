package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.samples.RehearsedLoads.Inserts;
import dev.eightbells.samples.RehearsedLoads.Measure;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Session;
import dev.eightbells.warehouse.LoadRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure loads into a stand-in for Redshift on this machine: a table, all of it again, and one more batch;",
            "beside plain inserts through the driver."
        })
final class LoadBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final int HOURS = 4;
    private static final long SEED = 8;

    /** Inserts are slow: so many times fewer rows tell as much. */
    private static final int FEWER = 50;

    private static final int FEWEST = 1_000;
    private static final int SHARE_OF_BATCH = 10;

    private final Console console;
    private final Clock clock;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Events of the table; one more batch has a tenth of it. By default ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each runs; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for all of it.")
    private Path folder;

    LoadBench(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (rounds < 1 || events < SHARE_OF_BATCH) {
            throw Failure.input("Cannot measure " + events + " events in " + rounds + " rounds. Ask for "
                    + SHARE_OF_BATCH + " events or more, and 1 round or more.");
        }
        Path root = folder.toAbsolutePath().normalize();
        Path raw = root.resolve("raw-" + events);
        Bench.delete(root.resolve("s3"));
        Bench.delete(root.resolve("redshift"));
        Generator generator = Sample.WEB_EVENTS.generator();
        generator.generate(raw, FROM, HOURS, events, SEED);
        generator.generate(raw, end(1), HOURS, events / SHARE_OF_BATCH, SEED + 1);
        try (LocalS3 s3 = LocalS3.start(root.resolve("s3"));
                LocalPostgres postgres = LocalPostgres.start();
                LocalRedshift redshift = LocalRedshift.start(s3, root.resolve("redshift"));
                Session session = new Session(s3.environment())) {
            measure(new RehearsedLoads(raw, s3, postgres, redshift, session, clock));
        } catch (IOException e) {
            throw Failure.input("Cannot start what a load needs in " + root + ": " + e.getMessage()
                    + " Choose another --dir, or end what uses it.");
        }
        return 0;
    }

    private static Instant end(int window) {
        return FROM.plus((long) window * HOURS, ChronoUnit.HOURS);
    }

    private void measure(RehearsedLoads loads) {
        loads.publish(end(1), console);
        RehearsedLoads.Size size = loads.size();
        say(
                "load: web-events, %,d rows, %,d files, %.1f MB of Parquet; %s",
                size.rows(), size.files(), megabytes(size.bytes()), Bench.machine());
        List<Row> few = loads.rows(Math.max(FEWEST, events / FEWER));
        List<Measure> first = new ArrayList<>();
        List<Measure> again = new ArrayList<>();
        List<Measure> inserts = new ArrayList<>();
        List<Measure> rewritten = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            String schema = "round" + round;
            first.add(loads.load(schema, LoadRequest.WHAT_IS_NEW));
            again.add(loads.load(schema, LoadRequest.EVERYTHING));
            inserts.add(loads.insert(schema, few, Inserts.ONE_BY_ONE));
            rewritten.add(loads.insert(schema, few, Inserts.REWRITTEN));
            say(
                    "round %d: load %.1f s, reload %.1f s; %,d rows: inserts %.1f s, rewritten inserts %.1f s",
                    round,
                    first.get(round - 1).seconds(),
                    again.get(round - 1).seconds(),
                    few.size(),
                    inserts.get(round - 1).seconds(),
                    rewritten.get(round - 1).seconds());
        }
        loads.publish(end(2), console);
        List<Measure> more = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            more.add(loads.load("round" + round, LoadRequest.WHAT_IS_NEW));
            say("round %d: one more batch %.1f s", round, more.get(round - 1).seconds());
        }
        double seconds = tell("load", first);
        tell("reload", again);
        double another = tell("one more batch", more);
        double each = tell("inserts", inserts) * size.rows() / few.size();
        double rows = tell("rewritten inserts", rewritten) * size.rows() / few.size();
        say(
                "inserts of all rows, scaled: %,.0f s, rewritten %,.0f s; ratio of the load to the better one %.2f;"
                        + " one more batch to the load %.2f",
                each, rows, seconds / Math.min(each, rows), another / seconds);
    }

    /** Tells the median; returns its seconds. */
    private double tell(String what, List<Measure> measures) {
        double seconds = Bench.median(measures.stream().map(Measure::seconds).toList());
        Measure any = measures.get(0);
        say(
                "median:  %-18s %6.1f s, %,9d rows, %,9.0f rows/s, %,8d statements, %7.1f MB read before COPY",
                what, seconds, any.rows(), any.rows() / seconds, any.statements(), megabytes(any.bytesRead()));
        return seconds;
    }

    private void say(String format, Object... arguments) {
        console.println(String.format(Locale.ROOT, format, arguments));
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }
}
