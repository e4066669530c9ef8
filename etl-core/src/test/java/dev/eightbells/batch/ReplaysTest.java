package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.batch.Manifest.ReplayedRecord;
import dev.eightbells.batch.Replays.Rejected;
import dev.eightbells.store.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplaysTest {
    private static final String DEFINITION = "version: 1\npipeline: web-events\n";
    private static final String A = "2026/11/22/06/a";
    private static final String B = "2026/11/22/07/b";
    private static final List<Rejected> THREE =
            List.of(new Rejected(B, 0, 9), new Rejected(A, 70, 0), new Rejected(A, 8, 5));

    private final MemoryObjectStore source = new MemoryObjectStore();
    private final MemoryObjectStore lake = new MemoryObjectStore();
    private final ManualClock clock = new ManualClock("2026-11-22T08:20:00Z");
    private final TestPipeline pipeline = TestPipeline.FIREHOSE;
    private Manifest original;

    @BeforeEach
    void publishABatch() {
        put(A, B, "2026/11/22/07/without-bad-records");
        this.original = plan().orElseThrow();
        publish(original);
    }

    @Test
    void takesRecordsByTheirIdentityAndTheObjectsThatHoldThem() {
        Manifest replay = claimed(THREE);

        assertThat(replay.number()).isEqualTo(2);
        assertThat(replay.batch()).hasToString("20261122T0800Z-r1");
        assertThat(replay.definition()).isEqualTo(Ledger.sha256(DEFINITION));
        assertThat(replay.replayOf()).isEqualTo(original.batch());
        assertThat(replay.listed()).isNull();
        assertThat(replay.reached()).isEqualTo(original.reached());
        assertThat(replay.objects())
                .isEqualTo(original.objects().subList(0, 2))
                .extracting(ManifestObject::key)
                .containsExactly(A, B);
        assertThat(replay.records())
                .containsExactly(
                        new ReplayedRecord(A, etag(A), 8, 5),
                        new ReplayedRecord(A, etag(A), 70, 0),
                        new ReplayedRecord(B, etag(B), 0, 9));
        assertThat(ledger().manifest(2)).contains(replay);
        assertThat(ledger().definition(replay.definition())).isEqualTo(DEFINITION);
    }

    @Test
    void isAnOpenBatchUntilItIsFinished() {
        Manifest replay = claimed(THREE);

        assertThat(open()).containsExactly(replay.batch());
        publish(replay);
        assertThat(open()).isEmpty();
    }

    @Test
    void leavesOutWhatLiesInAnOpenReplay() {
        claimed(List.of(THREE.get(0)));

        ReplayPlan second = claim(THREE);

        assertThat(second.sentence())
                .isEqualTo("Batch 20261122T0800Z-r2 replays 2 of 3 records in the quarantine of batch 20261122T0800Z;"
                        + " 1 lies in 20261122T0800Z-r1, which is open.");
        assertThat(claim(THREE).sentence())
                .isEqualTo("Nothing to replay of batch 20261122T0800Z: of 3 records in its quarantine 1 lies in"
                        + " 20261122T0800Z-r1, which is open; 2 lie in 20261122T0800Z-r2, which is open."
                        + " Finish what is open with eightbells run, or abandon it.");
        assertThat(ledger().newestNumber()).isEqualTo(3);
    }

    @Test
    void leavesOutWhatAPublishedReplayHas() {
        publish(claimed(THREE));

        assertThat(claim(THREE).sentence())
                .isEqualTo("Nothing to replay of batch 20261122T0800Z: of 3 records in its quarantine 3 were replayed"
                        + " and published before.");
    }

    @Test
    void takesTheRecordsOfAnAbandonedReplayAgain() {
        Manifest first = claimed(THREE);
        ledger().markers(first.batch()).write(Abandoned.of(first, clock.instant(), "still wrong"));

        Manifest second = claimed(THREE);

        assertThat(second.batch()).hasToString("20261122T0800Z-r2");
        assertThat(second.records()).isEqualTo(first.records());
    }

    @Test
    void replaysAReplay() {
        Manifest first = claimed(THREE);
        publish(first);

        Manifest again = ((ReplayPlan.NewBatch)
                        replays().claim(state(first.batch()), hears -> hears.accept(new Rejected(A, 8, 5)), () -> {}))
                .manifest();

        assertThat(again.batch()).hasToString("20261122T0800Z-r2");
        assertThat(again.replayOf()).isEqualTo(first.batch());
        assertThat(again.objects()).extracting(ManifestObject::key).containsExactly(A);
    }

    @Test
    void countsTheReplaysOfAllBatchesOfAWindow() {
        put("2026/11/22/07/late");
        Manifest late = plan().orElseThrow();
        publish(late);
        assertThat(claimed(THREE).batch()).hasToString("20261122T0800Z-r1");

        ReplayPlan ofTheLate = replays()
                .claim(state(late.batch()), hears -> hears.accept(new Rejected("2026/11/22/07/late", 0, 1)), () -> {});

        assertThat(late.batch()).hasToString("20261122T0800Z-2");
        assertThat(ofTheLate.sentence())
                .isEqualTo("Batch 20261122T0800Z-r2 replays 1 of 1 record in the quarantine of batch"
                        + " 20261122T0800Z-2.");
    }

    @Test
    void leavesWhatIsMoreThanAManifestHoldsForAnother() {
        Replays two = new Replays(pipeline.pipeline(), DEFINITION, ledger(), 2);

        ReplayPlan first = two.claim(state(original.batch()), THREE::forEach, () -> {});

        assertThat(first.sentence())
                .isEqualTo("Batch 20261122T0800Z-r1 replays 2 of 3 records in the quarantine of batch 20261122T0800Z;"
                        + " 1 is left for another replay.");
        assertThat(((ReplayPlan.NewBatch) first).manifest().objects())
                .extracting(ManifestObject::key)
                .containsExactly(A);
        assertThat(claimed(THREE).records()).containsExactly(new ReplayedRecord(B, etag(B), 0, 9));
    }

    @Test
    void saysWhenThereIsNoSuchRecord() {
        assertThat(claim(List.of()).sentence())
                .isEqualTo("Nothing to replay of batch 20261122T0800Z: there is no such record in its quarantine.");
        assertThat(ledger().newestNumber()).isEqualTo(1);
    }

    @Test
    void twoReplaysOfTheSameRecordsGiveOneBatch() {
        Replays.Facts seenEarly = replays().gather(original, THREE::forEach);
        claimed(List.of(THREE.get(1)));

        ReplayPlan loser = replays().claim(seenEarly, () -> {});

        assertThat(loser.sentence())
                .isEqualTo("Batch 20261122T0800Z-r2 replays 2 of 3 records in the quarantine of batch 20261122T0800Z;"
                        + " 1 lies in 20261122T0800Z-r1, which is open.");
        assertThat(((ReplayPlan.NewBatch) loser).manifest().number()).isEqualTo(3);
        assertThat(replays().claim(seenEarly, () -> {})).isInstanceOf(ReplayPlan.Nothing.class);
        assertThat(ledger().newestNumber()).isEqualTo(3);
    }

    @Test
    void aReplayThatLosesItsRecordsTakesThoseThatItHadLeft() {
        Replays two = new Replays(pipeline.pipeline(), DEFINITION, ledger(), 2);
        Replays.Facts seenEarly = two.gather(original, THREE::forEach);
        two.claim(seenEarly, () -> {});

        ReplayPlan loser = two.claim(seenEarly, () -> {});

        assertThat(((ReplayPlan.NewBatch) loser).manifest().records())
                .containsExactly(new ReplayedRecord(B, etag(B), 0, 9));
    }

    @Test
    void keepsOfOtherBatchesWhatAPlanNeeds() {
        claimed(THREE);
        put("2026/11/22/07/late");
        assertThat(plan()).isPresent();

        Replays.Facts facts = replays().gather(original, THREE::forEach);

        assertThat(facts.batches())
                .extracting(batch -> batch.manifest().objects().size())
                .containsExactly(0, 2, 0);
        assertThat(facts.batches().get(1).manifest().records()).hasSize(3);
        assertThat(facts.batches().get(0).manifest().reached()).isEqualTo(original.reached());
    }

    @Test
    void aReplayThatLosesItsNumberToAPlanTakesTheNext() {
        Replays.Facts seenEarly = replays().gather(original, THREE::forEach);
        put("2026/11/22/07/late");
        Manifest winner = plan().orElseThrow();

        Manifest replay = ((ReplayPlan.NewBatch) replays().claim(seenEarly, () -> {})).manifest();

        assertThat(winner.number()).isEqualTo(2);
        assertThat(replay.number()).isEqualTo(3);
        assertThat(replay.batch()).hasToString("20261122T0800Z-r1");
    }

    @Test
    void aPlanThatLosesItsNumberToAReplayTakesTheNext() {
        put("2026/11/22/07/late");
        Planning slow = planning();
        Planning.Facts seenEarly = slow.gather(slow.window(clock.instant()), null);
        claimed(THREE);

        Manifest plan = slow.claim(seenEarly).orElseThrow();

        assertThat(plan.number()).isEqualTo(3);
        assertThat(plan.batch()).hasToString("20261122T0800Z-2");
        assertThat(plan.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/07/late");
    }

    @Test
    void aReplayDoesNotMoveTheListings() {
        clock.advance(Duration.ofDays(20));
        put("2026/12/12/07/b");
        publish(plan().orElseThrow());
        Bounds before = planning().preview(clock.instant(), null).listed();
        claimed(THREE);
        Manifest second = claimed(List.of(new Rejected(B, 1, 1)));

        assertThat(planning().preview(clock.instant(), null).listed()).isEqualTo(before);
        put("2026/12/12/07/late");
        Manifest next = plan().orElseThrow();
        assertThat(next.batch()).hasToString("20261212T0800Z-2");
        assertThat(next.number()).isEqualTo(second.number() + 1);
        assertThat(next.reached()).isEqualTo("2026-12-12T08:00:00Z");
    }

    @Test
    void aPlannerLooksPastReplaysForTheNewestListing() {
        claimed(THREE);
        put("2026/11/22/07/late");
        TestPipeline later = pipeline.from("2026-11-22T12:00:00Z");
        clock.set("2026-11-22T16:20:00Z");

        Manifest next = new Planning(later.pipeline(), DEFINITION, source, ledger(), clock)
                .claim(clock.instant(), null)
                .orElseThrow();

        assertThat(next.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/07/late");
    }

    @Test
    void aReplayPassesOnWhatWasLeftOver() {
        TestPipeline capped = pipeline.cappedAt(1);
        put("2020/01/01/00/old", "2020/01/01/00/old-too");
        Planning planning = new Planning(capped.pipeline(), DEFINITION, source, ledger(), clock);
        planning.claim(clock.instant(), Instant.parse("2020-01-01T00:00:00Z"));
        claimed(THREE);

        assertThat(plan().orElseThrow().objects())
                .extracting(ManifestObject::key)
                .containsExactly("2020/01/01/00/old-too");
    }

    @Test
    void returningAReplayFreesNoObject() {
        Manifest replay = claimed(THREE);
        ledger().markers(replay.batch()).write(Abandoned.returning(replay, clock.instant(), "no"));

        assertThat(plan()).isEmpty();
        assertThat(lake.find("batches/20261122T0800Z-r1/replanned.json")).isEmpty();
        assertThat(claimed(THREE).records()).isEqualTo(replay.records());
    }

    @Test
    void refusesBatchesThatAreNotPublished() {
        put("2026/11/22/07/late");
        Manifest late = plan().orElseThrow();
        assertRefused(
                late.batch(),
                "Cannot replay batch 20261122T0800Z-2: it is not published yet. Finish it with eightbells run.");
        Markers markers = ledger().markers(late.batch());
        markers.write(new Stopped(1, "web-events", late.batch(), 2, 1, clock.instant(), Step.CONVERT, "No.", null));
        assertRefused(
                late.batch(),
                "Cannot replay batch 20261122T0800Z-2: it is stopped, and waits for a decision."
                        + " Decide on it with eightbells release or eightbells abandon.");
        markers.write(Abandoned.of(late, clock.instant(), "no"));
        assertRefused(
                late.batch(),
                "Cannot replay batch 20261122T0800Z-2: it was abandoned, and nothing of it is published."
                        + " If its objects were returned, replay the newer batch that has them.");
        Manifest replay = claimed(THREE);
        ledger().markers(replay.batch()).write(Abandoned.of(replay, clock.instant(), "no"));
        assertRefused(
                replay.batch(),
                "Cannot replay batch 20261122T0800Z-r1: it was abandoned, and nothing of it is published."
                        + " Replay batch 20261122T0800Z, which has its records again.");
    }

    @Test
    void refusesAQuarantineOfOtherObjects() {
        assertThatThrownBy(() -> claim(List.of(new Rejected("elsewhere", 0, 1))))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot replay batch 20261122T0800Z: its quarantine names the object elsewhere, which is not"
                                + " in its manifest. Restore what lies in quarantine/20261122T0800Z/; nothing but Eightbells may"
                                + " write there.")
                .extracting(failure -> ((Failure) failure).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }

    private void assertRefused(BatchId batch, String sentence) {
        assertThatThrownBy(() -> replays().claim(state(batch), THREE::forEach, () -> {}))
                .isInstanceOf(Failure.class)
                .hasMessage(sentence)
                .extracting(failure -> ((Failure) failure).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }

    private ReplayPlan claim(List<Rejected> quarantined) {
        return replays().claim(state(original.batch()), quarantined::forEach, () -> {});
    }

    private Manifest claimed(List<Rejected> quarantined) {
        return ((ReplayPlan.NewBatch) claim(quarantined)).manifest();
    }

    private Replays replays() {
        return new Replays(pipeline.pipeline(), DEFINITION, ledger());
    }

    private BatchState state(BatchId batch) {
        return ledger().batches().find(batch).orElseThrow();
    }

    private List<BatchId> open() {
        return ledger().batches().open(Set.of(Step.CONVERT), sha256 -> Set.of(Step.CONVERT)).stream()
                .map(BatchState::batch)
                .toList();
    }

    private Optional<Manifest> plan() {
        return planning().claim(clock.instant(), null);
    }

    private Planning planning() {
        return new Planning(pipeline.pipeline(), DEFINITION, source, ledger(), clock);
    }

    private Ledger ledger() {
        return Ledger.open(lake, pipeline.pipeline());
    }

    private void publish(Manifest manifest) {
        ledger().markers(manifest.batch())
                .write(new Published(
                        1,
                        manifest.pipeline(),
                        manifest.batch(),
                        manifest.number(),
                        1,
                        clock.instant(),
                        42,
                        null,
                        Marker.Records.published(3, 0, 0, 3),
                        List.of()));
    }

    private String etag(String key) {
        return source.find(key).orElseThrow().etag();
    }

    private void put(String... keys) {
        for (String key : keys) {
            assertThat(source.create(key, "x".getBytes(StandardCharsets.UTF_8))).isPresent();
        }
    }
}
