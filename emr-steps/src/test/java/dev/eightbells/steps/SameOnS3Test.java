package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import dev.eightbells.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The same pipeline over S3, with its table in a PostgreSQL catalog, gives the rows that it gives on local disk. */
@ExtendWith(LocalServices.class)
class SameOnS3Test {
    private static final String BUCKET = "same-on-s3";
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private static String events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Site.event("e" + number, "2026-03-0" + (1 + number % 3) + "T01:00:00Z", number))
                .collect(Collectors.joining());
    }

    private static Map<String, byte[]> objects() throws IOException {
        return Map.of(
                "2026/03/02/01/stream-1-2026-03-02-01-00-00-a",
                        (events(0, 200) + "oops\n").getBytes(StandardCharsets.UTF_8),
                "2026/03/02/02/stream-1-2026-03-02-02-00-00-b.gz", Site.gzip(events(100, 300)),
                "2026/03/02/03/a key=1: ü", ("\uFEFF[" + events(300, 301) + "]").getBytes(StandardCharsets.UTF_8),
                "2026/03/02/03/_SUCCESS", new byte[] {1});
    }

    private static List<String> rows(Dataset<Row> table) {
        return table.drop("source_object").selectExpr("to_json(struct(*))").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void theRowsAreThoseOfALocalLake(Session session, LocalS3 s3, LocalPostgres postgres) throws IOException {
        Site local = new Site(folder.resolve("local"), session);
        Site remote = new Site(folder.resolve("remote"), session);
        remote.define(Site.SHOP
                .replace("raw/", "s3://" + BUCKET + "/raw/")
                .replace(
                        "lake: lake/",
                        "lake: s3://" + BUCKET + "/lake/\ncatalog: {type: jdbc, uri: \"" + postgres.jdbcUrl()
                                + "\", user: " + postgres.user() + "}"));
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        s3.createBucket(BUCKET);
        try (ObjectStore raw = ObjectStores.open(Location.of("s3://" + BUCKET + "/raw/"), environment)) {
            for (Map.Entry<String, byte[]> object : objects().entrySet()) {
                Path file = local.raw(object.getKey());
                Files.createDirectories(file.getParent());
                Files.write(file, object.getValue());
                raw.create(object.getKey(), object.getValue());
            }
        }

        Result result =
                remote.run(environment, "run", "--pipeline", remote.file().toString());
        assertThat(result)
                .isEqualTo(
                        new Result(0, BATCH + "        read 402 = written 301 + duplicates 100 + quarantined 1\n", ""));
        assertThat(local.command("run")).isEqualTo(result);
        Dataset<Row> table = table(session.spark(), postgres);
        assertThat(rows(table)).hasSize(301).isEqualTo(rows(local.table()));
        assertThat(table.selectExpr("source_object").distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted())
                .containsExactly(
                        "s3://" + BUCKET + "/raw/2026/03/02/01/stream-1-2026-03-02-01-00-00-a",
                        "s3://" + BUCKET + "/raw/2026/03/02/02/stream-1-2026-03-02-02-00-00-b.gz",
                        "s3://" + BUCKET + "/raw/2026/03/02/03/a key=1: ü");

        List<String> before = lake(environment);
        assertThat(before)
                .noneMatch(object -> object.contains("_temporary") || object.contains("__magic"))
                .anyMatch(object -> object.startsWith("tables/analytics/events/data/at_day=2026-03-01/"))
                .anyMatch(object -> object.startsWith("quarantine/" + BATCH + "/1/"));
        Result again =
                remote.run(environment, "run", "--pipeline", remote.file().toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).startsWith("Nothing new").contains(" 1 ignored");
        assertThat(remote.run(
                                environment,
                                "convert",
                                "--batch",
                                BATCH,
                                "--pipeline",
                                remote.file().toString())
                        .out())
                .endsWith("(already done)\n");
        assertThat(lake(environment)).isEqualTo(before);
    }

    @Test
    void theSessionsAreThoseOfALocalLake(Session session, LocalS3 s3, LocalPostgres postgres) throws IOException {
        String bucket = "sessions-on-s3";
        Site local = new Site(folder.resolve("local"), session);
        local.define(Site.VISITS);
        Site remote = new Site(folder.resolve("remote"), session);
        remote.define(Site.VISITS
                .replace("raw/", "s3://" + bucket + "/raw/")
                .replace(
                        "lake: lake/",
                        "lake: s3://" + bucket + "/lake/\ncatalog: {type: jdbc, uri: \"" + postgres.jdbcUrl()
                                + "\", user: " + postgres.user() + "}")
                .replace("analytics.", "visits_on_s3."));
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("EIGHTBELLS_CATALOG_PASSWORD", postgres.password());
        s3.createBucket(bucket);
        try (ObjectStore raw = ObjectStores.open(Location.of("s3://" + bucket + "/raw/"), environment)) {
            for (int batch = 0; batch < 3; batch++) {
                String events = Visits.Event.of("a" + batch, "anna", "2026-03-01T23:%d0:00Z".formatted(2 * batch))
                                .json()
                        + Visits.Event.of("b" + batch, "bosun", "2026-03-02T0%d:00:00Z".formatted(batch))
                                .json();
                local.deliver("2026-03-02T01", "part-" + batch, events);
                raw.create("part-" + batch, events.getBytes(StandardCharsets.UTF_8));
                Result result = remote.run(
                        environment, "run", "--pipeline", remote.file().toString());
                assertThat(result.err()).isEmpty();
                assertThat(result).isEqualTo(local.command("run"));
            }
        }
        Dataset<Row> sessions = table(session.spark(), postgres, bucket, "visits_on_s3.sessions");
        assertThat(Site.json(sessions)).hasSize(4).isEqualTo(local.sessionRows());
    }

    private static Dataset<Row> table(SparkSession spark, LocalPostgres postgres) {
        return table(spark, postgres, BUCKET, "analytics.events");
    }

    private static Dataset<Row> table(SparkSession spark, LocalPostgres postgres, String bucket, String table) {
        String catalog = "spark.sql.catalog.eightbells";
        spark.conf().set(catalog, "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set(catalog + ".type", "jdbc");
        spark.conf().set(catalog + ".uri", postgres.jdbcUrl());
        spark.conf().set(catalog + ".jdbc.user", postgres.user());
        spark.conf().set(catalog + ".jdbc.password", postgres.password());
        spark.conf().set(catalog + ".warehouse", "s3://" + bucket + "/lake/tables");
        // The name by which the catalog was made is part of its rows in the database.
        return spark.table("eightbells." + table);
    }

    /** All objects of the lake, with their tags. */
    private static List<String> lake(Map<String, String> environment) {
        try (ObjectStore lake = ObjectStores.open(Location.of("s3://" + BUCKET + "/lake/"), environment);
                Stream<StoredObject> objects = lake.list("", "")) {
            return objects.map(object -> object.key() + " " + object.etag()).toList();
        }
    }
}
