package dev.eightbells.session;

import dev.eightbells.write.Shuffle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;

/** Where a visitor's sessions meet: everything of one visitor in one slot. */
final class VisitorSlots extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int visitors;

    /**
     * @param visitors how many slots there are for visitors, beside that of the reports
     */
    VisitorSlots(int visitors) {
        this.visitors = visitors;
    }

    int slotOf(Object visitor) {
        int hash = visitor.hashCode() * 0x9E3779B9;
        return Shuffle.REPORTS + 1 + Math.floorMod(hash ^ (hash >>> 16), visitors);
    }

    /** The slots, without that of the reports, for so many tasks. */
    List<int[]> groups(int tasks) {
        int count = Math.min(visitors, tasks);
        List<int[]> groups = new ArrayList<>();
        for (int task = 0; task < count; task++) {
            int from = (int) ((long) visitors * task / count);
            int to = (int) ((long) visitors * (task + 1) / count);
            groups.add(IntStream.range(from, to)
                    .map(slot -> Shuffle.REPORTS + 1 + slot)
                    .toArray());
        }
        return groups;
    }

    @Override
    public int numPartitions() {
        return 1 + visitors;
    }

    @Override
    public int getPartition(Object slot) {
        return (Integer) slot;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VisitorSlots slots && slots.visitors == visitors;
    }

    @Override
    public int hashCode() {
        return visitors;
    }
}
