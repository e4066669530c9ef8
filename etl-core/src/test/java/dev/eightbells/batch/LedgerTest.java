package dev.eightbells.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.store.Location;
import dev.eightbells.store.MemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final Instant AT = Instant.parse("2026-11-22T08:00:00Z");
    private static final Window WINDOW = Window.newestEndedBy(AT, Duration.ofHours(4));

    private final MemoryObjectStore lake = new MemoryObjectStore();
    private final Ledger ledger = ledger(TestPipeline.FIREHOSE);

    @Test
    void saysWhoseLakeItIs() {
        ledger.own();
        ledger.own();

        assertThat(text("eightbells.json"))
                .isEqualTo("{\"version\":1,\"pipeline\":\"web-events\",\"lake\":\"s3://lake/web-events/\"}");
    }

    @Test
    void refusesTheLakeOfAnotherPipeline() {
        ledger.own();

        assertThatThrownBy(() -> ledger(TestPipeline.FIREHOSE.named("wind-farm")))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot use the lake s3://lake/web-events/ for the pipeline wind-farm: it belongs to the"
                        + " pipeline web-events. Give each pipeline a lake of its own.");
    }

    @Test
    void refusesTheLakeThatAnotherPipelineOwnedFirst() {
        Ledger second = ledger(TestPipeline.FIREHOSE.named("wind-farm"));
        ledger.own();

        assertThatThrownBy(second::own)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("it belongs to the pipeline web-events");
    }

    @Test
    void refusesALakeThatWasMoved() {
        ledger.own();

        assertThatThrownBy(() -> ledger(TestPipeline.FIREHOSE.in(Location.of("/data/lake"))))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot use the lake /data/lake/ of the pipeline web-events: it was made at"
                        + " s3://lake/web-events/ and its tables name that place. Move it back, or start a new lake.");
    }

    @Test
    void refusesALakeOfANewerVersion() {
        put("eightbells.json", "{\"version\":2,\"owner\":\"web-events\"}");

        assertThatThrownBy(() -> ledger(TestPipeline.FIREHOSE))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot read s3://memory/eightbells.json: it has version 2, and this Eightbells knows version 1."
                                + " Use a newer Eightbells.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"pipeline\":\"web-events\"}", "{\"version\":1,\"pipeline\":[]}"})
    void refusesADamagedRecord(String text) {
        put("eightbells.json", text);

        assertThatThrownBy(() -> ledger(TestPipeline.FIREHOSE))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Cannot read s3://memory/eightbells.json: ")
                .hasMessageEndingWith(". Restore it; nothing but Eightbells may write there.");
    }

    @Test
    void refusesADamagedManifest() {
        put("manifests/00000001.json.gz", "not gzip");

        assertThatThrownBy(() -> ledger.manifest(1))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot read s3://memory/manifests/00000001.json.gz: Not in GZIP format. Restore it; nothing but"
                                + " Eightbells may write there.");
    }

    @Test
    void saysWhichManifestIsMissing() {
        assertThatThrownBy(() -> ledger.existingManifest(7))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read s3://memory/manifests/00000007.json.gz: it is gone, and manifests are numbered"
                        + " without gaps. Restore it.");
    }

    @Test
    void keepsADefinitionByItsContent() {
        String sha256 = ledger.freeze("version: 1\n");

        assertThat(ledger.freeze("version: 1\n")).isEqualTo(sha256);
        assertThat(sha256).hasSize(64).matches("[0-9a-f]*");
        assertThat(ledger.definition(sha256)).isEqualTo("version: 1\n");
    }

    @Test
    void refusesADefinitionThatWasChangedOrIsGone() {
        put("definitions/abc.yaml", "version: 1\n");

        assertThatThrownBy(() -> ledger.definition("abc"))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot read s3://memory/definitions/abc.yaml: its content is not what was frozen. Restore it;"
                                + " its batches cannot be finished without it.");
        assertThatThrownBy(() -> ledger.definition("def"))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot read s3://memory/definitions/def.yaml: it is gone. Restore it; its batches cannot be"
                                + " finished without it.");
    }

    @Test
    void keepsAManifestAsTheDesignSays() {
        Manifest manifest = new Manifest(
                1,
                7,
                BatchId.of(WINDOW),
                "web-events",
                "abc",
                WINDOW,
                new Bounds(Instant.parse("2026-11-20T04:00:00Z"), AT),
                AT,
                null,
                List.of(new ManifestObject("2026/11/22/07/ü =:a", "tag", 5, Instant.parse("2026-11-22T07:01:02.345Z"))),
                new Manifest.Left(0, 0),
                2,
                null,
                null);

        assertThat(ledger.create(manifest)).isTrue();
        assertThat(ledger.create(manifest)).isFalse();
        assertThat(ledger.manifest(7)).contains(manifest);
        assertThat(manifest.json())
                .isEqualTo("{\"version\":1,\"number\":7,\"batch\":\"20261122T0800Z\",\"pipeline\":\"web-events\","
                        + "\"definition\":\"abc\",\"window\":{\"start\":\"2026-11-22T04:00:00Z\","
                        + "\"end\":\"2026-11-22T08:00:00Z\"},\"listed\":{\"from\":\"2026-11-20T04:00:00Z\","
                        + "\"to\":\"2026-11-22T08:00:00Z\"},\"reached\":\"2026-11-22T08:00:00Z\",\"unfinished\":null,"
                        + "\"objects\":[{\"key\":\"2026/11/22/07/ü =:a\",\"etag\":\"tag\",\"bytes\":5,"
                        + "\"modified\":\"2026-11-22T07:01:02.345Z\"}],\"left\":{\"objects\":0,\"bytes\":0},"
                        + "\"ignored\":2}");
    }

    @Test
    void keepsReplays() {
        Manifest replay = new Manifest(
                1,
                8,
                BatchId.replay(WINDOW, 1),
                "web-events",
                "abc",
                WINDOW,
                null,
                AT,
                null,
                List.of(),
                null,
                0,
                BatchId.of(WINDOW),
                List.of(new Manifest.ReplayedRecord("a", "tag", 12, 34)));
        ledger.create(replay);

        assertThat(ledger.manifest(8)).contains(replay);
        assertThat(replay.json())
                .endsWith("\"replayOf\":\"20261122T0800Z\",\"records\":[{\"key\":\"a\",\"etag\":\"tag\",\"offset\":12,"
                        + "\"length\":34}]}");
    }

    @Test
    void readsOfManyManifestsOnlyTheDigestsOfTheirObjects() {
        Manifest batch = new Manifest(
                1,
                1,
                BatchId.of(WINDOW),
                "web-events",
                "abc",
                WINDOW,
                new Bounds(Instant.parse("2026-11-20T04:00:00Z"), AT),
                AT,
                null,
                List.of(
                        new ManifestObject("2026/11/22/07/a", "1", 5, AT),
                        new ManifestObject("2026/11/22/07/b", "2", 6, AT)),
                new Manifest.Left(3, 4),
                2,
                null,
                null);
        Manifest replay = new Manifest(
                1,
                2,
                BatchId.replay(WINDOW, 1),
                "web-events",
                "abc",
                WINDOW,
                null,
                AT,
                null,
                List.of(new ManifestObject("2026/11/22/07/a", "1", 5, AT)),
                null,
                0,
                BatchId.of(WINDOW),
                List.of(new Manifest.ReplayedRecord("2026/11/22/07/a", "1", 12, 34)));
        ledger.create(batch);
        ledger.create(replay);

        try (Stream<Outline> outlines = ledger.outlinesBackFrom(2)) {
            assertThat(outlines.toList())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(Outline.of(replay), Outline.of(batch))
                    .extracting(Outline::manifest)
                    .containsExactly(replay.outline(), batch.outline());
        }
        assertThat(Outline.of(batch).taken()).hasSize(4);
        assertThat(Outline.of(replay).taken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 999, 1000, 1001, 2000, 3000, 3001, 9876})
    void findsTheNewestNumber(int newest) {
        ledger.own();
        for (int number = 1; number <= newest; number++) {
            put(LakeLayout.manifest(number), "");
        }

        assertThat(ledger.newestNumber()).isEqualTo(newest);
    }

    @Test
    void readsManifestsBackwards() {
        for (int number = 1; number <= 40; number++) {
            ledger.create(manifest(number));
        }

        try (var manifests = ledger.manifestsBackFrom(40)) {
            assertThat(manifests.limit(20).map(Manifest::number).toList())
                    .startsWith(40, 39, 38)
                    .endsWith(21)
                    .hasSize(20);
        }
        try (var manifests = ledger.manifestsBackFrom(2)) {
            assertThat(manifests.map(Manifest::number)).containsExactly(2, 1);
        }
    }

    private static Manifest manifest(int number) {
        return new Manifest(
                1,
                number,
                new BatchId(AT, number, BatchId.Kind.OBJECTS),
                "web-events",
                "abc",
                WINDOW,
                Bounds.EVERYTHING,
                null,
                null,
                List.of(),
                null,
                0,
                null,
                null);
    }

    private Ledger ledger(TestPipeline pipeline) {
        return Ledger.open(lake, pipeline.pipeline());
    }

    private void put(String key, String text) {
        assertThat(lake.create(key, text.getBytes(StandardCharsets.UTF_8))).isPresent();
    }

    private String text(String key) {
        return new String(lake.read(key).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }
}
