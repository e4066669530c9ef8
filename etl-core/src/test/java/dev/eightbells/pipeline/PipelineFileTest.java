package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.Pipeline.Catalog;
import dev.eightbells.pipeline.Pipeline.Source;
import dev.eightbells.pipeline.Sessions.Function;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.store.Location;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFileTest {
    private static final String MINIMAL =
            """
            version: 1
            pipeline: web-events
            source: {location: raw/}
            lake: lake/
            table:
              name: analytics.web_events
              partitionBy: {from: at, unit: day}
              columns:
                - {name: at, type: timestamp}
            """;

    @TempDir
    private Path folder;

    @Test
    void hasDefaults() throws IOException {
        Pipeline pipeline = load(MINIMAL);

        assertThat(pipeline)
                .isEqualTo(new Pipeline(
                        "web-events",
                        Duration.ofHours(4),
                        new Source(
                                Location.of(folder + "/raw/"),
                                Layout.FIREHOSE,
                                null,
                                Duration.ofDays(2),
                                Long.MAX_VALUE,
                                16 * 1024 * 1024),
                        Location.of(folder + "/lake/"),
                        new Catalog(Catalog.Type.HADOOP, Map.of()),
                        new TableDefinition(
                                new TableName("analytics", "web_events"),
                                List.of(),
                                new PartitionBy("at", Unit.DAY),
                                List.of(),
                                List.of(new Column(
                                        "at",
                                        Primitive.TIMESTAMP,
                                        false,
                                        List.of(List.of("at")),
                                        List.of(),
                                        ZoneOffset.UTC,
                                        List.of())),
                                null),
                        null,
                        null,
                        null,
                        Compute.LOCAL,
                        Care.USUAL,
                        Retention.USUAL));
    }

    @Test
    void readsEveryKey() throws IOException {
        Files.writeString(folder.resolve("web-events.dqdl"), "Rules = [\r\n  RowCount > 0\r\n]\r\n\r\n");
        Pipeline pipeline = load(
                """
                version: 1
                pipeline: web-events
                window: 6h
                source:
                  location: s3://acme-raw/web-events
                  layout: year=yyyy/month=MM/day=dd
                  from: 2026-01-01T00:00:00Z
                  lookback: 7d
                  maxBytes: 200GB
                  maxRecord: 1MB
                lake: s3://acme-lake/web-events/
                catalog: {type: jdbc, uri: "jdbc:postgresql://db:5432/catalog", user: etl, properties: {clients: 4}}
                table:
                  name: analytics.web_events
                  key: [event_id]
                  partitionBy: {from: event_date, unit: month}
                  nullValues: ["", NULL, "null"]
                  columns:
                    - {name: event_id, type: string, required: true, from: [id, meta.id, 'odd\\.name']}
                    - {name: event_date, type: date, formats: ["dd.MM.yyyy"]}
                    - {name: at, type: timestamp, formats: ["yyyy-MM-dd HH:mm:ss[.SSSSSS]", epoch_ms], zone: Europe/Paris}
                    - {name: amount, type: "decimal(12,2)", from: user.amount, was: [price, worth]}
                    - {name: items, type: "array<struct<sku:string,price:decimal(12,2)>>"}
                  rescue: rescued
                quality:
                  rules: web-events.dqdl
                  onRowFailure: keep
                  onFailure: warn
                  maxQuarantined: 5%
                  references: {shops: analytics.shops, rates: s3://acme/rates}
                  sampleValues: false
                sessions:
                  name: analytics.web_sessions
                  by: event_id
                  time: at
                  gap: 30m
                  maxDuration: 24h
                  columns:
                    - {name: page_views, count: "event_type = 'pageview'"}
                    - {name: revenue, sum: amount}
                    - {name: cheapest, min: amount}
                    - {name: dearest, max: amount}
                    - {name: converted, any: amount > 0}
                    - {name: landing_page, first: amount}
                    - {name: exit_page, last: amount}
                    - {name: mean, expression: revenue / page_views}
                warehouse:
                  url: jdbc:redshift://acme.example.com:5439/dev
                  secret: acme/redshift
                  copyRole: arn:aws:iam::123456789012:role/copy
                  events: analytics.web_events
                  sessions: analytics.web_sessions
                  distKey: event_id
                  sortKey: [at, event_id]
                compute:
                  type: emr-steps
                  cluster: {name: acme-etl}
                  runtimeRole: arn:aws:iam::123456789012:role/etl
                  jar: s3://acme/eightbells.jar
                  maxAttempts: 5
                  spark: {spark.executor.memory: 8g}
                care: {keep: 14d, every: 0}
                retention: {events: 400d, sessions: 36500d, quarantine: forever, metrics: 48h}
                """);

        assertThat(pipeline.window()).isEqualTo(Duration.ofHours(6));
        assertThat(pipeline.care()).isEqualTo(new Care(Duration.ofDays(14), 0));
        assertThat(pipeline.retention())
                .isEqualTo(new Retention(Duration.ofDays(400), Duration.ofDays(36_500), null, Duration.ofDays(2)));
        assertThat(pipeline.source())
                .isEqualTo(new Source(
                        Location.of("s3://acme-raw/web-events/"),
                        Layout.parse("year=yyyy/month=MM/day=dd"),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Duration.ofDays(7),
                        200L << 30,
                        1 << 20));
        assertThat(pipeline.lake()).isEqualTo(Location.of("s3://acme-lake/web-events/"));
        assertThat(pipeline.catalog())
                .isEqualTo(new Catalog(
                        Catalog.Type.JDBC,
                        Map.of("uri", "jdbc:postgresql://db:5432/catalog", "user", "etl", "clients", "4")));
        assertThat(pipeline.table())
                .isEqualTo(new TableDefinition(
                        new TableName("analytics", "web_events"),
                        List.of("event_id"),
                        new PartitionBy("event_date", Unit.MONTH),
                        List.of("", "NULL", "null"),
                        List.of(
                                new Column(
                                        "event_id",
                                        Primitive.STRING,
                                        true,
                                        List.of(List.of("id"), List.of("meta", "id"), List.of("odd.name")),
                                        List.of(),
                                        ZoneOffset.UTC,
                                        List.of()),
                                new Column(
                                        "event_date",
                                        Primitive.DATE,
                                        false,
                                        List.of(List.of("event_date")),
                                        List.of("dd.MM.yyyy"),
                                        ZoneOffset.UTC,
                                        List.of()),
                                new Column(
                                        "at",
                                        Primitive.TIMESTAMP,
                                        false,
                                        List.of(List.of("at")),
                                        List.of("yyyy-MM-dd HH:mm:ss[.SSSSSS]", "epoch_ms"),
                                        ZoneId.of("Europe/Paris"),
                                        List.of()),
                                new Column(
                                        "amount",
                                        new ColumnType.Decimal(12, 2),
                                        false,
                                        List.of(List.of("user", "amount")),
                                        List.of(),
                                        ZoneOffset.UTC,
                                        List.of("price", "worth")),
                                new Column(
                                        "items",
                                        ColumnType.parse("array<struct<sku:string,price:decimal(12,2)>>"),
                                        false,
                                        List.of(List.of("items")),
                                        List.of(),
                                        ZoneOffset.UTC,
                                        List.of())),
                        "rescued"));
        assertThat(pipeline.quality())
                .isEqualTo(new Quality(
                        "Rules = [\n  RowCount > 0\n]\n",
                        Quality.OnRowFailure.KEEP,
                        Quality.OnFailure.WARN,
                        new BigDecimal("0.05"),
                        Map.of("shops", "analytics.shops", "rates", "s3://acme/rates/"),
                        false));
        assertThat(pipeline.sessions())
                .isEqualTo(new Sessions(
                        new TableName("analytics", "web_sessions"),
                        "event_id",
                        "at",
                        Duration.ofMinutes(30),
                        Duration.ofDays(1),
                        List.of(
                                new Sessions.Column("page_views", Function.COUNT, "event_type = 'pageview'"),
                                new Sessions.Column("revenue", Function.SUM, "amount"),
                                new Sessions.Column("cheapest", Function.MIN, "amount"),
                                new Sessions.Column("dearest", Function.MAX, "amount"),
                                new Sessions.Column("converted", Function.ANY, "amount > 0"),
                                new Sessions.Column("landing_page", Function.FIRST, "amount"),
                                new Sessions.Column("exit_page", Function.LAST, "amount"),
                                new Sessions.Column("mean", Function.EXPRESSION, "revenue / page_views"))));
        assertThat(pipeline.warehouse())
                .isEqualTo(new Warehouse(
                        "jdbc:redshift://acme.example.com:5439/dev",
                        "acme/redshift",
                        "arn:aws:iam::123456789012:role/copy",
                        new TableName("analytics", "web_events"),
                        new TableName("analytics", "web_sessions"),
                        "event_id",
                        List.of("at", "event_id")));
        assertThat(pipeline.compute())
                .isEqualTo(new Compute(
                        new Compute.EmrSteps(
                                new Compute.Cluster(Compute.Cluster.By.NAME, "acme-etl"),
                                "arn:aws:iam::123456789012:role/etl"),
                        "s3://acme/eightbells.jar",
                        5,
                        Map.of("spark.executor.memory", "8g")));
        assertThat(PipelineFile.parse(PipelineFile.freeze(pipeline), "frozen", Map.of()))
                .isEqualTo(pipeline);
    }

    @Test
    void takesLocalPlacesFromTheFolderOfTheFile() throws IOException {
        Pipeline pipeline = load(MINIMAL.replace("raw/", "../raw").replace("lake/", "./deep/../lake"));

        assertThat(pipeline.source().location()).isEqualTo(Location.of(folder.getParent() + "/raw/"));
        assertThat(pipeline.lake()).isEqualTo(Location.of(folder + "/lake/"));
    }

    @Test
    void aColumnTellsWhatItWasCalledBefore() throws IOException {
        assertThat(load(MINIMAL.replace("type: timestamp", "type: timestamp, was: time"))
                        .table()
                        .columns()
                        .get(0)
                        .was())
                .containsExactly("time");
    }

    @Test
    void aNameThatAColumnHadBelongsToNoOther() {
        assertThatThrownBy(
                        () -> load(
                                MINIMAL
                                        + """
                    - {name: a, type: string, was: [at, gone, b c]}
                    - {name: b, type: string, was: gone}
                    - {name: c, type: string, was: []}
                """))
                .hasMessageContaining(
                        "table.columns[1].was[0]: 'at' is the name of a column now, in line 9; take it out"
                                + " here, or give that column another name.")
                .hasMessageContaining("table.columns[1].was[2]: 'b c' is no name of a column")
                .hasMessageContaining(
                        "table.columns[2].was: 'gone' stands twice; a column can be renamed to one other, so"
                                + " take one of them out.")
                .hasMessageContaining("table.columns[3].was: the list is empty; name what the column was called before,"
                        + " or leave the key out.");
    }

    @Test
    void usesGlueForALakeOnS3() throws IOException {
        assertThat(load(MINIMAL.replace("lake/", "s3://lake")).catalog())
                .isEqualTo(new Catalog(Catalog.Type.GLUE, Map.of()));
    }

    @Test
    void replacesVariablesInsideOneValueOnly() throws IOException {
        Pipeline pipeline = PipelineFile.load(
                file(MINIMAL.replace("raw/", "'${RAW}/${DAY:-today}'")
                        + "  nullValues: [\"${NULLS}\", $5, '$${RAW}']\n"),
                Map.of("RAW", "/mnt", "DAY", "", "NULLS", "], key: [at"));

        assertThat(pipeline.source().location()).isEqualTo(Location.of("/mnt/today/"));
        assertThat(pipeline.table().nullValues()).containsExactly("], key: [at", "$5", "${RAW}");
    }

    @Test
    void readsAFileWithByteOrderMarkAndWindowsLines() throws IOException {
        assertThat(load("\uFEFF" + MINIMAL.replace("\n", "\r\n"))).isEqualTo(load(MINIMAL));
    }

    @Test
    void readsOneInstantInEveryForm() throws IOException {
        for (String text : List.of("2026-01-01", "2026-01-01T00:00:00Z", "'2026-01-01T01:00+01:00'")) {
            assertThat(load(MINIMAL.replace("raw/", "raw/, from: " + text))
                            .source()
                            .from())
                    .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        }
    }

    @Test
    void readsEveryKindOfCompute() throws IOException {
        String role = "arn:aws:iam::123456789012:role/etl";

        assertThat(compute("{type: local, maxAttempts: 1}"))
                .isEqualTo(new Compute(new Compute.Local(), null, 1, Map.of()));
        assertThat(compute("{type: emr-steps, cluster: {tag: team=web}}").target())
                .isEqualTo(new Compute.EmrSteps(new Compute.Cluster(Compute.Cluster.By.TAG, "team=web"), null));
        assertThat(compute(
                                "{type: emr-cluster, release: emr-7.14.0, serviceRole: EMR, instanceProfile: EC2, subnets: [a]}")
                        .target())
                .isEqualTo(new Compute.EmrCluster(
                        "emr-7.14.0",
                        "EMR",
                        "EC2",
                        List.of("a"),
                        List.of(
                                "m5.xlarge",
                                "m5a.xlarge",
                                "m5d.xlarge",
                                "m6i.xlarge",
                                "m5.2xlarge",
                                "m5a.2xlarge",
                                "m5d.2xlarge",
                                "m6i.2xlarge"),
                        null,
                        null,
                        null));
        assertThat(compute(
                                "{type: emr-cluster, release: emr-7.14.0, serviceRole: EMR, instanceProfile: EC2, subnets: [a],"
                                        + " instanceTypes: [r6g.xlarge, m6g.16xlarge], maxUnits: 40,"
                                        + " securityConfiguration: encrypted, logs: 's3://acme-logs/emr/'}")
                        .target())
                .isEqualTo(new Compute.EmrCluster(
                        "emr-7.14.0",
                        "EMR",
                        "EC2",
                        List.of("a"),
                        List.of("r6g.xlarge", "m6g.16xlarge"),
                        40,
                        "encrypted",
                        "s3://acme-logs/emr/"));
        assertThat(((Compute.EmrCluster) compute("{type: emr-cluster, release: emr-7.14.0, serviceRole: EMR,"
                                        + " instanceProfile: EC2, subnets: [a], logs: /eightbells/web}")
                                .target())
                        .logs())
                .isEqualTo("/eightbells/web");
        assertThat(compute("{type: emr-serverless, application: 00f1, role: '" + role + "'}")
                        .target())
                .isEqualTo(new Compute.EmrServerless("00f1", role, null));
        assertThat(compute("{type: emr-serverless, application: 00f1, role: '" + role + "', logs: /eightbells/web}")
                        .target())
                .isEqualTo(new Compute.EmrServerless("00f1", role, "/eightbells/web"));
        assertThat(compute("{type: emr-on-eks, virtualCluster: v1, release: emr-7.14.0-latest, role: '" + role + "'}")
                        .target())
                .isEqualTo(new Compute.EmrOnEks("v1", role, "emr-7.14.0-latest", null));
    }

    @Test
    void freezesToTheSameTextAsItsFrozenTextDoes() throws IOException {
        String frozen = PipelineFile.freeze(load(MINIMAL));

        assertThat(frozen)
                .isEqualTo(
                        """
                        version: 1
                        pipeline: "web-events"
                        window: "4h"
                        source:
                          location: "%1$s/raw/"
                          layout: "firehose"
                          lookback: "2d"
                          maxRecord: "16MB"
                        lake: "%1$s/lake/"
                        catalog:
                          type: "hadoop"
                        table:
                          name: "analytics.web_events"
                          partitionBy:
                            from: "at"
                            unit: "day"
                          columns:
                            - {name: "at", type: "timestamp", required: false, from: ["at"], zone: "UTC"}
                        compute:
                          type: "local"
                          maxAttempts: 3
                        care:
                          keep: "7d"
                          every: 6
                        retention:
                          events: "forever"
                          sessions: "forever"
                          quarantine: "30d"
                          metrics: "forever"
                        """
                                .formatted(folder));
        assertThat(PipelineFile.freeze(PipelineFile.parse(frozen, "frozen", Map.of())))
                .isEqualTo(frozen);
    }

    private Compute compute(String section) throws IOException {
        Pipeline pipeline = load(MINIMAL + "compute: " + section);
        assertThat(PipelineFile.parse(PipelineFile.freeze(pipeline), "frozen", Map.of()))
                .isEqualTo(pipeline);
        return pipeline.compute();
    }

    private Pipeline load(String yaml) throws IOException {
        return PipelineFile.load(file(yaml), Map.of());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    }
}
