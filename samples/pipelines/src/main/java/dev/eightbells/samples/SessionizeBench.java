package dev.eightbells.samples;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.session.BatchSessions;
import dev.eightbells.session.Sessionizer;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import dev.eightbells.table.Catalogs;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.Provenance;
import dev.eightbells.table.ScannedFiles;
import dev.eightbells.table.SessionsTable;
import dev.eightbells.table.Turn;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.SaveMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sessionize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure sessionize: one shot beside the usual SQL; a batch beside 1, 10 and 100 days of history;",
            "and one visitor with all events beside many."
        })
final class SessionizeBench implements Callable<Integer> {
    private static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final long DAY = 86_400;
    private static final int WINDOWS = 6;
    private static final long WINDOW = DAY / WINDOWS;
    private static final int EVENTS_OF_VISITOR = 25;

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

    private static final String SESSIONS =
            """
            sessions:
              name: bench.TABLE
              by: visitor
              time: at
              gap: 30m
              columns:
                - {name: landing_page, first: page}
                - {name: exit_page, last: page}
                - {name: page_views, count: "page like '/page-%'"}
                - {name: converted, any: "page = '/page-7'"}
                - {name: revenue, sum: amount}
            """;

    /** What one would write by hand. */
    private static final String USUAL_SQL =
            """
            with marked as (
              select *, case when unix_micros(at) - lag(unix_micros(at)) over (partition by visitor order by at, id)
                <= 1800000000 then 0 else 1 end as begins
              from events where visitor is not null),
            numbered as (
              select *, sum(begins) over (partition by visitor order by at, id rows unbounded preceding) as number
              from marked)
            select
              substring(sha2(concat(visitor, cast(unix_micros(min(at)) as string)), 256), 1, 32) as session_id,
              visitor, min(at) as session_start, max(at) as session_end,
              (unix_micros(max(at)) - unix_micros(min(at))) / 1e6D as duration_seconds, count(*) as event_count,
              min_by(page, struct(at, id)) as landing_page, max_by(page, struct(at, id)) as exit_page,
              count_if(page like '/page-%') as page_views, bool_or(page = '/page-7') as converted,
              sum(amount) as revenue, date(min(at)) as day
            from numbered group by visitor, number
            """;

    private final Session session;
    private final Console console;
    private final Map<String, String> environment;
    private final Clock clock;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "Events of the one shot, of one day; by default ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--hot-events",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "Events of the one visitor, in one window; by default ${DEFAULT-VALUE}.")
    private int hotEvents;

    @Option(
            names = "--daily-events",
            paramLabel = "N",
            defaultValue = "60000",
            description = "Events of a day of the history; by default ${DEFAULT-VALUE}.")
    private int dailyEvents;

    @Option(
            names = "--days",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,10,100",
            description = "Days of history to measure at; by default ${DEFAULT-VALUE}.")
    private List<Integer> days;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each runs; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "A folder with room for all of it.")
    private Path folder;

    SessionizeBench(Session session, Console console, Map<String, String> environment, Clock clock) {
        this.session = session;
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        say("sessionize: %s", Bench.machine());
        oneShot();
        history();
        oneVisitor();
        return 0;
    }

    private void say(String format, Object... arguments) {
        console.println(String.format(Locale.ROOT, format, arguments));
    }

    /** A folder of raw events and a lake over it. */
    private final class Site {
        private final Path root;
        private int deliveries;

        Site(String name) {
            this.root = folder.toAbsolutePath().normalize().resolve(name);
            Bench.delete(root);
        }

        void deliver(Traffic traffic) {
            traffic.write(root.resolve("raw").resolve("delivery-" + ++deliveries));
        }

        /** The pipeline without sessions: a run publishes, and what is measured comes after it. */
        Pipeline pipeline() {
            return parse(PIPELINE);
        }

        /** The pipeline with sessions in this table. */
        Pipeline pipeline(String table) {
            return parse(PIPELINE + SESSIONS.replace("TABLE", table));
        }

        private Pipeline parse(String text) {
            String raw = root.resolve("raw").toString();
            String lake = root.resolve("lake").toString();
            return PipelineFile.parse(text, "bench.yaml", Map.of("RAW", raw, "LAKE", lake));
        }

        /** Publishes what is new; returns the commit. */
        long publish() {
            try (Workplace workplace = Workplace.open(pipeline(), environment, clock, session::spark)) {
                return new Run(workplace, Bench.quiet(console))
                        .now(clock.instant(), null)
                        .get(0)
                        .published()
                        .snapshot();
            }
        }

        Catalog catalog() {
            return Catalogs.open(
                    pipeline(), environment, session.spark().sparkContext().hadoopConfiguration());
        }

        /** Makes sessions of a published commit; returns the seconds that it took. */
        double sessionize(long published, String name) {
            return Bench.seconds(() -> {
                Catalog catalog = catalog();
                Sessionizer sessionizer = new Sessionizer(session.spark(), pipeline(name), new Turn(1, 0));
                SessionsTable table = sessionizer.open(catalog);
                EventsTable events = EventsTable.open(catalog, pipeline()).orElseThrow();
                Long head = table.refreshedHead();
                BatchSessions.Merged merged =
                        sessionizer.read(events, published).mergedInto(table, head);
                Provenance provenance = new Provenance("of-" + published, 1, "sessionize");
                if (table.replace(provenance, head, merged.replacement(), "{}").isEmpty()) {
                    throw new IllegalStateException("Somebody else works in " + root);
                }
            });
        }

        double usualSql() {
            return Bench.seconds(() -> {
                EventsTable events = EventsTable.open(catalog(), pipeline()).orElseThrow();
                ScannedFiles.all(session.spark(), events.table()).createOrReplaceTempView("events");
                session.spark()
                        .sql(USUAL_SQL)
                        .write()
                        .mode(SaveMode.Overwrite)
                        .option("compression", "zstd")
                        .partitionBy("day")
                        .parquet(root.resolve("usual").toString());
            });
        }
    }

    private void oneShot() {
        int visitors = events / EVENTS_OF_VISITOR;
        Site site = new Site("one-shot");
        site.deliver(new Traffic(FROM, DAY, events, visitors, 1));
        long published = site.publish();
        List<Double> ours = new ArrayList<>();
        List<Double> usual = new ArrayList<>();
        say("one shot: %,d events of %,d visitors", events, visitors);
        for (int round = 1; round <= rounds; round++) {
            usual.add(site.usualSql());
            ours.add(site.sessionize(published, "sessions_" + round));
            say(
                    "  round %d: eightbells %.1f s, usual SQL %.1f s, ratio %.2f",
                    round, ours.get(round - 1), usual.get(round - 1), ours.get(round - 1) / usual.get(round - 1));
        }
        say(
                "  median:  eightbells %.1f s, usual SQL %.1f s, ratio %.2f",
                Bench.median(ours), Bench.median(usual), Bench.median(ours) / Bench.median(usual));
    }

    /** A lake for each length of history; then their batches in turns, so that none is measured warmer than another. */
    private void history() {
        say("a batch of %,d events, beside a history of %,d a day", dailyEvents / WINDOWS, dailyEvents);
        List<Site> sites = new ArrayList<>();
        for (int length : days) {
            Site site = new Site("history-" + length);
            for (long day = 0; day < length; day++) {
                site.deliver(traffic(day, 0, DAY, dailyEvents));
                double seconds = site.sessionize(site.publish(), "sessions");
                if (day % 10 == 9) {
                    console.err().printf(Locale.ROOT, "day %d of %d: %.2f s%n", day + 1, length, seconds);
                }
            }
            sites.add(site);
        }
        List<List<Double>> seconds = new ArrayList<>();
        days.forEach(length -> seconds.add(new ArrayList<>()));
        for (long window = 0; window < WINDOWS; window++) {
            for (int i = 0; i < sites.size(); i++) {
                Site site = sites.get(i);
                site.deliver(traffic(days.get(i), window, WINDOW, dailyEvents / WINDOWS));
                seconds.get(i).add(site.sessionize(site.publish(), "sessions"));
            }
        }
        double first = Bench.median(seconds.get(0));
        for (int i = 0; i < sites.size(); i++) {
            double median = Bench.median(seconds.get(i));
            say(
                    "  %3d days: median %.2f s, ratio to the first %.2f  %s",
                    days.get(i), median, median / first, seconds.get(i));
        }
    }

    /** The events of a window of a day, or of a whole day. */
    private Traffic traffic(long day, long window, long length, int count) {
        Instant from = FROM.plusSeconds(day * DAY + window * WINDOW);
        long seed = 1 + 10 * day + (length == DAY ? 9 : window);
        return new Traffic(from, length, count, Math.max(1, dailyEvents / EVENTS_OF_VISITOR), seed);
    }

    private void oneVisitor() {
        int visitors = hotEvents / EVENTS_OF_VISITOR;
        say("%,d events of one visitor, beside the same of %,d visitors", hotEvents, visitors);
        List<Double> hot = new ArrayList<>();
        List<Double> even = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            even.add(ofVisitors(visitors));
            hot.add(ofVisitors(1));
            say(
                    "  round %d: one visitor %.1f s, many visitors %.1f s, ratio %.2f",
                    round, hot.get(round - 1), even.get(round - 1), hot.get(round - 1) / even.get(round - 1));
        }
        say(
                "  median:  one visitor %.1f s, many visitors %.1f s, ratio %.2f",
                Bench.median(hot), Bench.median(even), Bench.median(hot) / Bench.median(even));
    }

    private double ofVisitors(int visitors) {
        Site site = new Site("visitors-" + visitors);
        site.deliver(new Traffic(FROM, WINDOW, hotEvents, visitors, 1));
        return site.sessionize(site.publish(), "sessions");
    }
}
