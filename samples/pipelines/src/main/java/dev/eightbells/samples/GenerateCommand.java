package dev.eightbells.samples;

import dev.eightbells.steps.Console;
import dev.eightbells.steps.InstantConverter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Generate raw data of a sample; the same arguments give the same bytes.")
final class GenerateCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--sample", required = true, description = "web-events, wind-farm or vaccinations.")
    private String sample;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of the raw data.")
    private Path out;

    @Option(
            names = "--from",
            paramLabel = "INSTANT",
            defaultValue = "2024-11-04T00:00:00Z",
            converter = InstantConverter.class,
            description = "When it begins; by default ${DEFAULT-VALUE}.")
    private Instant from;

    @Option(
            names = "--hours",
            paramLabel = "N",
            defaultValue = "4",
            description = "How long it lasts; by default ${DEFAULT-VALUE}.")
    private int hours;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "How many events; by default what is usual for so many hours.")
    private Long events;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "8",
            description = "Another seed, other data; by default ${DEFAULT-VALUE}.")
    private long seed;

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Sample chosen = Sample.named(sample);
        long count = events == null ? chosen.usualEvents(hours) : events;
        Generated generated = chosen.generator().generate(out.toAbsolutePath(), from, hours, count, seed);
        console.println(String.format(
                Locale.ROOT,
                "%,d files, %,d bytes in %s: %,d records, of which %,d are delivered again and %,d are malformed",
                generated.files(),
                generated.bytes(),
                out,
                generated.counts().read(),
                generated.counts().duplicates(),
                generated.counts().quarantined()));
        return 0;
    }
}
