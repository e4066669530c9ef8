package dev.eightbells.care;

import dev.eightbells.table.TableCondition;
import dev.eightbells.table.Upkeep;
import java.time.Instant;

/**
 * What is to be done to a table.
 *
 * @param facts what it was decided by
 * @param removed rows that are too old; null when there are none
 * @param manifestsAfter how many manifests are to list the files; null when they stay as they are
 * @param orphansBefore files that nobody refers to are removed when they are older; null when none can be
 */
record TablePlan(
        CaredTable table,
        TableCondition facts,
        Removed removed,
        Compaction compaction,
        Integer manifestsAfter,
        Expiry expiry,
        Instant orphansBefore) {
    /** Fewer are not worth a commit. */
    private static final int FEW_MANIFESTS = 16;

    private static final int MANY_TIMES = 4;

    /**
     * Decides.
     *
     * @param now by which things are old
     */
    static TablePlan of(CaredTable table, TableCondition facts, Needs needs, Instant now, Instant orphansBefore) {
        Long boundary = table.age() == null ? null : Upkeep.boundary(table.table(), now.minus(table.age()));
        Removed removed = Removed.of(facts, boundary);
        int enough = Upkeep.manifestsFor(facts.manifestBytes());
        boolean isSpread = facts.manifests() >= FEW_MANIFESTS && facts.manifests() >= MANY_TIMES * enough;
        return new TablePlan(
                table,
                facts,
                removed,
                Compaction.of(facts, removed, now),
                isSpread ? enough : null,
                Expiry.of(facts.snapshots(), needs),
                orphansBefore);
    }
}
