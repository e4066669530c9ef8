package dev.eightbells.table;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class CatalogsTest {
    private static Pipeline pipeline(String catalog) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: "s3://raw/"}
                lake: s3://lake/
                catalog: %s
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: at, type: timestamp}
                """
                        .formatted(catalog),
                "shop.yaml",
                Map.of());
    }

    @Test
    void aCatalogWhoseClassesAreNotHereIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> Catalogs.open(
                        pipeline("{type: glue, properties: {client.factory: com.acme.Missing}}"),
                        Map.of("AWS_REGION", "eu-west-1"),
                        new Configuration()))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Cannot open the glue catalog of pipeline shop: ")
                .hasMessageContaining("com.acme.Missing")
                .hasMessageEndingWith("Run where its classes are (EMR has them), or name a jdbc catalog.")
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(Failure.Kind.INPUT);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsWorthARetryAndSaysSo() {
        assertThatThrownBy(() -> Catalogs.open(
                        pipeline("{type: jdbc, uri: \"jdbc:postgresql://127.0.0.1:9/lake\", user: me}"),
                        Map.of(Catalogs.PASSWORD_VARIABLE, "hush"),
                        new Configuration()))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("Cannot open the jdbc catalog at jdbc:postgresql://127.0.0.1:9/lake: ")
                .satisfies(thrown ->
                        org.assertj.core.api.Assertions.assertThat(thrown).hasMessageNotContaining("hush"))
                .extracting(thrown -> ((Failure) thrown).kind())
                .isEqualTo(Failure.Kind.TRANSIENT);
    }
}
