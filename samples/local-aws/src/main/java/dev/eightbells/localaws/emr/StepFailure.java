package dev.eightbells.localaws.emr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * How a step failed, as EMR tells it: the exception that ended its main thread, where its log has one.
 *
 * @param message null when the log has none
 */
record StepFailure(String reason, String message, Path log) {
    private static final String THROWN = "Exception in thread \"main\" ";

    /** Of a program that ended with another exit code than 0. */
    static StepFailure of(Path logs) {
        Path log = logs.resolve("stderr");
        return new StepFailure("Unknown Error.", thrown(log), log);
    }

    /** Of a program that threw, which is written to its log. */
    static StepFailure of(Path logs, Throwable thrown) {
        Path log = logs.resolve("stderr");
        String message = THROWN + thrown;
        try {
            Files.writeString(
                    log, message + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + log, e);
        }
        return new StepFailure("Unknown Error.", message, log);
    }

    private static String thrown(Path log) {
        if (!Files.exists(log)) {
            return null;
        }
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream()
                    .filter(line -> line.startsWith(THROWN))
                    .reduce((first, second) -> second)
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }
}
