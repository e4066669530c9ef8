package dev.eightbells.steps;

import dev.eightbells.batch.Ledger;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.TaskContext;

/**
 * Where tasks find the ledger.
 *
 * @param environment where credentials and endpoints are looked up
 */
record LedgerAddress(Pipeline pipeline, Map<String, String> environment) implements Serializable {
    LedgerAddress {
        environment = Map.copyOf(environment);
    }

    /** The ledger, for this task. */
    Ledger open() {
        ObjectStore lake = ObjectStores.open(pipeline.lake(), environment);
        TaskContext.get().addTaskCompletionListener(context -> {
            lake.close();
        });
        return Ledger.open(lake, pipeline);
    }
}
