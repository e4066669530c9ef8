package dev.eightbells.steps;

import picocli.CommandLine.Command;

@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Check data quality rules, or get some to start from.")
final class RulesCommand {}
