package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.localaws.RedshiftError;
import dev.eightbells.steps.Site.Result;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.table.EventsTable;
import dev.eightbells.table.TableHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a load finds wrong with the lake, and with the state of the warehouse: it says so, and loads nothing. */
@ExtendWith(LocalServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadBadInputTest {
    private static final String BATCH = "20260302T0400Z";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ANNA = new Visits.Event("a", "anna", NOON, "/a", "1.50").json();
    private static final String BOB = new Visits.Event("b", "bob", NOON, "/b", null).json();
    private static final String PREFIX = "eightbells: Cannot load pipeline visits into its warehouse: ";

    private Path folder;
    private Session session;
    private LocalS3 s3;
    private LocalPostgres postgres;
    private LocalRedshift redshift;
    private WarehouseSite site;
    private Result empty;

    /** A batch with an event that was delivered twice, and one in which it was delivered again. */
    @BeforeAll
    void publish(@TempDir Path folder, Session session, LocalS3 s3, LocalPostgres postgres, LocalRedshift redshift)
            throws IOException {
        this.folder = folder;
        this.session = session;
        this.s3 = s3;
        this.postgres = postgres;
        this.redshift = redshift;
        site = site("inputs");
        site.deliver("batch0.json", ANNA + BOB + ANNA);
        assertThat(site.command("run").exitCode()).isZero();
        site.deliver("batch1.json", ANNA);
        redshift.faults().reset();
        empty = site.command("run");
    }

    @AfterEach
    void mend() {
        redshift.faults().reset();
    }

    private WarehouseSite site(String name) throws IOException {
        return new WarehouseSite(name, folder.resolve(name), session, s3, postgres, redshift);
    }

    private Result load(String schema, String... more) throws IOException {
        site.define(Site.VISITS, site.warehouse(schema));
        return site.command("load", more);
    }

    private static Result refused(int code, String why) {
        return new Result(code, "", PREFIX + why + ". Nothing was loaded.\n");
    }

    private static List<Map<String, String>> loads(WarehouseSite site, String schema) throws SQLException {
        return site.ask("SELECT 1 FROM svv_tables WHERE table_name = 'eightbells_loads' AND table_schema = '" + schema
                                + "'")
                        .isEmpty()
                ? List.of()
                : site.ask("SELECT * FROM " + schema + ".eightbells_loads ORDER BY \"table\", \"number\"");
    }

    @Test
    void anEventThatWasDeliveredTwiceIsOneRow() throws SQLException {
        assertThat(site.ask("SELECT id, eightbells_batch FROM inputs.events ORDER BY id"))
                .containsExactly(
                        Map.of("id", "a", "eightbells_batch", BATCH), Map.of("id", "b", "eightbells_batch", BATCH));
    }

    @Test
    void anEmptyBatchIsARowOfTheLedgerAndNothingElse() throws SQLException {
        assertThat(empty.exitCode()).isZero();
        assertThat(empty.out()).startsWith(BATCH + "-2 ").contains("loaded: 0 events");
        assertThat(site.ask("SELECT \"number\", \"batch\", \"rows\" FROM inputs.eightbells_loads"
                        + " WHERE \"table\" = 'inputs.events' ORDER BY 1"))
                .extracting(row -> String.join(" ", row.values()))
                .containsExactly("1 " + BATCH + " 2", "2 " + BATCH + "-2 0");
    }

    @Test
    void noSectionWarehouse() throws IOException {
        site.define(Site.VISITS, "");
        assertThat(site.command("load"))
                .isEqualTo(new Result(
                        2,
                        "",
                        "eightbells: Cannot load pipeline visits: its file has no section warehouse. Say there which"
                                + " Redshift to load, and into which tables.\n"));
    }

    @Test
    void aCopyRoleThatTheWarehouseDoesNotHave() throws IOException, SQLException {
        String role = "arn:aws:iam::123456789012:role/nobody";
        site.define(Site.VISITS, site.warehouse("role") + "  copyRole: " + role + "\n");
        assertThat(site.command("load"))
                .isEqualTo(refused(
                        2,
                        "COPY cannot read s3://inputs/lake/ as role " + role
                                + ": User arn:aws:redshift:us-east-1:000000000000:dbuser:local/awsuser is not"
                                + " authorized to assume IAM Role " + role + ": IAM Role=" + role
                                + "; attach the role to the warehouse's cluster or namespace, let"
                                + " redshift.amazonaws.com assume it, and name it with 'copyRole'"));
        assertThat(loads(site, "role")).isEmpty();
    }

    /** The table's only file. */
    private static DataFile file(Table table) {
        TableHistory history = TableHistory.of(table);
        return history.live(history.commits().get(0)).get(0).file();
    }

    private static Table events(Workplace workplace) {
        return EventsTable.open(workplace.catalog(), workplace.pipeline())
                .orElseThrow()
                .table();
    }

    private static String key(String location) {
        return location.substring(location.indexOf("/lake/") + "/lake/".length());
    }

    /**
     * Loads while the lake's file is another.
     *
     * @param change null removes it
     */
    private void withFile(UnaryOperator<byte[]> change, String schema, String why) throws IOException, SQLException {
        try (Workplace workplace = site.workplace();
                ObjectStore lake = site.lake()) {
            DataFile file = file(events(workplace));
            byte[] whole = lake.read(key(file.location())).orElseThrow().bytes();
            lake.delete(key(file.location()));
            try {
                if (change != null) {
                    lake.create(key(file.location()), change.apply(whole.clone()));
                }
                assertThat(load(schema))
                        .isEqualTo(refused(
                                3,
                                "the file " + file.location() + why.formatted(file.fileSizeInBytes())
                                        + "; restore it"));
                assertThat(loads(site, schema)).isEmpty();
            } finally {
                lake.delete(key(file.location()));
                lake.create(key(file.location()), whole);
            }
            assertThat(load(schema).exitCode()).isZero();
        }
    }

    @Test
    void aFileThatIsGone() throws IOException, SQLException {
        withFile(null, "gone", " is gone");
    }

    @Test
    void aFileOfNoBytes() throws IOException, SQLException {
        withFile(whole -> new byte[0], "nobytes", " has 0 bytes, and the table says %d");
    }

    @Test
    void aFileThatWasCutOff() throws IOException, SQLException {
        withFile(whole -> Arrays.copyOf(whole, 100), "cut", " has 100 bytes, and the table says %d");
    }

    @Test
    void aFileThatIsNoParquet() throws IOException, SQLException {
        try (Workplace workplace = site.workplace()) {
            String location = file(events(workplace)).location();
            withFile(
                    whole -> new byte[whole.length],
                    "noparquet",
                    " is no Parquet file (" + location
                            + " is not a Parquet file. Expected magic number at tail, but found [0, 0, 0, 0])");
        }
    }

    @Test
    void aFileWhosePagesAreDamaged() throws IOException, SQLException {
        try (Workplace workplace = site.workplace();
                ObjectStore lake = site.lake()) {
            String key = key(file(events(workplace)).location());
            byte[] whole = lake.read(key).orElseThrow().bytes();
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, 4, 200, (byte) 7);
            lake.delete(key);
            lake.create(key, damaged);
            Result refused = load("damaged");
            lake.delete(key);
            lake.create(key, whole);
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err())
                    .matches(
                            "eightbells: Cannot load commit [0-9]+ of inputs.events into damaged.events: file s3://\\S+"
                                    + key
                                    + ": .* is damaged: .*\\. Correct the column in the warehouse, or the data, and run it"
                                    + " again\\.\n");
            assertThat(loads(site, "damaged")).isEmpty();
            assertThat(load("damaged").exitCode()).isZero();
        }
    }

    @Test
    void aTextThatIsLongerThanAnyColumn() throws IOException, SQLException {
        WarehouseSite longText = site("longtext");
        longText.deliver("a.json", ANNA);
        assertThat(longText.command("run").exitCode()).isZero();
        List<Map<String, String>> loads = loads(longText, "longtext");
        longText.deliver("b.json", new Visits.Event("b", null, NOON, "ü".repeat(32_768), null).json());
        Result refused = refused(
                3,
                "column page of longtext.events holds a value of 65536 bytes, and the longest that Redshift takes is"
                        + " 65535; take it out of the lake, and let a rule (ColumnLength) quarantine such records");
        assertThat(longText.command("run")).isEqualTo(refused);
        assertThat(longText.command("load", "--batch", BATCH + "-2")).isEqualTo(refused);
        assertThat(longText.command("status").out()).contains("not loaded yet, attempt 2 ended with 3: Cannot load");
        assertThat(loads(longText, "longtext")).isEqualTo(loads);
    }

    @Test
    void aKeyThatAnotherWriterRepeated() throws IOException, SQLException {
        WarehouseSite repeated = site("repeated");
        repeated.deliver("a.json", ANNA);
        assertThat(repeated.command("run").exitCode()).isZero();
        List<Map<String, String>> loads = loads(repeated, "repeated");
        try (Workplace workplace = repeated.workplace();
                ObjectStore lake = repeated.lake()) {
            Table table = events(workplace);
            append(lake, table, file(table), "1");
            Result refused = repeated.command("load");
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err())
                    .matches(
                            "eightbells: Cannot load repeated.events into repeated.events: commit [0-9]+, which no batch"
                                    + " made, brings rows with keys \\[id] that 1 rows have already. Take the surplus rows out of"
                                    + " the lake's table and run it again, or take them over as they are with eightbells load"
                                    + " --reload.\n");
            table.manageSnapshots()
                    .rollbackTo(table.currentSnapshot().parentId())
                    .commit();
            append(lake, table, file(table), "2", "3");
        }
        assertThat(repeated.command("load"))
                .isEqualTo(new Result(
                        3,
                        "",
                        "eightbells: Cannot load repeated.events into repeated.events: its files hold 2 rows with the"
                                + " key [id] = [a] in one partition. Take the surplus rows out of the lake's table and"
                                + " run it again, or take them over as they are with eightbells load --reload.\n"));
        assertThat(loads(repeated, "repeated")).isEqualTo(loads);
        assertThat(repeated.ask("SELECT id FROM repeated.events")).containsExactly(Map.of("id", "a"));
        assertThat(repeated.command("load", "--reload").exitCode()).isZero();
        assertThat(repeated.ask("SELECT id FROM repeated.events")).hasSize(3);
    }

    /** Commits copies of a file, as another writer would. */
    private static void append(ObjectStore lake, Table table, DataFile file, String... copies) {
        AppendFiles append = table.newAppend();
        for (String copy : copies) {
            String location = file.location().replace(".parquet", "-" + copy + ".parquet");
            lake.create(
                    key(location), lake.read(key(file.location())).orElseThrow().bytes());
            append.appendFile(DataFiles.builder(table.spec())
                    .copy(file)
                    .withPath(location)
                    .build());
        }
        append.commit();
    }

    /** Loads everything again, and fails at the first statement that begins so. */
    private void assertLater(String schema, String statement, RedshiftError error, String sentence)
            throws IOException, SQLException {
        assertThat(load(schema).exitCode()).isZero();
        List<Map<String, String>> loads = loads(site, schema);
        redshift.faults().reset();
        assertThat(load(schema, "--reload").exitCode()).isZero();
        List<String> statements = redshift.statements();
        int number = 1;
        while (!statements.get(number - 1).startsWith(statement)) {
            number++;
        }
        assertThat(loads(site, schema)).startsWith(loads.get(0)).hasSize(4);
        redshift.faults().reset();
        redshift.faults().failBefore(number, error);
        Result later = load(schema, "--reload");
        assertThat(later.exitCode()).isEqualTo(5);
        assertThat(later.err()).matches("eightbells: " + sentence + "\n");
        assertThat(later.out()).isEmpty();
        assertThat(loads(site, schema)).hasSize(4);
        assertThat(load(schema, "--reload").exitCode()).isZero();
    }

    @Test
    void aWarehouseThatIsReadOnly() throws IOException, SQLException {
        assertLater(
                "readonly",
                "DELETE FROM",
                RedshiftError.readOnly(),
                "Cannot load commit [0-9]+ of inputs.events into readonly.events: transaction is read-only \\(SQLSTATE 25006\\)\\."
                        + " Wait until its resize or maintenance is over, or connect to one that can be written, and"
                        + " run it again\\.");
    }

    @Test
    void aWarehouseThatIsFull() throws IOException, SQLException {
        assertLater(
                "filled",
                "COPY \"eightbells_staging",
                RedshiftError.diskFull(),
                "Cannot load commit [0-9]+ of inputs.events into filled.events: Disk Full: node: 0 \\(SQLSTATE"
                        + " XX000, code 1016\\)\\. Free space in the warehouse or resize it, and run it again\\.");
    }

    @Test
    void aWarehouseThatIsPaused() throws IOException, SQLException {
        redshift.faults().refuseConnections(RedshiftError.startingUp());
        assertThat(load("paused"))
                .isEqualTo(new Result(
                        5,
                        "",
                        "eightbells: Cannot look at table paused.events in the warehouse: the database system is"
                                + " starting up (SQLSTATE 57P03). Resume the warehouse, or wait until it has started,"
                                + " and run it again.\n"));
        redshift.faults().acceptConnections();
        assertThat(loads(site, "paused")).isEmpty();
    }
}
