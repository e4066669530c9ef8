package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.samples.RehearsedFirings.Fired;
import dev.eightbells.steps.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "trigger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure the function: from firing to submitted, and its memory, for a window with so many new objects, for a",
            "firing without any, and for one after six such windows. Raw objects are only listed, by a stand-in for S3."
        })
final class TriggerBench implements Callable<Integer> {
    private static final int FEW = 1_000;
    private static final int SHARE = 10;
    private static final int MOST_OBJECTS = 10_000_000;
    private static final int WINDOWS = 6;

    private final Console console;
    private final Path home;

    @Option(
            names = "--objects",
            paramLabel = "N",
            defaultValue = "300000",
            description = "New objects of a window, beside a tenth of it and 1,000. By default ${DEFAULT-VALUE}.")
    private int objects;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each runs; by default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--latency",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds before each page of 1,000 keys; by default ${DEFAULT-VALUE}.")
    private int latency;

    @Option(
            names = "--memory",
            paramLabel = "MB",
            defaultValue = "1024",
            description =
                    "Memory of the function in megabytes, of which its heap is 85 %%; by default ${DEFAULT-VALUE}.")
    private int memory;

    /** @param home the checkout, where the function's package is built */
    TriggerBench(Console console, Path home) {
        this.console = console;
        this.home = home;
    }

    @Override
    public Integer call() {
        Path zip = home.resolve("lambda-trigger/target/eightbells-lambda.zip");
        if (rounds < 1 || objects < WINDOWS || objects > MOST_OBJECTS || latency < 0) {
            throw Failure.input("Cannot measure " + objects + " objects in " + rounds + " rounds with a latency of "
                    + latency + " ms. Ask for " + WINDOWS + " to " + MOST_OBJECTS
                    + " objects, 1 round or more, and 0 ms or more.");
        }
        if (!Files.exists(zip)) {
            throw Failure.input(
                    "Cannot run what is not built: there is no " + zip + ". Build it by ./mvnw -DskipTests package.");
        }
        try {
            Path folder = Files.createTempDirectory("eightbells-bench-");
            try {
                measure(zip, folder);
            } finally {
                Bench.delete(folder);
            }
        } catch (IOException e) {
            throw Failure.input("Cannot start what a firing needs: " + e.getMessage()
                    + " End what uses it, or point java.io.tmpdir elsewhere.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.println("stopped");
        }
        return 0;
    }

    private void measure(Path zip, Path folder) throws IOException, InterruptedException {
        say(
                "trigger: a function of %,d MB, every firing in a new process; raw objects are listed by a stand-in for S3"
                        + " (%d ms for each page of 1,000) and are not there, EMR is a stand-in whose steps publish at"
                        + " once; %s",
                memory, latency, Bench.machine());
        List<Integer> sizes = Stream.of(FEW, objects / SHARE, objects)
                .filter(size -> size > 0 && size <= objects)
                .distinct()
                .sorted()
                .toList();
        for (int size : sizes) {
            measure(zip, folder, 0, size);
        }
        measure(zip, folder, WINDOWS, objects / WINDOWS);
    }

    /** Measures a firing after so many windows, and the next one, which finds nothing new. */
    private void measure(Path zip, Path folder, int earlier, int size) throws IOException, InterruptedException {
        List<Fired> news = new ArrayList<>();
        List<Fired> idle = new ArrayList<>();
        long manifest = 0;
        for (int round = 1; round <= rounds; round++) {
            try (RehearsedFirings firings =
                    new RehearsedFirings(zip, memory, folder, earlier + 1, size, Duration.ofMillis(latency))) {
                for (int window = 1; window <= earlier; window++) {
                    firings.fire(window);
                }
                news.add(firings.fire(earlier + 1));
                idle.add(firings.fire(earlier + 1));
                manifest = firings.manifestBytes(earlier + 1);
                if (firings.manifests() != earlier + 1) {
                    throw new IllegalStateException("Planned " + firings.manifests() + " batches of " + (earlier + 1));
                }
            }
        }
        String after = earlier == 0 ? "" : String.format(Locale.ROOT, " after %d windows of as many", earlier);
        tell(String.format(Locale.ROOT, "%,d new objects%s", size, after), news);
        say("         manifest %,d bytes", manifest);
        tell("the next firing, nothing new", idle);
    }

    private void tell(String what, List<Fired> fired) {
        List<Double> submitted =
                fired.stream().map(Fired::submitted).filter(Objects::nonNull).toList();
        say(
                "median:  %-45s cold start %4.1f s, submitted %s, answered %5.1f s, peak %,5d MB",
                what,
                Bench.median(fired.stream().map(Fired::cold).toList()),
                submitted.isEmpty() ? "     -  " : String.format(Locale.ROOT, "%5.1f s", Bench.median(submitted)),
                Bench.median(fired.stream().map(Fired::whole).toList()),
                fired.stream().mapToLong(Fired::peak).max().orElseThrow() >> 20);
    }

    private void say(String format, Object... arguments) {
        console.println(String.format(Locale.ROOT, format, arguments));
    }
}
