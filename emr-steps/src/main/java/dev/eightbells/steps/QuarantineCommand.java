package dev.eightbells.steps;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Look at the records that were rejected.")
final class QuarantineCommand {
    private QuarantineCommand() {}

    static CommandLine of(PipelineOption.Context context, Console console) {
        return new CommandLine(new QuarantineCommand())
                .addSubcommand(new QuarantineListCommand(context, console))
                .addSubcommand(new QuarantineShowCommand(context, console));
    }
}
