package dev.eightbells.write;

import dev.eightbells.read.RecordReader;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import dev.eightbells.table.HadoopPaths;
import dev.eightbells.write.ReadPlan.Task;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** The accepted rows of a batch's objects, slotted, and the reports of the tasks that read them. */
record SourceRows(JavaPairRDD<Integer, byte[]> rows, List<ReadReport> reports) {
    private static final int HEAD_BYTES = 1 << 20;
    private static final int HEADS_AT_A_TIME = 16;

    /** Reads all objects, once; those whose parts did not meet, once more. */
    static SourceRows read(
            JavaSparkContext context,
            BatchInput batch,
            RowShape shape,
            Slots slots,
            Broadcast<Table> table,
            Broadcast<RecordSelection> selection,
            long taskBytes) {
        List<StoredObject> objects = batch.objects();
        Set<Integer> all = IntStream.range(0, objects.size()).boxed().collect(Collectors.toSet());
        Stage stage =
                new Stage(context, new ReadStage(batch, shape, slots, table, selection), new Shuffle(context, slots));
        ReadPlan plan = ReadPlan.of(objects, all, splittable(batch, taskBytes), taskBytes);
        SourceRows first = stage.run(plan);
        Set<Integer> broken = SplitChains.broken(first.reports());
        if (broken.isEmpty()) {
            return first;
        }
        SourceRows whole = stage.run(ReadPlan.of(objects, broken, Set.of(), taskBytes));
        first.deleteQuarantine(broken, batch, table.value());
        return new SourceRows(
                first.rows()
                        .filter(row -> !broken.contains(EventRow.of(row._2()).ordinal()))
                        .union(whole.rows()),
                first.without(broken, whole.reports()));
    }

    /** The reading stage: run it, and its reports lie in their slot, each exactly once. */
    private record Stage(JavaSparkContext context, ReadStage task, Shuffle shuffle) {
        SourceRows run(ReadPlan plan) {
            List<Task> tasks = plan.tasks();
            JavaPairRDD<Integer, byte[]> rows = shuffle.bySlot(
                    context.parallelize(tasks, Math.max(1, tasks.size())).mapPartitionsToPair(task));
            return new SourceRows(rows, Shuffle.reports(rows, ReadReport.class));
        }
    }

    /** A part of a split object is a task of its own, so the reports of broken objects can be left out whole. */
    private List<ReadReport> without(Set<Integer> broken, List<ReadReport> instead) {
        List<ReadReport> kept = new ArrayList<>(instead);
        reports.stream().filter(report -> !report.isOf(broken)).forEach(kept::add);
        return kept;
    }

    /** What a part saw that began inside a record was never a record; nobody should find it. */
    private void deleteQuarantine(Set<Integer> broken, BatchInput batch, Table table) {
        reports.stream()
                .filter(report -> report.isOf(broken) && report.quarantine() != null)
                .forEach(report -> table.io()
                        .deleteFile(HadoopPaths.of(batch.pipeline().lake())
                                + report.quarantine().location()));
    }

    long read() {
        return reports.stream().mapToLong(ReadReport::read).sum();
    }

    List<QuarantineFile> quarantine() {
        return reports.stream()
                .map(ReadReport::quarantine)
                .filter(Objects::nonNull)
                .toList();
    }

    Map<Integer, Volume> partitions() {
        Map<Integer, Volume> partitions = new HashMap<>();
        reports.forEach(report ->
                report.partitions().forEach((partition, volume) -> partitions.merge(partition, volume, Volume::plus)));
        return partitions;
    }

    /** The large objects that may be split, by a look at their beginnings. */
    private static Set<Integer> splittable(BatchInput batch, long taskBytes) {
        List<StoredObject> objects = batch.objects();
        ExecutorService pool = Executors.newFixedThreadPool(HEADS_AT_A_TIME);
        try (ObjectStore store = ObjectStores.open(batch.pipeline().source().location(), batch.environment())) {
            Map<Integer, Future<Boolean>> looks = new HashMap<>();
            for (int ordinal = 0; ordinal < objects.size(); ordinal++) {
                StoredObject object = objects.get(ordinal);
                if (ReadPlan.worthSplitting(object, taskBytes)) {
                    looks.put(ordinal, pool.submit(() -> RecordReader.isSplittable(head(store, object))));
                }
            }
            Set<Integer> splittable = new TreeSet<>();
            for (Map.Entry<Integer, Future<Boolean>> look : looks.entrySet()) {
                if (look.getValue().get()) {
                    splittable.add(look.getKey());
                }
            }
            return splittable;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Cannot look at the objects of batch " + batch.batch(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while planning the reading of batch " + batch.batch(), e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static byte[] head(ObjectStore store, StoredObject object) throws IOException {
        try (InputStream in = store.open(object.key(), object.etag(), 0)) {
            return in.readNBytes(HEAD_BYTES);
        }
    }
}
