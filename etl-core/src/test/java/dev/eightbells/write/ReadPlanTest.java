package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.read.Split;
import dev.eightbells.store.StoredObject;
import dev.eightbells.write.ReadPlan.Slice;
import dev.eightbells.write.ReadPlan.Task;
import dev.eightbells.write.ReadReport.SliceCoverage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
    private static final long MB = 1 << 20;

    private static List<StoredObject> objects(List<Long> sizes) {
        List<StoredObject> objects = new ArrayList<>();
        sizes.forEach(size -> objects.add(new StoredObject("o" + objects.size(), "e", size, Instant.EPOCH)));
        return objects;
    }

    private static Set<Integer> all(List<?> of) {
        return IntStream.range(0, of.size()).boxed().collect(Collectors.toSet());
    }

    @Test
    void manySmallObjectsAreReadByOneTask() {
        List<StoredObject> objects = objects(List.of(1L, 2L, 3L));
        assertThat(ReadPlan.of(objects, all(objects), Set.of(), 4 * MB).tasks())
                .singleElement()
                .satisfies(task -> assertThat(task.slices()).hasSize(3));
    }

    @Test
    void aLargeObjectIsSplitOnlyWhereItMayBe() {
        List<StoredObject> objects = objects(List.of(40 * MB, 40 * MB));
        List<Task> tasks = ReadPlan.of(objects, all(objects), Set.of(1), 4 * MB).tasks();
        assertThat(tasks).hasSize(11);
        assertThat(tasks.stream().flatMap(task -> task.slices().stream()).filter(slice -> slice.ordinal() == 0))
                .singleElement()
                .satisfies(slice -> assertThat(slice.split()).isEqualTo(Split.whole()));
    }

    @Test
    void tasksShareTheWorkOfFewBytesToo() {
        assertThat(ReadPlan.taskBytes(objects(List.of(1L)), 8)).isEqualTo(4 * MB);
        assertThat(ReadPlan.taskBytes(objects(List.of(80 * MB)), 8)).isEqualTo(10 * MB);
        assertThat(ReadPlan.taskBytes(objects(List.of(80_000 * MB)), 8)).isEqualTo(64 * MB);
    }

    @Property(tries = 200)
    void everyByteOfEveryObjectIsInOneSlice(
            @ForAll @Size(max = 30) List<@LongRange(min = 1, max = 1L << 33) Long> sizes,
            @ForAll Set<Integer> splittable) {
        List<StoredObject> objects = objects(sizes);
        List<Task> tasks =
                ReadPlan.of(objects, all(objects), splittable, 64 * MB).tasks();
        assertThat(tasks).extracting(Task::number).doesNotHaveDuplicates();
        Map<Integer, List<Slice>> byObject =
                tasks.stream().flatMap(task -> task.slices().stream()).collect(Collectors.groupingBy(Slice::ordinal));
        assertThat(byObject.keySet()).isEqualTo(all(objects));
        byObject.forEach((ordinal, slices) -> {
            if (slices.size() == 1 && slices.get(0).split().equals(Split.whole())) {
                return;
            }
            long position = 0;
            for (Slice slice : slices) {
                assertThat(slice.split().start()).isEqualTo(position);
                position = slice.split().end();
            }
            assertThat(position).isEqualTo(sizes.get(ordinal));
        });
    }

    @Test
    void partsThatMeetCloseTheChain() {
        assertThat(SplitChains.broken(List.of(report(part(0, 0, 0, 10), part(1, 0, 0, 5)), report(part(0, 1, 10, 20)))))
                .isEmpty();
    }

    @Test
    void aGapAnOverlapAndAnOpenEndBreakTheChain() {
        assertThat(SplitChains.broken(List.of(report(part(0, 0, 0, 10)), report(part(0, 1, 11, 20)))))
                .containsExactly(0);
        assertThat(SplitChains.broken(List.of(report(part(0, 1, 9, 20)), report(part(0, 0, 0, 10)))))
                .containsExactly(0);
        assertThat(SplitChains.broken(List.of(report(part(0, 0, 0, -1)), report(part(0, 1, 10, 20)))))
                .containsExactly(0);
    }

    private static SliceCoverage part(int ordinal, int part, long first, long last) {
        return new SliceCoverage(ordinal, part, first, last);
    }

    private static ReadReport report(SliceCoverage... coverage) {
        return new ReadReport(0, 0, 0, List.of(coverage), null, Map.of());
    }
}
