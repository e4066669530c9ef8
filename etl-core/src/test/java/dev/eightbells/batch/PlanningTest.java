package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Layout;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanningTest {
    private static final String DEFINITION = "version: 1\npipeline: web-events\n";

    private final MemoryObjectStore source = new MemoryObjectStore();
    private final MemoryObjectStore lake = new MemoryObjectStore();
    private final ManualClock clock = new ManualClock("2026-11-22T08:20:00Z");
    private TestPipeline pipeline = TestPipeline.FIREHOSE;

    @Test
    void previewsWithoutTouchingALakeThatIsNotThere() {
        put("2026/11/22/07/a");

        Plan plan = planning().preview(clock.instant(), null);

        assertThat(plan.sentence()).startsWith("Batch 20261122T0800Z ").contains("takes 1 object (");
        assertThat(lake.list("", "")).isEmpty();
    }

    @Test
    void writesNothingWhenNothingIsNew() {
        assertThat(claim()).isEmpty();
        assertThat(lake.list("", "")).isEmpty();
    }

    @Test
    void claimsABatchWithIdentityDefinitionAndManifest() {
        put("2026/11/22/07/a");

        Manifest manifest = claim().orElseThrow();

        assertThat(lake.list("", ""))
                .extracting(StoredObject::key)
                .containsExactly(
                        LakeLayout.definition(manifest.definition()), "eightbells.json", "manifests/00000001.json.gz");
        assertThat(ledger().manifest(1)).contains(manifest);
        assertThat(ledger().definition(manifest.definition())).isEqualTo(DEFINITION);
    }

    @Test
    void takesNothingTwiceWhenAFiringArrivesTwice() {
        put("2026/11/22/07/a");

        assertThat(claim()).isPresent();
        assertThat(claim()).isEmpty();
        assertThat(ledger().newestNumber()).isEqualTo(1);
    }

    @Test
    void leavesFoldersThatBeginWhenTheWindowEnds() {
        put("2026/11/22/07/in", "2026/11/22/08/out", "2026/11/23/00/out", "errors/2026/11/22/07/out");

        assertThat(keys(claim())).containsExactly("2026/11/22/07/in");
    }

    @Test
    void takesALateObjectWithTheNextWindow() {
        put("2026/11/22/07/a");
        claim();
        put("2026/11/22/07/late", "2026/11/22/08/b");
        clock.set("2026-11-22T12:20:00Z");

        Manifest next = claim().orElseThrow();

        assertThat(next.batch()).hasToString("20261122T1200Z");
        assertThat(next.objects())
                .extracting(ManifestObject::key)
                .containsExactly("2026/11/22/07/late", "2026/11/22/08/b");
    }

    @Test
    void takesALateObjectWithAnotherBatchOfTheSameWindow() {
        put("2026/11/22/07/a");
        claim();
        put("2026/11/22/07/late");

        assertThat(claim().orElseThrow().batch()).hasToString("20261122T0800Z-2");
    }

    @Test
    void takesEverythingAfterAnOutageLongerThanTheLookback() {
        put("2026/11/22/07/a");
        claim();
        List<String> missed = new ArrayList<>();
        Instant first = Instant.parse("2026-11-22T08:00:00Z");
        for (int hour = 0; hour < 70; hour++) {
            missed.add(Layout.FIREHOSE.folder(first.plus(Duration.ofHours(hour))) + "x");
        }
        missed.add(0, "2026/11/20/08/late");
        put(missed.toArray(String[]::new));
        clock.advance(Duration.ofDays(3));

        Manifest manifest = claim().orElseThrow();

        assertThat(manifest.objects()).extracting(ManifestObject::key).containsExactlyElementsOf(missed);
        assertThat(manifest.batch()).hasToString("20261125T0800Z");
    }

    @Test
    void goesOnWithTheSameWindowWhileObjectsAreLeftOver() {
        this.pipeline = pipeline.cappedAt(2);
        put("2026/11/22/05/a", "2026/11/22/06/b", "2026/11/22/07/c");

        Manifest first = claim().orElseThrow();
        Manifest second = claim().orElseThrow();

        assertThat(first.left().objects()).isEqualTo(1);
        assertThat(second.batch()).hasToString("20261122T0800Z-2");
        assertThat(second.left().objects()).isZero();
        assertThat(claim()).isEmpty();
    }

    @Test
    void doesNotForgetWhatWasLeftOverBeforeTheNextListingsLookback() {
        this.pipeline = pipeline.cappedAt(1);
        put("2020/01/01/00/a", "2021/01/01/00/b", "2026/11/22/07/c");

        assertThat(keys(claim())).containsExactly("2020/01/01/00/a");
        clock.set("2026-11-29T08:20:00Z");
        put("2026/11/29/07/d");

        assertThat(keys(claim())).containsExactly("2021/01/01/00/b");
        assertThat(keys(claim())).containsExactly("2026/11/22/07/c");
        assertThat(keys(claim())).containsExactly("2026/11/29/07/d");
        assertThat(claim()).isEmpty();
    }

    @Test
    void plansAnOlderWindowWithoutLosingWhatWasLeftOverBeyondIt() {
        this.pipeline = pipeline.cappedAt(1);
        put("2026/10/01/00/a", "2026/10/01/00/b", "2026/10/10/00/c");
        claim();
        Manifest older =
                planning().claim(Instant.parse("2026-10-05T00:00:00Z"), null).orElseThrow();

        assertThat(older.batch()).hasToString("20261005T0000Z");
        assertThat(older.objects()).extracting(ManifestObject::key).containsExactly("2026/10/01/00/b");
        assertThat(keys(claim())).containsExactly("2026/10/10/00/c");
    }

    @Test
    void reachesBackForABackfillAndThenGoesOnAsUsual() {
        this.pipeline = pipeline.from("2026-11-22T00:00:00Z");
        put("2025/01/01/00/old", "2026/11/22/07/a");
        assertThat(keys(claim())).containsExactly("2026/11/22/07/a");
        clock.set("2026-11-22T12:20:00Z");
        assertThat(claim()).isEmpty();

        Optional<Manifest> backfill = planning().claim(clock.instant(), Instant.parse("2025-01-01T00:00:00Z"));

        assertThat(keys(backfill)).containsExactly("2025/01/01/00/old");
        put("2025/01/01/00/older");
        assertThat(claim()).isEmpty();
    }

    @Test
    void doesNotCreepBackBeforeTheFirstBackfill() {
        put("2026/11/21/23/before", "2026/11/22/07/a");

        assertThat(keys(planning().claim(clock.instant(), Instant.parse("2026-11-22T00:00:00Z"))))
                .containsExactly("2026/11/22/07/a");
        assertThat(claim()).isEmpty();
    }

    @Test
    void plansTheObjectsOfAReturnedBatchAgainHoweverOldTheyAre() {
        put("2026/11/22/07/a");
        Manifest first = claim().orElseThrow();
        clock.advance(Duration.ofDays(30));
        put("2026/12/22/07/b");
        claim();
        ledger().markers(first.batch()).write(Abandoned.returning(first, clock.instant(), "wrong types"));

        assertThat(keys(claim())).containsExactly("2026/11/22/07/a");
        assertThat(claim()).isEmpty();
        assertThat(lake.find("batches/20261122T0800Z/replanned.json")).isPresent();
        put("2026/11/22/07/too-late");
        assertThat(claim()).isEmpty();
    }

    @Test
    void leavesTheObjectsOfABatchThatWasAbandonedForGood() {
        put("2026/11/22/07/a");
        Manifest first = claim().orElseThrow();
        ledger().markers(first.batch()).write(Abandoned.of(first, clock.instant(), "rubbish"));

        assertThat(claim()).isEmpty();
    }

    @Test
    void takesTheWinnersObjectsOutWhenItLosesANumber() {
        put("2026/11/22/07/a", "2026/11/22/07/b");
        Planning slow = planning();
        Planning.Facts seenEarly = slow.gather(slow.window(clock.instant()), null);
        this.pipeline = pipeline.cappedAt(1);
        assertThat(keys(claim())).containsExactly("2026/11/22/07/a");

        Manifest second = slow.claim(seenEarly).orElseThrow();

        assertThat(second.number()).isEqualTo(2);
        assertThat(second.batch()).hasToString("20261122T0800Z-2");
        assertThat(second.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/07/b");
    }

    @Test
    void isIdleWhenTheWinnerTookEverything() {
        put("2026/11/22/07/a");
        Planning slow = planning();
        Planning.Facts seenEarly = slow.gather(slow.window(clock.instant()), null);
        claim();

        assertThat(slow.claim(seenEarly)).isEmpty();
        assertThat(ledger().newestNumber()).isEqualTo(1);
    }

    @Test
    void listsAgainWhenTheWinnerLeftOverWhatItsListingDoesNotCover() {
        put("2026/11/22/07/a");
        claim();
        put("2020/01/01/00/old", "2020/01/01/00/old-too", "2026/11/22/07/b");
        Planning slow = planning();
        Planning.Facts narrow = slow.gather(slow.window(clock.instant()), null);
        this.pipeline = pipeline.cappedAt(1);
        planning().claim(clock.instant(), Instant.parse("2020-01-01T00:00:00Z"));

        assertThat(keys(slow.claim(narrow))).containsExactly("2020/01/01/00/old-too", "2026/11/22/07/b");
    }

    @Test
    void finishesAPlanThatWasCutOffBeforeItsManifest() {
        put("2026/11/22/07/a");
        ledger().own();
        ledger().freeze(DEFINITION);

        assertThat(keys(claim())).containsExactly("2026/11/22/07/a");
        assertThat(ledger().newestNumber()).isEqualTo(1);
    }

    @Test
    void findsABatchThatWasCutOffAfterItsManifest() {
        put("2026/11/22/07/a");
        Manifest manifest = claim().orElseThrow();

        assertThat(claim()).isEmpty();
        assertThat(ledger().batches().open(Set.of(Step.CONVERT), sha256 -> Set.of(Step.CONVERT)))
                .extracting(BatchState::manifest)
                .containsExactly(manifest.outline());
    }

    @Test
    void refusesAWindowThatHasNotEnded() {
        assertThatThrownBy(() -> planning().preview(Instant.parse("2030-01-01T00:00:00Z"), null))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot plan at 2030-01-01T00:00:00Z: the window 2029-12-31T20:00:00Z to 2030-01-01T00:00:00Z"
                                + " has not ended (it is 2026-11-22T08:20:00Z). Give an instant that has passed.");
    }

    @Test
    void takesAFlatSourceWhole() {
        this.pipeline = pipeline.with(Layout.FLAT);
        put("b", "a", "2030/x");
        assertThat(keys(claim())).containsExactlyInAnyOrder("2030/x", "a", "b");
        put("c");

        assertThat(keys(claim())).containsExactly("c");
        assertThat(claim()).isEmpty();
    }

    @Test
    void readsOnlyTheManifestsInReach() {
        for (int day = 0; day < 40; day++) {
            put(Layout.FIREHOSE.folder(clock.instant().minus(Duration.ofHours(2))) + "a");
            claim();
            clock.advance(Duration.ofDays(1));
        }
        for (int number = 1; number <= 20; number++) {
            lake.delete(LakeLayout.manifest(number));
        }
        put(Layout.FIREHOSE.folder(clock.instant().minus(Duration.ofHours(2))) + "a");

        assertThat(claim().orElseThrow().number()).isEqualTo(41);
    }

    private Optional<Manifest> claim() {
        return planning().claim(clock.instant(), null);
    }

    private Planning planning() {
        return new Planning(pipeline.pipeline(), DEFINITION, source, ledger(), clock);
    }

    private Ledger ledger() {
        return Ledger.open(lake, pipeline.pipeline());
    }

    private void put(String... keys) {
        for (String key : keys) {
            assertThat(source.create(key, "x".getBytes(StandardCharsets.UTF_8))).isPresent();
        }
    }

    private static List<String> keys(Optional<Manifest> manifest) {
        return manifest.orElseThrow().objects().stream()
                .map(ManifestObject::key)
                .toList();
    }
}
