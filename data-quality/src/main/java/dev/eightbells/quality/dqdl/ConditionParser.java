package dev.eightbells.quality.dqdl;

import dev.eightbells.Failure;
import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.Operand.Keyword;
import dev.eightbells.quality.dqdl.Operand.Numeric;
import dev.eightbells.quality.dqdl.Token.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads conditions: an operator and operands of any kind. Which kinds may stand there is not its matter. */
final class ConditionParser {
    private static final Map<String, Operator> OPERATORS = Map.of(
            "=", Operator.EQUAL,
            "!=", Operator.NOT_EQUAL,
            ">", Operator.GREATER,
            ">=", Operator.GREATER_OR_EQUAL,
            "<", Operator.LESS,
            "<=", Operator.LESS_OR_EQUAL,
            "between", Operator.BETWEEN,
            "in", Operator.IN,
            "matches", Operator.MATCHES);
    private static final Map<String, Operator> NEGATED = Map.of(
            "between", Operator.NOT_BETWEEN,
            "in", Operator.NOT_IN,
            "matches", Operator.NOT_MATCHES);
    private static final Map<String, Keyword> KEYWORDS = Map.of(
            "null", Keyword.NULL,
            "NULL", Keyword.NULL,
            "empty", Keyword.EMPTY,
            "EMPTY", Keyword.EMPTY,
            "whitespaces_only", Keyword.WHITESPACES_ONLY,
            "WHITESPACES_ONLY", Keyword.WHITESPACES_ONLY);
    private static final Map<String, Duration> TIMES =
            Map.of("minutes", Duration.ofMinutes(1), "hours", Duration.ofHours(1), "days", Duration.ofDays(1));
    private static final Map<String, Long> SIZES =
            Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    /** A span of more digits is longer than all time. */
    private static final int LONGEST_SPAN = 9;

    private final Tokens tokens;
    private final Variables variables;
    private final Problems problems;

    ConditionParser(Tokens tokens, Variables variables, Problems problems) {
        this.tokens = tokens;
        this.variables = variables;
        this.problems = problems;
    }

    /**
     * A condition as it was written.
     *
     * @param operands may be empty when a variable is not what it should be, which is noted
     */
    record Written(Operator operator, List<Operated> operands, Token begin, String text) {}

    /** An operand, and where it stands: the variable when it comes from one. */
    record Operated(Operand operand, Token token) {}

    static boolean isBegin(Token token) {
        return token.is("not")
                || ((token.is(Kind.SYMBOL) || token.is(Kind.WORD)) && OPERATORS.containsKey(token.text()));
    }

    static boolean isKeyword(Token token) {
        return token.is(Kind.WORD) && KEYWORDS.containsKey(token.text());
    }

    /** Reads a condition about the subject. */
    Written parse(Subject subject) {
        int from = tokens.at();
        Token begin = tokens.peek();
        Operator operator = operator(subject);
        List<Operated> operands = new ArrayList<>();
        switch (operator) {
            case BETWEEN, NOT_BETWEEN -> {
                operands.add(operand(subject));
                if (!tokens.accept("and") && !tokens.accept("AND")) {
                    throw tokens.unexpected("'and'");
                }
                operands.add(operand(subject));
            }
            case IN, NOT_IN -> operands.addAll(list(subject));
            case MATCHES, NOT_MATCHES -> {
                if (!tokens.peek().is(Kind.TEXT) && !tokens.peek().is(Kind.VARIABLE)) {
                    throw tokens.unexpected("a regular expression in quotes");
                }
                operands.add(operand(subject));
            }
            default -> operands.add(operand(subject));
        }
        return new Written(operator, operands, begin, tokens.text(from, tokens.at()));
    }

    private Operator operator(Subject subject) {
        if (!isBegin(tokens.peek())) {
            throw tokens.unexpected("a condition such as " + subject.wanted().example(), subject.comparison());
        }
        if (!tokens.accept("not")) {
            return OPERATORS.get(tokens.next().text());
        }

        Operator negated = NEGATED.get(tokens.peek().text());
        if (negated == null) {
            throw tokens.unexpected("between, in or matches behind 'not'");
        }
        tokens.next();
        return negated;
    }

    private List<Operated> list(Subject subject) {
        Token variable = tokens.peek();
        if (variable.is(Kind.VARIABLE)) {
            tokens.next();
            return variables.list(variable).stream()
                    .map(value -> new Operated(
                            value.is(Kind.TEXT) ? new Operand.Text(value.value()) : KEYWORDS.get(value.text()),
                            variable))
                    .toList();
        }

        if (!tokens.accept("[")) {
            throw tokens.unexpected("a list in brackets");
        }
        List<Operated> operands = new ArrayList<>();
        do {
            operands.add(operand(subject));
        } while (tokens.accept(","));
        if (!tokens.accept("]")) {
            throw tokens.unexpected("',' or ']'");
        }
        return operands;
    }

    private Operated operand(Subject subject) {
        Token token = tokens.peek();
        if (token.is(Kind.TEXT) || token.is(Kind.VARIABLE)) {
            tokens.next();
            return new Operated(new Operand.Text(variables.text(token)), token);
        }
        if (isKeyword(token)) {
            tokens.next();
            return new Operated(KEYWORDS.get(token.text()), token);
        }
        if (token.is("now")) {
            now();
            return new Operated(new Operand.Now(Duration.ZERO), token);
        }
        if (token.is("(") && tokens.peek(1).is("now")) {
            return new Operated(nowAndThen(), token);
        }
        if (token.is(Kind.NUMBER) && TIMES.containsKey(tokens.peek(1).text())) {
            return new Operated(new Operand.Span(span()), token);
        }
        if (token.is(Kind.NUMBER) && SIZES.containsKey(tokens.peek(1).text())) {
            return new Operated(size(), token);
        }

        Numeric numeric = sum(subject);
        if (isStrangeUnit(tokens.peek())) {
            throw tokens.unexpected(
                    "a unit behind a whole number", "units are minutes, hours and days, and B, KB, MB, GB and TB");
        }
        return new Operated(numeric, token);
    }

    private static boolean isStrangeUnit(Token token) {
        return token.is(Kind.WORD) && !Tokens.isReserved(token) && !RuleTypes.isName(token);
    }

    private void now() {
        tokens.expect("now");
        tokens.expect("(");
        tokens.expect(")");
    }

    private Operand.Now nowAndThen() {
        tokens.open();
        now();
        Duration later = Duration.ZERO;
        if (tokens.peek().is("+") || tokens.peek().is("-")) {
            boolean isEarlier = tokens.next().is("-");
            if (!tokens.peek().is(Kind.NUMBER)) {
                throw tokens.unexpected("a length of time such as 3 days");
            }
            later = isEarlier ? span().negated() : span();
        }
        tokens.close();
        return new Operand.Now(later);
    }

    private Duration span() {
        Token number = tokens.next();
        Duration unit = TIMES.get(tokens.peek().text());
        if (unit == null) {
            throw tokens.unexpected("minutes, hours or days");
        }
        tokens.next();
        if (number.text().contains(".") || number.text().length() > LONGEST_SPAN) {
            problems.add(
                    number.place(),
                    "expected a whole number of at most " + LONGEST_SPAN + " digits, not " + number.shown() + ".");
            return Duration.ZERO;
        }
        return unit.multipliedBy(Long.parseLong(number.text()));
    }

    private Operand.Size size() {
        Token number = tokens.next();
        long unit = SIZES.get(tokens.next().text());
        try {
            return new Operand.Size(Math.multiplyExact(Long.parseLong(number.text()), unit));
        } catch (NumberFormatException | ArithmeticException e) {
            problems.add(
                    number.place(), "expected a whole number, and less than 8388608 TB, not " + number.shown() + ".");
            return new Operand.Size(0);
        }
    }

    private Numeric sum(Subject subject) {
        Numeric sum = product(subject);
        while (tokens.peek().is("+") || tokens.peek().is("-")) {
            char sign = tokens.next().text().charAt(0);
            sum = new Operand.Arithmetic(sign, sum, product(subject));
        }
        return sum;
    }

    private Numeric product(Subject subject) {
        Numeric product = factor(subject);
        while (tokens.peek().is("*") || tokens.peek().is("/")) {
            char sign = tokens.next().text().charAt(0);
            product = new Operand.Arithmetic(sign, product, factor(subject));
        }
        return product;
    }

    private Numeric factor(Subject subject) {
        Token token = tokens.peek();
        if (tokens.accept("-")) {
            Token number = tokens.expect(Kind.NUMBER, "a number behind '-'");
            return new Operand.Constant(new BigDecimal(number.text()).negate());
        }
        if (token.is(Kind.NUMBER)) {
            tokens.next();
            return new Operand.Constant(new BigDecimal(token.text()));
        }
        if (token.is("(")) {
            tokens.open();
            Numeric inner = sum(subject);
            tokens.close();
            return inner;
        }
        if (token.is(Kind.WORD) && !token.is("now") && tokens.peek(1).is("(")) {
            return call(subject);
        }
        throw expected(subject);
    }

    private Failure expected(Subject subject) {
        return tokens.unexpected(subject.wanted().one(), subject.comparison());
    }

    private Numeric call(Subject subject) {
        Token function = tokens.next();
        tokens.open();
        List<Numeric> arguments = new ArrayList<>();
        if (!tokens.peek().is(")")) {
            do {
                arguments.add(sum(subject));
            } while (tokens.accept(","));
        }
        tokens.close();
        return new Operand.Call(function.text(), arguments, function.place());
    }
}
