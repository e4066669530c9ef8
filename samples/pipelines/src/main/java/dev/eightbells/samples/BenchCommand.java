package dev.eightbells.samples;

import picocli.CommandLine.Command;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "SUBJECT",
        description = "Measure Eightbells beside what one would write by hand, in one process and in turns.")
final class BenchCommand {}
