package dev.eightbells.samples;

import picocli.CommandLine.Command;

@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "SERVICE",
        description = "Run stand-ins for services of AWS on this machine, to rehearse with.")
final class LocalCommand {}
