package dev.eightbells.samples;

import dev.eightbells.steps.Console;
import dev.eightbells.steps.Eightbells;
import dev.eightbells.steps.PipelineOption;
import dev.eightbells.steps.Session;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;

/** The command line of a checkout: all commands, and those over the samples. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Console.system(), System.getenv(), Clock.systemUTC(), arguments));
    }

    /** Runs a command; returns its exit code. */
    static int run(Console console, Map<String, String> environment, Clock clock, String... arguments) {
        try (Session session = new Session(environment)) {
            CommandLine commandLine = Eightbells.commandLine(session, console, environment, clock);
            commandLine.addSubcommand(new DemoCommand(session, console, environment, clock));
            commandLine.addSubcommand(
                    new TriggerCommand(PipelineOption.Context.of(environment, clock, session), console));
            commandLine.addSubcommand(new GenerateCommand(console));
            Path home = Path.of(System.getProperty("eightbells.home", "."));
            commandLine.addSubcommand(new CommandLine(new LocalCommand())
                    .addSubcommand(new LocalUpCommand(console, home))
                    .addSubcommand(new LocalRedshiftCommand(console)));
            commandLine.addSubcommand(new CommandLine(new BenchCommand())
                    .addSubcommand(new ConvertBench(session, console, environment, clock))
                    .addSubcommand(new SessionizeBench(session, console, environment, clock))
                    .addSubcommand(new PublishBench(session, console, environment, clock))
                    .addSubcommand(new CareBench(session, console, environment, clock))
                    .addSubcommand(new QualityBench(session, console))
                    .addSubcommand(new LoadBench(console, clock))
                    .addSubcommand(new TriggerBench(console, home)));
            return Eightbells.configured(commandLine, console).execute(arguments);
        }
    }
}
