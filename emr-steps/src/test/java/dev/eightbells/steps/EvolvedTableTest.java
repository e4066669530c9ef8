package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.batch.Manifest;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table whose pipeline file changes between batches, and under batches that wait. */
@ExtendWith(LocalServices.class)
class EvolvedTableTest {
    private static final String RULES = "quality: {rules: 'Rules = [ RowCount > %d, ColumnValues \"amount\" >= 0 ]'}\n";
    private static final String FIRST = Site.SHOP + RULES.formatted(0);
    private static final String ADDED =
            FIRST.replace("type: int}\n", "type: int}\n    - {name: country, type: string}\n");
    private static final String WIDENED = ADDED.replace("amount, type: int", "amount, type: bigint");
    private static final String RENAMED = WIDENED.replace("[id]", "[no]")
            .replace("{name: id,", "{name: no, from: id, was: id,")
            .replace("{from: at,", "{from: time,")
            .replace("{name: at,", "{name: time, from: [time, at], was: at,");
    private static final String BY_HOUR = RENAMED.replace("unit: day", "unit: hour");

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(FIRST);
    }

    private void deliver(String hour, String... events) throws IOException {
        site.deliver("2026-03-02T" + hour, "o" + hour + events.length + System.nanoTime(), String.join("", events));
    }

    private static String event(String id, String hour, long amount) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-03-02T" + hour + ":30:00Z\",\"amount\":" + amount
                + ",\"country\":\"fr\"}\n";
    }

    private String run() {
        Result result = site.command("run");
        assertThat(result.err()).isEmpty();
        return result.out();
    }

    private Table iceberg() {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            return workplace.catalog().loadTable(TableIdentifier.of("analytics", "events"));
        }
    }

    private Manifest claim() {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            return workplace.planning().claim(Site.NOW, null).orElseThrow();
        }
    }

    /** The newest file as Parquet's own reader sees it, who knows nothing of Iceberg. */
    private List<Group> newestFile() throws IOException {
        Table table = iceberg();
        DataFile newest =
                table.currentSnapshot().addedDataFiles(table.io()).iterator().next();
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(), new org.apache.hadoop.fs.Path(newest.location()))
                .withConf(new Configuration())
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void fourChangesLaterAllRowsAreThereAndDuplicatesAreStillFound() throws IOException {
        deliver("00", event("1", "00", 10), event("2", "01", 20));
        run();

        site.define(ADDED);
        deliver("01", event("3", "00", 30));
        assertThat(site.command("plan").out())
                .contains(
                        "The table analytics.events would change at the next batch:\n  column country string is added\n");
        run();

        site.define(WIDENED);
        deliver("02", event("4", "02", 5_000_000_000L), event("5", "02", -1));
        assertThat(run()).contains("read 2 = written 1 + duplicates 0 + quarantined 1;");

        site.define(RENAMED);
        deliver("03", event("1", "00", 11), event("6", "03", 60));
        assertThat(site.command("plan").out())
                .contains("column id is renamed to no\n", "column at is renamed to time\n")
                .doesNotContain("dropped");
        assertThat(run()).contains("read 2 = written 1 + duplicates 1 + quarantined 0;");

        site.define(BY_HOUR);
        deliver("01", event("2", "01", 21), event("1", "02", 12));
        assertThat(site.command("plan").out())
                .contains("  new files are partitioned by the hour of time, no longer by the day of time\n");
        assertThat(run()).contains("read 2 = written 1 + duplicates 1 + quarantined 0;");

        assertThat(site.rows("concat_ws(' ', no, amount, country, date_format(time, 'HH'))"))
                .containsExactly("1 10 00", "1 12 fr 02", "2 20 01", "3 30 fr 00", "4 5000000000 fr 02", "6 60 fr 03");
        assertThat(newestFile()).singleElement().satisfies(row -> {
            assertThat(row.getString("no", 0)).isEqualTo("1");
            assertThat(row.getLong("amount", 0)).isEqualTo(12);
            assertThat(row.getString("country", 0)).isEqualTo("fr");
            assertThat(row.getType().containsField("id")).isFalse();
        });
        List<Snapshot> snapshots = new ArrayList<>();
        iceberg().snapshots().forEach(snapshots::add);
        Snapshot oldest = snapshots.stream()
                .filter(snapshot -> "1".equals(snapshot.summary().get("added-data-files")))
                .min(Comparator.comparingLong(Snapshot::sequenceNumber))
                .orElseThrow();
        List<Row> then = site.session()
                .spark()
                .sql("select id, amount from " + site.historyName().replace("_quality", "") + " version as of "
                        + oldest.snapshotId())
                .collectAsList();
        assertThat(then)
                .extracting(row -> row.getString(0) + " " + row.get(1))
                .containsExactlyInAnyOrder("1 10", "2 20");
    }

    @Test
    void aBatchPlannedBeforeAChangeAndRunAfterItNeitherUndoesItNorLosesARow() throws IOException {
        deliver("00", event("1", "00", 10));
        run();
        deliver("01", event("1", "01", 11), event("2", "01", -5), event("3", "02", 30), event("5", "03", 50));
        Manifest waiting = claim();

        site.define(BY_HOUR.replace("    - {name: country, type: string}\n", ""));
        deliver("02", event("4", "02", 40), event("3", "02", 31));
        Manifest next = claim();
        for (String step : List.of("convert", "validate")) {
            assertThat(site.command(step, "--batch", next.batch().toString()).err())
                    .isEmpty();
        }
        assertThat(run()).contains(waiting.batch() + "      read 4 = written 1 + duplicates 2 + quarantined 1;");

        assertThat(site.rows("concat_ws(' ', no, amount)")).containsExactly("1 10", "3 31", "4 40", "5 50");
        assertThat(iceberg().schema().findField("no")).isNotNull();
        assertThat(iceberg().schema().findField("id")).isNull();
        assertThat(iceberg().spec().toString()).contains("hour");
    }

    @Test
    void aChangeThatWasTakenBackIsNotMadeByABatchThatStillHasIt() throws IOException {
        deliver("00", event("1", "00", 10));
        run();
        site.define(ADDED);
        deliver("01", event("2", "01", 20));
        Manifest waiting = claim();
        site.define(FIRST);
        deliver("02", event("3", "02", 30));
        Manifest next = claim();
        assertThat(site.command("convert", "--batch", next.batch().toString()).err())
                .isEmpty();
        assertThat(run()).contains(waiting.batch() + "      read 1 = written 1 + duplicates 0 + quarantined 0;");
        assertThat(iceberg().schema().findField("country")).isNull();
        assertThat(site.rows("concat_ws(' ', id, amount)")).containsExactly("1 10", "2 20", "3 30");
    }

    @Test
    void aBatchStagedBeforeAChangeAndReleasedAfterItLoadsRight() throws IOException {
        site.define(ADDED.replace("RowCount > 0", "RowCount > 5"));
        deliver("00", event("1", "00", 10), event("2", "01", 20), event("3", "02", -3));
        assertThat(site.command("run").exitCode()).isEqualTo(3);

        site.define(BY_HOUR.replace("    - {name: country, type: string}\n", ""));
        deliver("01", event("2", "01", 22), event("2", "02", 23));
        assertThat(site.command("run").out()).contains("read 2 = written 2 + duplicates 0 + quarantined 0;");
        assertThat(site.command("release", "--batch", "20260302T0400Z").out())
                .startsWith("20260302T0400Z        read 3 = written 1 + duplicates 1 + quarantined 1;");
        assertThat(site.rows("concat_ws(' ', no, amount, date_format(time, 'HH'))"))
                .containsExactly("1 10 00", "2 22 01", "2 23 02");
        assertThat(iceberg().schema().findField("country")).isNull();
    }

    @Test
    void whatWouldLoseValuesIsRefusedBeforeABatchIsPlanned() throws IOException {
        deliver("00", event("1", "00", 10));
        run();
        site.define(FIRST.replace("type: int", "type: string"));
        deliver("01", event("2", "01", 20));
        assertThat(site.command("plan").out())
                .contains("The table analytics.events cannot be used under this file, and no batch is planned:\n"
                        + "  column amount is int there and string in the file (put it back, or give the new column another"
                        + " name; the old one is dropped when the file does not have it)\n");
        assertThat(site.command("run").exitCode()).isEqualTo(2);
        try (Stream<Path> manifests = Files.list(site.lake("manifests"))) {
            assertThat(manifests).hasSize(1);
        }
    }
}
