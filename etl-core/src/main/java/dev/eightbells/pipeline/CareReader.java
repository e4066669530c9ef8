package dev.eightbells.pipeline;

import java.time.Duration;

/** Reads the sections {@code care} and {@code retention}. */
final class CareReader {
    /** What the file says for what may grow as old as it likes. */
    static final String FOREVER = "forever";

    private static final Duration SHORTEST_KEEP = Duration.ofHours(1);
    private static final int RAREST = 9999;

    private CareReader() {}

    static Care care(Value value) {
        Mapping care = value.mapping(Section.CARE);
        if (care == null) {
            return Care.USUAL;
        }

        return new Care(
                care.value("keep").as(CareReader::keep, Care.USUAL.keep()),
                care.value("every").as(CareReader::every, Care.USUAL.every()));
    }

    static Retention retention(Value value) {
        Mapping retention = value.mapping(Section.RETENTION);
        if (retention == null) {
            return Retention.USUAL;
        }

        Value quarantine = retention.value("quarantine");
        return new Retention(
                retention.value("events").as(CareReader::age),
                retention.value("sessions").as(CareReader::age),
                quarantine.isPresent() ? quarantine.as(CareReader::age) : Retention.USUAL.quarantine(),
                retention.value("metrics").as(CareReader::age));
    }

    private static Duration keep(String text) {
        Duration keep = Quantity.duration(text);
        if (keep.compareTo(SHORTEST_KEEP) < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' would take snapshots from under those who read them; write 1h or more, e.g. 7d");
        }

        return keep;
    }

    private static Integer every(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > RAREST) {
            throw new IllegalArgumentException("'" + text + "' is no number of batches; write 0 (never) to " + RAREST);
        }

        return Integer.valueOf(text);
    }

    /** Null for ever. */
    private static Duration age(String text) {
        if (text.equals(FOREVER)) {
            return null;
        }

        Duration age = Quantity.duration(text);
        if (age.compareTo(Retention.SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is less than a day; write 1d or more, or " + FOREVER + ", e.g. 400d");
        }

        return age;
    }
}
