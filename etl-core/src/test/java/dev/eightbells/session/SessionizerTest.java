package dev.eightbells.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.Failure;
import dev.eightbells.LocalSpark;
import dev.eightbells.batch.Marker;
import dev.eightbells.session.TestSessions.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionizerTest {
    private static final String BATCH = "20260301T0400Z-";
    private static final String SPAN = "concat_ws(' ', visitor, session_start, session_end, event_count)";

    @TempDir
    private Path folder;

    private TestSessions shop;
    private int batches = 1;

    private TestSessions shop() {
        if (shop == null) {
            shop = TestSessions.in(folder, TestSessions.VISITS);
        }
        return shop;
    }

    private Marker.Sessions add(Event... events) {
        return shop().add(BATCH + ++batches, List.of(events));
    }

    private static Event at(String id, String visitor, String time) {
        return Event.of(id, visitor, time, "/" + id);
    }

    private static Event paying(String id, String time, String amount) {
        return new Event(id, "v", Instant.parse(time), "/" + id, amount, null);
    }

    @Test
    void aSessionSaysWhatHappenedInIt() {
        add(
                new Event("a", "v", Instant.parse("2026-03-01T10:00:00Z"), "/home", null, null),
                new Event("b", "v", Instant.parse("2026-03-01T10:10:00.000001Z"), "/paid", "19.90", null),
                new Event("c", "v", Instant.parse("2026-03-01T10:15:00Z"), null, "0.10", null));
        // The first half of the SHA-256 of v, a zero byte, and 1772359200000000.
        assertThat(shop().sessions("to_json(struct(*))"))
                .containsExactly("{\"session_id\":\"9538108e63545e4a9544b1f4015cc505\",\"visitor\":\"v\","
                        + "\"session_start\":\"2026-03-01T10:00:00.000Z\",\"session_end\":\"2026-03-01T10:15:00.000Z\","
                        + "\"duration_seconds\":900.0,\"event_count\":3,"
                        + "\"landing\":\"/home\",\"views\":2,\"paid\":true,\"revenue\":20.00,\"cheapest\":0.10,"
                        + "\"dearest\":19.90,\"mean\":10.0000,\"first_key\":\"a\",\"last_key\":\"c\"}");
    }

    @Test
    void exactlyTheGapIsOneSessionAndAMicrosecondMoreIsTwo() {
        add(at("a", "v", "2026-03-01T10:00:00Z"), at("b", "w", "2026-03-01T10:00:00Z"));
        add(at("c", "v", "2026-03-01T10:30:00Z"), at("d", "w", "2026-03-01T10:30:00.000001Z"));
        assertThat(shop().sessions("concat_ws(' ', visitor, event_count)")).containsExactly("v 2", "w 1", "w 1");
    }

    @Test
    void aLateEventBridgesStoredSessionsAndTheDayThatItEmptiesHasNoRow() {
        add(at("a", "v", "2026-03-01T23:30:00Z"), at("b", "v", "2026-03-02T00:20:00Z"));
        assertThat(shop().sessions(SPAN)).hasSize(2);
        assertThat(shop().days()).containsExactly("2026-03-01", "2026-03-02");

        assertThat(add(at("c", "v", "2026-03-01T23:55:00Z"))).isEqualTo(Marker.Sessions.of(1, 0, 0, 0, 0, 1, 2, 2));
        assertThat(shop().sessions(SPAN)).containsExactly("v 2026-03-01 23:30:00 2026-03-02 00:20:00 3");
        assertThat(shop().days()).containsExactly("2026-03-01");
    }

    @Test
    void aSessionOverTheEndOfAMonthLivesOnceWhereItBegan() {
        add(at("a", "v", "2026-02-28T23:50:00Z"));
        add(at("b", "v", "2026-03-01T00:10:00Z"));
        assertThat(shop().sessions(SPAN)).containsExactly("v 2026-02-28 23:50:00 2026-03-01 00:10:00 2");
        assertThat(shop().days()).containsExactly("2026-02-28");
        assertThat(add(at("c", "v", "2026-02-28T23:40:00Z"))).isEqualTo(Marker.Sessions.of(1, 0, 0, 0, 1, 0, 1, 1));
        assertThat(shop().sessions("concat_ws(' ', session_start, first_key, last_key)"))
                .containsExactly("2026-02-28 23:40:00 c b");
    }

    @Test
    void countsWhatIsNewExtendedAndBridgedAndWhatIsInNoSession() {
        assertThat(add(
                        at("a", "v", "2026-03-01T10:00:00Z"),
                        at("b", "v", "2026-03-01T11:00:00Z"),
                        at("c", "w", "2026-03-01T10:00:00Z"),
                        at("d", null, "2026-03-01T10:00:00Z"),
                        at("e", "v", null)))
                .isEqualTo(Marker.Sessions.of(3, 1, 1, 3, 0, 0, 0, 1));
        assertThat(add(
                        at("f", "v", "2026-03-01T10:30:00Z"),
                        at("g", "w", "2026-03-01T10:05:00Z"),
                        at("h", "w", "2026-03-01T10:06:00Z"),
                        at("i", "x", "2026-03-01T10:05:00Z"),
                        at("j", null, null)))
                .isEqualTo(Marker.Sessions.of(4, 1, 0, 1, 1, 1, 1, 1));
    }

    @Test
    void aBatchWithoutVisitorsLeavesAnEmptyCommit() {
        assertThat(add(at("a", null, "2026-03-01T10:00:00Z"))).isEqualTo(Marker.Sessions.of(0, 1, 0, 0, 0, 0, 0, 0));
        assertThat(shop().sessions("1")).isEmpty();
        assertThat(shop().table().committed(BATCH + 2)).isPresent();
    }

    @Test
    void farPastAndFutureAreRightWithoutReadingWhatLiesBetween() {
        add(IntStream.range(1, 6)
                .mapToObj(day -> at("a" + day, "v", "2026-03-0" + day + "T10:00:00Z"))
                .toArray(Event[]::new));
        assertThat(add(at("b", "v", "1970-01-01T00:00:00Z"), at("c", "v", "2999-12-31T23:59:59Z")))
                .isEqualTo(Marker.Sessions.of(2, 0, 0, 2, 0, 0, 0, 2));
        assertThat(add(at("d", "v", "1969-12-31T23:59:59Z"), at("e", "v", "3000-01-01T00:00:00Z")))
                .isEqualTo(Marker.Sessions.of(2, 0, 0, 0, 2, 0, 2, 3));
        assertThat(shop().sessions(SPAN))
                .hasSize(7)
                .contains("v 1969-12-31 23:59:59 1970-01-01 00:00:00 2", "v 2999-12-31 23:59:59 3000-01-01 00:00:00 2");
        assertThat(shop().days()).startsWith("1969-12-31", "2026-03-01").endsWith("2999-12-31");
    }

    @Test
    @Tag("soak")
    void aBatchOfVeryManyDaysIsRight() {
        Event[] days = IntStream.range(0, 401)
                .mapToObj(day -> new Event(
                        "e" + day,
                        "v",
                        Instant.parse("2020-01-01T10:00:00Z").plus(Duration.ofDays(day)),
                        "/",
                        null,
                        null))
                .toArray(Event[]::new);
        Marker.Sessions counts = add(days);
        assertThat(counts.partitionsRewritten()).isEqualTo(401);
        assertThat(counts.note()).startsWith("The batch changed sessions on 401 days");
        assertThat(shop().sessions("1")).hasSize(401);
        assertThat(shop().days()).hasSize(401);
    }

    @Test
    void leavesFilesOfDaysAloneInWhichNothingChanges() {
        add(at("a", "v", "2026-03-01T23:59:00Z"), at("b", "w", "2026-03-02T00:01:00Z"));
        List<String> before = shop().files();
        assertThat(add(at("c", "x", "2026-03-02T00:02:00Z"))).isEqualTo(Marker.Sessions.of(1, 0, 0, 1, 0, 0, 2, 1));
        assertThat(shop().files()).hasSize(2).containsAnyElementsOf(before);
        assertThat(shop().sessions("visitor")).containsExactly("v", "w", "x");
    }

    @Test
    void aSessionOfTwelveDaysInTwelveBatchesInAnyOrderIsOne() {
        assertThatASessionOfDaysInAsManyBatchesIsOne(12);
    }

    @Test
    @Tag("soak")
    void aSessionOfFortyDaysInFortyBatchesInAnyOrderIsOne() {
        assertThatASessionOfDaysInAsManyBatchesIsOne(40);
    }

    private void assertThatASessionOfDaysInAsManyBatchesIsOne(int length) {
        shop = TestSessions.in(folder, TestSessions.VISITS.replace("30m", "24h"));
        Instant begin = Instant.parse("2026-01-25T08:00:00Z");
        List<Integer> days = new ArrayList<>(IntStream.range(0, length).boxed().toList());
        long seed = System.nanoTime();
        Collections.shuffle(days, new Random(seed));
        for (int day : days) {
            add(new Event("e%02d".formatted(day), "v", begin.plus(Duration.ofDays(day)), "/" + day, "1.00", null));
        }
        assertThat(shop().sessions("concat_ws(' ', " + SPAN + ", landing, leaving, revenue, first_key, last_key)"))
                .as("with seed %d", seed)
                .containsExactly("v 2026-01-25 08:00:00 %tF 08:00:00 %d /0 /%d %d.00 e00 e%d"
                        .formatted(
                                begin.plus(Duration.ofDays(length - 1)).atOffset(ZoneOffset.UTC),
                                length,
                                length - 1,
                                length,
                                length - 1));
        assertThat(shop().days()).containsExactly("2026-01-25");
    }

    @Test
    void withoutAKeyTiesGoToTheSmallestValue() {
        shop = TestSessions.withoutKey(folder, TestSessions.VISITS);
        add(new Event("b", "v", Instant.parse("2026-03-01T10:00:00Z"), "/b", null, null));
        add(new Event("a", "v", Instant.parse("2026-03-01T10:00:00Z"), "/a", null, null));
        add(new Event("c", "v", Instant.parse("2026-03-01T10:00:00Z"), "/c", null, null));
        assertThat(shop().sessions("concat_ws(' ', landing, leaving, event_count)"))
                .containsExactly("/a /a 3");
        assertThat(shop().sessions().columns()).doesNotContain("first_key", "last_key");
    }

    @Test
    void keysOfSeveralColumnsAreComparedColumnByColumn() {
        shop = TestSessions.withKey(folder, "[page, id]", TestSessions.VISITS);
        add(Event.of("b", "v", "2026-03-01T10:00:00Z", "/a"), Event.of("a", "v", "2026-03-01T10:00:00Z", "/b"));
        add(Event.of("a", "v", "2026-03-01T10:00:00Z", "/a"));
        assertThat(shop().sessions("to_json(struct(first_key, last_key))"))
                .containsExactly("{\"first_key\":{\"page\":\"/a\",\"id\":\"a\"},"
                        + "\"last_key\":{\"page\":\"/a\",\"id\":\"a\"}}");
    }

    @Test
    void keepsNestedValuesAndOrdersThem() {
        shop = TestSessions.in(
                folder,
                """
                name: analytics.sessions
                by: visitor
                time: at
                gap: 30m
                columns:
                  - {name: least, min: "named_struct('p', array(page, id), 'a', amount)"}
                  - {name: least_score, min: score}
                """);
        Event plus = new Event("b", "v", Instant.parse("2026-03-01T10:00:00Z"), "/a", "2.00", 0.0);
        Event minus = new Event("a", "v", Instant.parse("2026-03-01T10:00:00Z"), "/a", "1.00", -0.0);
        Event other = new Event("c", "w", Instant.parse("2026-03-01T10:00:00Z"), "/a", "2.00", -0.0);
        Event another = new Event("d", "w", Instant.parse("2026-03-01T10:00:00Z"), "/a", "1.00", 0.0);
        add(plus, other);
        add(minus, another);
        assertThat(shop().sessions("concat_ws(' ', to_json(least), least_score)"))
                .containsExactly("{\"p\":[\"/a\",\"a\"],\"a\":1.00} -0.0", "{\"p\":[\"/a\",\"c\"],\"a\":2.00} -0.0");
    }

    @Test
    void anEndlessSessionIsMarkedAndNotSplit() {
        shop = TestSessions.in(folder, TestSessions.VISITS.replace("gap: 30m", "gap: 24h\nmaxDuration: 24h"));
        add(at("a", "v", "2026-03-01T10:00:00Z"), at("b", "w", "2026-03-01T10:00:00Z"));
        add(at("c", "v", "2026-03-02T10:00:00Z"), at("d", "w", "2026-03-02T09:00:00Z"));
        assertThat(shop().sessions("concat_ws(' ', visitor, over_max_duration)"))
                .containsExactly("v false", "w false");
        add(at("e", "v", "2026-03-02T10:00:00.000001Z"));
        assertThat(shop().sessions("concat_ws(' ', visitor, event_count, over_max_duration)"))
                .containsExactly("v 3 true", "w 2 false");
    }

    @Test
    void visitorsNeedNotBeText() {
        shop = TestSessions.in(folder, TestSessions.VISITS.replace("by: visitor", "by: amount"));
        add(paying("a", "2026-03-01T10:00:00Z", "7.50"), paying("b", "2026-03-01T10:00:00Z", "7.00"));
        add(paying("c", "2026-03-01T10:10:00Z", "7.5"));
        assertThat(shop().sessions("concat_ws(' ', amount, event_count)")).containsExactly("7.00 1", "7.50 2");
    }

    @Test
    void expressionsMeanTheSameWhateverTheClustersSettingsAre() {
        var conf = LocalSpark.session().conf();
        conf.set("spark.sql.session.timeZone", "Asia/Tokyo");
        conf.set("spark.sql.ansi.enabled", "true");
        try {
            shop = TestSessions.in(
                    folder,
                    """
                    name: analytics.sessions
                    by: visitor
                    time: at
                    gap: 30m
                    columns:
                      - {name: hour, first: "hour(at)"}
                      - {name: number, max: "cast(page as int)"}
                    """);
            add(Event.of("a", "v", "2026-03-01T10:00:00Z", "no number"));
        } finally {
            conf.unset("spark.sql.session.timeZone");
            conf.unset("spark.sql.ansi.enabled");
        }
        assertThat(shop().sessions("to_json(struct(hour, number))")).containsExactly("{\"hour\":10}");
    }

    @Test
    void aSumThatCannotBeKeptIsRefusedAndNotRounded() {
        shop = TestSessions.in(
                folder, TestSessions.VISITS.replace("sum: amount", "sum: \"cast(repeat('9', 38) as decimal(38,0))\""));
        add(at("a", "v", "2026-03-01T10:00:00Z"));
        assertThatThrownBy(() -> add(at("b", "v", "2026-03-01T10:01:00Z")))
                .hasRootCauseInstanceOf(Failure.class)
                .hasRootCauseMessage("Cannot keep the sum of column revenue in a session:"
                        + " 199999999999999999999999999999999999998 has more digits than decimal(38,0)."
                        + " Leave events with such values out of the sum, and name another session table for the batches"
                        + " to come.");
    }

    @Test
    void aTableHoldsSessionsOfOneRuleOnly() {
        add(at("a", "v", "2026-03-01T10:00:00Z"));
        TestSessions other = TestSessions.in(
                folder,
                TestSessions.VISITS
                        .replace("30m", "1h")
                        .replace("views, count", "looks, count")
                        .replace("revenue / views", "revenue / looks"));
        assertThatThrownBy(other::table)
                .isInstanceOf(Failure.class)
                .hasMessage("Cannot put sessions into table analytics.sessions: it holds sessions of another rule:"
                        + " 'gap: PT30M' there is not in the file;"
                        + " 'mean: expression cast(revenue / views as decimal(20,4))' there is not in the file;"
                        + " 'views: count page like '/%'' there is not in the file;"
                        + " 'gap: PT1H' in the file is not there;"
                        + " 'looks: count page like '/%'' in the file is not there;"
                        + " 'mean: expression cast(revenue / looks as decimal(20,4))' in the file is not there;"
                        + " column looks is missing there; column views is missing in the file."
                        + " Put the sessions part of the pipeline file back as it was, or name another table.");
    }

    @Test
    void aBlankMoreInATextIsAnotherRule() {
        add(at("a", "v", "2026-03-01T10:00:00Z"));
        TestSessions other = TestSessions.in(folder, TestSessions.VISITS.replace("'/paid'", "'/paid '"));
        assertThatThrownBy(other::table)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("'paid: any page = '/paid '' in the file is not there");
    }

    @Test
    void aColumnMayBeNamedLikeThePartition() {
        shop = TestSessions.in(folder, TestSessions.VISITS.replace("name: landing", "name: session_start_day"));
        add(at("a", "v", "2026-03-01T10:00:00Z"));
        add(at("b", "v", "2026-03-01T10:10:00Z"));
        assertThat(shop().sessions("concat_ws(' ', session_start_day, event_count)"))
                .containsExactly("/a 2");
    }

    @Test
    void aTableThatNothingIsInTakesAnotherRule() {
        assertThat(shop().table().refreshedHead()).isNull();
        TestSessions other = TestSessions.in(folder, TestSessions.VISITS.replace("30m", "1h"));
        assertThat(other.table().table().properties())
                .containsEntry(
                        "eightbells.sessions",
                        String.join("\n", SessionShape.of(other.pipeline()).rule()));
    }
}
