package dev.eightbells.quality.dqdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.Operand.Keyword;
import dev.eightbells.quality.dqdl.Rule.Connective;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is what is read, and whatever is written either is rules or is refused. */
class DqdlProperties {
    private static final Map<Operator, String> OPERATORS = Map.ofEntries(
            Map.entry(Operator.EQUAL, "="),
            Map.entry(Operator.NOT_EQUAL, "!="),
            Map.entry(Operator.GREATER, ">"),
            Map.entry(Operator.GREATER_OR_EQUAL, ">="),
            Map.entry(Operator.LESS, "<"),
            Map.entry(Operator.LESS_OR_EQUAL, "<="),
            Map.entry(Operator.BETWEEN, "between"),
            Map.entry(Operator.NOT_BETWEEN, "not between"),
            Map.entry(Operator.IN, "in"),
            Map.entry(Operator.NOT_IN, "not in"),
            Map.entry(Operator.MATCHES, "matches"),
            Map.entry(Operator.NOT_MATCHES, "not matches"));

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void readsWhatIsWritten(@ForAll("rules") List<Rule> rules) {
        List<Rule> placed = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            placed.add(placed(rules.get(i), i + 2, 1));
        }
        String file = placed.stream().map(Rule::text).collect(Collectors.joining(",\n", "Rules = [\n", "\n]"));

        assertThat(Dqdl.parse(file, "rules.dqdl")).isEqualTo(new Ruleset(placed, List.of()));
    }

    @Property(tries = 1000)
    void readsOrRefusesWhateverIsWritten(@ForAll("files") String file) {
        try {
            Ruleset ruleset = Dqdl.parse(file, "rules.dqdl");
            assertThat(ruleset.rules().size() + ruleset.analyzers().size()).isPositive();
        } catch (Failure e) {
            assertThat(e.kind()).isEqualTo(Failure.Kind.INPUT);
            assertThat(e.getMessage().split("\n"))
                    .allSatisfy(line -> assertThat(line).matches("rules\\.dqdl:[0-9]+:[0-9]+: .*[.?]"));
        }
    }

    @Provide
    static Arbitrary<String> files() {
        Arbitrary<String> pieces = Arbitraries.oneOf(
                Arbitraries.of(
                        "Rules",
                        "Analyzers",
                        "Metadata",
                        "DefaultLabels",
                        "=",
                        "[",
                        "]",
                        "{",
                        "}",
                        ":",
                        ",",
                        "(",
                        ")",
                        "-",
                        "+",
                        "*",
                        ">",
                        "<=",
                        "between",
                        "and",
                        "or",
                        "not",
                        "in",
                        "matches",
                        "with",
                        "threshold",
                        "where",
                        "labels",
                        "of",
                        "now",
                        "()",
                        "$a",
                        "$",
                        "\"",
                        "\"a\"",
                        "\"\\",
                        "a",
                        "1",
                        "0.5",
                        "99999999999",
                        "days",
                        "KB",
                        "NULL",
                        "#",
                        "\n",
                        "\r\n",
                        "\u00e9"),
                Arbitraries.of(RuleType.class).map(RuleType::dqdl));
        Arbitrary<String> likely = pieces.list().ofMaxSize(25).map(list -> String.join(" ", list));
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                likely,
                likely.map(text -> "Rules = [ " + text + " ]"),
                likely.map(text -> "a = \"x\" Rules = [ ColumnValues a " + text + " ]"));
    }

    @Provide
    static Arbitrary<List<Rule>> rules() {
        Arbitrary<Rule> composites = Combinators.combine(
                        Arbitraries.of(Connective.class),
                        simples().list().ofMinSize(2).ofMaxSize(3))
                .as((connective, parts) -> new Rule.Composite(connective, parts, Map.of(), new Place(1, 1), ""));
        return Arbitraries.oneOf(simples(), simples(), composites)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Arbitrary<Rule> simples() {
        return Arbitraries.of(RuleType.class)
                .filter(type -> !type.has(RuleType.Part.ONLY_ANALYZER)
                        && type != RuleType.DETECT_ANOMALIES
                        && type != RuleType.COLUMN_NAMES_MATCH_PATTERN)
                .flatMap(DqdlProperties::simple);
    }

    private static Arbitrary<Rule> simple(RuleType type) {
        int most = Math.min(type.mostParameters(), 3);
        return texts().list()
                .ofMinSize(type.leastParameters())
                .ofMaxSize(most)
                .flatMap(parameters -> Combinators.combine(
                                condition(type, parameters.size()),
                                type.has(RuleType.Part.WHERE)
                                        ? texts().injectNull(0.5)
                                        : Arbitraries.just((String) null),
                                type.has(RuleType.Part.THRESHOLD)
                                        ? condition(numbers(), true).injectNull(0.5)
                                        : Arbitraries.just((Condition) null),
                                type.has(RuleType.Part.TAGS)
                                        ? Arbitraries.maps(Arbitraries.of("a", "b.c", "_1"), texts())
                                                .ofMaxSize(2)
                                        : Arbitraries.just(Map.<String, String>of()))
                        .as((condition, where, threshold, tags) -> new Rule.Simple(
                                type, parameters, condition, where, threshold, tags, Map.of(), new Place(1, 1), "")));
    }

    private static Arbitrary<Condition> condition(RuleType type, int parameters) {
        return switch (type.conditions()) {
            case NONE -> Arbitraries.just(null);
            case NUMBER -> condition(numbers(), true);
            case OPTIONAL_NUMBER -> condition(numbers(), true).injectNull(0.5);
            case TEXT -> condition(plainTexts(), false);
            case OPTIONAL_TEXT ->
                parameters == 2
                        ? Arbitraries.just(null)
                        : plainTexts().list().ofMinSize(1).ofMaxSize(3).map(list -> written(Operator.IN, list));
            case DURATION -> condition(spans().map(Operand.Span::new), true);
            case MOMENT -> condition(moments(), true);
            case SIZE -> condition(Arbitraries.longs().between(0, 9999).map(Operand.Size::new), true);
            case VALUE ->
                Arbitraries.oneOf(
                        condition(numbers(), true),
                        condition(moments(), true),
                        condition(Arbitraries.oneOf(plainTexts(), Arbitraries.of(Keyword.class)), false),
                        Arbitraries.of(Operator.MATCHES, Operator.NOT_MATCHES)
                                .map(operator -> written(operator, List.of(new Operand.Text("[a-z]+\\d\"")))));
        };
    }

    private static Arbitrary<Condition> condition(Arbitrary<? extends Operand> operands, boolean isOrdered) {
        return Arbitraries.of(Operator.class)
                .filter(operator -> operator != Operator.MATCHES
                        && operator != Operator.NOT_MATCHES
                        && (isOrdered || OPERATORS.get(operator).matches("!?=|(not )?in")))
                .flatMap(operator -> {
                    int least = OPERATORS.get(operator).endsWith("between") ? 2 : 1;
                    int most = OPERATORS.get(operator).endsWith("in") ? 3 : least;
                    return operands.list().ofMinSize(least).ofMaxSize(most).map(list -> written(operator, list));
                });
    }

    private static Arbitrary<String> texts() {
        // A backslash only before a letter: before a quote it would escape it. No $: it would be a variable.
        return Arbitraries.of("a", "B", " ", "\"", "\\d", "\u00e9", "#", ",", "[", "-")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(list -> String.join("", list));
    }

    private static Arbitrary<Operand> plainTexts() {
        return texts().map(Operand.Text::new);
    }

    private static Arbitrary<Operand> numbers() {
        Arbitrary<Operand.Numeric> constants = Arbitraries.bigDecimals()
                .between(new BigDecimal("-1000"), new BigDecimal("1000"))
                .ofScale(3)
                .map(Operand.Constant::new);
        return Combinators.combine(
                        constants, constants, constants, Arbitraries.chars().with("+-*/"), Arbitraries.of(1, 2, 3))
                .as((a, b, c, sign, form) -> switch (form) {
                    case 1 -> a;
                    case 2 -> new Operand.Arithmetic(sign, a, b);
                    default -> new Operand.Arithmetic(sign, a, new Operand.Arithmetic(sign, b, c));
                });
    }

    private static Arbitrary<Duration> spans() {
        return Arbitraries.longs().between(0, 9999).map(Duration::ofMinutes);
    }

    private static Arbitrary<Operand> moments() {
        return Arbitraries.oneOf(
                spans().map(Operand.Now::new),
                spans().map(span -> new Operand.Now(span.negated())),
                Arbitraries.integers().between(0, 20_000).map(day -> new Operand.Day(LocalDate.ofEpochDay(day))),
                Arbitraries.integers()
                        .between(0, 1439)
                        .map(minute -> new Operand.TimeOfDay(LocalTime.ofSecondOfDay(minute * 60L))));
    }

    private static Condition written(Operator operator, List<? extends Operand> operands) {
        String joined = operands.stream()
                .map(DqdlProperties::text)
                .collect(Collectors.joining(OPERATORS.get(operator).endsWith("between") ? " and " : ","));
        boolean isList = operator == Operator.IN || operator == Operator.NOT_IN;
        return new Condition(
                operator,
                List.copyOf(operands),
                OPERATORS.get(operator) + " " + (isList ? "[" + joined + "]" : joined));
    }

    private static String text(Operand operand) {
        if (operand instanceof Operand.Constant constant) {
            return constant.value().toPlainString();
        }
        if (operand instanceof Operand.Arithmetic arithmetic) {
            String right = text(arithmetic.right());
            return text(arithmetic.left()) + " " + arithmetic.sign() + " "
                    + (arithmetic.right() instanceof Operand.Arithmetic ? "(" + right + ")" : right);
        }
        if (operand instanceof Operand.Text text) {
            return quoted(text.value());
        }
        if (operand instanceof Operand.Now now) {
            return "(now() " + (now.later().isNegative() ? "-" : "+") + " "
                    + now.later().abs().toMinutes() + " minutes)";
        }
        if (operand instanceof Operand.Day day) {
            return quoted(day.date().toString());
        }
        if (operand instanceof Operand.TimeOfDay time) {
            return quoted(time.time().toString());
        }
        if (operand instanceof Operand.Span span) {
            return span.length().toMinutes() + " minutes";
        }
        return operand instanceof Operand.Size size ? size.bytes() + " B" : operand.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"") + "\"";
    }

    /** The rule with its text, where that stands. */
    private static Rule placed(Rule rule, int line, int column) {
        if (rule instanceof Rule.Composite composite) {
            List<Rule> parts = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (Rule part : composite.parts()) {
                text.append(parts.isEmpty() ? "(" : composite.connective() == Connective.AND ? " and (" : " OR (");
                parts.add(placed(part, line, column + text.codePoints().toArray().length));
                text.append(parts.get(parts.size() - 1).text()).append(')');
            }
            return new Rule.Composite(
                    composite.connective(), parts, Map.of(), new Place(line, column), text.toString());
        }

        Rule.Simple simple = (Rule.Simple) rule;
        StringBuilder text = new StringBuilder(simple.type().dqdl());
        simple.parameters().forEach(parameter -> text.append(' ').append(quoted(parameter)));
        if (simple.condition() != null) {
            text.append(' ').append(simple.condition().text());
        }
        if (simple.where() != null) {
            text.append(" where ").append(quoted(simple.where()));
        }
        if (simple.threshold() != null) {
            text.append(" with threshold ").append(simple.threshold().text());
        }
        simple.tags().forEach((name, value) -> text.append(" with " + name + " = " + quoted(value)));
        return new Rule.Simple(
                simple.type(),
                simple.parameters(),
                simple.condition(),
                simple.where(),
                simple.threshold(),
                new LinkedHashMap<>(simple.tags()),
                Map.of(),
                new Place(line, column),
                text.toString());
    }
}
