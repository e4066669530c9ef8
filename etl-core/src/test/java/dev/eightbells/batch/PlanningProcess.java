package dev.eightbells.batch;

import dev.eightbells.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Plans one window of many lakes together with others: its arguments are the folder, how many lakes, and the instant. */
final class PlanningProcess {
    private static final TestPipeline PIPELINE = TestPipeline.FIREHOSE.cappedAt(10);

    private PlanningProcess() {}

    public static void main(String[] arguments) {
        for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
            planAll(
                    PlanningRaceTest.source(Path.of(arguments[0]), round),
                    PlanningRaceTest.lake(Path.of(arguments[0]), round),
                    Instant.parse(arguments[2]));
        }
    }

    static void planAll(ObjectStore source, ObjectStore lake, Instant at) {
        Ledger ledger = Ledger.open(lake, PIPELINE.pipeline());
        Planning planning =
                new Planning(PIPELINE.pipeline(), "version: 1\n", source, ledger, Clock.fixed(at, ZoneOffset.UTC));
        while (planning.claim(at, null).isPresent()) {
            Thread.onSpinWait();
        }
    }
}
