package dev.eightbells.write;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** The task that finds the records whose winner was rejected: the winners' places fit into memory, the records stream by. */
final class RejectedWinnersStage
        implements FlatMapFunction2<
                        Iterator<Tuple2<Integer, byte[]>>, Iterator<Tuple2<Integer, byte[]>>, QuarantineFile>,
                Serializable {
    private static final long serialVersionUID = 1L;

    private final BatchInput batch;
    private final Broadcast<Table> table;

    RejectedWinnersStage(BatchInput batch, Broadcast<Table> table) {
        this.batch = batch.withoutObjects();
        this.table = table;
    }

    @Override
    public Iterator<QuarantineFile> call(
            Iterator<Tuple2<Integer, byte[]>> rejected, Iterator<Tuple2<Integer, byte[]>> dropped) throws IOException {
        Set<Place> winners = new HashSet<>();
        rejected.forEachRemaining(winner -> winners.add(PlaceLines.places(winner._2())[0]));
        try (QuarantineWriter quarantine = new QuarantineWriter(
                table.value().io(),
                batch,
                TaskContext.getPartitionId(),
                TaskContext.get().taskAttemptId())) {
            while (dropped.hasNext()) {
                Place[] pair = PlaceLines.places(dropped.next()._2());
                if (winners.contains(pair[0])) {
                    quarantine.addDuplicate(pair[1], pair[0]);
                }
            }
            QuarantineFile file = quarantine.finish();
            return file == null
                    ? Collections.emptyIterator()
                    : Collections.singleton(file).iterator();
        }
    }
}
