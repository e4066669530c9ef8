package dev.eightbells.steps;

import dev.eightbells.batch.Marker;
import dev.eightbells.batch.Published;
import java.util.Locale;

/** The equation of a batch, for people. */
public final class Counts {
    private Counts() {}

    /** {@code read 1,000 = written 990 + duplicates 4 + quarantined 6}. */
    public static String sentence(Published published) {
        return sentence(published.records());
    }

    static String sentence(Marker.Records records) {
        long written = records.published() != null ? records.published() : records.written();
        return String.format(
                Locale.ROOT,
                "read %,d = written %,d + duplicates %,d + quarantined %,d",
                records.read(),
                written,
                records.duplicates(),
                records.quarantined());
    }
}
