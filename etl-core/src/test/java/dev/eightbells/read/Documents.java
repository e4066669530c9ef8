package dev.eightbells.read;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Documents to read: good, nearly good, and nothing of the kind. */
final class Documents {
    private static final List<String> RECORDS = List.of(
            "{\"a\":1}",
            "{}",
            "{\"a\":\"x\",\"b\":[1,{\"a\":2}]}",
            "{\"a\":\"}{\"}",
            "{\n  \"a\": \"y\",\n  \"b\": {\n    \"a\": 5\n  }\n}",
            "{\"\\u0061\":\"\\ud83d\\ude00é\\n\"}",
            "{ \"a\" : \"0123456789012345678901234567890123456789\" }",
            "[{\"a\":3},{\"a\":4}]",
            "[\n  {\"a\":5},\n  {\"a\":6}\n]",
            "[\n{\"a\":7}\n,\n{\"a\":8}\n]",
            "[1,2]",
            "42",
            "null");

    private static final List<String> SCRAPS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\"a\"",
            "\"a\":",
            "1",
            "0",
            "-",
            ".",
            "e",
            "E+1",
            "true",
            "nul",
            "x",
            "#",
            "\u0001",
            "é",
            "\\u12",
            "\\ud800",
            "{\"a\":oops}",
            "{\"a\":{\"b\":1}",
            "[{\"a\":1}",
            "{\"a\":[{\"a\":1}{\"a\":2}]}",
            "{\n  \"a\": oops,\n  \"b\": {\"a\": 1}\n}",
            "},",
            "]}",
            "{\"a\":\"\\ud800\"}");

    private static final List<String> BLANKS =
            List.of("\n", "\n", "\n", "\r\n", " ", "  ", "\t", "", "", "\n  ", "\n\n");

    private Documents() {}

    /** Pieces of JSON, whole and broken, on lines or glued. */
    static Arbitrary<byte[]> texts() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(RECORDS)),
                Tuple.of(5, Arbitraries.of(BLANKS)),
                Tuple.of(2, Arbitraries.of(SCRAPS)));
        return piece.list().ofMaxSize(24).map(pieces -> String.join("", pieces).getBytes(StandardCharsets.UTF_8));
    }

    /** Good and bad records, each on lines of its own. */
    static Arbitrary<byte[]> lines() {
        Arbitrary<String> line =
                Arbitraries.frequencyOf(Tuple.of(8, Arbitraries.of(RECORDS)), Tuple.of(1, Arbitraries.of(SCRAPS)));
        return line.list().ofMaxSize(16).map(lines -> String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    /** Scraps of JSON in a row. */
    static Arbitrary<byte[]> soup() {
        Arbitrary<String> piece = Arbitraries.oneOf(List.of(Arbitraries.of(SCRAPS), Arbitraries.of(BLANKS)));
        return piece.list().ofMaxSize(30).map(pieces -> String.join("", pieces).getBytes(StandardCharsets.UTF_8));
    }

    /** Any bytes, most of them such as JSON has. */
    static Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> usual = Arbitraries.of(
                        '{', '}', '[', ']', ',', ':', '"', '\\', '1', 'a', ' ', '\n', '\r', 'u', 'd', '8')
                .map(c -> (byte) (char) c);
        Arbitrary<Byte> any = Arbitraries.bytes();
        return Arbitraries.frequencyOf(Tuple.of(9, usual), Tuple.of(1, any))
                .array(byte[].class)
                .ofMaxSize(60);
    }

    /** All of the above, some with a byte changed. */
    static Arbitrary<byte[]> all() {
        Arbitrary<byte[]> documents = Arbitraries.oneOf(List.of(texts(), lines(), soup(), bytes()));
        return Arbitraries.oneOf(List.of(documents, documents.flatMap(Documents::damaged)));
    }

    private static Arbitrary<byte[]> damaged(byte[] document) {
        if (document.length == 0) {
            return Arbitraries.just(document);
        }
        return Arbitraries.integers().between(0, document.length - 1).flatMap(at -> Arbitraries.bytes()
                .map(with -> {
                    byte[] copy = document.clone();
                    copy[at] = with;
                    return copy;
                }));
    }
}
