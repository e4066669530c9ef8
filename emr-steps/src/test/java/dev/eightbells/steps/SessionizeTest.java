package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.steps.Visits.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalServices.class)
class SessionizeTest {
    private static final String BATCH = "20260302T0400Z";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
        site.define(Site.VISITS);
    }

    private void deliverVisits() throws IOException {
        Visits.deliver(
                site,
                "a",
                List.of(
                        Event.of("a", "anna", "2026-03-01T23:50:00Z"),
                        Event.of("b", "anna", "2026-03-02T00:10:00Z"),
                        Event.of("c", "bosun", "2026-03-02T00:10:00Z"),
                        new Event("d", null, Site.NOW, "/d", null),
                        new Event("e", "anna", null, "/e", null)));
    }

    @Test
    void aRunMakesSessionsOfWhatItPublishesAndSaysSo() throws IOException {
        deliverVisits();
        assertThat(site.command("run"))
                .isEqualTo(new Result(
                        0,
                        BATCH + "        read 5 = written 5 + duplicates 0 + quarantined 0;"
                                + " sessions: 2 new, 0 extended, 0 bridged, 2 events without visitor or time\n",
                        ""));
        assertThat(site.sessionRows()).hasSize(2).isEqualTo(Visits.expected(site));
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(site.command("sessionize", "--batch", BATCH))
                .isEqualTo(new Result(
                        0,
                        BATCH + "        sessions: 2 new, 0 extended, 0 bridged, 2 events without visitor or time"
                                + "  (already done)\n",
                        ""));
        assertThat(site.json("batches/" + BATCH + "/attempts/1.json")
                        .at("/end/step")
                        .asText())
                .isEqualTo("sessionize");
        assertThat(site.command("status").out())
                .contains("published", "; sessions: 2 new, 0 extended, 0 bridged, 2 events without visitor or time");
        assertThat(Files.readString(site.lake("report/index.html"))).contains("<td>2 new, 0 extended, 0 bridged");
    }

    @Test
    void theMarkerNamesAllFilesOfTheDaysThatChanged() throws IOException {
        deliverVisits();
        site.command("run");
        Visits.deliver(site, "b", List.of(Event.of("f", "cleo", "2026-03-02T03:00:00Z")));
        site.command("run");

        JsonNode marker = site.json("batches/" + BATCH + "-2/sessionize.json");
        assertThat(marker.get("step").asText()).isEqualTo("sessionize");
        assertThat(marker.get("number").asInt()).isEqualTo(2);
        assertThat(marker.get("records").toString())
                .isEqualTo("{\"read\":1,\"published\":1,\"duplicates\":0,\"quarantined\":0}");
        assertThat(marker.get("sessions").toString())
                .isEqualTo(
                        "{\"events\":1,\"withoutVisitor\":0,\"withoutTime\":0,\"new\":1,\"extended\":0,\"bridged\":0,"
                                + "\"partitionsRead\":1,\"partitionsRewritten\":1}");
        assertThat(marker.at("/columns/landing").toString()).isEqualTo("{\"maxBytes\":2,\"nulls\":0}");
        assertThat(marker.at("/columns/revenue").toString()).isEqualTo("{\"nulls\":2}");
        List<String> files = new ArrayList<>();
        marker.get("files").forEach(file -> files.add(file.get("location").asText()));
        assertThat(files).isEqualTo(livingFiles("2026-03-02"));
        assertThat(marker.get("snapshot").asLong())
                .isEqualTo(site.session()
                        .spark()
                        .sql("select snapshot_id from " + site.sessionsName() + ".snapshots"
                                + " where summary['eightbells.batch'] = '" + BATCH + "-2'")
                        .head()
                        .getLong(0));
    }

    private List<String> livingFiles(String day) {
        return site
                .session()
                .spark()
                .sql("select file_path from " + site.sessionsName()
                        + ".files where partition.session_start_day = date '" + day + "'")
                .collectAsList()
                .stream()
                .map(row ->
                        row.getString(0).replace("file:" + site.lake(""), "").replaceFirst("^/", ""))
                .toList();
    }

    @Test
    void anotherParquetReaderSeesInTheMarkersFilesWhatSparkSeesInTheTable() throws IOException {
        deliverVisits();
        site.command("run");
        List<String> read = new ArrayList<>();
        for (JsonNode file : site.json("batches/" + BATCH + "/sessionize.json").get("files")) {
            Path path = site.lake(file.get("location").asText());
            assertThat(Files.size(path)).isEqualTo(file.get("bytes").asLong());
            try (ParquetReader<Group> groups = ParquetReader.builder(
                            new GroupReadSupport(), new org.apache.hadoop.fs.Path("file:" + path))
                    .withConf(new Configuration())
                    .build()) {
                for (Group row = groups.read(); row != null; row = groups.read()) {
                    read.add(row.getString("session_id", 0) + " " + row.getString("visitor", 0) + " "
                            + row.getLong("session_start", 0) + " " + row.getLong("session_end", 0) + " "
                            + row.getDouble("duration_seconds", 0) + " " + row.getLong("event_count", 0) + " "
                            + row.getString("landing", 0) + " " + row.getString("leaving", 0) + " "
                            + row.getBoolean("paid", 0) + " " + row.getString("last_key", 0));
                }
            }
        }
        assertThat(read)
                .containsExactlyInAnyOrderElementsOf(site
                        .sessions()
                        .selectExpr("concat_ws(' ', session_id, visitor, unix_micros(session_start),"
                                + " unix_micros(session_end), duration_seconds, event_count, landing, leaving, paid,"
                                + " last_key)")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList());
    }

    @Test
    void stepByStepIsTheSameAsARun() throws IOException {
        deliverVisits();
        plan();
        assertThat(site.command("sessionize", "--batch", BATCH))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot sessionize batch " + BATCH + ": it has no published.json yet."
                                + " Run eightbells convert for it first.\n"));
        assertThat(site.lake("batches/" + BATCH + "/attempts")).doesNotExist();
        assertThat(site.command("convert", "--batch", BATCH).out())
                .isEqualTo(BATCH + "        read 5 = written 5 + duplicates 0 + quarantined 0\n");
        assertThat(site.command("sessionize", "--batch", BATCH))
                .isEqualTo(new Result(
                        0,
                        BATCH + "        sessions: 2 new, 0 extended, 0 bridged, 2 events without visitor or time\n",
                        ""));
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));
    }

    private void plan() {
        try (Workplace workplace = site.workplace(lake -> lake)) {
            assertThat(workplace.planning().claim(Site.NOW, null)).isPresent();
        }
    }

    @Test
    void aRunFinishesABatchThatIsOnlyPublished() throws IOException {
        deliverVisits();
        plan();
        site.command("convert", "--batch", BATCH);
        assertThat(site.command("run").out()).contains("sessions: 2 new");
    }

    @Test
    void sessionsBeginWithTheBatchesThatArePlannedWithThem() throws IOException {
        String without = Site.VISITS.substring(0, Site.VISITS.indexOf("sessions:"));
        site.define(without);
        deliverVisits();
        site.command("run");
        site.define(Site.VISITS);
        assertThat(site.command("run").out()).startsWith("Nothing new");
        assertThat(site.command("sessionize", "--batch", BATCH))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot sessionize batch " + BATCH + ": the pipeline file that it was planned under"
                                + " has no sessions. Put them into the file, and add --today to go by what it says"
                                + " today.\n"));
        Visits.deliver(site, "b", List.of(Event.of("f", "bosun", "2026-03-02T00:30:00Z")));
        assertThat(site.command("run").out()).contains("sessions: 1 new");

        assertThat(site.command("sessionize", "--batch", BATCH, "--today").out())
                .contains("sessions: 1 new, 1 extended, 0 bridged");
        assertThat(site.command("sessionize", "--batch", BATCH, "--today").out())
                .contains("(already done)");
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));
    }

    @Test
    void aMistakeInAPredicateIsToldBeforeAnythingIsPlanned() throws IOException {
        site.define(Site.VISITS.replace("page is not null", "pages is not null"));
        deliverVisits();
        for (String command : List.of("run", "plan")) {
            assertThat(site.command(command))
                    .isEqualTo(new Result(
                            2,
                            "",
                            "eightbells: " + site.file() + ":23: sessions.columns[2].count: 'pages is not null' names"
                                    + " pages, which is no column of the events' table; name one of its columns.\n"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("lake");
        }
    }

    @Test
    void anExpressionThatFailsOnTheDataIsToldAsSuchAndTheEventsArePublished() throws IOException {
        site.define(Site.VISITS.replace("first: page", "first: \"element_at(array(page), length(page) - 2)\""));
        deliverVisits();
        Result result = site.command("run");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("eightbells: Cannot make the sessions of batch " + BATCH
                        + ": an SQL expression of its pipeline file failed on its events ([INVALID_INDEX_OF_ZERO]")
                .endsWith("and run: eightbells sessionize --pipeline FILE --batch ID --today.\n");
        assertThat(site.rows("id")).hasSize(5);
        assertThat(site.json("batches/" + BATCH + "/attempts/1.json")
                        .at("/end/step")
                        .asText())
                .isEqualTo("sessionize");
        assertThat(site.command("status").out()).contains("; no sessions yet, attempt 1 ended with 3: Cannot make");

        site.define(Site.VISITS);
        assertThat(site.command("sessionize", "--batch", BATCH, "--today").out())
                .contains("sessions: 2 new");
        assertThat(site.sessionRows()).isEqualTo(Visits.expected(site));
        assertThat(site.command("run").out()).startsWith("Nothing new");
    }

    @Test
    void batchesUnderAnotherRuleAreRefusedWithTheDifference() throws IOException {
        deliverVisits();
        site.command("run");
        site.define(Site.VISITS.replace("gap: 30m", "gap: 1h"));
        Visits.deliver(site, "b", List.of(Event.of("f", "cleo", "2026-03-02T03:00:00Z")));
        Result result = site.command("run");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("eightbells: Cannot put sessions into table analytics.sessions: it holds sessions of another"
                        + " rule: 'gap: PT30M' there is not in the file; 'gap: PT1H' in the file is not there. Put the"
                        + " sessions part of the pipeline file back as it was, or name another table.\n");
        site.define(Site.VISITS);
        assertThat(site.command("run").out()).contains("sessions: 1 new");
    }

    @Test
    void aBatchThatWasPlannedUnderAnotherRuleIsNotEvenPublished() throws IOException {
        deliverVisits();
        site.command("run");
        site.define(Site.VISITS.replace("gap: 30m", "gap: 1h"));
        Visits.deliver(site, "b", List.of(Event.of("f", "cleo", "2026-03-02T03:00:00Z")));
        plan();
        assertThat(site.command("run").exitCode()).isEqualTo(2);
        assertThat(site.lake("batches/" + BATCH + "-2/published.json")).doesNotExist();
        site.define(Site.VISITS);
        site.command("abandon", "--batch", BATCH + "-2", "--reason", "another gap", "--return");
        assertThat(site.command("run").out()).contains("sessions: 1 new");
    }
}
