package dev.eightbells.quality;

import java.time.Instant;
import java.util.List;

/** Texts, their lengths, and values that are missing. */
final class TextFaults {
    private TextFaults() {}

    static FaultTable table() {
        return ColumnFault.table(
                "texts",
                Instant.EPOCH,
                List.of(
                        text("= \"a\"")
                                .good("a", "a", "a")
                                .bad("a", "A", null)
                                .fails(2, 3)
                                .shown("A", "null"),
                        text("!= \"a\"")
                                .good("b", "A", null)
                                .bad("a", "b", null)
                                .fails(1)
                                .shown("a"),
                        text("in [\"a\", \"b c\"]")
                                .good("a", "b c", "a")
                                .bad("a", "b", null)
                                .fails(2, 3)
                                .shown("b", "null"),
                        text("in [\"a\", NULL, EMPTY, WHITESPACES_ONLY]")
                                .good("", "  ", null)
                                .bad("", "a", " a")
                                .fails(3)
                                .shown(" a"),
                        text("not in [\"a\", \"b\"]")
                                .good("c", "", null)
                                .bad("b", "c", null)
                                .fails(1)
                                .shown("b"),
                        text("not in [\"a\", NULL]")
                                .good("c", "b", "")
                                .bad("a", null, "b")
                                .fails(1, 2)
                                .shown("a", "null"),
                        text("= EMPTY")
                                .good("", "", "")
                                .bad("", " ", null)
                                .fails(2, 3)
                                .shown(" ", "null"),
                        text("!= EMPTY")
                                .good("a", " ", null)
                                .bad("a", "", null)
                                .fails(2)
                                .shown(""),
                        text("= WHITESPACES_ONLY")
                                .good(" ", "  ", " ")
                                .bad(" ", "", null)
                                .fails(2, 3)
                                .shown("", "null"),
                        text("!= WHITESPACES_ONLY")
                                .good("a", "", null)
                                .bad("a", "  ", null)
                                .fails(2)
                                .shown("  "),
                        text("= NULL")
                                .good(null, null, null)
                                .bad(null, "", null)
                                .fails(2)
                                .shown(""),
                        text("!= NULL")
                                .good("a", "", " ")
                                .bad("a", null, "null")
                                .fails(2)
                                .shown("null"),
                        text("matches \"[a-z]+[0-9]\"")
                                .good("a1", "ab2", "-c3-")
                                .bad("a1", "1a", null)
                                .fails(2, 3)
                                .shown("1a", "null"),
                        text("matches \"^\\d{2}$\"")
                                .good("12", "34", "56")
                                .bad("12", "123", "")
                                .fails(2, 3)
                                .shown("123", ""),
                        text("not matches \"[0-9]\"")
                                .good("a", "", null)
                                .bad("a1", "b", null)
                                .fails(1)
                                .shown("a1"),
                        text("in [\"1\", \"2\"]", "int")
                                .good(1, 2, 1)
                                .bad(1, 3, null)
                                .fails(2, 3)
                                .shown("3", "null"),
                        text("= \"true\"", "boolean")
                                .good(true, true, true)
                                .bad(true, false, null)
                                .fails(2, 3)
                                .shown("false", "null"),
                        text("= \"a\" where \"# is not null\"")
                                .good("a", null, "a")
                                .bad("a", null, "b")
                                .ofRows(2)
                                .fails(3)
                                .shown("b"),
                        text("in [\"a\"] with threshold >= 0.6")
                                .good("a", null, "a")
                                .bad("a", null, "b")
                                .fails(2, 3)
                                .shown("null", "b")
                                .lenient("Column.#.ColumnValues.Compliance in [\"a\"] is 0.333333,"
                                        + " and should be >= 0.6."),
                        length("= 2")
                                .good("ab", "cd", "éß")
                                .bad("ab", "abc", null)
                                .fails(2, 3)
                                .shown("abc", "null"),
                        length("!= 2")
                                .good("a", "", null)
                                .bad("ab", "a", null)
                                .fails(1)
                                .shown("ab"),
                        length("> 2")
                                .good("abc", "abcd", "abc")
                                .bad("ab", "abc", null)
                                .fails(1, 3)
                                .shown("ab", "null"),
                        length(">= 1")
                                .good("a", "ab", " ")
                                .bad("", "a", null)
                                .fails(1, 3)
                                .shown("", "null"),
                        length("< 2")
                                .good("a", "", null)
                                .bad("ab", "a", null)
                                .fails(1)
                                .shown("ab"),
                        length("<= 2")
                                .good("ab", "", null)
                                .bad("abc", "ab", null)
                                .fails(1)
                                .shown("abc"),
                        length("between 1 and 4")
                                .good("ab", "abc", "ab")
                                .bad("a", "ab", "abcd")
                                .fails(1, 3)
                                .shown("a", "abcd"),
                        length("not between 1 and 4")
                                .good("a", "abcd", null)
                                .bad("ab", "a", "b")
                                .fails(1)
                                .shown("ab"),
                        length("in [1, 3]")
                                .good("a", "abc", "b")
                                .bad("ab", "a", null)
                                .fails(1, 3)
                                .shown("ab", "null"),
                        length("not in [1, 3]")
                                .good("ab", "", null)
                                .bad("a", "ab", null)
                                .fails(1)
                                .shown("a"),
                        length("= 2 where \"id < 3\"")
                                .good("ab", "cd", "e")
                                .bad("a", "cd", "e")
                                .ofRows(2)
                                .fails(1)
                                .shown("a"),
                        length("= 2 with threshold > 0.5")
                                .good("ab", "cd", "e")
                                .bad("a", "cd", "e")
                                .fails(1, 3)
                                .shown("a", "e")
                                .lenient("Column.#.ColumnLength.Compliance = 2 is 0.333333, and should be > 0.5."),
                        ColumnFault.of("ColumnLength # = 2", "int")
                                .good(12, -1, 99)
                                .bad(12, 1, 99)
                                .fails(2)
                                .shown("1"),
                        ColumnFault.of("IsComplete #", "string")
                                .good("a", "", " ")
                                .bad("a", null, "")
                                .fails(2)
                                .shown("null"),
                        ColumnFault.of("IsComplete # where \"id > 1\"", "int")
                                .good(null, 2, 3)
                                .bad(null, null, 3)
                                .ofRows(2)
                                .fails(2)
                                .shown("null"),
                        ColumnFault.of("IsComplete #", "array<int>")
                                .good(List.of(), List.of(1), List.of(2))
                                .bad(List.of(), null, List.of(2))
                                .fails(2)
                                .shown("null"),
                        ColumnFault.of("Completeness # > 0.6", "string")
                                .good("a", "", null)
                                .bad("a", null, null)
                                .fails(2, 3)
                                .shown("null")
                                .lenient("Column.#.Completeness is 0.333333, and should be > 0.6."),
                        ColumnFault.of("Completeness # = 1.0 where \"id < 3\"", "string")
                                .good("a", "b", null)
                                .bad("a", null, null)
                                .ofRows(2)
                                .fails(2)
                                .shown("null")
                                .strict("Column.#.Completeness where id < 3 is 0.5, and should be = 1.0.")));
    }

    private static ColumnFault text(String condition) {
        return text(condition, "string");
    }

    private static ColumnFault text(String condition, String type) {
        return ColumnFault.of("ColumnValues # " + condition, type);
    }

    private static ColumnFault length(String condition) {
        return ColumnFault.of("ColumnLength # " + condition, "string");
    }
}
