package dev.eightbells.read;

import java.util.List;

/** One way to write a date or a time. For one thread. */
interface TimeFormat {
    /** The ways of a timestamp column: ISO 8601 unless the column states others. */
    static List<TimeFormat> forTimestamps(List<String> formats) {
        return formats.isEmpty()
                ? List.of(new IsoTimestamp())
                : formats.stream().map(TimeFormat::of).toList();
    }

    /** The ways of a date column: {@code yyyy-MM-dd} unless the column states others. */
    static List<TimeFormat> forDates(List<String> formats) {
        return (formats.isEmpty() ? List.of("yyyy-MM-dd") : formats)
                .stream().map(TimeFormat::of).toList();
    }

    private static TimeFormat of(String text) {
        return switch (text) {
            case "epoch_s" -> new EpochFormat(6);
            case "epoch_ms" -> new EpochFormat(3);
            case "epoch_us" -> new EpochFormat(0);
            default -> {
                TimeFormat fixed = FixedPattern.compile(text);
                yield fixed == null ? JavaPattern.compile(text) : fixed;
            }
        };
    }

    /** Reads a string or number into the fields; false when it is not written this way. */
    boolean read(byte[] bytes, int kind, int start, int end, TimeFields into);
}
