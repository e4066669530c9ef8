package dev.eightbells.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.Pipeline.Catalog;
import dev.eightbells.pipeline.Pipeline.Source;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.store.Location;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is frozen is what is thawed, whatever strange texts stand in it. */
class FrozenDefinitionProperties {
    private static final Column ID = column("id", Primitive.STRING, List.of());
    private static final Column AT = column("at", Primitive.TIMESTAMP, List.of("epoch_ms", "yyyy-MM-dd'T'HH:mm:ssXXX"));

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void parsesToTheSamePipeline(@ForAll("pipelines") Pipeline pipeline) {
        assertThat(PipelineFile.parse(PipelineFile.freeze(pipeline), "frozen", Map.of()))
                .isEqualTo(pipeline);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void doesNotDependOnTheEnvironment(@ForAll("pipelines") Pipeline pipeline) {
        String frozen = PipelineFile.freeze(pipeline);
        Map<String, String> environment = Map.of("a", "changed", "A", "changed", "NAME", "changed");

        assertThat(PipelineFile.freeze(PipelineFile.parse(frozen, "frozen", environment)))
                .isEqualTo(frozen);
    }

    @Provide
    static Arbitrary<Pipeline> pipelines() {
        return Combinators.combine(
                        sources(), tables(), qualities(), sessions(), warehouses(), computes(), catalogs(), cares())
                .as((source, table, quality, sessions, warehouse, compute, catalog, care) -> new Pipeline(
                        "web-events",
                        Duration.ofMinutes(90),
                        source,
                        Location.of("s3://lake/web: events/"),
                        catalog,
                        table,
                        quality,
                        sessions,
                        warehouse,
                        compute,
                        care.get1(),
                        care.get2()));
    }

    private static Arbitrary<Source> sources() {
        return Combinators.combine(
                        texts().map(text -> Location.of("s3://raw/" + text)),
                        Arbitraries.of("firehose", "flat", "y=yyyy/'m: '=MM/dd").map(Layout::parse),
                        Arbitraries.longs()
                                .between(-62_135_596_800L, 253_402_300_799L)
                                .map(Instant::ofEpochSecond)
                                .injectNull(0.3),
                        Arbitraries.longs().between(0, 1_000_000).map(Duration::ofSeconds),
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        Arbitraries.integers().between(1 << 10, 1 << 30))
                .as(Source::new);
    }

    private static Arbitrary<TableDefinition> tables() {
        Arbitrary<List<String>> nullValues =
                Arbitraries.oneOf(texts(), Arbitraries.just("")).list().ofMaxSize(3);
        return Combinators.combine(
                        columns(), nullValues, Arbitraries.of("rescued").injectNull(0.5))
                .as((columns, nulls, rescue) -> {
                    List<Column> all = new ArrayList<>(List.of(ID, AT));
                    all.addAll(columns);
                    return new TableDefinition(
                            new TableName("analytics", "web_events"),
                            List.of("id"),
                            new PartitionBy("at", Unit.HOUR),
                            nulls,
                            all,
                            rescue);
                });
    }

    private static Arbitrary<List<Column>> columns() {
        Arbitrary<List<List<String>>> from = texts().list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .uniqueElements();
        Arbitrary<ZoneId> zones =
                Arbitraries.of("UTC", "Z", "Europe/Paris", "+05:30").map(ZoneId::of);
        return Combinators.combine(Arbitraries.of("a", "b", "c", "null", "true", "_1"), types(), from, zones)
                .as((name, type, paths, zone) -> {
                    boolean takesTimes = TimePattern.timesIn(type).isPresent();
                    return new Column(
                            name, type, false, paths, List.of(), takesTimes ? zone : ZoneId.of("UTC"), List.of());
                })
                .list()
                .ofMaxSize(4)
                .uniqueElements(Column::name);
    }

    private static Arbitrary<ColumnType> types() {
        return ColumnTypeTest.types();
    }

    private static Arbitrary<Quality> qualities() {
        Arbitrary<String> rules = texts().list().ofMinSize(1).ofMaxSize(4).map(lines -> String.join("\n", lines));
        return Combinators.combine(
                        rules,
                        Arbitraries.of(Quality.OnRowFailure.values()),
                        Arbitraries.of(Quality.OnFailure.values()),
                        Arbitraries.bigDecimals()
                                .between(BigDecimal.ZERO, BigDecimal.ONE)
                                .ofScale(5)
                                .injectNull(0.3),
                        Arbitraries.maps(texts(), Arbitraries.of("a.b", "s3://bucket/x/"))
                                .ofMaxSize(3),
                        Arbitraries.of(true, false))
                .as(Quality::new)
                .injectNull(0.3);
    }

    private static Arbitrary<Sessions> sessions() {
        Arbitrary<Duration> durations =
                Arbitraries.longs().between(1, 1_000_000).map(Duration::ofSeconds);
        Arbitrary<List<Sessions.Column>> columns = Combinators.combine(
                        Arbitraries.strings().withCharRange('f', 'z').ofLength(4),
                        Arbitraries.of(Sessions.Function.values()),
                        texts())
                .as(Sessions.Column::new)
                .list()
                .ofMaxSize(3)
                .uniqueElements(Sessions.Column::name);
        return Combinators.combine(durations, durations.injectNull(0.5), columns)
                .as((gap, longest, declared) ->
                        new Sessions(new TableName("a", "sessions"), "id", "at", gap, longest, declared));
    }

    private static Arbitrary<Warehouse> warehouses() {
        return Combinators.combine(
                        Arbitraries.of("acme/redshift", "1_+=.@-").injectNull(0.5),
                        Arbitraries.of(new TableName("w", "sessions")).injectNull(0.5),
                        Arbitraries.of("id").injectNull(0.5),
                        Arbitraries.of(List.<String>of(), List.of("at", "id")))
                .as((secret, sessions, distKey, sortKey) -> new Warehouse(
                        "jdbc:redshift:" + (secret == null ? "iam:" : "") + "//acme:5439/dev?ssl=true",
                        secret,
                        "default",
                        new TableName("w", "events"),
                        sessions,
                        distKey,
                        sortKey))
                .injectNull(0.3);
    }

    private static Arbitrary<Compute> computes() {
        String role = "arn:aws:iam::123456789012:role/etl";
        Arbitrary<Compute.Target> targets = texts().flatMap(text -> Arbitraries.of(
                new Compute.Local(),
                new Compute.EmrSteps(new Compute.Cluster(Compute.Cluster.By.NAME, text), null),
                new Compute.EmrCluster(
                        "emr-7.14.0", text, text, List.of(text), List.of("r6g.4xlarge"), 7, text, "s3://logs/x"),
                new Compute.EmrServerless(text, role, "/logs/x"),
                new Compute.EmrOnEks(text, role, text, "s3://logs/x")));
        Arbitrary<Map<String, String>> spark = Arbitraries.maps(
                        Arbitraries.of("spark.a", "spark.b.c", "spark.d-e"), texts())
                .ofMaxSize(3);
        return Combinators.combine(
                        targets,
                        Arbitraries.of("s3://code/etl.jar").injectNull(0.5),
                        Arbitraries.integers().between(1, 99),
                        spark)
                .as(Compute::new);
    }

    private static Arbitrary<Tuple.Tuple2<Care, Retention>> cares() {
        Arbitrary<Duration> ages = Arbitraries.longs()
                .between(86_400, 100_000_000)
                .map(Duration::ofSeconds)
                .injectNull(0.3);
        return Combinators.combine(Arbitraries.integers().between(0, 9999), ages, ages, ages, ages)
                .as((every, events, sessions, quarantine, metrics) -> Tuple.of(
                        new Care(Duration.ofHours(every + 1L), every),
                        new Retention(events, sessions, quarantine, metrics)));
    }

    private static Arbitrary<Catalog> catalogs() {
        return Arbitraries.of(
                        Tuple.of(Catalog.Type.GLUE, Map.of("glue.id", "123456789012", "empty", "")),
                        Tuple.of(Catalog.Type.HIVE, Map.of("uri", "thrift://hive:9083", "clients", "4")),
                        Tuple.of(Catalog.Type.JDBC, Map.of("uri", "jdbc:postgresql://db/c", "user", "${etl}")))
                .map(tuple -> new Catalog(tuple.get1(), tuple.get2()));
    }

    /** Anything but blanks, and much of what means something to YAML or to variables. */
    private static Arbitrary<String> texts() {
        Arbitrary<String> strange = Arbitraries.of(
                "${NAME}",
                "$${a}",
                "$$$",
                "${",
                "null",
                "~",
                "- a",
                "a: b",
                "#",
                "'",
                "\"",
                "\\",
                "|",
                "\t",
                "\r\n",
                "\u0000",
                "\u0085",
                "\u2028",
                "\uFEFF",
                "\uD83D\uDE00",
                "\uD83D",
                "é",
                "  ",
                "%",
                "@",
                "{}",
                "[",
                "&a",
                "*a",
                "!!int 1",
                "yes",
                "1e3",
                "2026-01-01",
                "\u007f",
                "\uFFFF");
        return Arbitraries.oneOf(strange, Arbitraries.strings().ofMaxLength(5))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> String.join("", parts))
                .filter(text -> !text.isBlank());
    }

    private static Column column(String name, Primitive type, List<String> formats) {
        return new Column(name, type, true, List.of(List.of(name)), formats, ZoneId.of("UTC"), List.of());
    }
}
