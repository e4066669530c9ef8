package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.batch.BatchState.State;
import dev.eightbells.batch.Submissions.Held;
import dev.eightbells.batch.Submissions.Order;
import dev.eightbells.store.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubmissionsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:20:00Z");
    private static final Set<Step> STEPS = EnumSet.of(Step.CONVERT, Step.LOAD);

    private final MemoryObjectStore lake =
            new MemoryObjectStore(TestPipeline.FIREHOSE.lake(), new ManualClock("2026-11-22T08:20:00Z"));
    private final MemoryObjectStore source = new MemoryObjectStore();
    private Ledger ledger;
    private Manifest manifest;
    private Submissions submissions;

    @BeforeEach
    void plan() {
        source.create("2026/11/22/05/a", "{}".getBytes(StandardCharsets.UTF_8));
        this.ledger = Ledger.open(lake, TestPipeline.FIREHOSE.pipeline());
        this.manifest = new Planning(
                        TestPipeline.FIREHOSE.pipeline(),
                        "version: 1",
                        source,
                        ledger,
                        new ManualClock("2026-11-22T08:20:00Z"))
                .claim(NOW, null)
                .orElseThrow();
        this.submissions = ledger.submissions(manifest.batch());
    }

    @Test
    void oneOfTwoClaimsWins() {
        assertThat(claim()).isPresent();
        assertThat(claim()).isEmpty();
    }

    @Test
    void aClaimSaysUntilWhenItMaySend() {
        Submission claim = claim().orElseThrow().submission();

        assertThat(claim.sendBy()).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
        assertThat(claim.isSent()).isFalse();
        assertThat(claim.isRefused()).isFalse();
        assertThat(claim.steps()).containsExactly(Step.CONVERT, Step.LOAD);
    }

    @Test
    void whatWasWrittenIsRead() {
        Held sent =
                submissions.sent(claim().orElseThrow(), List.of("s-1", "s-2")).orElseThrow();
        Held ended = submissions
                .ended(sent, NOW, Failure.Kind.TRANSIENT, "A disk is full.")
                .orElseThrow();

        assertThat(submissions.find(1)).contains(ended);
        assertThat(ended.submission().job()).containsExactly("s-1", "s-2");
        assertThat(ended.submission().isRefused()).isFalse();
    }

    @Test
    void whoComesLateChangesNothing() {
        Held claim = claim().orElseThrow();
        Held taken = submissions.takeOver(claim, "j-2", NOW.plusSeconds(180)).orElseThrow();

        assertThat(submissions.sent(claim, List.of("s-1"))).isEmpty();
        assertThat(submissions.takeOver(claim, "j-1", NOW)).isEmpty();
        assertThat(submissions.find(1)).contains(taken);
        assertThat(taken.submission().token()).isNotEqualTo(claim.submission().token());
        assertThat(taken.submission().claimed()).isEqualTo(NOW);
        assertThat(taken.submission().sendBy()).isEqualTo(NOW.plusSeconds(240));
        assertThat(taken.submission().steps()).isEqualTo(claim.submission().steps());
        assertThat(taken.submission().definition()).isEqualTo("5a1e");
    }

    @Test
    void aRefusalIsForgottenByWhoTakesItOver() {
        Held refused = submissions
                .ended(claim().orElseThrow(), NOW, Failure.Kind.INPUT, "Access denied.")
                .orElseThrow();
        assertThat(refused.submission().isRefused()).isTrue();

        Held taken = submissions
                .renew(refused, new Order(EnumSet.of(Step.CONVERT), "70da", "emr-steps", "j-3"), NOW)
                .orElseThrow();

        assertThat(taken.submission().isRefused()).isFalse();
        assertThat(taken.submission().steps()).containsExactly(Step.CONVERT);
        assertThat(taken.submission().definition()).isEqualTo("70da");
        assertThat(taken.submission().place()).isEqualTo("j-3");
    }

    @Test
    void aSubmittedBatchIsStillOnlyPlannedUntilSomebodyWorksOnIt() {
        claim();

        BatchState state = ledger.batches().all().get(0);

        assertThat(state.state()).isEqualTo(State.PLANNED);
        assertThat(state.submissions()).isEqualTo(1);
        assertThat(ledger.state(manifest)).isEqualTo(state);
    }

    private Optional<Held> claim() {
        return submissions.claim(manifest, 1, 1, new Order(STEPS, "5a1e", "emr-steps", "j-1"), NOW);
    }
}
