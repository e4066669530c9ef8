package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Every statement as SQL, side by side with {@code statements.sql}, which is written to be read. */
class SqlTest {
    private static final TableName EVENTS = new TableName("analytics", "web_events");
    private static final TableName SESSIONS = new TableName("analytics", "web_sessions");
    private static final TableName LEDGER = new TableName("analytics", "eightbells_loads");
    private static final String STAGING = "eightbells_staging_1";
    private static final String LIST = "s3://acme-lake/web-events/loads/5f3a.json";
    private static final List<Statement.KeyColumn> KEY = List.of(
            new Statement.KeyColumn(
                    new Statement.Assignment("event_id", "event_id"), Statement.Comparison.WITH_THEIR_LENGTH),
            new Statement.KeyColumn(new Statement.Assignment("part", "part"), Statement.Comparison.AS_THEY_ARE));
    private static final Statement.Partition PARTITION = new Statement.Partition(
            new Statement.Assignment("event_timestamp", "event_timestamp"), Unit.DAY, days(22, 24));
    private static final Statement.Partition SOMEWHERE =
            new Statement.Partition(new Statement.Assignment("event_timestamp", "event_timestamp"), Unit.HOUR, null);

    @Test
    void everyStatementReadsAsItsDocumentationSays() throws IOException {
        StringBuilder written = new StringBuilder();
        statements().forEach((title, statement) -> written.append("-- ")
                .append(title)
                .append('\n')
                .append(Sql.of(statement))
                .append(";\n\n"));
        try (InputStream golden = SqlTest.class.getResourceAsStream("statements.sql")) {
            assertThat(written.toString()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void noStatementIsMissingInTheDocumentation() {
        assertThat(statements().values())
                .extracting(Object::getClass)
                .containsAll(Arrays.asList(Statement.class.getPermittedSubclasses()));
    }

    private static Map<String, Statement> statements() {
        Map<String, Statement> statements = new LinkedHashMap<>();
        beforeATransaction(statements);
        aTransaction(statements);
        removals(statements);
        afterAFailure(statements);
        return statements;
    }

    private static void beforeATransaction(Map<String, Statement> statements) {
        statements.put("Whoever only looks does not wait for long", new Statement.LimitAnswers(Duration.ofSeconds(15)));
        statements.put("Whoever has the lock takes as long as it takes", new Statement.UnlimitAnswers());
        statements.put("Is the schema there?", new Statement.FindSchema("analytics"));
        statements.put("What kind of thing has the target's name?", new Statement.FindTable(EVENTS));
        statements.put("Which columns has it?", new Statement.FindColumns(EVENTS));
        statements.put("What was loaded into it last?", new Statement.FindLastLoad(LEDGER, EVENTS));
        statements.put("Does it hold rows, though the ledger knows of no load?", new Statement.FindAnyRow(EVENTS));
        statements.put(
                "Can COPY read the lake? NOLOAD moves no byte",
                new Statement.ProbeCopy("eightbells_probe", "s3://acme-lake/web-events/eightbells.json", "default"));
        statements.put("A schema of its own", new Statement.CreateSchema("analytics"));
        statements.put("The ledger", new Statement.CreateLedger(LEDGER));
        statements.put(
                "The events, with keys from the pipeline file",
                new Statement.CreateTable(
                        EVENTS,
                        List.of(
                                column("event_id", new WarehouseType.Varchar(128)),
                                column("event_timestamp", WarehouseType.Plain.TIMESTAMP),
                                column("cookie_id", new WarehouseType.Varchar(128)),
                                column("landing_date", WarehouseType.Plain.DATE),
                                column("geo_latitude", WarehouseType.Plain.DOUBLE_PRECISION),
                                column("amount", new WarehouseType.Numeric(12, 2)),
                                column("items", WarehouseType.Plain.SUPER),
                                column(Target.BATCH, Target.BATCH_TYPE)),
                        new Statement.Order("cookie_id", List.of("event_timestamp", "cookie_id"))));
        statements.put(
                "The sessions, with keys left to Redshift",
                new Statement.CreateTable(
                        SESSIONS,
                        List.of(
                                column("session_id", new WarehouseType.Varchar(64)),
                                column("event_count", WarehouseType.Plain.BIGINT),
                                column("converted", WarehouseType.Plain.BOOLEAN)),
                        Statement.Order.AUTO));
        statements.put(
                "A column that is new in the lake",
                new Statement.AddColumn(EVENTS, column("referrer", new WarehouseType.Varchar(512))));
        statements.put(
                "A column that the lake calls otherwise now", new Statement.RenameColumn(EVENTS, "referrer", "origin"));
        statements.put(
                "Room for longer texts; refused inside a transaction",
                new Statement.WidenColumn(EVENTS, "cookie_id", new WarehouseType.Varchar(256)));
    }

    private static void removals(Map<String, Statement> statements) {
        statements.put("How many rows would be forgotten?", new Statement.Count(EVENTS, visitor("anna")));
        statements.put("Rows that somebody asked to be forgotten", new Statement.DeleteWhere(EVENTS, visitor("anna")));
        statements.put(
                "Rows that are not kept any longer",
                new Statement.DeleteWhere(
                        EVENTS,
                        new Condition.All(List.of(
                                new Condition.Present("event_timestamp"),
                                new Condition.Comparison(
                                        "event_timestamp",
                                        Condition.Operator.LESS,
                                        new Condition.Value(
                                                Types.TimestampType.withZone(), 1_795_335_600_123_456L))))));
        Condition.Value day = new Condition.Value(Types.DateType.get(), 20_779);
        statements.put(
                "Every way to say which rows",
                new Statement.DeleteWhere(
                        EVENTS,
                        new Condition.Any(List.of(
                                new Condition.Not(new Condition.Begins("page", text("/é"))),
                                new Condition.Among("cookie_id", List.of(text("a"), text("b"), text("\\'"))),
                                new Condition.Among("n", List.of(new Condition.Value(Types.LongType.get(), -1L))),
                                new Condition.Missing("landing_date"),
                                new Condition.Comparison("landing_date", Condition.Operator.AT_LEAST, day),
                                new Condition.Comparison("page", Condition.Operator.LESS, text("/b")),
                                new Condition.Comparison("page", Condition.Operator.NOT_EQUAL, text("")),
                                new Condition.Comparison(
                                        "amount",
                                        Condition.Operator.GREATER,
                                        new Condition.Value(Types.DecimalType.of(12, 2), new BigDecimal("1E+2"))),
                                new Condition.Comparison(
                                        "share",
                                        Condition.Operator.AT_MOST,
                                        new Condition.Value(Types.FloatType.get(), 0.1f)),
                                new Condition.Comparison(
                                        "converted",
                                        Condition.Operator.EQUAL,
                                        new Condition.Value(Types.BooleanType.get(), true)),
                                Condition.Constant.FALSE))));
    }

    private static Condition visitor(String name) {
        return new Condition.All(List.of(
                new Condition.Present("user_custom_id"),
                new Condition.Comparison("user_custom_id", Condition.Operator.EQUAL, text(name))));
    }

    private static Condition.Value text(String text) {
        return new Condition.Value(Types.StringType.get(), text);
    }

    @Test
    void valuesOfAConditionAreNeverShown() {
        Statement delete = new Statement.DeleteWhere(EVENTS, visitor("anna"));
        Statement count = new Statement.Count(EVENTS, visitor("anna"));
        assertThat(Sql.shown(delete)).isEqualTo("DELETE FROM \"analytics\".\"web_events\"\nWHERE …");
        assertThat(Sql.shown(count)).isEqualTo("SELECT COUNT(*) FROM \"analytics\".\"web_events\"\nWHERE …");
        assertThat(delete.toString() + count).doesNotContain("anna").contains("user_custom_id");
    }

    private static void aTransaction(Map<String, Statement> statements) {
        statements.put("All or nothing", new Statement.Begin());
        statements.put(
                "One load at a time; the ledger is asked again once it is ours", new Statement.LockLedger(LEDGER));
        statements.put(
                "A table with the columns of the files, in their order",
                new Statement.CreateStaging(
                        STAGING,
                        List.of(
                                column("event_id", new WarehouseType.Varchar(128)),
                                column("event_timestamp", WarehouseType.Plain.TIMESTAMP),
                                column("items", WarehouseType.Plain.SUPER),
                                column("source_object", new WarehouseType.Varchar(65535)),
                                column("source_offset", WarehouseType.Plain.BIGINT))));
        statements.put(
                "The files that the commit added",
                new Statement.Copy(STAGING, LIST, "default", Statement.Nesting.FLAT));
        statements.put(
                "The same with nested columns, as a role",
                new Statement.Copy(STAGING, LIST, "arn:aws:iam::123456789012:role/copy", Statement.Nesting.NESTED));
        statements.put("Are keys unique, as the lake says?", new Statement.FindRepeatedKey(STAGING, KEY, PARTITION));
        statements.put(
                "Events that are there already give way", new Statement.DeleteKeys(EVENTS, STAGING, KEY, PARTITION));
        statements.put(
                "The same where some rows have no time, and a column was renamed",
                new Statement.DeleteKeys(
                        EVENTS,
                        STAGING,
                        List.of(new Statement.KeyColumn(
                                new Statement.Assignment("event_id", "id"), Statement.Comparison.WITH_THEIR_LENGTH)),
                        SOMEWHERE));
        statements.put(
                "Sessions of the days that the commit replaced",
                new Statement.DeleteRanges(SESSIONS, "session_start", List.of(days(21, 23), days(25, 26))));
        statements.put("All rows, before a reload", new Statement.DeleteAll(EVENTS));
        statements.put(
                "The staged rows come in, each with its batch",
                new Statement.Insert(
                        EVENTS,
                        STAGING,
                        List.of(new Statement.Assignment("event_id", "id"), new Statement.Assignment("items", "items")),
                        Target.BATCH,
                        "20261122T0800Z",
                        990));
        statements.put(
                "The same in a reload, where nobody knows the batch any more",
                new Statement.Insert(
                        EVENTS,
                        STAGING,
                        List.of(new Statement.Assignment("event_id", "event_id")),
                        Target.BATCH,
                        null,
                        990));
        statements.put("Staged no longer", new Statement.DropStaging(STAGING));
        statements.put(
                "The ledger's row",
                new Statement.RecordLoad(
                        LEDGER,
                        new Statement.Entry(
                                "web-events",
                                EVENTS,
                                7,
                                TestLoads.SOURCE,
                                3746185722376209749L,
                                "20261122T0800Z",
                                990,
                                Instant.parse("2026-11-22T08:31:07.5Z"))));
        statements.put(
                "A new table takes the place of one whose columns cannot become what they are to be",
                new Statement.RenameTable(EVENTS, "eightbells_old"));
        statements.put("The old one goes", new Statement.DropTable(new TableName("analytics", "eightbells_old")));
        statements.put("From here on it has happened", new Statement.Commit());
    }

    private static void afterAFailure(Map<String, Statement> statements) {
        statements.put("Nothing has happened", new Statement.Rollback());
        statements.put("Who keeps the ledger locked?", new Statement.FindLockHolder(LEDGER));
        statements.put("Why did COPY fail?", new Statement.FindLoadError());
        statements.put("The same where the newer view may not be read", new Statement.FindOlderLoadError());
    }

    private static Statement.Column column(String name, WarehouseType type) {
        return new Statement.Column(name, type);
    }

    private static Statement.Range days(int from, int to) {
        return new Statement.Range(LocalDateTime.of(2026, 11, from, 0, 0), LocalDateTime.of(2026, 11, to, 0, 0));
    }
}
