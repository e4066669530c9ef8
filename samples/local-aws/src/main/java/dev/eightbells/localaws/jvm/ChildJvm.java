package dev.eightbells.localaws.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A JVM of the same Java installation as this one's. It is killed with all processes that it started, at the end of this
 * process at the latest. Safe for use by many threads.
 */
public final class ChildJvm {
    private static final String PEAK = "VmHWM:";
    private static final long KIBIBYTE = 1024;

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param arguments of {@code java}: options, the main class, its arguments
     * @param environment all of it: nothing is inherited but the PATH, and the locale, so that names of files are UTF-8
     * @param folder where it works
     * @param output where its standard output is appended to
     * @param errors where its standard error is appended to; may be the same file
     * @throws IOException when it does not start
     */
    public static ChildJvm start(
            List<String> arguments, Map<String, String> environment, Path folder, Path output, Path errors)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        if (errors.equals(output)) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        }
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        ChildJvm child = new ChildJvm(builder.start());
        child.endWithThisProcess();
        return child;
    }

    /** A class path of these places. */
    public static String classPath(List<Path> places) {
        return String.join(
                File.pathSeparator, places.stream().map(Path::toString).toList());
    }

    private void endWithThisProcess() {
        Thread hook = new Thread(this::kill);
        Runtime.getRuntime().addShutdownHook(hook);
        CompletableFuture<Void> unused = process.onExit().thenRun(() -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // This process ends already, and the hook runs.
            }
        });
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended. */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Waits until it has ended; returns the exit code.
     *
     * @throws InterruptedException when this thread is interrupted meanwhile; the process goes on
     */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it at once, with all that it started. Nothing happens when it has ended. */
    public void kill() {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }

    /** The most memory that it has had in use at once so far, in bytes; empty when it has ended or the system does not say. */
    public OptionalLong peakMemory() {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
