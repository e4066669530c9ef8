package dev.eightbells.forget;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What forgetting would do.
 *
 * @param found what is to go
 * @param refusal why it cannot be done now; null when it can
 */
public record ForgetPlan(ForgetCounts found, Failure refusal) {

    static ForgetPlan of(ForgetFacts facts) {
        return new ForgetPlan(facts.found(), refusal(facts).orElse(null));
    }

    private static Optional<Failure> refusal(ForgetFacts facts) {
        if (facts.all() > 0 && facts.found().events() == facts.all()) {
            return Optional.of(Failure.input("Cannot forget all " + facts.all()
                    + " rows of the table of events: that is what --where asks for. Name fewer, or drop the table."));
        }
        Optional<Failure> held = held(facts.refs(), facts.stopped());
        if (held.isPresent()) {
            return held;
        }
        if (facts.withoutSessions() != null) {
            return Optional.of(Failure.input("Cannot tell which events are in sessions: none were made of batch "
                    + facts.withoutSessions() + ". Run eightbells sessionize --today for it, and run this again."));
        }
        return facts.open() == null
                ? Optional.empty()
                : Optional.of(busy(facts.open().toString()));
    }

    /**
     * What holds such rows, and will.
     *
     * @param refs branches and tags of others
     * @param stopped batches that have staged such rows
     */
    static Optional<Failure> held(List<String> refs, List<BatchId> stopped) {
        if (!refs.isEmpty()) {
            return Optional.of(Failure.input("Cannot forget while somebody's branches or tags hold old rows: "
                    + String.join(", ", refs) + ". Drop them, and run it again."));
        }
        if (!stopped.isEmpty()) {
            return Optional.of(Failure.data("Cannot forget while batches with such rows are stopped: "
                    + stopped.stream().map(Object::toString).collect(Collectors.joining(", "))
                    + ". Release or abandon them, and run it again."));
        }
        return Optional.empty();
    }

    static Failure busy(String batch) {
        return Failure.conflict("Cannot forget while batch " + batch
                + " is not done. Wait for it, or run or abandon it, and run this again.");
    }
}
