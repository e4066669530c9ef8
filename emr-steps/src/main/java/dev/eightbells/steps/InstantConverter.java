package dev.eightbells.steps;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an instant on the command line, e.g. {@code 2026-11-22T08:00:00Z}. */
public final class InstantConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "Invalid instant: " + text + " (not ISO 8601 in UTC). Write it like 2026-11-22T08:00:00Z.");
        }
    }
}
