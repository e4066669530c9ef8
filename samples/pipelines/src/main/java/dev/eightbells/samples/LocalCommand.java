package dev.eightbells.samples;

import picocli.CommandLine.Command;

@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "SERVICE",
        description = "Run a stand-in for a service of AWS on this machine, to rehearse with.")
final class LocalCommand {}
