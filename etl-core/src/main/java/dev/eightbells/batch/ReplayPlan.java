package dev.eightbells.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was decided for the quarantined records of a batch: to replay some of them, or that there is nothing to do. */
public sealed interface ReplayPlan {
    /** The batch that rejected the records. */
    BatchId replayOf();

    /** Where its records are. */
    Counts counts();

    /** One sentence for a person. */
    String sentence();

    /**
     * Where the records are that were asked for.
     *
     * @param asked all of them
     * @param published those that a published replay has
     * @param open by replay, those that lie in one that is neither published nor abandoned
     * @param left those that one replay could not take besides its own
     */
    record Counts(long asked, long published, Map<BatchId, Long> open, long left) {
        public Counts {
            open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
        }

        private String elsewhere() {
            List<String> parts = new ArrayList<>();
            if (published > 0) {
                parts.add(number(published) + (published == 1 ? " was" : " were") + " replayed and published before");
            }
            open.forEach((replay, lying) ->
                    parts.add(number(lying) + (lying == 1 ? " lies" : " lie") + " in " + replay + ", which is open"));
            if (left > 0) {
                parts.add(number(left) + (left == 1 ? " is" : " are") + " left for another replay");
            }
            return String.join("; ", parts);
        }

        private String records() {
            return asked == 1 ? "1 record" : number(asked) + " records";
        }
    }

    /** No record is free. */
    record Nothing(BatchId replayOf, Counts counts) implements ReplayPlan {
        @Override
        public String sentence() {
            if (counts.asked() == 0) {
                return "Nothing to replay of batch " + replayOf + ": there is no such record in its quarantine.";
            }
            return "Nothing to replay of batch " + replayOf + ": of " + counts.records() + " in its quarantine "
                    + counts.elsewhere() + "."
                    + (counts.open().isEmpty() ? "" : " Finish what is open with eightbells run, or abandon it.");
        }
    }

    /**
     * There is a batch to make.
     *
     * @param manifest with the number that was free when it was planned
     */
    record NewBatch(Manifest manifest, Counts counts) implements ReplayPlan {
        @Override
        public BatchId replayOf() {
            return manifest.replayOf();
        }

        @Override
        public String sentence() {
            String elsewhere = counts.elsewhere();
            return "Batch " + manifest.batch() + " replays "
                    + number(manifest.records().size()) + " of " + counts.records() + " in the quarantine of batch "
                    + manifest.replayOf() + (elsewhere.isEmpty() ? "." : "; " + elsewhere + ".");
        }
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
