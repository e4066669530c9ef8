package dev.eightbells.batch;

import dev.eightbells.batch.Manifest.ReplayedRecord;
import dev.eightbells.batch.Replays.Facts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    ReplayPlan plan(Facts facts) {
        Manifest original = facts.original();
        TakenRecords taken = TakenRecords.of(original.batch(), facts.batches());
        List<ReplayedRecord> free = new ArrayList<>();
        Map<BatchId, Long> open = new TreeMap<>(Comparator.comparingInt(BatchId::sequence));
        long published = 0;
        for (ReplayedRecord record : facts.quarantined()) {
            Optional<BatchState> taker = taken.taker(record.key(), record.offset());
            if (taker.isEmpty()) {
                free.add(record);
            } else if (taker.get().isPublished()) {
                published++;
            } else {
                open.merge(taker.get().batch(), 1L, Long::sum);
            }
        }
        // In the order of the objects, a limited replay reads few of them.
        Map<String, Integer> order = order(original.objects());
        free.sort(Comparator.comparingInt((ReplayedRecord record) -> order.get(record.key()))
                .thenComparingLong(ReplayedRecord::offset));
        List<ReplayedRecord> records = free.subList(0, Math.min(most, free.size()));
        ReplayPlan.Counts counts =
                new ReplayPlan.Counts(facts.quarantined().size(), published, open, free.size() - records.size());
        return records.isEmpty()
                ? new ReplayPlan.Nothing(original.batch(), counts)
                : new ReplayPlan.NewBatch(manifest(facts, records), counts);
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

    private static Map<String, Integer> order(List<ManifestObject> objects) {
        Map<String, Integer> order = new HashMap<>();
        objects.forEach(object -> order.put(object.key(), order.size()));
        return order;
    }
}
