package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What spark-submit runs: the command line on a cluster, with a line of JSON for each step that ended. */
public final class Main {
    private Main() {}

    /**
     * Runs a command. In cluster mode the process is Spark's, and takes a return for success and a throw for failure; in
     * client mode it ends with the command's exit code.
     *
     * @throws Failure when the command failed, and this is the driver of a cluster
     */
    public static void main(String[] arguments) {
        Optional<Failure> failure;
        try (Session session = new Session(System.getenv())) {
            failure = run(Platform.found(), session, Console.system(), System.getenv(), Clock.systemUTC(), arguments);
        }
        if (failure.isPresent()) {
            if ("cluster".equals(System.getProperty("spark.submit.deployMode"))) {
                throw withExitCode(failure.get());
            }
            System.exit(failure.get().kind().exitCode());
        }
    }

    /** Runs a command; returns what it failed with, which has been told. */
    static Optional<Failure> run(
            Platform platform,
            Session session,
            Console console,
            Map<String, String> environment,
            Clock clock,
            String... arguments) {
        try {
            platform.require();
        } catch (Failure misfit) {
            console.err().println("eightbells: " + misfit.getMessage());
            return Optional.of(misfit);
        }
        List<Failure> failures = new ArrayList<>();
        PipelineOption.Context context =
                new PipelineOption.Context(environment, clock, session, end -> console.println(ResultLine.of(end)));
        Eightbells.configured(Eightbells.commandLine(context, console), console, failures::add)
                .execute(arguments);
        return failures.stream().findFirst();
    }

    /** Spark's own report of a failed driver is the message of what it threw. */
    static Failure withExitCode(Failure failure) {
        return Failure.of(
                failure.kind(),
                failure.getMessage() + " (exit code " + failure.kind().exitCode() + ", " + failure.kind() + ")",
                failure);
    }
}
