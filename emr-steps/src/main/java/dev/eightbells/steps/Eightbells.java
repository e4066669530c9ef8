package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Exit codes are those of {@link Failure.Kind}; 0 is done, already done, or nothing new. */
@Command(
        name = "eightbells",
        mixinStandardHelpOptions = true,
        version = "eightbells 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "A watch over a data lake: raw JSON to accounted-for, partitioned Parquet tables, and on to Redshift.",
        sortOptions = false)
public final class Eightbells {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean debug;

    private Eightbells() {}

    /**
     * The command line with the commands of this module; a caller may add its own.
     *
     * @param environment the variables that pipeline files, credentials and endpoints are resolved with
     */
    public static CommandLine commandLine(
            Session session, Console console, Map<String, String> environment, Clock clock) {
        return commandLine(PipelineOption.Context.of(environment, clock, session), console);
    }

    /** The same for whoever watches the steps. */
    static CommandLine commandLine(PipelineOption.Context context, Console console) {
        return new CommandLine(new Eightbells())
                .addSubcommand(new RunCommand(context, console))
                .addSubcommand(new PlanCommand(context, console))
                .addSubcommand(new StatusCommand(context, console))
                .addSubcommand(new QueryCommand(context, console))
                .addSubcommand(new ConvertCommand(context, console))
                .addSubcommand(new ValidateCommand(context, console))
                .addSubcommand(new SessionizeCommand(context, console))
                .addSubcommand(new LoadCommand(context, console))
                .addSubcommand(new ReleaseCommand(context, console))
                .addSubcommand(new AbandonCommand(context, console))
                .addSubcommand(QuarantineCommand.of(context, console))
                .addSubcommand(new ReplayCommand(context, console))
                .addSubcommand(new CareCommand(context, console))
                .addSubcommand(new ForgetCommand(context, console))
                .addSubcommand(new CommandLine(new RulesCommand())
                        .addSubcommand(new RulesCheckCommand(context.environment(), console))
                        .addSubcommand(new RulesSuggestCommand(context, console)));
    }

    /** Lets all commands speak through the console and end with the exit codes, once all of them are there. */
    public static CommandLine configured(CommandLine commandLine, Console console) {
        return configured(commandLine, console, failure -> {});
    }

    /**
     * The same for whoever wants more than an exit code.
     *
     * @param hears told what the command failed with, after it was printed
     */
    static CommandLine configured(CommandLine commandLine, Console console, Consumer<Failure> hears) {
        Eightbells root = commandLine.getCommand();
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setExecutionExceptionHandler((thrown, command, parsed) -> {
            Failure failure = Failures.of("this command", thrown);
            console.err().println("eightbells: " + failure.getMessage());
            if (root.debug) {
                thrown.printStackTrace(console.err());
            }
            hears.accept(failure);
            return failure.kind().exitCode();
        });
        commandLine.setParameterExceptionHandler((mistake, arguments) -> {
            Failure failure = Failure.input(mistake.getMessage().replaceFirst("(?<![.?!])$", ".") + " Run "
                    + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help for what there is.");
            console.err().println("eightbells: " + failure.getMessage());
            hears.accept(failure);
            return failure.kind().exitCode();
        });
        return commandLine;
    }
}
