package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.samples.Generated.Counts;
import dev.eightbells.steps.BatchRunner;
import dev.eightbells.steps.Console;
import dev.eightbells.steps.Report;
import dev.eightbells.steps.Run;
import dev.eightbells.steps.Session;
import dev.eightbells.steps.Workplace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Run three sample pipelines on generated data; needs nothing but Java.")
final class DemoCommand implements Callable<Integer> {
    static final Instant FROM = Instant.parse("2024-11-04T00:00:00Z");
    private static final int WINDOW = 4;
    static final long SEED = 8;

    private final Session session;
    private final Console console;
    private final Map<String, String> environment;
    private final Clock clock;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the raw data and the lakes lie; by default demo/ in the checkout. Delete it to start over.")
    private Path folder;

    DemoCommand(Session session, Console console, Map<String, String> environment, Clock clock) {
        this.session = session;
        this.console = console;
        this.environment = environment;
        this.clock = clock;
    }

    /**
     * One sample of the demo.
     *
     * @param windows how many windows of four hours it lasts
     * @param published how many of them the rules let pass; the batch of the next one is stopped
     */
    private record Show(Sample sample, String title, int windows, int published) {
        int hours() {
            return windows * WINDOW;
        }
    }

    private static final List<Show> PROGRAM = List.of(
            new Show(Sample.WEB_EVENTS, "three days of visits to a shop", 18, 18),
            new Show(Sample.WIND_FARM, "twelve hours of three sensors, of which one drifts", 3, 2),
            new Show(Sample.VACCINATIONS, "one folder of countries and days, all values strings", 1, 1));

    @Override
    public Integer call() {
        Path root = (folder == null
                        ? Path.of(System.getProperty("eightbells.home", ".")).resolve("demo")
                        : folder)
                .toAbsolutePath()
                .normalize();
        console.println("Eightbells demo in " + root);
        for (Show show : PROGRAM) {
            perform(show, root);
        }
        console.println("");
        console.println("Run it again and nothing happens twice. Delete " + root + " to start over.");
        return 0;
    }

    private void perform(Show show, Path root) {
        String name = show.sample().id();
        Path raw = root.resolve("raw").resolve(name);
        Generated truth = show.sample()
                .generator()
                .generate(raw, FROM, show.hours(), show.sample().usualEvents(show.hours()), SEED);
        Path file = root.resolve(show.sample().pipelineFile());
        write(file, show.sample().pipelineText());
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("RAW", raw.toString());
        variables.put("LAKE", root.resolve("lake").resolve(name).toString());
        Pipeline pipeline = PipelineFile.load(file, variables);
        console.println("");
        console.println(String.format(
                Locale.ROOT, "%s: %s (%,d files, %,d bytes)", name, show.title(), truth.files(), truth.bytes()));
        try (Workplace workplace = Workplace.open(pipeline, variables, clock, session::spark)) {
            run(show, workplace);
            check(show, workplace, truth.between(FROM, FROM.plus((long) show.published() * WINDOW, ChronoUnit.HOURS)));
            if (pipeline.sessions() != null) {
                Dataset<Row> sessions = workplace
                        .sessions()
                        .orElseThrow(() -> Failure.input("Cannot show the sessions of " + name
                                + ": its batches were planned before it had any. Delete " + root
                                + " and run the demo again."));
                new Funnel(sessions).print(console, truth.sessions());
            }
            console.println(String.format("%-20s  %s", "report", Report.write(workplace)));
        }
    }

    private void run(Show show, Workplace workplace) {
        for (int window = 1; window <= show.windows(); window++) {
            Instant at = FROM.plus((long) window * WINDOW, ChronoUnit.HOURS);
            List<BatchState> before = workplace.ledger().batches().all().stream()
                    .filter(state -> state.manifest().window().end().equals(at) && state.isPublished())
                    .toList();
            for (BatchState state : before) {
                BatchRunner.Outcome outcome = new BatchRunner(workplace).run(state.manifest());
                console.println(Run.line(state.manifest(), outcome));
            }
            if (before.isEmpty()) {
                runNow(at, workplace);
            }
        }
        int stopped = workplace.ledger().batches().stopped().size();
        if (stopped != show.windows() - show.published()) {
            throw bug(
                    show,
                    stopped + " batches are stopped by rules, but the generator planted "
                            + (show.windows() - show.published()));
        }
    }

    /** A batch that its rules stop is part of the show. */
    private void runNow(Instant at, Workplace workplace) {
        try {
            new Run(workplace, console).now(at, null);
        } catch (Failure failure) {
            if (failure.kind() != Failure.Kind.DATA) {
                throw failure;
            }
            console.println(failure.getMessage());
        }
    }

    private static Failure bug(Show show, String what) {
        return Failure.of(
                Failure.Kind.BUG,
                "The demo of " + show.sample().id() + " went wrong: " + what
                        + ". Delete the demo's folder and run it again; if it happens again, report it.",
                null);
    }

    /** The generator counted what an exact pipeline must find. */
    private void check(Show show, Workplace workplace, Counts truth) {
        Counts found = workplace.ledger().batches().all().stream()
                .flatMap(state -> workplace.ledger().markers(state.batch()).published().stream())
                .map(published -> published.records())
                .map(records ->
                        new Counts(records.read(), records.published(), records.duplicates(), records.quarantined()))
                .reduce(Counts.NONE, Counts::plus);
        console.println(String.format(
                Locale.ROOT,
                "%-20s  read %,d = written %,d + duplicates %,d + quarantined %,d",
                "all batches",
                found.read(),
                found.written(),
                found.duplicates(),
                found.quarantined()));
        if (!found.equals(truth)) {
            throw bug(show, "it found " + found + ", but the generator made " + truth);
        }
        console.println(String.format("%-20s  the generator counted the same", ""));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
