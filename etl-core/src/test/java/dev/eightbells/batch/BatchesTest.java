package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Set<Step> ALL = Set.of(Step.values());
    private static final Set<Step> CONVERT = Set.of(Step.CONVERT);

    private final ObjectStore lake = new MemoryObjectStore();
    private final Ledger ledger = Ledger.open(lake, TestPipeline.FIREHOSE.pipeline());

    @ParameterizedTest
    @CsvSource({
        "'', PLANNED",
        "attempts/1.json, RUNNING",
        "attempts/1.json convert.json, RUNNING",
        "convert.json published.json, PUBLISHED",
        "convert.json published.json sessionize.json, PUBLISHED",
        "convert.json published.json load.json, LOADED",
        "convert.json stopped.json, STOPPED",
        "convert.json stopped.json validate.json, RUNNING",
        "stopped.json validate.json abandoned.json, ABANDONED",
        "stopped.json abandoned.json, ABANDONED",
        "stopped.json published.json, PUBLISHED",
        "abandoned.json published.json, PUBLISHED",
    })
    void tellsTheStateByTheMarkers(String names, BatchState.State state) {
        plan(1);
        for (String name : names.split(" ", -1)) {
            touch(1, name);
        }

        assertThat(ledger.batches().all()).extracting(BatchState::state).containsExactly(state);
    }

    @Test
    void listsBatchesInTheOrderOfTheirNumbers() {
        for (int number = 1; number <= 12; number++) {
            plan(number);
        }
        touch(3, "attempts/9.json");
        touch(3, "attempts/10.json");
        touch(3, "convert.json");

        assertThat(ledger.batches().size()).isEqualTo(12);
        assertThat(ledger.batches().all())
                .extracting(batch -> batch.manifest().number())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(ledger.batches().newest(2))
                .extracting(batch -> batch.manifest().number())
                .containsExactly(11, 12);
        assertThat(ledger.batches().all().get(2).attempts()).isEqualTo(10);
        assertThat(ledger.batches().all().get(2).finished()).containsExactly(Step.CONVERT);
    }

    @Test
    void opensBatchesThatAreNotDoneOldestFirst() {
        for (int number = 1; number <= 6; number++) {
            plan(number);
        }
        touch(1, "published.json");
        touch(2, "attempts/1.json");
        touch(3, "stopped.json");
        touch(4, "abandoned.json");
        touch(5, "convert.json");

        assertThat(open(CONVERT, CONVERT)).containsExactly(2, 5, 6);
        assertThat(open(ALL, ALL)).containsExactly(1, 2, 5, 6);
    }

    @Test
    void doesNotReopenBatchesWhenThePipelineGrowsOrShrinks() {
        plan(1);
        touch(1, "published.json");

        assertThat(open(ALL, CONVERT)).isEmpty();
        assertThat(open(CONVERT, ALL)).isEmpty();
        assertThat(open(ALL, ALL)).containsExactly(1);
        touch(1, "sessionize.json");
        touch(1, "load.json");
        assertThat(open(ALL, ALL)).isEmpty();
    }

    @Test
    void passesOverFoldersThatAreNoBatches() {
        plan(1);
        assertThat(lake.create("batches/notes/published.json", new byte[0])).isPresent();
        assertThat(lake.create("batches/README", new byte[0])).isPresent();

        assertThat(open(CONVERT, CONVERT)).containsExactly(1);
    }

    @Test
    void readsNoManifestWhenAllBatchesAreDone() {
        for (int number = 1; number <= 3; number++) {
            ledger.own();
            touch(number, "published.json");
            assertThat(lake.create(LakeLayout.manifest(number), new byte[0])).isPresent();
        }

        assertThat(open(CONVERT, CONVERT)).isEmpty();
    }

    @Test
    void findsABatchByItsName() {
        plan(1);
        plan(2);
        ledger.attempts(id(1))
                .claim(
                        ledger.existingManifest(1),
                        LeaseTest.OWNER,
                        LeaseTest.terms(new ManualClock("2026-11-22T12:00:00Z")))
                .close();

        assertThat(ledger.batches().find(id(1)).orElseThrow().manifest().number())
                .isEqualTo(1);
        assertThat(ledger.batches().find(id(2)).orElseThrow().manifest().number())
                .isEqualTo(2);
        assertThat(ledger.batches().find(BatchId.parse("20261122T0800Z-77"))).isEmpty();
    }

    @Test
    void knowsTheStepsOfAPipeline() {
        assertThat(Step.of(TestPipeline.FIREHOSE.pipeline())).containsExactly(Step.CONVERT);
    }

    @Test
    void keepsTheFirstMarkerOfTwo() {
        Manifest manifest = plan(1);
        Markers markers = ledger.markers(manifest.batch());
        Published first = new Published(
                1,
                "web-events",
                manifest.batch(),
                1,
                1,
                NOON,
                42,
                null,
                Marker.Records.published(1, 1, 0, 0),
                List.of());

        assertThat(markers.published()).isEmpty();
        assertThat(markers.write(first)).isEqualTo(first);
        assertThat(markers.write(new Published(
                        1,
                        "web-events",
                        manifest.batch(),
                        1,
                        2,
                        NOON,
                        43,
                        42L,
                        Marker.Records.published(1, 1, 0, 0),
                        List.of())))
                .isEqualTo(first);
        assertThat(markers.published()).contains(first);
    }

    @Test
    void aBatchThatChangesVeryManyDaysSaysSo() {
        assertThat(Marker.Sessions.of(1, 0, 0, 1, 0, 0, 400, 400).note()).isNull();
        assertThat(Marker.Sessions.of(1, 0, 0, 1, 0, 0, 401, 1401).note())
                .isEqualTo("The batch changed sessions on 1,401 days, and each of them was written anew."
                        + " Look whether the times of its events are right.");
    }

    @Test
    void tellsWhatOfABatchIsInTheWarehouse() {
        Manifest manifest = plan(1);
        Marker.LoadedRows events = new Marker.LoadedRows("analytics.web_events", 7, 990);
        try (Lease lease = ledger.attempts(manifest.batch())
                .claim(manifest, Owner.thisProcess(), LeaseTest.terms(new ManualClock("2026-11-22T12:00:00Z")))) {
            Marker.Records records = Marker.Records.published(1000, 990, 4, 6);
            Marker without = Marker.ofLoad(lease.attempt(), NOON, NOON, records, new Marker.Load(events, null));
            assertThat(without.json())
                    .contains("\"step\":\"load\"", "\"records\":{\"read\":1000,\"published\":990,")
                    .contains("\"load\":{\"events\":{\"target\":\"analytics.web_events\",\"snapshot\":7,\"rows\":990}},"
                            + "\"files\":[]")
                    .doesNotContain("sessions");
            Marker with = Marker.ofLoad(
                    lease.attempt(),
                    NOON,
                    NOON,
                    records,
                    new Marker.Load(events, new Marker.LoadedRows("analytics.web_sessions", 8, 120)));
            assertThat(ledger.markers(manifest.batch()).write(with)).isEqualTo(with);
            assertThat(ledger.markers(manifest.batch()).find(Step.LOAD)).contains(with);
        }
    }

    @Test
    void keepsAMarkerAsTheDesignSays() {
        Manifest manifest = plan(1);
        Marker marker = new Marker(
                1,
                "web-events",
                manifest.batch(),
                1,
                Step.CONVERT,
                1,
                NOON,
                NOON.plusMillis(1500),
                3746185722376209749L,
                Marker.Records.converted(1000, 990, 4, 6),
                null,
                null,
                null,
                List.of(new Marker.DataFile("tables/analytics/web_events/data/a.parquet", 123, 990)),
                List.of(new Marker.QuarantineFile("quarantine/20261122T0800Z/1/a.json.gz", 88, 6)),
                List.of(new Marker.DuplicatesFile("duplicates/20261122T0800Z/1/b.json.gz", 77, 3)),
                Map.of("page_url", new Marker.ColumnMeasure(812L, 3)));
        ledger.markers(manifest.batch()).write(marker);

        assertThat(ledger.markers(manifest.batch()).find(Step.CONVERT)).contains(marker);
        assertThat(ledger.markers(manifest.batch()).find(Step.VALIDATE)).isEmpty();
        assertThat(marker.records().balanced()).isTrue();
        assertThat(marker.json())
                .isEqualTo(
                        "{\"version\":1,\"pipeline\":\"web-events\",\"batch\":\"20261122T0800Z\",\"number\":1,"
                                + "\"step\":\"convert\",\"attempt\":1,\"started\":\"2026-11-22T12:00:00Z\","
                                + "\"finished\":\"2026-11-22T12:00:01.500Z\",\"snapshot\":3746185722376209749,"
                                + "\"records\":{\"read\":1000,\"written\":990,\"duplicates\":4,\"quarantined\":6},"
                                + "\"files\":[{\"location\":\"tables/analytics/web_events/data/a.parquet\",\"bytes\":123,"
                                + "\"rows\":990}],\"quarantine\":[{\"location\":\"quarantine/20261122T0800Z/1/a.json.gz\","
                                + "\"bytes\":88,\"records\":6}],\"duplicates\":[{\"location\":"
                                + "\"duplicates/20261122T0800Z/1/b.json.gz\",\"bytes\":77,\"records\":3}],\"columns\":{\"page_url\":{\"maxBytes\":812,\"nulls\":3}}}");
    }

    @Test
    void readsMarkersOfEarlierVersionsThatNoteNoDuplicates() {
        Marker marker = Marker.parse(
                "{\"version\":1,\"pipeline\":\"web-events\",\"batch\":\"20261122T0800Z\",\"number\":1,"
                        + "\"step\":\"validate\",\"attempt\":1,\"quality\":{\"rules\":2,\"passed\":1,\"failed\":1,"
                        + "\"movedRows\":1,\"accepted\":false},\"files\":[],\"quarantine\":[]}",
                "validate.json");
        assertThat(marker.duplicates()).isEmpty();
        assertThat(marker.quality()).isEqualTo(new Marker.Quality(2, 1, 1, 1, 0, false, null));
        assertThat(marker.json()).doesNotContain("uplicates");
    }

    @Test
    void readsMarkersThatLaterVersionsAddedFieldsTo() {
        assertThat(lake.create(
                        "batches/20261122T0800Z/stopped.json",
                        ("{\"version\":1,\"mood\":\"bad\",\"pipeline\":\"web-events\",\"batch\":\"20261122T0800Z\",\"number\":1,"
                                        + "\"attempt\":2,\"finished\":\"2026-11-22T12:00:00Z\",\"step\":\"validate\","
                                        + "\"sentence\":\"No.\"}")
                                .getBytes(StandardCharsets.UTF_8)))
                .isPresent();

        assertThat(ledger.markers(id(1)).stopped())
                .contains(new Stopped(1, "web-events", id(1), 1, 2, NOON, Step.VALIDATE, "No.", null));
    }

    @Test
    void seesThatRecordsAreMissing() {
        assertThat(Marker.Records.converted(10, 8, 0, 1).balanced()).isFalse();
        assertThat(Marker.Records.published(10, 8, 1, 1).balanced()).isTrue();
    }

    private List<Integer> open(Set<Step> today, Set<Step> frozen) {
        return ledger.batches().open(today, sha256 -> frozen).stream()
                .map(batch -> batch.manifest().number())
                .toList();
    }

    private Manifest plan(int number) {
        ledger.own();
        Manifest manifest = new Manifest(
                1,
                number,
                id(number),
                "web-events",
                "abc",
                Window.newestEndedBy(Instant.parse("2026-11-22T08:00:00Z"), Duration.ofHours(4)),
                Bounds.EVERYTHING,
                null,
                null,
                List.of(),
                null,
                0,
                null,
                null);
        assertThat(ledger.create(manifest)).isTrue();
        return manifest;
    }

    private void touch(int number, String name) {
        if (!name.isEmpty()) {
            assertThat(lake.create(LakeLayout.batch(id(number)) + name, new byte[0]))
                    .isPresent();
        }
    }

    private static BatchId id(int number) {
        return new BatchId(Instant.parse("2026-11-22T08:00:00Z"), number, BatchId.Kind.OBJECTS);
    }
}
