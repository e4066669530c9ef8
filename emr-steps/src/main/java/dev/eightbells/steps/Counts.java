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

    /**
     * The same, what the rules say, what became of the sessions, and what of it is in the warehouse:
     * {@code …; 2 of 12 rules failed, 3 rows quarantined by rules; sessions: 402 new, 31 extended, 2 bridged; loaded: 990
     * events, 435 sessions}.
     */
    static String sentence(BatchRunner.Outcome outcome) {
        String equation = sentence(outcome.records());
        String rules = outcome.validated() == null
                ? outcome.published() == null ? "; not validated yet" : ""
                : "; " + sentence(outcome.validated().quality());
        String sessions = outcome.sessionized() == null
                ? ""
                : "; sessions: " + sentence(outcome.sessionized().sessions());
        String loaded = outcome.loaded() == null
                ? ""
                : "; loaded: " + sentence(outcome.loaded().load()) + (isTold(outcome) ? " (already loaded)" : "");
        return equation + rules + sessions + loaded;
    }

    /** {@code 2 of 12 rules failed, 3 rows quarantined by rules, and 1 duplicate of such rows with them}. */
    static String sentence(Marker.Quality quality) {
        if (quality.accepted()) {
            return "accepted whatever its rules say";
        }
        String failed = quality.failed() == 0
                ? String.format(
                        Locale.ROOT,
                        "%s passed",
                        quality.rules() == 1 ? "its rule" : "all " + quality.rules() + " rules")
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d %s failed",
                        quality.failed(),
                        quality.rules(),
                        quality.rules() == 1 ? "rule" : "rules");
        if (quality.movedRows() == 0) {
            return failed;
        }
        String moved = String.format(
                Locale.ROOT,
                "%s, %,d %s quarantined by rules",
                failed,
                quality.movedRows(),
                quality.movedRows() == 1 ? "row" : "rows");
        return quality.movedDuplicates() == 0
                ? moved
                : String.format(
                        Locale.ROOT,
                        "%s, and %,d %s of such rows with them",
                        moved,
                        quality.movedDuplicates(),
                        quality.movedDuplicates() == 1 ? "duplicate" : "duplicates");
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

    /** Whether it is to be said that the batch was in the warehouse; of a batch that was done before, that is said. */
    private static boolean isTold(BatchRunner.Outcome outcome) {
        return outcome.already() == BatchRunner.Already.NOT_DONE && outcome.wasLoadedBefore();
    }

    /** {@code 990 events, 435 sessions}: how many rows the batch's own commits hold. */
    static String sentence(Marker.Load load) {
        String events = rows(load.events(), "event");
        return load.sessions() == null ? events : events + ", " + rows(load.sessions(), "session");
    }

    private static String rows(Marker.LoadedRows loaded, String name) {
        return String.format(Locale.ROOT, "%,d %s%s", loaded.rows(), name, loaded.rows() == 1 ? "" : "s");
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
