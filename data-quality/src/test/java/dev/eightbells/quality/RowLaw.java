package dev.eightbells.quality;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A rule of rows, and the same in plain Java.
 *
 * @param counts whether a row is looked at
 */
record RowLaw(String rule, Predicate<Line> counts, Holds holds) {
    private static final List<String> COLUMNS = List.of("a", "b", "s");

    /** A row; each value may be null. */
    record Line(int id, Integer a, Integer b, String s) {
        Object value(String column) {
            return switch (column) {
                case "a" -> a;
                case "b" -> b;
                default -> s;
            };
        }
    }

    /** Whether a row that is looked at fulfils the rule. */
    @FunctionalInterface
    interface Holds {
        boolean of(Line line, List<Line> counted);
    }

    boolean isFulfilled(Line line, List<Line> all) {
        return !counts.test(line) || holds.of(line, all.stream().filter(counts).toList());
    }

    static Arbitrary<List<Line>> tables() {
        Arbitrary<Integer> number = Arbitraries.integers().between(-1, 3).injectNull(0.2);
        Arbitrary<String> text = Arbitraries.of("", "a", "ab", " ", "ba").injectNull(0.2);
        return Combinators.combine(number, number, text)
                .as((a, b, s) -> new Line(0, a, b, s))
                .list()
                .ofMaxSize(6)
                .map(lines -> Stream.iterate(0, i -> i + 1)
                        .limit(lines.size())
                        .map(i -> new Line(
                                i + 1,
                                lines.get(i).a(),
                                lines.get(i).b(),
                                lines.get(i).s()))
                        .toList());
    }

    /** Simple ones, and two of them connected. */
    static Arbitrary<RowLaw> laws() {
        Arbitrary<RowLaw> connected = Combinators.combine(simple(), simple(), Arbitraries.of(true, false))
                .as(RowLaw::connected);
        return Arbitraries.oneOf(simple(), simple(), connected);
    }

    private static RowLaw connected(RowLaw left, RowLaw right, boolean isAnd) {
        return new RowLaw(
                "(" + left.rule() + ")" + (isAnd ? " and " : " or ") + "(" + right.rule() + ")",
                line -> true,
                (line, all) -> isAnd
                        ? left.isFulfilled(line, all) && right.isFulfilled(line, all)
                        : left.isFulfilled(line, all) || right.isFulfilled(line, all));
    }

    private static Arbitrary<RowLaw> simple() {
        return Arbitraries.oneOf(compared(), compared(), texts(), keys())
                .flatMap(law -> Arbitraries.of(
                        law,
                        law.where("a > 0", line -> line.a() != null && line.a() > 0),
                        law.where("b is null or s = 'a'", line -> line.b() == null || "a".equals(line.s()))));
    }

    private RowLaw where(String sql, Predicate<Line> only) {
        return new RowLaw(rule + " where \"" + sql + "\"", only, holds);
    }

    private static Arbitrary<RowLaw> compared() {
        Arbitrary<Integer> number = Arbitraries.integers().between(-1, 3);
        return Combinators.combine(
                        Arbitraries.of("a", "b", "s"),
                        number,
                        number,
                        Arbitraries.of(
                                "=", "!=", ">", ">=", "<", "<=", "between", "not between", "in", "not in", "in NULL"))
                .as(RowLaw::compared);
    }

    /** Of a text it is the length that is compared, and a missing one has none. */
    private static RowLaw compared(String column, int first, int second, String operator) {
        boolean isText = column.equals("s");
        Function<Line, Integer> value = line ->
                isText ? Integer.valueOf(line.s() == null ? 0 : line.s().length()) : (Integer) line.value(column);
        String operands =
                switch (operator) {
                    case "between", "not between" -> first + " and " + second;
                    case "in", "not in" -> "[" + first + ", " + second + "]";
                    case "in NULL" -> isText ? "[" + first + "]" : "[" + first + ", NULL]";
                    default -> "" + first;
                };
        Predicate<Integer> holds =
                switch (operator) {
                    case "=" -> number -> number != null && number == first;
                    case "!=" -> number -> number == null || number != first;
                    case ">" -> number -> number != null && number > first;
                    case ">=" -> number -> number != null && number >= first;
                    case "<" -> number -> number != null && number < first;
                    case "<=" -> number -> number != null && number <= first;
                    case "between" -> number -> number != null && number > first && number < second;
                    case "not between" -> number -> !(number != null && number > first && number < second);
                    case "in" -> number -> Objects.equals(number, first) || Objects.equals(number, second);
                    case "not in" -> number -> !Objects.equals(number, first) && !Objects.equals(number, second);
                    default -> number -> Objects.equals(number, first) || number == null;
                };
        return new RowLaw(
                (isText ? "ColumnLength " : "ColumnValues ") + column + " " + operator.replace(" NULL", "") + " "
                        + operands,
                line -> true,
                (line, all) -> holds.test(value.apply(line)));
    }

    private static Arbitrary<RowLaw> texts() {
        return Arbitraries.of(
                law(
                        "ColumnValues s matches \"^a\"",
                        line -> line.s() != null && line.s().startsWith("a")),
                law(
                        "ColumnValues s not matches \"b\"",
                        line -> line.s() == null || !line.s().contains("b")),
                law("ColumnValues s in [\"a\", EMPTY]", line -> "a".equals(line.s()) || "".equals(line.s())),
                law("ColumnValues s != WHITESPACES_ONLY", line -> !" ".equals(line.s())),
                law("IsComplete s", line -> line.s() != null),
                law("Completeness a = 1.0", line -> line.a() != null),
                law("ColumnDataType s != \"Integer\"", line -> true));
    }

    private static RowLaw law(String rule, Predicate<Line> holds) {
        return new RowLaw(rule, line -> true, (line, all) -> holds.test(line));
    }

    private static Arbitrary<RowLaw> keys() {
        return Combinators.combine(
                        Arbitraries.of("IsUnique", "IsPrimaryKey"),
                        Arbitraries.of(COLUMNS).set().ofMinSize(1).ofMaxSize(2))
                .as((type, columns) -> new RowLaw(
                        type + " " + String.join(" ", columns),
                        line -> true,
                        (line, all) -> isKey(type, columns, line, all)));
    }

    private static boolean isKey(String type, Set<String> columns, Line line, List<Line> all) {
        long nulls =
                columns.stream().filter(column -> line.value(column) == null).count();
        boolean isThere = type.equals("IsUnique") ? nulls < columns.size() : nulls == 0;
        List<Object> key = key(columns, line);
        return isThere
                && all.stream().filter(other -> key(columns, other).equals(key)).count() == 1;
    }

    private static List<Object> key(Set<String> columns, Line line) {
        return columns.stream().map(line::value).collect(Collectors.toList());
    }
}
