package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import dev.eightbells.batch.BatchState;
import picocli.CommandLine.Option;

/** The option that names a batch. */
final class BatchOption {
    @Option(names = "--batch", required = true, paramLabel = "ID", description = "The batch, e.g. 20261122T0800Z.")
    private String batch;

    BatchState find(Workplace workplace) {
        return find(workplace, batch);
    }

    /** The batch of this name. */
    static BatchState find(Workplace workplace, String batch) {
        return workplace
                .ledger()
                .batches()
                .find(BatchId.parse(batch))
                .orElseThrow(() -> Failure.input("Cannot find batch " + batch + " in the lake "
                        + workplace.pipeline().lake() + ". Ask eightbells status for the batches there are."));
    }
}
