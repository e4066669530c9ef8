package dev.eightbells.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}\n{\"a\":2}\n",
                "{\"a\":1}\n{\"a\":2}",
                "{\"a\":1}\r\n{\"a\":2}\r\n",
                "{\"a\":1}{\"a\":2}",
                "{\"a\":1} \t {\"a\":2}  ",
                "\n\n  {\"a\":1}\n\n\n{\"a\":2}\n\n",
                "\uFEFF{\"a\":1}\n{\"a\":2}\n",
                "\uFEFF\n{\"a\":1}\n{\"a\":2}\n",
                "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n",
                "{\n  \"a\": 1\n}{\n  \"a\": 2\n}",
                "[{\"a\":1},{\"a\":2}]",
                "[{\"a\":1},{\"a\":2}]\n",
                "[{\"a\":1}]\n[{\"a\":2}]\n",
                "[{\"a\":1}][{\"a\":2}]",
                "[{\"a\":1}]{\"a\":2}",
                "[\n  {\"a\":1},\n  {\"a\":2}\n]\n",
                "[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]",
                "[{\"a\":1}\n,{\"a\":2}\n]",
                "\uFEFF [ {\"a\":1} , {\"a\":2} ] ",
            })
    void findsTwoRecords(String text) {
        Reading reading = Reading.of(text);
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.rejected()).isEmpty();
        assertThat(reading.read()).isEqualTo(2);
        assertThat(reading.coverage().last()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n\t", "\uFEFF"})
    void findsNothingInNothing(String text) {
        assertThat(Reading.of(text).items()).isEmpty();
    }

    @Test
    void saysWhereEachRecordStands() {
        Reading reading = Reading.of("{\"a\":1}{\"a\":\"é\"}\n [{\"a\":3}]");
        assertThat(reading.items()).extracting(Reading.Item::offset).containsExactly(0L, 7L, 20L);
        assertThat(reading.items()).extracting(Reading.Item::length).containsExactly(7L, 10L, 7L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":2,}",
                "{\"a\":2",
                "{'a':2}",
                "{\"a\":2}x",
                "{\"a\":2},",
                "{\"a\":2}]",
                "{\"a\":2}}",
                "{",
                "}",
                "]",
                "[{",
                "[{}",
                "[{\"a\":2}",
                "[",
                "{\"a\":",
                "{\"a\"",
                "[{\"a\":2,}",
                "\"x",
                "nul",
                "01",
                ",",
                ":",
                "x",
                "{\"a\":2}#{}",
                "{\"a\": true} \"x\"",
                "[1,",
                "[{\"a\":1}x]"
            })
    void givesABadLineAndBothItsNeighbours(String line) {
        Reading reading = Reading.of("{\"a\":\"first\"}\n" + line + "\n{\"a\":\"last\"}\n");
        assertThat(reading.rows()).containsExactly("first", "last");
        assertThat(reading.texts()).containsExactly(line);
        assertThat(reading.reasons()).containsExactly("not-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "-1.5e3", "null", "true", "\"x\"", "[]", "[1, 2]", "[[{}]]", "[1, {}]"})
    void namesLegalJsonThatIsNoObject(String line) {
        Reading reading = Reading.of("{\"a\":1}\n" + line + " \r\n{\"a\":2}");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly(line);
        assertThat(reading.reasons()).containsExactly("not-an-object");
    }

    @Test
    void takesALegalValueOverManyLinesAsOne() {
        Reading reading = Reading.of("[1,\n2\n]\n42\n     \"deeper\"\n");
        assertThat(reading.texts()).containsExactly("[1,\n2\n]", "42", "\"deeper\"");
    }

    @Test
    void makesNoRowsOfObjectsInsideABrokenOne() {
        String broken =
                """
                {
                  "a": oops,
                  "items": [
                    {"a": 1}

                    ,{"a": 2}
                  ],
                  "n": {"a": 3}""";
        Reading reading = Reading.of(broken + "\n}\n{\"a\": \"good\"}\n");
        assertThat(reading.rows()).containsExactly("good");
        assertThat(reading.texts()).containsExactly(broken, "}");
    }

    @Test
    void endsAStretchAtALineThatIsNotDeeperThanItsFirst() {
        Reading reading = Reading.of("[\n  {\"a\": 1},\n  {\"a\": oops,\n     \"b\": {\"a\": 2}},\n  {\"a\": 3}\n]\n");
        assertThat(reading.rows()).containsExactly("1", "3");
        assertThat(reading.texts()).containsExactly("{\"a\": oops,\n     \"b\": {\"a\": 2}},");
    }

    @Test
    void measuresAStretchByTheLineThatItBeginsOn() {
        Reading reading = Reading.of("  {\"a\": 1}{\"a\": oops,\n   \"b\": {}}\n  {\"a\": 2}\n");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly("{\"a\": oops,\n   \"b\": {}}");
    }

    @Test
    void leavesTheLineEndOutOfAStretch() {
        assertThat(Reading.of("oops\r\n{\"a\":1}\r\n").texts()).containsExactly("oops");
    }

    @Test
    void goesOnWithTheNextGluedRecord() {
        Reading reading = Reading.of("{\"a\":1}{\"a\":oops}{\"a\":2}{\"a\":{\"b\":1}{\"a\":3} {\"a\":4}");
        assertThat(reading.rows()).containsExactly("1", "2", "3", "4");
        assertThat(reading.texts()).containsExactly("{\"a\":oops}", "{\"a\":{\"b\":1}");
    }

    @Test
    void takesGluedElementsOfABrokenRecordForNoRecords() {
        Reading reading = Reading.of("{\"a\":[{\"a\":1}{\"a\":2}{\"a\":3}],\"b\":{}}{\"a\":\"good\"}");
        assertThat(reading.rows()).containsExactly("good");
        assertThat(reading.rejected()).hasSize(1);
    }

    @Test
    void looksForGluedRecordsWhenThereIsNoNewlineWithinAMegabyte() {
        String filler = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
        Reading reading = Reading.of("{\"a\":oops}{\"a\":1}" + filler + "\n{\"a\":2}\n");
        assertThat(reading.rows()).hasSize(3);
        assertThat(reading.texts()).containsExactly("{\"a\":oops}");

        reading = Reading.of("{\"a\":oops}{\"a\":1}\n" + filler + "\n{\"a\":2}\n");
        assertThat(reading.rows()).hasSize(2);
        assertThat(reading.texts()).containsExactly("{\"a\":oops}{\"a\":1}");
    }

    @Test
    void goesOnInAnArrayBehindABadElement() {
        Reading reading =
                Reading.of("[\n{\"a\":1},\n{\"a\":oops},\n5,\n{\"a\":2},\n[{\"a\":9}],\n{\"a\":3}\n]\n{\"a\":4}\n");
        assertThat(reading.rows()).containsExactly("1", "2", "3", "4");
        assertThat(reading.texts()).containsExactly("{\"a\":oops},", "5", "[{\"a\":9}]");
    }

    @Test
    void quarantinesElementsThatAreNoObjects() {
        Reading reading = Reading.of("[{\"a\":1}, null, [{\"a\":9}], {\"a\":2}]");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly("null", "[{\"a\":9}]");
        assertThat(reading.reasons()).containsOnly("not-an-object");
    }

    @Test
    void takesABadFirstElementWithItsBracketOnTheSameLine() {
        Reading reading = Reading.of("[{\"a\":oops},\n{\"a\":1},\n{\"a\":2}]\n");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly("[{\"a\":oops},");
    }

    @Test
    void keepsAnArrayWhoseFirstElementIsBadOnItsOwnLine() {
        Reading reading = Reading.of("[\n  {\"a\":oops},\n  {\"a\":1},\n  {\"a\":2}\n]\n");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly("{\"a\":oops},");
    }

    @Test
    void tellsOfAnArrayThatIsNeverClosed() {
        assertThat(Reading.of("[{\"a\":1},{\"a\":2}").texts()).containsExactly("{\"a\":2}");
        Reading reading = Reading.of("[{\"a\":1},\n");
        assertThat(reading.rows()).containsExactly("1");
        assertThat(reading.texts()).containsExactly(",");
        assertThat(reading.rejected().get(0).sentence()).isEqualTo("Not JSON: nothing follows this comma of an array.");
    }

    @Test
    void tellsOfACommaTooMuchInAnArray() {
        Reading reading = Reading.of("[{\"a\":1},]\n[{\"a\":2},,{\"a\":3}]\n{\"a\":4}");
        assertThat(reading.rows()).containsExactly("1", "2", "4");
        assertThat(reading.texts()).containsExactly("]", ",{\"a\":3}]");
    }

    @Test
    void tellsOfWhatFollowsAnArray() {
        Reading reading = Reading.of("[{\"a\":1}] x\n[{\"a\":2}]]\n[{\"a\":3}],{\"a\":9}\n{\"a\":4}");
        assertThat(reading.rows()).containsExactly("1", "2", "3", "4");
        assertThat(reading.texts()).containsExactly("x", "]", ",{\"a\":9}");
    }

    @Test
    void readsRecordsBehindABracketThatOpensNothing() {
        Reading reading = Reading.of("[\n{\"a\":1}\n{\"a\":2}\n]\n");
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.texts()).containsExactly("[", "]");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(Reading.of("{\"a\":x}").rejected().get(0).sentence())
                .isEqualTo("Not JSON: 'x' is unexpected after 5 bytes.");
        assertThat(Reading.of("{\"a\":1").rejected().get(0).sentence())
                .isEqualTo("Not JSON: the end is unexpected after 6 bytes.");
        assertThat(Reading.of("{\"a\":\"\n\"}").rejected().get(0).sentence())
                .isEqualTo("Not JSON: a newline is unexpected after 6 bytes.");
        assertThat(Reading.of("{\"a\":1}, {}").rejected().get(0).sentence())
                .isEqualTo("Not JSON: ',' follows the value that ends after 7 bytes.");
        assertThat(Reading.of("}").rejected().get(0).sentence()).isEqualTo("Not JSON: no record begins with '}'.");
    }

    @Test
    void rejectsWhatIsNoUnicodeAndNothingMore() {
        byte[] bytes = "{\"a\":\"?\"}{\"a\":1}{\"a\":\"\\ud800\"}{\"a\":2}\n?\n".getBytes(StandardCharsets.ISO_8859_1);
        bytes[6] = (byte) 0xFF;
        bytes[bytes.length - 2] = (byte) 0x80;
        Reading reading = Reading.of(bytes);
        assertThat(reading.rows()).containsExactly("1", "2");
        assertThat(reading.reasons()).containsExactly("invalid-utf8", "invalid-unicode", "invalid-utf8");
        assertThat(reading.rejected().get(0).sentence()).isEqualTo("Not UTF-8 after 6 bytes.");
        assertThat(reading.rejected().get(1).sentence()).isEqualTo("Half a surrogate pair after 6 bytes.");
        assertThat(reading.texts()).containsExactly("{\"a\":\"ÿ\"}", "{\"a\":\"\\ud800\"}", "\u0080");
    }

    @Test
    void rejectsWhatIsNestedTooDeeply() {
        String deep = "{\"a\":" + "[".repeat(999) + "]".repeat(999) + "}\n";
        assertThat(Reading.of(deep).rows()).hasSize(1);
        String deeper = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}\n";
        Reading reading = Reading.of(deeper + "{\"a\":1}");
        assertThat(reading.rows()).containsExactly("1");
        assertThat(reading.reasons()).containsExactly("too-deep");
        assertThat(Reading.of("[".repeat(100_000)).reasons()).containsExactly("too-deep");
    }
}
