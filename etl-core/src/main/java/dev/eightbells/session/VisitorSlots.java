package dev.eightbells.session;

import dev.eightbells.write.Shuffle;
import java.util.ArrayList;
import java.util.List;
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

    /** Each slot for itself, without the reports. */
    List<int[]> groups() {
        List<int[]> groups = new ArrayList<>();
        for (int slot = 1; slot <= visitors; slot++) {
            groups.add(new int[] {Shuffle.REPORTS + slot});
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
