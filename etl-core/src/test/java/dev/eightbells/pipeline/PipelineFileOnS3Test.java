package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.store.Location;
import dev.eightbells.store.MemoryObjectStore;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline file that is an object means what it would mean as a file, but that nothing local is relative to it. */
class PipelineFileOnS3Test {
    private static final String SHOP =
            """
            version: 1
            pipeline: shop
            source: {location: "s3://raw/${STAGE}/"}
            lake: s3://lake/shop/
            table:
              name: analytics.events
              partitionBy: {from: at, unit: day}
              columns:
                - {name: at, type: timestamp}
            """;

    private static final String QUALITY =
            """
            quality:
              rules: rules/shop.dqdl
              references: {shops: ./shops, regions: "s3://other/regions/", prices: analytics.prices}
            """;

    private static final Map<String, String> ENVIRONMENT = Map.of("STAGE", "test");

    private final MemoryObjectStore folder = new MemoryObjectStore();

    private void put(String key, String text) {
        folder.create(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private Pipeline load(String key) {
        return PipelineFile.load(folder, key, ENVIRONMENT, SqlJudge.none(), RulesJudge.none());
    }

    private static Pipeline load(String place, Map<String, String> environment) {
        return PipelineFile.load(place, environment, SqlJudge.none(), RulesJudge.none());
    }

    @Test
    void namesItsRulesAndReferencesFromItsOwnFolder() {
        put("shop.yaml", SHOP + QUALITY);
        put("rules/shop.dqdl", "\uFEFFRules = [ RowCount > 0 ]\r\n");

        Pipeline pipeline = load("shop.yaml");
        assertThat(pipeline.source().location()).isEqualTo(Location.of("s3://raw/test/"));
        assertThat(pipeline.quality().rules()).isEqualTo("Rules = [ RowCount > 0 ]\n");
        assertThat(pipeline.quality().references())
                .isEqualTo(Map.of(
                        "shops", "s3://memory/shops/",
                        "regions", "s3://other/regions/",
                        "prices", "analytics.prices"));
    }

    @Test
    void isTheSameWhenItIsFrozen() {
        put("shop.yaml", SHOP + QUALITY);
        put("rules/shop.dqdl", "Rules = [ RowCount > 0 ]");
        Pipeline pipeline = load("shop.yaml");
        put("definitions/1.yaml", PipelineFile.freeze(pipeline));

        assertThat(load("definitions/1.yaml")).isEqualTo(pipeline);
    }

    @Test
    void tellsWhereRulesAreWrong() {
        put("shop.yaml", SHOP + QUALITY);
        put("rules/shop.dqdl", "Rules = [ x ]");

        assertThatThrownBy(() -> PipelineFile.load(
                        folder,
                        "shop.yaml",
                        ENVIRONMENT,
                        SqlJudge.none(),
                        (rules, name, table, references) -> List.of(name + ":1:11: there is no x.")))
                .hasMessage("s3://memory/rules/shop.dqdl:1:11: there is no x.");
    }

    @Test
    void refusesWhatIsRelativeOrLiesElsewhere() {
        put(
                "shop.yaml",
                SHOP.replace("\"s3://raw/${STAGE}/\"", "raw/").replace("s3://lake/shop/", "file:lake")
                        + QUALITY.replace("rules/shop", "../shop").replace("./shops", "../shops"));

        String lies = "does not lie below the folder of the pipeline file; put it there.";
        assertThatThrownBy(() -> load("shop.yaml"))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "s3://memory/shop.yaml:3: source.location: 'raw/' is relative, and the pipeline file lies on S3;"
                                + " write s3://bucket/prefix/.\n"
                                + "s3://memory/shop.yaml:4: lake: 'file:lake' is relative, and the pipeline file lies on"
                                + " S3; write s3://bucket/prefix/.\n"
                                + "s3://memory/shop.yaml:11: quality.rules: '../shop.dqdl' " + lies + "\n"
                                + "s3://memory/shop.yaml:12: quality.references.shops: '../shops' " + lies);
    }

    @Test
    void refusesRulesThatAreNotThereOrNoText() {
        put("shop.yaml", SHOP + QUALITY);
        assertThatThrownBy(() -> load("shop.yaml"))
                .hasMessage("s3://memory/shop.yaml:11: quality.rules: there is no object s3://memory/rules/shop.dqdl;"
                        + " correct the name, or upload it.");

        folder.create("rules/shop.dqdl", "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> load("shop.yaml"))
                .hasMessage(
                        "s3://memory/shop.yaml:11: quality.rules: the object s3://memory/rules/shop.dqdl is no UTF-8"
                                + " text; save it as UTF-8.");
    }

    @Test
    void refusesWhatIsNotThereOrNoText() {
        folder.create("latin.yaml", "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> load("none.yaml"))
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot read the pipeline file s3://memory/none.yaml: there is no such object."
                        + " Correct the name, or upload it.");
        assertThatThrownBy(() -> load("latin.yaml"))
                .hasMessage("Cannot read the pipeline file s3://memory/latin.yaml: it is no UTF-8 text."
                        + " Save it as UTF-8.");
    }

    @Test
    void refusesPlacesThatNameNoFile() {
        assertThatThrownBy(() -> load("s3://files/", Map.of()))
                .hasMessage("Cannot read the pipeline file s3://files/: it names no object; write s3://bucket/….yaml.");
        assertThatThrownBy(() -> load("s3://files", Map.of()))
                .hasMessage("Cannot read the pipeline file s3://files: it names no object; write s3://bucket/….yaml.");
        assertThatThrownBy(() -> load("s3:///shop.yaml", Map.of()))
                .hasMessage("Cannot read the pipeline file s3:///shop.yaml: the location names no valid bucket; write"
                        + " s3://bucket/prefix/.");
        assertThatThrownBy(() -> load("https://files/shop.yaml", Map.of()))
                .hasMessage(
                        "Cannot read the pipeline file https://files/shop.yaml: 'https://files/shop.yaml' is neither on"
                                + " S3 nor a local path; write s3://bucket/prefix/ or a path.");
    }

    @Test
    void isReadFromABucketAsFromAFolder(@TempDir Path local) throws IOException {
        try (LocalS3 s3 = LocalS3.start()) {
            s3.createBucket("files");
            Map<String, String> environment = new HashMap<>(s3.environment());
            environment.putAll(ENVIRONMENT);
            try (ObjectStore files = ObjectStores.open(Location.of("s3://files/pipelines/"), environment)) {
                files.create("shop.yaml", SHOP.getBytes(StandardCharsets.UTF_8));
            }
            Path file = Files.writeString(local.resolve("shop.yaml"), SHOP);

            assertThat(load("s3://files/pipelines/shop.yaml", environment))
                    .isEqualTo(load(file.toString(), environment));
            assertThatThrownBy(() -> load("s3://files/none.yaml", environment))
                    .hasMessage("Cannot read the pipeline file s3://files/none.yaml: there is no such object."
                            + " Correct the name, or upload it.");
            environment.put("AWS_SECRET_ACCESS_KEY", "not-the-secret");
            assertThatThrownBy(() -> load("s3://files/pipelines/shop.yaml", environment))
                    .hasMessage("Cannot read s3://files/pipelines/shop.yaml: S3 does not accept the credentials"
                            + " (SignatureDoesNotMatch). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and"
                            + " AWS_SESSION_TOKEN, the profile or the role.");
        }
    }
}
