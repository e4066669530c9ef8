package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code query} over a lake with two batches of visits. */
class QueryTest {
    private static final String FIRST = "20260302T0400Z";
    private static final String SECOND = "20260302T0800Z";

    @TempDir
    private static Path folder;

    private static final Session SESSION = new Session(Map.of());
    private static Site site;

    private static String visit(String id, String visitor, String at, String page, String amount) {
        return "{\"id\":\"" + id + "\",\"visitor\":\"" + visitor + "\",\"at\":\"" + at + "\",\"page\":\"" + page
                + "\",\"amount\":" + amount + "}\n";
    }

    @BeforeAll
    static void publishTwoBatches() throws IOException {
        site = new Site(folder, SESSION);
        site.define(
                Site.VISITS
                        + """
                quality:
                  rules: |
                    Rules = [ ColumnValues "amount" >= 0 ]
                """);
        Files.writeString(
                site.raw("one.json"),
                visit("a", "ann", "2026-03-02T01:00:00Z", "home", "1.50")
                        + visit("b", "bob", "2026-03-02T01:05:00Z", "cart", "7.25")
                        + visit("c", "bob", "2026-03-02T01:06:00Z", "cart", "-1")
                        + "no json\n");
        assertThat(site.commandAt("2026-03-02T04:20:00Z", "run").err()).isEmpty();
        Files.writeString(site.raw("two.json"), visit("d", "ann", "2026-03-02T01:10:00Z", "pay", "2.00"));
        assertThat(site.commandAt("2026-03-02T08:20:00Z", "run").err()).isEmpty();
    }

    @AfterAll
    static void stop() {
        SESSION.close();
    }

    private static Site.Result query(String sql, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = sql;
        System.arraycopy(more, 0, arguments, 1, more.length);
        return site.command("query", arguments);
    }

    private static List<String> csv(String sql, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = "--csv";
        System.arraycopy(more, 0, arguments, 1, more.length);
        Site.Result result = query(sql, arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().lines().skip(1).toList();
    }

    private static void refuses(String sql, String sentence, String... more) {
        Site.Result result = query(sql, more);
        assertThat(result.err()).isEqualTo("eightbells: " + sentence + "\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void showsATableAndTellsHowManyRowsInWhatTime() {
        Site.Result result =
                query("select page, sum(amount) revenue, max(at) latest from events group by 1 order by 1");

        assertThat(result.out())
                .isEqualTo(
                        """
                        page  revenue  latest
                        ────  ───────  ────────────────────
                        cart     7.25  2026-03-02T01:05:00Z
                        home     1.50  2026-03-02T01:00:00Z
                        pay      2.00  2026-03-02T01:10:00Z
                        """);
        assertThat(result.err()).matches("3 rows in \\d+\\.\\d s\n");
    }

    @Test
    void takesTablesByTheirFullNamesAndTheirShortOnes() {
        assertThat(csv("select count(*) from analytics.events")).containsExactly("3");
        assertThat(csv("select count(*) from `analytics`.`events` where analytics.events.page = 'pay'"))
                .containsExactly("1");
        assertThat(csv("select visitor, events.page from EVENTS join sessions using (visitor) order by id limit 1"))
                .containsExactly("ann,home");
        assertThat(csv("select a.id from events a join events b on a.id = b.id order by 1"))
                .containsExactly("a", "b", "d");
    }

    @Test
    void knowsNamesThatTheQueryMakesItself() {
        assertThat(csv("with events as (select id from events where page = 'pay'), two as (select * from events) "
                        + "select (select max(id) from two) from events where id in (select id from analytics.events)"))
                .containsExactly("d");
    }

    @Test
    void tellsBatchesWithTheirCountsAndTimes() {
        assertThat(csv(
                        "select number, batch, state, objects, read, published, duplicates, quarantined, rules, rows_moved,"
                                + " window_end, published_at >= converted_at, sessions_new, sessions_extended, note from batches"
                                + " order by number"))
                .containsExactly(
                        "1," + FIRST + ",published,1,4,2,0,2,1,1,2026-03-02T04:00:00Z,true,2,0,",
                        "2," + SECOND + ",published,1,1,1,0,0,1,0,2026-03-02T08:00:00Z,true,0,1,");
    }

    @Test
    void tellsWhatLiesInQuarantine() {
        assertThat(
                        csv(
                                "select batch, object, offset, reason, size(rules), text from quarantine where reason <> 'rule'"))
                .containsExactly(FIRST + ",one.json,247,not-json,0,no json");
        assertThat(csv("select rules[0], get_json_object(text, '$.id') from quarantine where reason = 'rule'"))
                .containsExactly("\"ColumnValues \"\"amount\"\" >= 0\",c");
        assertThat(csv("select reason from quarantine limit 1")).hasSize(1);
    }

    @Test
    void tellsTheHistoryOfTheRules() {
        assertThat(csv("select batch, value from quality where metric = 'Dataset.*.RowCount' order by number"))
                .containsExactly(FIRST + ",3.0", SECOND + ",1.0");
    }

    @Test
    void tellsWhatIcebergKnowsOfATable() {
        assertThat(csv("select summary['eightbells.batch'] from events.snapshots"
                        + " where summary['eightbells.step'] = 'validate' and operation = 'append'"))
                .contains(FIRST, SECOND);
        assertThat(csv("select sum(record_count) from analytics.events.files")).containsExactly("3");
    }

    @Test
    void answersAsOfABatch() {
        assertThat(csv("select id from events order by id", "--as-of", FIRST)).containsExactly("a", "b");
        assertThat(csv("select count(*), sum(views) from sessions", "--as-of", FIRST))
                .containsExactly("2,2");
        assertThat(csv("select count(*), sum(views) from sessions", "--as-of", SECOND))
                .containsExactly("2,3");
        assertThat(csv(
                        "select (select count(*) from batches), (select count(*) from quarantine),"
                                + " (select count(distinct batch) from quality)",
                        "--as-of",
                        FIRST))
                .containsExactly("1,2,1");
        refuses(
                "select 1 from events.files",
                "Cannot read events.files as of a batch: it tells of the table as it is. Ask without --as-of.",
                "--as-of",
                FIRST);
        refuses(
                "select 1",
                "Cannot find batch 20260302T1200Z in the lake "
                        + site.pipeline().lake() + ". Ask eightbells status for the batches there are.",
                "--as-of",
                "20260302T1200Z");
    }

    @Test
    void printsOneObjectALine() {
        assertThat(query("select id, amount, at, null nothing, array(1) list from events where id = 'a'", "--json")
                        .out())
                .isEqualTo(
                        "{\"id\":\"a\",\"amount\":1.50,\"at\":\"2026-03-02T01:00:00Z\",\"nothing\":null,\"list\":[1]}\n");
    }

    @Test
    void cutsATableAndSaysSo() {
        Site.Result result = query("select id from range(250)");

        assertThat(result.out().lines()).hasSize(102);
        assertThat(result.err())
                .matches("The first 100 rows; there are more: see them with --limit, or all with --csv or --json;"
                        + " in \\d+\\.\\d s\n");
        assertThat(query("select id from range(250)", "--limit", "250").err()).startsWith("250 rows in ");
        assertThat(csv("select id from range(250)")).hasSize(250);
        assertThat(csv("select id from range(250)", "--limit", "7")).hasSize(7);
        assertThat(query("select id from range(3)", "--limit", "2147483647").err())
                .startsWith("3 rows in ");
    }

    @Test
    void leavesWhatLooksLikeAVariableAlone() {
        assertThat(csv("select '${env:PATH} ${spark.app.name}'")).containsExactly("${env:PATH} ${spark.app.name}");
    }

    @Test
    void refusesWhatIsNoQuery() throws IOException {
        List<String> before = site.everything();

        for (String statement : List.of(
                "drop table events",
                "set spark.sql.shuffle.partitions = 7",
                "show tables",
                "insert into events select * from events",
                "insert overwrite directory '" + folder.resolve("out") + "' using csv select id from events",
                "insert overwrite local directory '" + folder.resolve("out") + "' using csv select id from events",
                "from events insert overwrite directory '" + folder.resolve("out") + "' using parquet select *",
                "from events insert overwrite directory '" + folder.resolve("out")
                        + "' using csv select id insert overwrite directory '" + folder.resolve("out")
                        + "' using csv select page",
                "create temporary view events as select 1",
                "with e as (select 1) insert into events select * from e",
                "delete from analytics.events",
                "explain select 1",
                "cache table events")) {
            Site.Result result = query(statement);
            assertThat(result.err())
                    .startsWith("eightbells: Cannot run this statement: it is a ")
                    .endsWith(
                            " and no query, and nothing but a query is answered here. Begin with SELECT, WITH or VALUES.\n");
            assertThat(result.exitCode()).isEqualTo(2);
        }
        assertThat(site.everything()).isEqualTo(before);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void refusesWhatReachesBeyondTheTables() {
        String names =
                "There are analytics.events, events, analytics.sessions, sessions, batches, quarantine, quality.";
        refuses("select * from parquet.`/etc/passwd`", "Cannot find a table parquet./etc/passwd: " + names);
        refuses(
                "select 1 where exists (select 1 from text.`/etc/passwd`)",
                "Cannot find a table text./etc/passwd: " + names);
        refuses(
                "select (select java_method('java.lang.System', 'exit', 1))",
                "Cannot answer the query: it uses java_method, which calls Java. Leave it out.");
        refuses(
                "select transform(id) using 'cat' from events",
                "Cannot answer the query: it uses TRANSFORM, which starts a program. Leave it out.");
        refuses(
                "select * from identifier('events')",
                "Cannot answer the query: it uses IDENTIFIER. Write the name itself.");
        refuses(
                "select identifier('reflect')('java.lang.System', 'exit')",
                "Cannot answer the query: it uses IDENTIFIER. Write the name itself.");
        refuses(
                "select * from events version as of 3",
                "Cannot answer the query: it uses AS OF. Use --as-of BATCH, which means all tables.");
    }

    @Test
    void saysWhatIsWrongWithAQuery() {
        refuses(
                "select * from evnts",
                "Cannot find a table evnts: did you mean events? There are analytics.events, events,"
                        + " analytics.sessions, sessions, batches, quarantine, quality.");
        refuses("select amuont from events", "Cannot answer the query: it has no column amuont. Did you mean amount?");
        refuses(
                "selec 1",
                "Cannot read the query: syntax error at or near 'selec' (line 1, letter 1). Spark SQL is what is spoken here.");
        refuses(
                "",
                "Cannot read the query: syntax error at or near end of input (line 1, letter 1). Spark SQL is what is spoken here.");
        refuses(
                "select nofunction(1)",
                "Cannot answer the query: there is no function nofunction. Look at Spark's list of functions.");
        refuses(
                "select id, count(*) from events",
                "Cannot answer the query: the query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses (line 1, letter 1). Mend it, and ask again.");
        refuses(
                "select 1; select 2",
                "Cannot read the query: syntax error at or near 'select': extra input 'select' (line 1, letter 11). Spark SQL is what is spoken here.");
        refuses(
                "select assert_true(id = 'a') from events",
                "Cannot answer the query: an expression of it failed on a row ('(id = a)' is not true!). Write it so that it says null there.");
    }

    @Test
    void saysThatThereIsNothingYet(@TempDir Path elsewhere) throws IOException {
        Site empty = new Site(elsewhere, SESSION);
        empty.define(Site.SHOP.replace("analytics.events", "order.select"));

        assertThat(empty.command("query", "select * from `order`.`select`").err())
                .isEqualTo("eightbells: Cannot find table order.select in the catalog: no batch has written to it yet."
                        + " Look at eightbells status; batches and quarantine can be queried.\n");
        assertThat(empty.command("query", "select * from sessions").err())
                .isEqualTo("eightbells: Cannot find a table of sessions: the pipeline file has no section sessions."
                        + " Add one.\n");
        assertThat(empty.command("query", "--csv", "select number from batches union all select number from quarantine")
                        .out())
                .isEqualTo("number\r\n");
    }

    @Test
    void refusesToGoBackToWhatIsNotThere(@TempDir Path elsewhere) throws IOException {
        Site shop = new Site(elsewhere, SESSION);
        shop.deliver("2026-03-02T01", "one.json", Site.event("a", "2026-03-02T01:00:00Z", 1));
        shop.commandAt("2026-03-02T04:20:00Z", "run");
        shop.deliver("2026-03-02T05", "two.json", Site.event("b", "2026-03-02T05:00:00Z", 1));
        shop.commandAt("2026-03-02T08:20:00Z", "run");
        long commit = shop.json("batches/" + FIRST + "/published.json")
                .get("snapshot")
                .asLong();
        try (Workplace workplace = shop.workplace(lake -> lake)) {
            workplace
                    .catalog()
                    .loadTable(TableIdentifier.of("analytics", "events"))
                    .expireSnapshots()
                    .expireSnapshotId(commit)
                    .commit();
        }

        assertThat(shop.command("query", "--as-of", FIRST, "select * from events")
                        .err())
                .isEqualTo("eightbells: Cannot read analytics.events as of batch " + FIRST + ": its commit " + commit
                        + " has expired. Name a newer batch, and keep commits for longer with care.keep in the"
                        + " pipeline file.\n");
    }

    @Test
    void answersWhatItsPageAsks() throws IOException {
        List<String> questions = statements("## Query");

        assertThat(questions).hasSize(6);
        for (String question : questions) {
            assertThat(csv(question)).as(question).isNotEmpty();
        }
    }

    @Test
    void sparkAnswersWhatThePageSaysOfIt() throws IOException {
        SparkSession spark = SESSION.spark().newSession();
        spark.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
        spark.conf().set("spark.sql.catalog.lake.warehouse", "file:" + site.lake("tables"));
        spark.conf().set("spark.sql.catalog.lake.type", "hadoop");
        List<String> questions = statements("### Spark");

        assertThat(questions).hasSize(5);
        for (String question : questions) {
            assertThat(spark.sql(question).collectAsList()).as(question).isNotEmpty();
        }
    }

    /** The statements of a section of the page about tables, in its blocks of SQL. */
    private static List<String> statements(String title) throws IOException {
        String page = Files.readString(Path.of("../docs/tables.md"));
        String section = page.substring(page.indexOf("\n" + title + "\n") + 1 + title.length());
        String own = section.substring(0, section.indexOf("\n##"));
        return Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(own)
                .results()
                .flatMap(block -> Arrays.stream(block.group(1).split(";")))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
