package dev.eightbells.pipeline;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How the folders of the raw objects follow time: {@code firehose} ({@code YYYY/MM/DD/HH/} in UTC), {@code flat} (not at
 * all), or a pattern such as {@code year=yyyy/month=MM/day=dd}. Folder names sort as their times do.
 */
public record Layout(String text) implements Serializable {
    /** The layout of Amazon Data Firehose. */
    public static final Layout FIREHOSE = new Layout("firehose");

    /** Folders say nothing about time. */
    public static final Layout FLAT = new Layout("flat");

    public boolean isFlat() {
        return equals(FLAT);
    }

    /** The folder that holds objects of this instant, ending with a slash, e.g. {@code 2026/11/22/08/}; not for flat. */
    public String folder(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyy/MM/dd/HH/", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }
}
