package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A process that delivers an object for each window and runs it, one window after the other, beginning with the one that
 * its predecessor died in. It warms up first, then says that it is ready and waits for the word to go.
 */
final class WindowLoop {
    /** How many events each window's object has. */
    static final int EVENTS = 60;

    /** Later than any file is written, so that care finds everything old. */
    private static final Instant FIRST = Instant.parse("2126-03-01T00:00:00Z");

    private static final Duration WINDOW = Duration.ofHours(12);
    private static final DateTimeFormatter BATCH =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private WindowLoop() {}

    /** The pipeline, which is taken care of after every third batch, and keeps next to nothing. */
    static String definition() {
        return Site.VISITS.replaceFirst("\n", "\nwindow: 12h\ncare: {keep: 1h, every: 3}\n");
    }

    /** The batch that takes a window's object. */
    static String batch(int window) {
        return BATCH.format(FIRST.plus(WINDOW.multipliedBy(window + 1L)));
    }

    /** The object of a window. */
    static Path object(Path folder, int window) {
        return folder.resolve("raw").resolve("%04d".formatted(window));
    }

    /** What happened in a window, and what of the windows before it is only told now. */
    static List<Event> events(int window) {
        Random random = new Random(window);
        Instant start = FIRST.plus(WINDOW.multipliedBy(window));
        return IntStream.range(0, EVENTS)
                .mapToObj(number -> new Event(
                        window + "-" + number,
                        "visitor-" + random.nextInt(4),
                        start.plusSeconds(random.nextInt(20 * 3600) - 8 * 3600L),
                        "/" + random.nextInt(3),
                        random.nextBoolean() ? null : "3.00"))
                .toList();
    }

    /**
     * Starts a process.
     *
     * @param name its own, for its words
     * @param windows how many there are; it ends after the last one
     */
    static Process start(Site site, String name, int windows) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Djava.net"))
                .toList());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WindowLoop.class.getName()));
        command.addAll(List.of(site.file().toString(), name, Integer.toString(windows)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(site.word(name + ".output").toFile())
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Path folder = file.getParent();
        try (Session session = new Session(Map.of())) {
            session.spark();
            Files.createFile(folder.resolve(arguments[1] + ".ready"));
            while (!Files.exists(folder.resolve(arguments[1] + ".go"))) {
                Thread.sleep(5);
            }
            for (int window = delivered(folder); window < Integer.parseInt(arguments[2]); window++) {
                deliver(folder, window);
                run(file, session, window);
            }
        } catch (Failure failure) {
            System.err.println(failure.getMessage());
            Runtime.getRuntime().halt(failure.kind().exitCode());
        }
    }

    /** The window whose object was delivered last: whoever delivered it may not have come to its end. */
    private static int delivered(Path folder) throws IOException {
        try (Stream<Path> objects = Files.list(folder.resolve("raw"))) {
            return Math.max(0, Math.toIntExact(objects.count()) - 1);
        }
    }

    private static void deliver(Path folder, int window) throws IOException {
        Path aside = folder.resolve("aside");
        Files.writeString(aside, events(window).stream().map(Event::json).collect(Collectors.joining()));
        if (Files.exists(object(folder, window))) {
            return;
        }
        Files.move(aside, object(folder, window), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void run(Path file, Session session, int window) {
        Instant now = FIRST.plus(WINDOW.multipliedBy(window + 1L)).plusSeconds(1200);
        try (Workplace workplace = Workplace.open(
                PipelineFile.load(file, Map.of()), Map.of(), Clock.fixed(now, ZoneOffset.UTC), session::spark)) {
            new Run(workplace, Console.system()).now(now, null);
        }
    }
}
