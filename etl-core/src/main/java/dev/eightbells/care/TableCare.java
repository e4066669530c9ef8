package dev.eightbells.care;

import dev.eightbells.care.CareResult.Part;
import dev.eightbells.table.Period;
import dev.eightbells.table.TableCondition;
import dev.eightbells.table.Upkeep;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Performs the plan for one table, part by part. */
final class TableCare {
    /** How often the same files are tried when others change them at the same time; the next care tries again. */
    private static final int MOST_ROUNDS = 3;

    private final TablePlan plan;
    private final Upkeep upkeep;
    private final Clock clock;
    private final List<Trouble> troubles;
    private final Map<Part, Duration> took = new EnumMap<>(Part.class);
    private final List<String> notes = new ArrayList<>();
    private long removedRows;
    private long orphans;

    /**
     * @param troubles hears what could not be done
     */
    TableCare(TablePlan plan, Supplier<SparkSession> spark, Clock clock, List<Trouble> troubles) {
        this.plan = plan;
        this.upkeep = new Upkeep(plan.table().table(), plan.table().timeColumn(), spark);
        this.clock = clock;
        this.troubles = troubles;
    }

    CareResult.OfTable perform() {
        if (plan.removed() != null) {
            timed(Part.REMOVE, this::remove);
        }
        if (!plan.compaction().isIdle()) {
            timed(Part.COMPACT, this::compact);
        }
        if (plan.manifestsAfter() != null) {
            timed(Part.MANIFESTS, upkeep::rewriteManifests);
        }
        if (plan.expiry().because() != null) {
            notes.add("Older snapshots stay: " + plan.expiry().because() + ".");
        }
        if (!plan.expiry().snapshots().isEmpty()) {
            timed(Part.EXPIRE, () -> upkeep.expire(plan.expiry().snapshots()));
        }
        if (plan.orphansBefore() != null) {
            timed(Part.ORPHANS, () -> this.orphans = upkeep.orphans(plan.orphansBefore(), Upkeep.Orphans.DELETED));
        }
        CareResult.Size before = CareResult.Size.of(plan.facts());
        return new CareResult.OfTable(plan.table().name(), before, after(before), removedRows, orphans, took, notes);
    }

    private CareResult.Size after(CareResult.Size before) {
        if (took.isEmpty()) {
            return before;
        }
        try {
            return CareResult.Size.of(facts());
        } catch (RuntimeException e) {
            troubles.add(new Trouble("table " + plan.table().name(), e));
            return before;
        }
    }

    private TableCondition facts() {
        return TableCondition.of(plan.table().table(), plan.table().timeColumn());
    }

    private void timed(Part part, Runnable work) {
        long start = System.nanoTime();
        try {
            work.run();
        } catch (Exception e) {
            // Scala throws what it does not declare.
            troubles.add(new Trouble("table " + plan.table().name(), e));
        } finally {
            took.put(part, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void remove() {
        if (upkeep.removeBefore(plan.removed().boundary())) {
            removedRows = plan.removed().rows();
        } else {
            notes.add("Rows that are too old stay until the next care: a file holds them beside newer ones by now.");
        }
    }

    private void compact() {
        int left = 0;
        for (List<Period> commit : plan.compaction().commits()) {
            List<Period> wanted = commit;
            for (int round = 0; round < MOST_ROUNDS && !wanted.isEmpty(); round++) {
                wanted = upkeep.compact(wanted, plan.table().sortBy())
                        ? List.of()
                        : Compaction.of(facts(), plan.removed(), clock.instant())
                                .stillAmong(wanted);
            }
            left += wanted.size();
        }
        if (left > 0) {
            notes.add("Others changed files of " + left + " partitions meanwhile; they wait for the next care.");
        }
    }
}
