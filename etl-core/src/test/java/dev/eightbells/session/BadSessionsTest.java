package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused when a pipeline file is loaded, and with which words. */
class BadSessionsTest {
    private static final String FILE =
            """
            version: 1
            pipeline: shop
            source: {location: /data/raw/, layout: flat}
            lake: /data/lake/
            table:
              name: analytics.events
              key: [id]
              partitionBy: {from: at, unit: day}
              columns:
                - {name: id, type: string, required: true}
                - {name: visitor, type: string}
                - {name: at, type: timestamp}
                - {name: page, type: string}
                - {name: amount, type: "decimal(10,2)"}
                - {name: score, type: double}
                - {name: tags, type: "map<string,string>"}
            sessions:
              name: analytics.sessions
              by: visitor
              time: at
              gap: 30m
              columns:
            """;

    @TempDir
    private Path folder;

    private Pipeline load(String columns) throws IOException {
        Path file = Files.writeString(folder.resolve("shop.yaml"), FILE + columns.indent(4));
        return PipelineFile.load(file, Map.of(), SessionShape::problems);
    }

    private String refusal(String columns) {
        Failure[] refused = new Failure[1];
        assertThatThrownBy(() -> load(columns)).isInstanceOfSatisfying(Failure.class, failure -> refused[0] = failure);
        assertThat(refused[0].kind()).isEqualTo(Failure.Kind.INPUT);
        return refused[0].getMessage().replace(folder + "/", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    count: "page = "                | 'page = ' is no SQL expression (syntax error at or near end of input); mend it.
                    count: "page = 'a'; drop table x" | 'page = 'a'; drop table x' is no SQL expression (syntax error at or near ';'); mend it.
                    count: "page"                   | 'page' is string, not a condition; write something that is true or false, e.g. a comparison.
                    any: "length(page)"             | 'length(page)' is int, not a condition; write something that is true or false, e.g. a comparison.
                    count: "pgae = 'a'"             | 'pgae = 'a'' names pgae, which is no column of the events' table; name one of its columns.
                    first: source_object            | 'source_object' names source_object, which is no column of the events' table; name one of its columns.
                    sum: score                      | 'score' is a double, whose sum depends on the order of events; cast it to decimal, e.g. cast(score as decimal(18,2)).
                    sum: score * 2                  | 'score * 2' is a double, whose sum depends on the order of events; cast it to decimal, e.g. cast(score * 2 as decimal(18,2)).
                    sum: page                       | 'page' is string; sums are over integers and decimals.
                    min: tags                       | 'tags' is map<string,string>, and maps have no order; take one of its values.
                    max: "cast(page as binary)"     | 'cast(page as binary)' is binary, which tables do not keep; cast it to another type.
                    first: "null"                   | 'null' is void, which tables do not keep; cast it to another type.
                    max: sum(amount)                | 'sum(amount)' looks at more than one row; write an expression over the columns of one row, Eightbells aggregates.
                    max: "lag(amount) over (order by at)" | 'lag(amount) over (order by at)' looks at more than one row; write an expression over the columns of one row, Eightbells aggregates.
                    max: "explode(array(amount))"   | 'explode(array(amount))' looks at more than one row; write an expression over the columns of one row, Eightbells aggregates.
                    max: "(select 1)"               | '(select 1)' asks another table; write an expression over the columns of the events' table.
                    first: rand()                   | 'rand()' gives something else whenever it is asked, and what comes out must not depend on when it is computed; take out what is random or depends on the present time.
                    first: current_timestamp()      | 'current_timestamp()' gives something else whenever it is asked, and what comes out must not depend on when it is computed; take out what is random or depends on the present time.
                    first: page as p                | 'page as p' gives itself a name; leave the AS away, 'name' says it.
                    first: shout(page)              | 'shout(page)' calls the function shout, which Spark SQL does not have; use one of its built-in functions.
                    first: "*"                      | '*' asks for all columns; name those that it needs.
                    last: to_json(struct(*))        | 'to_json(struct(*))' asks for all columns; name those that it needs.
                    count: "at > timestamp'now'"    | 'at > timestamp'now'' gives something else whenever it is asked, and what comes out must not depend on when it is computed; take out what is random or depends on the present time.
                    any: "at > cast(' Today ' as timestamp)" | 'at > cast(' Today ' as timestamp)' gives something else whenever it is asked, and what comes out must not depend on when it is computed; take out what is random or depends on the present time.
                    any: "at > 'yesterday'"         | 'at > 'yesterday'' gives something else whenever it is asked, and what comes out must not depend on when it is computed; take out what is random or depends on the present time.
                    count: "amount like 1 and substring(page, 'x', 2, 3) = 1" | 'amount like 1 and substring(page, 'x', 2, 3) = 1' cannot be computed (the `substring` requires [2, 3] parameters but the actual number is 4); mend it.
                    expression: page                | 'page' names page, which is no column of the sessions, or comes later; name one of its columns.
                    expression: "event_count;"      | 'event_count;' ends with a semicolon; take it away.
                    any: "page rlike '('"           | 'page rlike '('' cannot be computed (the value of parameter(s) `regexp` in `rlike` is invalid: '('); mend it.
                    first: "date_format(at, 'YYYY')" | 'date_format(at, 'YYYY')' has a pattern of times that Spark does not take; mend the pattern.
                    first: "struct(amount, amount)"  | 'struct(amount, amount)' is struct<amount:decimal(10,2),amount:decimal(10,2)>, which tables do not keep; cast it to another type.
                    """)
    void refusesWithTheLineAndWhatToDo(String declaration, String sentence) {
        String function = declaration.substring(0, declaration.indexOf(':'));
        assertThat(refusal("- name: it\n  " + declaration))
                .isEqualTo("shop.yaml:24: sessions.columns[0]." + function + ": " + sentence);
    }

    @Test
    void findsAllProblemsAtOnceAndAsksNoExpressionOverWhatIsNotThere() {
        assertThat(
                        refusal(
                                """
                        - {name: views, count: page}
                        - {name: revenue, sum: score}
                        - {name: mean, expression: "revenue / views"}
                        """))
                .isEqualTo(
                        """
                        shop.yaml:23: sessions.columns[0].count: 'page' is string, not a condition; write something that is true or false, e.g. a comparison.
                        shop.yaml:24: sessions.columns[1].sum: 'score' is a double, whose sum depends on the order of events; cast it to decimal, e.g. cast(score as decimal(18,2)).""");
    }

    @Test
    void anExpressionMayNameAllAggregatesAndTheExpressionsBeforeIt() throws IOException {
        assertThat(
                        load("""
                                - {name: mean, expression: "revenue / views"}
                                - {name: views, count: "page is not null"}
                                - {name: revenue, sum: amount}
                                - {name: dear, expression: "mean > 10 and duration_seconds > 5 and first_key > ''"}
                                """)
                                .sessions()
                                .columns())
                .hasSize(4);
        assertThat(
                        refusal(
                                """
                        - {name: dear, expression: "mean > 10"}
                        - {name: mean, expression: "event_count + 1"}
                        """))
                .isEqualTo("shop.yaml:23: sessions.columns[0].expression: 'mean > 10' names mean, which is no column of"
                        + " the sessions, or comes later; name one of its columns.");
    }

    @Test
    void takesWordsThatAreOnlyText() throws IOException {
        assertThat(load("- {name: it, count: \"page = 'today' or at = timestamp'2026-01-01' or page = ''\"}")
                        .sessions()
                        .columns())
                .hasSize(1);
    }

    @Test
    void theStepRefusesWhatNobodyJudgedBefore() {
        String text = FILE + "    - {name: views, count: page}\n    - {name: dear, any: \"amount > 1\"}\n";
        Pipeline unjudged = PipelineFile.parse(text, "shop.yaml", Map.of());
        assertThatThrownBy(() -> SessionShape.of(unjudged))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "Cannot make column views of the sessions of pipeline shop: 'page' is string, not a condition;"
                                + " write something that is true or false, e.g. a comparison.");
    }

    @Test
    void sumsHaveRoomForManyValues() throws IOException {
        SessionShape shape = SessionShape.of(
                load(
                        """
                - {name: a, sum: amount}
                - {name: b, sum: cast(amount as int)}
                - {name: c, sum: cast(amount as bigint)}
                - {name: d, sum: cast(amount as tinyint)}
                - {name: e, sum: "cast(amount as decimal(38,4))"}
                """));
        assertThat(List.of("a", "b", "c", "d", "e").stream()
                        .map(name -> shape.table().apply(name).dataType().simpleString()))
                .containsExactly("decimal(20,2)", "bigint", "decimal(38,0)", "bigint", "decimal(38,4)");
    }
}
