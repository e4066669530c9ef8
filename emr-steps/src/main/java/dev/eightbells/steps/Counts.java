package dev.eightbells.steps;

import dev.eightbells.batch.Manifest;
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

    /** The same, and what became of the sessions: {@code …; sessions: 402 new, 31 extended, 2 bridged}. */
    static String sentence(BatchRunner.Outcome outcome) {
        String equation = sentence(outcome.published());
        return outcome.sessionized() == null
                ? equation
                : equation + "; sessions: " + sentence(outcome.sessionized().sessions());
    }

    /** {@code 402 new, 31 extended, 2 bridged}, and how many events are in none, if there are any. */
    static String sentence(Marker.Sessions sessions) {
        String changes = String.format(
                Locale.ROOT,
                "%,d new, %,d extended, %,d bridged",
                sessions.created(),
                sessions.extended(),
                sessions.bridged());
        long outside = sessions.withoutVisitor() + sessions.withoutTime();
        return outside == 0
                ? changes
                : changes
                        + String.format(
                                Locale.ROOT,
                                ", %,d %s without visitor or time",
                                outside,
                                outside == 1 ? "event" : "events");
    }

    /** {@code replays 3 records of 20261122T0800Z}. */
    static String sentenceOfReplay(Manifest replay) {
        int records = replay.records().size();
        return String.format(
                Locale.ROOT, "replays %,d %s of %s", records, records == 1 ? "record" : "records", replay.replayOf());
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
