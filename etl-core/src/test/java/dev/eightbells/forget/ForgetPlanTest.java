package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForgetPlanTest {
    private static final BatchId BATCH = BatchId.parse("20260302T0400Z");
    private static final ForgetCounts SOME = new ForgetCounts(3, 1, 0, 0, null);

    private static void assertRefused(ForgetFacts facts, Failure.Kind kind, String sentence) {
        Failure refusal = ForgetPlan.of(facts).refusal();
        assertThat(refusal).hasMessage(sentence);
        assertThat(refusal.kind()).isEqualTo(kind);
    }

    @Test
    void refusesNothingWhenAllBatchesAreDone() {
        assertThat(ForgetPlan.of(new ForgetFacts(SOME, 10, null, null, List.of(), List.of())))
                .isEqualTo(new ForgetPlan(SOME, null));
    }

    @Test
    void refusesToForgetEverything() {
        assertRefused(
                new ForgetFacts(SOME, 3, null, null, List.of(), List.of()),
                Failure.Kind.INPUT,
                "Cannot forget all 3 rows of the table of events: that is what --where asks for. Name fewer, or drop the"
                        + " table.");
    }

    @Test
    void refusesWhileSomethingHoldsOrMayBringSuchRows() {
        assertRefused(
                new ForgetFacts(SOME, 10, BATCH, null, List.of(), List.of()),
                Failure.Kind.CONFLICT,
                "Cannot forget while batch 20260302T0400Z is not done. Wait for it, or run or abandon it, and run this"
                        + " again.");
        assertRefused(
                new ForgetFacts(SOME, 10, null, null, List.of(BATCH), List.of()),
                Failure.Kind.DATA,
                "Cannot forget while batches with such rows are stopped: 20260302T0400Z. Release or abandon them, and run"
                        + " it again.");
        assertRefused(
                new ForgetFacts(SOME, 10, null, BATCH, List.of(), List.of()),
                Failure.Kind.INPUT,
                "Cannot tell which events are in sessions: none were made of batch 20260302T0400Z. Run eightbells"
                        + " sessionize --today for it, and run this again.");
        assertRefused(
                new ForgetFacts(SOME, 10, null, null, List.of(), List.of("audit")),
                Failure.Kind.INPUT,
                "Cannot forget while somebody's branches or tags hold old rows: audit. Drop them, and run it again.");
    }
}
