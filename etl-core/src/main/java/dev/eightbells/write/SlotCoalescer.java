package dev.eightbells.write;

import java.util.List;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/** Makes one task of each group of slots. */
final class SlotCoalescer implements PartitionCoalescer, scala.Serializable {
    private static final long serialVersionUID = 1L;

    private final List<int[]> groups;

    SlotCoalescer(List<int[]> groups) {
        this.groups = groups;
    }

    @Override
    public PartitionGroup[] coalesce(int maxPartitions, RDD<?> parent) {
        return groups.stream()
                .map(slots -> {
                    PartitionGroup group = new PartitionGroup(Option.empty());
                    for (int slot : slots) {
                        group.partitions().$plus$eq(parent.partitions()[slot]);
                    }
                    return group;
                })
                .toArray(PartitionGroup[]::new);
    }
}
