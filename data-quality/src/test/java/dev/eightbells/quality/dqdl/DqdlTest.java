package dev.eightbells.quality.dqdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.Operand.Keyword;
import dev.eightbells.quality.dqdl.Rule.Connective;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DqdlTest {
    @Test
    void readsRulesWithTheirParts() {
        assertThat(simple("ColumnValues \"a b\" in [1, 2] where \"x = \\\"y\\\"\" with threshold > 0.9"))
                .isEqualTo(new Rule.Simple(
                        RuleType.COLUMN_VALUES,
                        List.of("a b"),
                        new Condition(Operator.IN, List.of(number("1"), number("2")), "in [1,2]"),
                        "x = \"y\"",
                        new Condition(Operator.GREATER, List.of(number("0.9")), "> 0.9"),
                        Map.of(),
                        Map.of(),
                        new Place(1, 11),
                        "ColumnValues \"a b\" in [1,2] where \"x = \\\"y\\\"\" with threshold > 0.9"));
        assertThat(simple("IsUnique a and b").parameters()).containsExactly("a", "b");
        assertThat(simple("FileFreshness > \"21:45\" with timeZone = \"UTC\" with a = \"b\"")
                        .tags())
                .containsExactly(Map.entry("timeZone", "UTC"), Map.entry("a", "b"));
    }

    @Test
    void readsAnalyzersWithoutRules() {
        assertThat(Dqdl.parse("Analyzers = [ RowCount,\n  Completeness  of \"a\" ]", "rules.dqdl"))
                .isEqualTo(new Ruleset(
                        List.of(),
                        List.of(
                                new Analyzer(RuleType.ROW_COUNT, List.of(), new Place(1, 15), "RowCount"),
                                new Analyzer(
                                        RuleType.COMPLETENESS,
                                        List.of("a"),
                                        new Place(2, 3),
                                        "Completeness of \"a\""))));
    }

    @Test
    void writesRulesWithSingleBlanksAndWithoutComments() {
        assertThat(simple("RowCount  # all\r\n\tbetween ( 0.9*avg( last( 10 ) ) ) and -1 - -2 labels = [\"a\"=\"b\"]")
                        .text())
                .isEqualTo("RowCount between (0.9 * avg(last(10))) and -1 - -2");
    }

    @Test
    void quotesTextsThatCanBeWritten() {
        assertThat(Dqdl.quoted("say \"a\" in C:\\temp, # and\nso on"))
                .hasValue("\"say \\\"a\\\" in C:\\temp, # and\nso on\"");
        assertThat(Dqdl.quoted("")).hasValue("\"\"");
        assertThat(Dqdl.quoted("two at the end \\\\")).hasValue("\"two at the end \\\\\"");
        assertThat(Dqdl.quoted("one at the end \\")).isEmpty();
        assertThat(Dqdl.quoted("one before a quote \\\"")).isEmpty();
    }

    @Test
    void keepsBackslashesButThoseBeforeQuotes() {
        assertThat(simple("ColumnValues a matches \"\\\\d\\.\\\"\"").condition().operands())
                .containsExactly(new Operand.Text("\\\\d\\.\""));
        assertThat(simple("ColumnValues a = \"\\\\\"").condition().operands())
                .containsExactly(new Operand.Text("\\\\"));
    }

    @Nested
    class Operands {
        @Test
        void areNumbersThatAreComputed() {
            assertThat(operands("RowCount > 1 + 2 * (avg(last(3)) - -4)"))
                    .containsExactly(new Operand.Arithmetic(
                            '+',
                            number("1"),
                            new Operand.Arithmetic(
                                    '*',
                                    number("2"),
                                    new Operand.Arithmetic(
                                            '-',
                                            new Operand.Call(
                                                    "avg",
                                                    List.of(new Operand.Call(
                                                            "last", List.of(number("3")), new Place(1, 35))),
                                                    new Place(1, 31)),
                                            number("-4")))));
            assertThat(operands("RowCount > 8 / 4 / 2"))
                    .containsExactly(new Operand.Arithmetic(
                            '/', new Operand.Arithmetic('/', number("8"), number("4")), number("2")));
        }

        @Test
        void areMomentsWhenAllTextsAre() {
            assertThat(operands("ColumnValues a in [\"2024-02-29\", \"09:30 PM\", \"12:00 AM\", now(), NULL]"))
                    .containsExactly(
                            new Operand.Day(LocalDate.of(2024, 2, 29)),
                            new Operand.TimeOfDay(LocalTime.of(21, 30)),
                            new Operand.TimeOfDay(LocalTime.MIDNIGHT),
                            new Operand.Now(Duration.ZERO),
                            Keyword.NULL);
            assertThat(operands("ColumnValues a in [\"2024-02-29\", \"2023-02-29\", empty]"))
                    .containsExactly(new Operand.Text("2024-02-29"), new Operand.Text("2023-02-29"), Keyword.EMPTY);
            assertThat(operands("ColumnValues a between (now() - 3 hours) and (now() + 4 days)"))
                    .containsExactly(new Operand.Now(Duration.ofHours(-3)), new Operand.Now(Duration.ofDays(4)));
        }

        @Test
        void areTextsInTypesAndHashes() {
            assertThat(operands("ColumnDataType a = \"2024-02-29\"")).containsExactly(new Operand.Text("2024-02-29"));
            assertThat(operands("FileMatch in [\"2024-02-29\"]")).containsExactly(new Operand.Text("2024-02-29"));
        }

        @Test
        void areSpansAndSizes() {
            assertThat(operands("DataFreshness a between 90 minutes and 2 days"))
                    .containsExactly(new Operand.Span(Duration.ofMinutes(90)), new Operand.Span(Duration.ofDays(2)));
            assertThat(operands("FileSize in [5 B, 5 KB, 1 TB]"))
                    .containsExactly(new Operand.Size(5), new Operand.Size(5120), new Operand.Size(1L << 40));
        }

        @Test
        void areOfTheKindThatTheTypeWants() {
            refusal("Completeness a > \"abc\"")
                    .isEqualTo(
                            "rules.dqdl:1:28: expected a number, not \"abc\"; Completeness is compared with numbers.");
            refusal("Completeness a > abc")
                    .isEqualTo("rules.dqdl:1:28: expected a number, not abc; Completeness is compared with numbers.");
            refusal("DataFreshness a > 3")
                    .isEqualTo("rules.dqdl:1:29: expected a length of time such as 3 days, not 3; "
                            + "DataFreshness is compared with lengths of time.");
            refusal("FileSize > 3 ZB")
                    .isEqualTo("rules.dqdl:1:24: expected a unit behind a whole number, not ZB; "
                            + "units are minutes, hours and days, and B, KB, MB, GB and TB.");
            refusal("FileSize > 1.5 GB")
                    .isEqualTo("rules.dqdl:1:22: expected a whole number, and less than 8388608 TB, not 1.5.");
            refusal("DataFreshness a < 1234567890 days")
                    .isEqualTo("rules.dqdl:1:29: expected a whole number of at most 9 digits, not 1234567890.");
            refusal("FileFreshness > \"13:30 PM\"")
                    .isEqualTo("rules.dqdl:1:27: expected a moment such as \"2024-01-31\", \"21:45\" or now(), "
                            + "not \"13:30 PM\"; FileFreshness is compared with moments.");
            refusal("ColumnDataType a matches \"x\"")
                    .isEqualTo("rules.dqdl:1:28: ColumnDataType is compared by =, !=, in and not in only.");
        }

        @Test
        void areOfOneKind() {
            refusal("ColumnValues a in [NULL, 1, \"2\"]")
                    .isEqualTo("rules.dqdl:1:39: expected a number, not \"2\"; "
                            + "the values of a condition are of one kind.");
            refusal("ColumnValues a in [now(), \"x\"]")
                    .isEqualTo("rules.dqdl:1:37: expected a moment such as \"2024-01-31\", \"21:45\" or now(), "
                            + "not \"x\"; the values of a condition are of one kind.");
        }

        @Test
        void areInAnOrderWhenTheyAreNumbersOrMoments() {
            refusal("ColumnValues a > \"x\"")
                    .isEqualTo(
                            "rules.dqdl:1:28: expected a number or a moment, not \"x\"; only those are in an order.");
            refusal("ColumnValues a <= NULL")
                    .isEqualTo("rules.dqdl:1:29: expected a number or a moment, not NULL; only those are in an order.");
        }

        @Test
        void areRegularExpressionsThatJavaKnows() {
            refusal("ColumnValues a matches \"[a\"")
                    .isEqualTo("rules.dqdl:1:34: expected a regular expression: Unclosed character class.");
            refusal("ColumnNamesMatchPattern \"a(\"")
                    .isEqualTo("rules.dqdl:1:35: expected a regular expression: Unclosed group.");
            refusal("ColumnValues a matches \"" + "(".repeat(100_000) + "\"")
                    .isEqualTo(
                            "rules.dqdl:1:34: expected a regular expression: Stack overflow during pattern compilation.");
        }
    }

    @Nested
    class Composites {
        @Test
        void bindAndMoreStronglyThanOr() {
            Rule.Composite or = (Rule.Composite) rule("RowCount > 0 or IsComplete a and IsUnique a OR IsUnique b");

            assertThat(or.connective()).isEqualTo(Connective.OR);
            assertThat(or.parts())
                    .extracting(Rule::text)
                    .containsExactly("RowCount > 0", "IsComplete a and IsUnique a", "IsUnique b");
            assertThat(((Rule.Composite) or.parts().get(1)).parts())
                    .extracting(Rule::text)
                    .containsExactly("IsComplete a", "IsUnique a");
            assertThat(or.parts()).extracting(part -> part.place().column()).containsExactly(11, 27, 58);
        }

        @Test
        void areFlat() {
            Rule.Composite and = (Rule.Composite) rule("((RowCount > 0) AND (IsComplete a)) and ((IsUnique b))");

            assertThat(and.text()).isEqualTo("((RowCount > 0) AND (IsComplete a)) and ((IsUnique b))");
            assertThat(and.parts())
                    .extracting(Rule::text)
                    .containsExactly("RowCount > 0", "IsComplete a", "IsUnique b");
            assertThat(rule("((IsUnique b))").text()).isEqualTo("IsUnique b");
            assertThat(rule("(IsUnique b or IsUnique a)").text()).isEqualTo("IsUnique b or IsUnique a");
        }

        @Test
        void areToldFromParametersThatAndConnects() {
            assertThat(rule("IsComplete \"a\" and IsUnique \"b\"")).isInstanceOf(Rule.Composite.class);
            assertThat(rule("DetectAnomalies of ColumnCorrelation of \"a\" and \"b\""))
                    .extracting(rule -> ((Rule.Simple) rule).parameters())
                    .isEqualTo(List.of("ColumnCorrelation", "a", "b"));
            assertThat(rule("ColumnCorrelation of Mean and Sum > 0.5"))
                    .extracting(rule -> ((Rule.Simple) rule).parameters())
                    .isEqualTo(List.of("Mean", "Sum"));
            refusal("IsComplete a and IsUnqiue b")
                    .isEqualTo("rules.dqdl:1:28: unknown rule type IsUnqiue; did you mean IsUnique?");
        }

        @Test
        void keepTheirLabelsApart() {
            Rule.Composite and = (Rule.Composite)
                    rule("(IsUnique a labels=[\"k\"=\"1\"] and IsUnique b) labels=[\"k\"=\"2\"] and IsUnique c");

            assertThat(and.labels()).isEmpty();
            assertThat(and.parts()).extracting(Rule::labels).containsExactly(Map.of("k", "2"), Map.of());
            assertThat(((Rule.Composite) and.parts().get(0)).parts())
                    .extracting(Rule::labels)
                    .containsExactly(Map.of("k", "1"), Map.of());
            assertThat(and.text()).isEqualTo("(IsUnique a and IsUnique b) and IsUnique c");
        }

        @Test
        void areNotNestedBeyondReason() {
            assertThat(rule("(".repeat(100) + "RowCount > 0" + ")".repeat(100)).text())
                    .isEqualTo("RowCount > 0");
            refusal("(".repeat(101) + "RowCount > 0" + ")".repeat(101))
                    .isEqualTo("rules.dqdl:1:111: more than 100 parentheses stand in each other here; use fewer.");
        }
    }

    @Test
    void addsLabelsToTheDefaultOnes() {
        List<Rule> rules = Dqdl.parse(
                        "DefaultLabels = [\"env\"=\"prod\", \"team\"=\"x\"]\n"
                                + "Rules = [ IsComplete a, (IsUnique b labels=[\"team\"=\"y\"]) labels=[\"n\"=\"1\"] ]",
                        "rules.dqdl")
                .rules();

        assertThat(rules.get(0).labels()).containsExactly(Map.entry("env", "prod"), Map.entry("team", "x"));
        assertThat(rules.get(1).labels())
                .containsExactly(Map.entry("env", "prod"), Map.entry("team", "y"), Map.entry("n", "1"));
        assertThat(rules.get(1).text()).isEqualTo("IsUnique b");
    }

    @Nested
    class VariablesOfAFile {
        @Test
        void standForTextsAndLists() {
            List<Rule> rules = Dqdl.parse(
                            "a = \"x\" list = [\"p\", NULL]\n"
                                    + "Rules = [ IsUnique \"$a.b$a$c\" $a, ColumnValues $a in $list where \"$a > 1\","
                                    + " ColumnValues b = \"$a\", ColumnValues b = $a ]",
                            "rules.dqdl")
                    .rules();

            assertThat(((Rule.Simple) rules.get(0)).parameters()).containsExactly("x.bx$c", "x");
            assertThat(((Rule.Simple) rules.get(1)).where()).isEqualTo("x > 1");
            assertThat(((Rule.Simple) rules.get(1)).condition().operands())
                    .containsExactly(new Operand.Text("p"), Keyword.NULL);
            assertThat(((Rule.Simple) rules.get(2)).condition().operands()).containsExactly(new Operand.Text("$a"));
            assertThat(((Rule.Simple) rules.get(3)).condition().operands()).containsExactly(new Operand.Text("x"));
            assertThat(rules.get(1).text()).isEqualTo("ColumnValues $a in $list where \"$a > 1\"");
        }

        @Test
        void areDeclaredOnceBeforeTheRulesWithoutReferences() {
            fileRefusal("a = \"x\"\na = \"y\"\nb = \"z$a\"\nRules = [ IsUnique $c, RowCount > $a ]")
                    .isEqualTo(
                            """
                            rules.dqdl:2:1: the variable a is declared before; declare it once.
                            rules.dqdl:3:5: a variable cannot refer to another one, as this one does to $a.
                            rules.dqdl:4:20: the variable $c is not declared; write c = "..." before the rules.
                            rules.dqdl:4:35: expected a number, not $a; RowCount is compared with numbers.""");
            fileRefusal("a = 5\nRules = [ RowCount > 0 ]")
                    .isEqualTo("rules.dqdl:1:5: expected a text in quotes, or a list of texts, not 5; "
                            + "variables hold nothing else.");
            fileRefusal("Rules = [ RowCount > 0 ]\na = \"x\"")
                    .isEqualTo("rules.dqdl:2:1: a must stand before the rules and analyzers.");
            fileRefusal("a = \"x\"\nRules = [ ColumnValues b in $a ]")
                    .isEqualTo("rules.dqdl:2:29: expected a list, not $a, which is a text.");
        }
    }

    @Nested
    class Refusals {
        @Test
        void sayThatAFileHoldsNoRules() {
            String sentence = ": expected rules, and there are none; write for example Rules = [ RowCount > 0 ].";
            fileRefusal("").isEqualTo("rules.dqdl:1:1" + sentence);
            fileRefusal("# nothing\r\n  # yet").isEqualTo("rules.dqdl:2:8" + sentence);
            fileRefusal("Rules = [ ]").isEqualTo("rules.dqdl:1:1" + sentence);
            fileRefusal("RowCount > 0")
                    .isEqualTo("rules.dqdl:1:1: expected Rules = [ RowCount > 0 ] or another assignment, "
                            + "not RowCount; rules stand in the brackets.");
        }

        @Test
        void nameTheExactPlace() {
            fileRefusal("\ufeffRules = [\r\n  # a ] comment\r\n\tRowCount > x ]")
                    .startsWith("rules.dqdl:3:13: expected a number, not x;");
            fileRefusal("# \ud83d\ude00 \"\rRules = [ ColumnValues \"\ud83d\ude00\n\" > x ]")
                    .startsWith("rules.dqdl:3:5: expected a number, text or moment, not x;");
            fileRefusal("Rules = [ RowCount > 0")
                    .isEqualTo("rules.dqdl:1:23: expected ',' or ']', not the end of the file.");
            fileRefusal("Rules = [ RowCount > 0, ]")
                    .isEqualTo("rules.dqdl:1:25: expected a rule such as RowCount > 0, not ].");
        }

        @Test
        void nameEveryRuleThatIsWrong() {
            refusal(
                            "iscomplete a > 3, Foo,\n ColumnExists a where \"x\",\n IsComplete a b with threshold > 1, AllStatistics a")
                    .isEqualTo("rules.dqdl:1:11: unknown rule type iscomplete; did you mean IsComplete?\n"
                            + "rules.dqdl:1:29: unknown rule type Foo; the names of types are written as in "
                            + "IsComplete or RowCount.\n"
                            + "rules.dqdl:2:17: ColumnExists cannot have a where.\n"
                            + "rules.dqdl:3:2: IsComplete has 1 parameter, not 2.\n"
                            + "rules.dqdl:3:22: IsComplete cannot have a threshold.\n"
                            + "rules.dqdl:3:37: AllStatistics is no rule; it stands among the Analyzers.");
        }

        @Test
        void tellOfPartsThatATypeCannotHave() {
            refusal("Completeness a")
                    .isEqualTo("rules.dqdl:1:25: expected a condition such as > 0, not ]; "
                            + "Completeness is compared with numbers.");
            refusal("IsUnique a > 1").isEqualTo("rules.dqdl:1:22: IsUnique has no condition.");
            refusal("IsUnique > 1")
                    .isEqualTo("rules.dqdl:1:11: IsUnique has at least 1 parameter, not 0.\n"
                            + "rules.dqdl:1:20: IsUnique has no condition.");
            refusal("FileMatch a b in [\"x\"]")
                    .isEqualTo("rules.dqdl:1:25: FileMatch has no condition when it compares two folders.");
            refusal("FileSize > 1 KB with a = \"b\"").isEqualTo("rules.dqdl:1:32: FileSize cannot have the tag a.");
            refusal("ColumnValues a > 1 with threshold > 0.1 with threshold > 0.2")
                    .isEqualTo("rules.dqdl:1:56: a rule has one threshold only.");
            refusal("FileFreshness > now() with timeZone = \"America/New_Chicago\"")
                    .isEqualTo("rules.dqdl:1:49: expected a time zone such as \"Europe/Berlin\" or \"UTC\", "
                            + "not \"America/New_Chicago\".");
            refusal("DetectAnomalies of IsComplete of a, DetectAnomalies of Completeness")
                    .isEqualTo("rules.dqdl:1:11: DetectAnomalies looks at what is measured, such as RowCount, "
                            + "not at IsComplete.\n"
                            + "rules.dqdl:1:47: Completeness has 1 parameter, not 0.");
        }

        @Test
        void noticeCommasThatAreMissing() {
            refusal("IsComplete a b").isEqualTo("rules.dqdl:1:11: IsComplete has 1 parameter, not 2.");
            refusal("IsUnique a\n IsComplete b").isEqualTo("rules.dqdl:2:2: expected ',' or ']', not IsComplete.");
            refusal("RowCount > 0\n IsComplete b").isEqualTo("rules.dqdl:2:2: expected ',' or ']', not IsComplete.");
        }

        @Test
        void noticeQuotesThatAreMissingOrForeign() {
            refusal("IsComplete \"a,\n IsComplete \"b\"")
                    .isEqualTo("rules.dqdl:2:15: the text that begins here has no closing quote. "
                            + "Perhaps the text at 1:22 lacks its closing quote.");
            refusal("IsComplete \u201ca\u201d")
                    .isEqualTo("rules.dqdl:1:22: unexpected quote \u201c; texts stand in \"straight quotes\".");
            refusal("IsComplete gr\u00f6\u00dfe")
                    .isEqualTo("rules.dqdl:1:24: unexpected character \u00f6; put names with other characters than "
                            + "letters, digits, _ and . in \"quotes\".");
            refusal("IsComplete\u00a0a").startsWith("rules.dqdl:1:21: unexpected character U+00A0;");
        }

        @Test
        void tellOfTheHeadOfAFile() {
            fileRefusal("Metadata = { \"Version\": \"2.0\", \"Foo\": \"1.0\" }\nRules = [ RowCount > 0 ]")
                    .isEqualTo("rules.dqdl:1:25: expected version \"1.0\", not \"2.0\".\n"
                            + "rules.dqdl:1:32: unknown key \"Foo\"; expected Version.");
            fileRefusal("Rules = [ RowCount > 0 ] Rules = [ RowCount > 0 ]")
                    .isEqualTo("rules.dqdl:1:26: Rules may stand in a file once only.");
            fileRefusal("Analyzers = [ IsComplete a, RowCount > 0 ]")
                    .isEqualTo("rules.dqdl:1:15: IsComplete is no analyzer; it stands among the Rules.\n"
                            + "rules.dqdl:1:38: expected ',' or ']', not >; an analyzer has parameters only.");
        }
    }

    private static Operand.Constant number(String number) {
        return new Operand.Constant(new BigDecimal(number));
    }

    private static Rule rule(String rule) {
        return Dqdl.parse("Rules = [ " + rule + " ]", "rules.dqdl").rules().get(0);
    }

    private static Rule.Simple simple(String rule) {
        return (Rule.Simple) rule(rule);
    }

    private static List<Operand> operands(String rule) {
        return simple(rule).condition().operands();
    }

    private static AbstractStringAssert<?> refusal(String rules) {
        return fileRefusal("Rules = [ " + rules + "]");
    }

    private static AbstractStringAssert<?> fileRefusal(String file) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Dqdl.parse(file, "rules.dqdl"));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.INPUT);
        return assertThat(failure.getMessage());
    }
}
