package dev.eightbells.batch;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import dev.eightbells.batch.Replays.Facts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/** Decides which quarantined records a replay takes. Pure: the same facts give the same plan. */
final class ReplayPlanner {
    private final String pipeline;
    private final String definition;
    private final int most;

    /**
     * @param pipeline the pipeline's name
     * @param definition the SHA-256 of today's frozen definition
     * @param most how many records one replay takes
     */
    ReplayPlanner(String pipeline, String definition, int most) {
        this.pipeline = pipeline;
        this.definition = definition;
        this.most = most;
    }

    /**
     * Decides.
     *
     * @throws Failure of kind INPUT when the quarantine names an object that is not in the original's manifest
     */
    ReplayPlan plan(Facts facts) {
        BatchId original = facts.original().batch();
        Sorting sorting = new Sorting(facts);
        facts.quarantine().each(sorting::add);
        List<ReplayedRecord> records = sorting.first();
        ReplayPlan.Counts counts =
                new ReplayPlan.Counts(sorting.asked, sorting.published, sorting.open, sorting.free - records.size());
        return records.isEmpty()
                ? new ReplayPlan.Nothing(original, counts)
                : new ReplayPlan.NewBatch(manifest(facts, records), counts);
    }

    /**
     * Sorts records by where they are, and keeps of the free ones no more than a replay takes: the first in the order of the
     * objects, so that it reads few of these.
     */
    private final class Sorting {
        private final Manifest original;
        private final Map<String, Integer> order = new HashMap<>();
        private final TakenRecords taken;
        private final PriorityQueue<ReplayedRecord> lastFirst;
        private final Map<BatchId, Long> open = new TreeMap<>(Comparator.comparingInt(BatchId::sequence));
        private long asked;
        private long published;
        private long free;

        Sorting(Facts facts) {
            this.original = facts.original();
            original.objects().forEach(object -> order.put(object.key(), order.size()));
            this.taken = TakenRecords.of(original.batch(), facts.batches().stream());
            this.lastFirst = new PriorityQueue<>(byPlace().reversed());
        }

        private Comparator<ReplayedRecord> byPlace() {
            return Comparator.comparingInt((ReplayedRecord record) -> order.get(record.key()))
                    .thenComparingLong(ReplayedRecord::offset);
        }

        void add(Replays.Rejected rejected) {
            ReplayedRecord record = record(rejected);
            asked++;
            Optional<TakenRecords.Taker> taker = taken.taker(record.key(), record.offset());
            if (taker.isEmpty()) {
                free++;
                lastFirst.add(record);
                if (lastFirst.size() > most) {
                    lastFirst.remove();
                }
            } else if (taker.get().isPublished()) {
                published++;
            } else {
                open.merge(taker.get().batch(), 1L, Long::sum);
            }
        }

        private ReplayedRecord record(Replays.Rejected rejected) {
            Integer place = order.get(rejected.key());
            if (place == null) {
                throw Failure.input("Cannot replay batch " + original.batch() + ": its quarantine names the object "
                        + rejected.key() + ", which is not in its manifest. Restore what lies in quarantine/"
                        + original.batch() + "/; nothing but Eightbells may write there.");
            }
            ManifestObject object = original.objects().get(place);
            return new ReplayedRecord(object.key(), object.etag(), rejected.offset(), rejected.length());
        }

        List<ReplayedRecord> first() {
            return lastFirst.stream().sorted(byPlace()).toList();
        }
    }

    private Manifest manifest(Facts facts, List<ReplayedRecord> records) {
        Manifest original = facts.original();
        Manifest newest = facts.batches().get(0).manifest();
        Set<String> keys = new HashSet<>();
        records.forEach(record -> keys.add(record.key()));
        return new Manifest(
                LedgerJson.VERSION,
                newest.number() + 1,
                name(facts),
                pipeline,
                definition,
                original.window(),
                null,
                newest.reached(),
                newest.unfinished(),
                original.objects().stream()
                        .filter(object -> keys.contains(object.key()))
                        .toList(),
                Manifest.Left.NOTHING,
                0,
                original.batch(),
                records);
    }

    private static BatchId name(Facts facts) {
        Window window = facts.original().window();
        return facts.batches().stream()
                .map(BatchState::batch)
                .filter(batch -> batch.windowEnd().equals(window.end()) && batch.kind() == BatchId.Kind.REPLAY)
                .max(Comparator.comparingInt(BatchId::sequence))
                .map(BatchId::next)
                .orElseGet(() -> BatchId.replay(window, 1));
    }
}
