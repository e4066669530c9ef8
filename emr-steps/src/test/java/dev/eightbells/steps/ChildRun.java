package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run in a process of its own, which can be told where to die: without a word, as by {@code kill -9}. It warms up
 * first, then says that it is ready and waits for the word to go.
 */
final class ChildRun {
    private static final int KILLED = 137;

    private ChildRun() {}

    /** Where the process dies. */
    enum Death {
        NEVER,
        BEFORE,
        AFTER
    }

    /**
     * Starts the process over a site.
     *
     * @param key the end of the key around whose creation it dies
     */
    static Process start(Site site, Death death, String key) throws IOException {
        return start(site, death, key, System.getProperty("java.class.path"));
    }

    /**
     * Starts a process that dies of nothing, and lacks a dependency.
     *
     * @param jar the beginning of its file's name
     */
    static Process startWithout(Site site, String jar) throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(jar))
                .collect(Collectors.joining(File.pathSeparator));
        return start(site, Death.NEVER, "", classPath);
    }

    private static Process start(Site site, Death death, String key, String classPath) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Djava.net"))
                .toList());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of("-cp", classPath, ChildRun.class.getName()));
        command.addAll(List.of(site.file().toString(), death.name(), key));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(site.output().toFile())
                .start();
    }

    /** Lets a process go that was started over the site. */
    static void go(Site site) throws IOException {
        Files.createFile(site.word("go"));
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Death death = Death.valueOf(arguments[1]);
        try (Session session = new Session(Map.of())) {
            session.spark();
            Files.createFile(file.resolveSibling("ready"));
            while (!Files.exists(file.resolveSibling("go"))) {
                Thread.sleep(5);
            }
            Runtime.getRuntime().halt(run(file, session, death, arguments[2]));
        }
    }

    private static int run(Path file, Session session, Death death, String key) {
        Pipeline pipeline = PipelineFile.load(file, Map.of());
        ObjectStore lake = new WatchedStore(
                ObjectStores.open(pipeline.lake(), Map.of()),
                dyingAt(key, death == Death.BEFORE),
                dyingAt(key, death == Death.AFTER));
        try (Workplace workplace = Workplace.open(pipeline, Map.of(), Site.clock(), session::spark, lake)) {
            new Run(workplace, Console.system()).now(Site.NOW, null);
            return 0;
        } catch (Failure failure) {
            System.err.println(failure.getMessage());
            return failure.kind().exitCode();
        }
    }

    private static Consumer<String> dyingAt(String end, boolean armed) {
        return key -> {
            if (armed && key.endsWith(end)) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
    }
}
