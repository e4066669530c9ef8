package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WritePlanTest {
    private static final long MB = 1 << 20;

    private static Slots slots(int columns) {
        return Slots.sizedFor((columns - 1) * MB, MB);
    }

    @Test
    void aSmallPartitionIsWrittenByOneTask() {
        WritePlan plan = WritePlan.of(Map.of(7, new Volume(10, MB)), slots(4), 0.1);
        assertThat(plan.groups()).hasSize(1);
    }

    @Test
    void manySmallPartitionsShareATask() {
        Map<Integer, Volume> partitions = new HashMap<>();
        for (int day = 0; day < 20; day++) {
            partitions.put(day, new Volume(1, 100));
        }
        assertThat(WritePlan.of(partitions, slots(4), 0.1).groups()).hasSize(1);
    }

    @Test
    void aLargePartitionIsWrittenBySeveralTasks() {
        WritePlan plan = WritePlan.of(Map.of(7, new Volume(1_000_000, 100_000 * MB)), slots(512), 0.1);
        assertThat(plan.groups()).hasSize(33);
    }

    @Test
    void aStrayRowThatSharesTheSlotsOfALargePartitionDoesNotMakeItOneTask() {
        Slots slots = slots(512);
        Map<Integer, Volume> partitions = Map.of(7, new Volume(1_000_000, 100_000 * MB), 7 + 128, new Volume(1, 1000));
        assertThat(slots.rowOf(7 + 128)).isEqualTo(slots.rowOf(7));
        assertThat(WritePlan.of(partitions, slots, 0.1).groups()).hasSizeGreaterThan(30);
    }

    @Test
    void nothingToWriteIsNoTask() {
        assertThat(WritePlan.of(Map.of(), slots(4), 0.1).groups()).isEmpty();
    }

    @Property(tries = 300)
    void everySlotOfATouchedPartitionIsInOneGroup(
            @ForAll @Size(max = 60)
                    Map<@IntRange(min = -100_000, max = 100_000) Integer, @LongRange(min = 1, max = 1L << 40) Long>
                            sizes,
            @ForAll @IntRange(min = 1, max = 300) int columns,
            @ForAll @DoubleRange(min = 0.01, max = 1) double ratio) {
        Slots slots = slots(columns);
        List<Integer> grouped = WritePlan.of(volumes(sizes), slots, ratio).groups().stream()
                .flatMap(group -> Arrays.stream(group).boxed())
                .toList();
        assertThat(grouped).doesNotHaveDuplicates().doesNotContain(Slots.REPORTS);
        for (Integer partition : sizes.keySet()) {
            for (int hash = 0; hash < slots.columns(); hash++) {
                assertThat(grouped).contains(slots.slotOf(partition, hash));
            }
        }
    }

    @Property(tries = 300)
    void aPartitionGetsAtMostOneFileMoreThanItsSizeAsksFor(
            @ForAll @Size(max = 60)
                    Map<@IntRange(min = -100_000, max = 100_000) Integer, @LongRange(min = 1, max = 1L << 40) Long>
                            sizes,
            @ForAll @IntRange(min = 1, max = 300) int columns,
            @ForAll @DoubleRange(min = 0.01, max = 1) double ratio) {
        Slots slots = slots(columns);
        WritePlan plan = WritePlan.of(volumes(sizes), slots, ratio);
        sizes.forEach((partition, size) -> {
            int row = slots.rowOf(partition);
            long tasks = plan.groups().stream()
                    .filter(group -> Arrays.stream(group).anyMatch(slot -> (slot - 1) / slots.columns() == row))
                    .count();
            double fileBytes = size * ratio;
            assertThat(tasks).isLessThanOrEqualTo((long) Math.ceil(fileBytes / WritePlan.FILE_BYTES) + 1);
        });
    }

    private static Map<Integer, Volume> volumes(Map<Integer, Long> sizes) {
        Map<Integer, Volume> volumes = new HashMap<>();
        sizes.forEach((partition, bytes) -> volumes.put(partition, new Volume(1000, bytes)));
        return volumes;
    }
}
