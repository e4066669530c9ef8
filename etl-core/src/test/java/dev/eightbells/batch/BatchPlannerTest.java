package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.Layout;
import dev.eightbells.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchPlannerTest {
    private static final Instant STORED = Instant.parse("2026-11-22T07:30:00Z");

    @Test
    void takesEverythingWhenNothingWasPlanned() {
        Manifest manifest = planned(
                TestPipeline.FIREHOSE, History.NONE, object("2026/11/22/03/a", 10), object("2026/11/22/07/b", 20));

        assertThat(manifest.number()).isEqualTo(1);
        assertThat(manifest.batch()).hasToString("20261122T0800Z");
        assertThat(manifest.pipeline()).isEqualTo("web-events");
        assertThat(manifest.definition()).isEqualTo("abc");
        assertThat(manifest.objects())
                .extracting(ManifestObject::key)
                .containsExactly("2026/11/22/03/a", "2026/11/22/07/b");
        assertThat(manifest.listed()).isEqualTo(bounds(null, "2026-11-22T08:00:00Z"));
        assertThat(manifest.reached()).isEqualTo("2026-11-22T08:00:00Z");
        assertThat(manifest.unfinished()).isNull();
        assertThat(manifest.left()).isEqualTo(Manifest.Left.NOTHING);
    }

    @Test
    void plansNothingWhenNothingIsNew() {
        StoredObject known = object("2026/11/22/03/a", 10);
        History history = history(planned(TestPipeline.FIREHOSE, History.NONE, known));

        Plan plan = plan(TestPipeline.FIREHOSE, history, known);

        assertThat(plan).isInstanceOf(Plan.Idle.class);
        assertThat(plan.counts()).isEqualTo(new Plan.Counts(1, 1, 0, 0, 0));
        assertThat(plan.sentence())
                .isEqualTo(
                        "Nothing new for the window 2026-11-22T04:00:00Z to 2026-11-22T08:00:00Z: of 1 object listed,"
                                + " 1 planned already and 0 ignored.");
    }

    @Test
    void takesAnObjectAgainWhenItsTagChanged() {
        History history = history(planned(TestPipeline.FIREHOSE, History.NONE, object("2026/11/22/03/a", 10)));

        Manifest second =
                planned(TestPipeline.FIREHOSE, history, new StoredObject("2026/11/22/03/a", "another", 10, STORED));

        assertThat(second.batch()).hasToString("20261122T0800Z-2");
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.objects()).extracting(ManifestObject::etag).containsExactly("another");
    }

    @Test
    void takesAnObjectWithAnOldTimeWhenNoManifestHasIt() {
        History history = history(planned(TestPipeline.FIREHOSE, History.NONE, object("2026/11/22/03/a", 10)));

        Manifest second = planned(
                TestPipeline.FIREHOSE,
                history,
                new StoredObject("2026/11/22/02/late", "tag", 10, Instant.parse("2001-01-01T00:00:00Z")));

        assertThat(second.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/02/late");
    }

    @Test
    void countsAndLeavesWhatIsNoObjectToRead() {
        Plan plan = plan(
                TestPipeline.FIREHOSE,
                History.NONE,
                object("2026/11/22/03/", 0),
                object("2026/11/22/03/.hidden", 5),
                object("2026/11/22/03/_SUCCESS", 5),
                object("2026/11/22/03/_", 0),
                object("2026/11/22/03/empty", 0),
                object("2026/11/22/_03/read", 5));

        assertThat(plan.counts()).isEqualTo(new Plan.Counts(6, 0, 3, 1, 1));
        Manifest manifest = ((Plan.NewBatch) plan).manifest();
        assertThat(manifest.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/_03/read");
        assertThat(manifest.ignored()).isEqualTo(5);
    }

    @Test
    void takesTheOldestFoldersFirstUpToMaxBytes() {
        TestPipeline capped = TestPipeline.FIREHOSE.cappedAt(30);
        StoredObject[] listing = {
            object("2026/11/22/01/a", 10), object("2026/11/22/02/b", 20), object("2026/11/22/03/c", 1)
        };

        Manifest first = planned(capped, History.NONE, listing);
        Manifest second = planned(capped, history(first), listing);

        assertThat(first.bytes()).isEqualTo(30);
        assertThat(first.left()).isEqualTo(new Manifest.Left(1, 1));
        assertThat(first.unfinished()).isEqualTo(bounds(null, "2026-11-22T08:00:00Z"));
        assertThat(second.batch()).hasToString("20261122T0800Z-2");
        assertThat(second.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/03/c");
        assertThat(second.unfinished()).isNull();
    }

    @Test
    void neverOvertakesAnObjectThatDoesNotFit() {
        Manifest manifest = planned(
                TestPipeline.FIREHOSE.cappedAt(15),
                History.NONE,
                object("2026/11/22/01/a", 10),
                object("2026/11/22/02/b", 10),
                object("2026/11/22/03/c", 5));

        assertThat(manifest.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/01/a");
        assertThat(manifest.left()).isEqualTo(new Manifest.Left(2, 15));
    }

    @Test
    void takesOneObjectThatIsLargerThanMaxBytes() {
        Manifest manifest = planned(
                TestPipeline.FIREHOSE.cappedAt(5),
                History.NONE,
                object("2026/11/22/01/a", 10),
                object("2026/11/22/02/b", 1));

        assertThat(manifest.objects()).extracting(ManifestObject::key).containsExactly("2026/11/22/01/a");
    }

    @Test
    void addsUpSizesWithoutOverflow() {
        Manifest manifest = planned(
                TestPipeline.FIREHOSE,
                History.NONE,
                object("2026/11/22/01/a", Long.MAX_VALUE - 1),
                object("2026/11/22/02/b", 5));

        assertThat(manifest.objects()).hasSize(1);
        assertThat(manifest.left()).isEqualTo(new Manifest.Left(1, 5));
    }

    @Test
    void takesAFlatSourceInTheOrderInWhichItWasStored() {
        Manifest manifest = planned(
                TestPipeline.FIREHOSE.with(Layout.FLAT).cappedAt(20),
                History.NONE,
                new StoredObject("a", "1", 10, STORED.plusSeconds(2)),
                new StoredObject("b", "1", 10, STORED),
                new StoredObject("c", "1", 10, STORED));

        assertThat(manifest.objects()).extracting(ManifestObject::key).containsExactly("b", "c");
        assertThat(manifest.listed()).isEqualTo(Bounds.EVERYTHING);
        assertThat(manifest.reached()).isNull();
    }

    @Test
    void takesTheObjectsOfAReturnedBatchAgain() {
        StoredObject object = object("2026/11/22/03/a", 10);
        Manifest first = planned(TestPipeline.FIREHOSE, History.NONE, object);
        History returned = History.of(List.of(Outline.of(first)), Set.of(first.batch()), Map.of());

        Manifest second = planned(TestPipeline.FIREHOSE, returned, object);
        Plan third = plan(TestPipeline.FIREHOSE, returned.and(Outline.of(second)), object);

        assertThat(second.objects()).isEqualTo(first.objects());
        assertThat(third).isInstanceOf(Plan.Idle.class);
    }

    @Test
    void beginsAtSourceFromWhenNothingWasPlanned() {
        assertThat(bounds(TestPipeline.FIREHOSE.from("2026-11-20T10:30:00Z"), History.NONE, null))
                .isEqualTo(bounds("2026-11-20T10:00:00Z", "2026-11-22T08:00:00Z"));
    }

    @Test
    void beginsTheLookbackBeforeTheNewestPlannedWindow() {
        History history = history(listed("2026-11-01T00:00:00Z", "2026-11-19T12:00:00Z", 7));

        assertThat(bounds(TestPipeline.FIREHOSE, history, null))
                .isEqualTo(bounds("2026-11-17T12:00:00Z", "2026-11-22T08:00:00Z"));
    }

    @Test
    void beginsBeforeTheNewestWindowAlsoWhenAnOlderOneWasPlannedLast() {
        History history = history(
                listed("2026-11-01T00:00:00Z", "2026-11-18T12:00:00Z", 8),
                listed("2026-11-01T00:00:00Z", "2026-11-21T12:00:00Z", 7));

        assertThat(bounds(TestPipeline.FIREHOSE, history, null).from()).isEqualTo("2026-11-19T12:00:00Z");
    }

    @Test
    void doesNotReachBeforeWhatWasLeftOnPurpose() {
        TestPipeline pipeline = TestPipeline.FIREHOSE.from("2026-11-22T00:00:00Z");
        History history = history(planned(pipeline, History.NONE, object("2026/11/22/03/a", 10)));

        assertThat(bounds(pipeline, history, null).from()).isEqualTo("2026-11-22T00:00:00Z");
    }

    @Test
    void reachesBackWhenTold() {
        History history = history(listed("2026-11-01T00:00:00Z", "2026-11-22T04:00:00Z", 7));

        assertThat(bounds(TestPipeline.FIREHOSE, history, "2020-01-01T00:30:00Z")
                        .from())
                .isEqualTo("2020-01-01T00:00:00Z");
        assertThat(bounds(TestPipeline.FIREHOSE, history, "2026-11-22T04:00:00Z")
                        .from())
                .isEqualTo("2026-11-20T04:00:00Z");
    }

    @Test
    void beginsWhereToldWhenNothingWasPlanned() {
        TestPipeline pipeline = TestPipeline.FIREHOSE.from("2026-01-01T00:00:00Z");

        assertThat(bounds(pipeline, History.NONE, "2026-11-01T00:00:00Z").from())
                .isEqualTo("2026-11-01T00:00:00Z");
        assertThat(bounds(pipeline, History.NONE, "2025-11-01T00:00:00Z").from())
                .isEqualTo("2025-11-01T00:00:00Z");
    }

    @Test
    void roundsDailyFoldersDownAndTakesTheLastOneWhole() {
        TestPipeline daily = TestPipeline.FIREHOSE.with(Layout.parse("year=yyyy/month=MM/day=dd"));
        History history = history(listed("2026-11-01T00:00:00Z", "2026-11-22T04:00:00Z", 7));

        assertThat(bounds(daily, history, null)).isEqualTo(bounds("2026-11-20T00:00:00Z", "2026-11-23T00:00:00Z"));
    }

    @Test
    void goesOnWhereObjectsWereLeftOver() {
        History history = history(new Manifest(
                1,
                7,
                BatchId.parse("20261122T0400Z"),
                "web-events",
                "abc",
                window("2026-11-22T04:00:00Z"),
                bounds("2020-01-01T00:00:00Z", "2026-11-22T04:00:00Z"),
                Instant.parse("2026-11-22T04:00:00Z"),
                bounds("2020-01-01T00:00:00Z", "2026-11-22T04:00:00Z"),
                List.of(),
                new Manifest.Left(1, 1),
                0,
                null,
                null));

        assertThat(bounds(TestPipeline.FIREHOSE, history, null).from()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(planned(TestPipeline.FIREHOSE, history, object("2026/11/22/03/a", 1))
                        .unfinished())
                .isNull();
    }

    @Test
    void remembersWhatWasLeftOverBeyondAnOlderWindow() {
        TestPipeline capped = TestPipeline.FIREHOSE.cappedAt(1);
        Manifest first = planned(
                capped,
                History.NONE,
                object("2026/11/21/01/a", 1),
                object("2026/11/21/01/b", 1),
                object("2026/11/22/07/c", 1));
        BatchPlanner planner = new BatchPlanner(capped.pipeline(), "abc");
        Window older = window("2026-11-21T08:00:00Z");
        Bounds narrow = planner.bounds(older, history(first), null);

        Plan second = planner.plan(
                older, narrow, Offer.of(Stream.of(object("2026/11/21/01/b", 1)), history(first)), history(first));

        assertThat(((Plan.NewBatch) second).manifest().left()).isEqualTo(Manifest.Left.NOTHING);
        assertThat(((Plan.NewBatch) second).manifest().unfinished()).isEqualTo(first.unfinished());
    }

    @Test
    void reachesForTheObjectsOfReturnedBatches() {
        Manifest newest = listed("2026-11-01T00:00:00Z", "2026-11-22T04:00:00Z", 70);
        Bounds owed = bounds("2026-08-01T00:00:00Z", "2026-08-02T00:00:00Z");
        History history =
                History.of(List.of(Outline.of(newest)), Set.of(), Map.of(BatchId.parse("20260802T0000Z"), owed));

        assertThat(bounds(TestPipeline.FIREHOSE, history, null).from()).isEqualTo("2026-08-01T00:00:00Z");
    }

    @Test
    void stopsReadingManifestsOutOfReach() {
        BatchPlanner planner = new BatchPlanner(TestPipeline.FIREHOSE.pipeline(), "abc");
        History later = history(listed("2026-11-19T00:00:00Z", "2026-11-22T04:00:00Z", 70));

        assertThat(planner.mayHoldKeys(listed("2026-11-17T00:00:00Z", "2026-11-20T08:00:00Z", 69), later, null))
                .isTrue();
        assertThat(planner.mayHoldKeys(listed("2026-11-17T00:00:00Z", "2026-11-20T04:00:00Z", 69), later, null))
                .isFalse();
        assertThat(planner.mayHoldKeys(
                        listed("2026-11-17T00:00:00Z", "2026-11-20T04:00:00Z", 69),
                        later,
                        Instant.parse("2026-11-20T03:00:00Z")))
                .isTrue();
    }

    @Test
    void readsAllManifestsOfAFlatSource() {
        BatchPlanner planner =
                new BatchPlanner(TestPipeline.FIREHOSE.with(Layout.FLAT).pipeline(), "abc");

        assertThat(planner.mayHoldKeys(listed(null, "2001-01-01T00:00:00Z", 1), History.NONE, null))
                .isTrue();
    }

    @Test
    void describesABatchInOneSentence() {
        Plan plan = plan(
                TestPipeline.FIREHOSE.cappedAt(1500),
                History.NONE,
                object("2026/11/22/01/a", 1234),
                object("2026/11/22/01/b", 2000));

        assertThat(plan.sentence())
                .isEqualTo(
                        "Batch 20261122T0800Z for the window 2026-11-22T04:00:00Z to 2026-11-22T08:00:00Z takes 1 object"
                                + " (1,234 bytes); 1 object (2,000 bytes) left for the next batch; 0 planned"
                                + " already and 0 ignored.");
    }

    private static Manifest planned(TestPipeline pipeline, History history, StoredObject... listing) {
        return ((Plan.NewBatch) plan(pipeline, history, listing)).manifest();
    }

    private static Plan plan(TestPipeline pipeline, History history, StoredObject... listing) {
        BatchPlanner planner = new BatchPlanner(pipeline.pipeline(), "abc");
        Window window = window("2026-11-22T08:00:00Z");
        return planner.plan(
                window, planner.bounds(window, history, null), Offer.of(Arrays.stream(listing), history), history);
    }

    private static Bounds bounds(TestPipeline pipeline, History history, String from) {
        return new BatchPlanner(pipeline.pipeline(), "abc")
                .bounds(window("2026-11-22T08:00:00Z"), history, from == null ? null : Instant.parse(from));
    }

    private static Bounds bounds(String from, String to) {
        return new Bounds(from == null ? null : Instant.parse(from), Instant.parse(to));
    }

    private static History history(Manifest... manifests) {
        return History.of(Arrays.stream(manifests).map(Outline::of).toList(), Set.of(), Map.of());
    }

    /** A manifest that listed up to the end of its window, which is the furthest so far. */
    private static Manifest listed(String from, String end, int number) {
        return new Manifest(
                1,
                number,
                BatchId.of(window(end)),
                "web-events",
                "abc",
                window(end),
                bounds(from, end),
                Instant.parse(end),
                null,
                List.of(),
                null,
                0,
                null,
                null);
    }

    private static Window window(String end) {
        return Window.newestEndedBy(Instant.parse(end), Duration.ofHours(4));
    }

    private static StoredObject object(String key, long bytes) {
        return new StoredObject(key, "tag-of-" + key, bytes, STORED);
    }
}
