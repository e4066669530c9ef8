package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Condition.Operator;
import dev.eightbells.quality.dqdl.Operand;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Conditions over numbers, whose operands may be computed from what was measured before: {@code avg(last(10)) * 1.1}.
 * Functions take lists of numbers; a single number is a list of one.
 */
final class Thresholds {
    /** With fewer values than this, and than were asked for, nothing can be said of what is usual. */
    static final int FEWEST_VALUES = 3;

    private static final String LAST = "last";
    private static final int MOST_BATCHES = 1000;

    private Thresholds() {}

    /** The functions over lists of numbers, and the names they go by. */
    private enum Function {
        AVG,
        AVERAGE,
        MEAN,
        MIN,
        MAX,
        SUM,
        STD,
        STDDEV,
        MEDIAN,
        PERCENTILE,
        ABS;

        static Optional<Function> named(String name) {
            return Stream.of(values())
                    .filter(function ->
                            function.name().toLowerCase(java.util.Locale.ROOT).equals(name))
                    .findFirst();
        }
    }

    /** Too little was measured before to compute an operand. */
    static final class TooLittleHistory extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLittleHistory(int wanted, int found) {
            super("it looks at the last " + wanted + " batches, and there are " + found + " so far");
        }
    }

    /** Whether only the number 1 fulfils the condition, where none can be greater. */
    static boolean admitsOnlyOne(Condition share) {
        boolean isLowerBound = share.operator() == Operator.EQUAL || share.operator() == Operator.GREATER_OR_EQUAL;
        return isLowerBound
                && share.operands().get(0) instanceof Operand.Constant constant
                && constant.value().compareTo(BigDecimal.ONE) == 0;
    }

    /** How many earlier batches the condition looks at; 0 when it needs none. */
    static int history(Condition condition) {
        return condition.operands().stream()
                .mapToInt(operand -> operand instanceof Operand.Numeric number ? history(number) : 0)
                .max()
                .orElse(0);
    }

    private static int history(Operand.Numeric number) {
        if (number instanceof Operand.Arithmetic arithmetic) {
            return Math.max(history(arithmetic.left()), history(arithmetic.right()));
        }
        if (number instanceof Operand.Call call) {
            return call.function().equals(LAST)
                    ? batches(call)
                    : call.arguments().stream()
                            .mapToInt(Thresholds::history)
                            .max()
                            .orElse(0);
        }
        return 0;
    }

    /**
     * Looks whether all operands are numbers that can be computed.
     *
     * @throws IllegalArgumentException that says what cannot, without a final period
     */
    static void require(Condition condition) {
        for (Operand operand : condition.operands()) {
            if (!(operand instanceof Operand.Numeric number)) {
                throw new IllegalArgumentException("'" + condition.text() + "' compares a number with something else");
            }
            requireOne(number);
        }
    }

    /** A number that is compared or computed with, and not a list of them. */
    private static void requireOne(Operand.Numeric number) {
        if (number instanceof Operand.Call last && last.function().equals(LAST) && batches(last) > 1) {
            throw new IllegalArgumentException("last(" + batches(last)
                    + ") is a list; take one number of it, e.g. avg(last(" + batches(last) + "))");
        }
        require(number);
    }

    private static void require(Operand.Numeric number) {
        if (number instanceof Operand.Arithmetic arithmetic) {
            requireOne(arithmetic.left());
            requireOne(arithmetic.right());
            if (arithmetic.sign() == '/'
                    && arithmetic.right() instanceof Operand.Constant divisor
                    && divisor.value().signum() == 0) {
                throw new IllegalArgumentException("it divides by zero");
            }
        } else if (number instanceof Operand.Call call) {
            require(call);
        }
    }

    /**
     * Looks whether a condition is one that a share can fulfil.
     *
     * @throws IllegalArgumentException that says why not, without a final period
     */
    static void requireOfShare(Condition condition) {
        require(condition);
        boolean isLowerBound =
                switch (condition.operator()) {
                    case EQUAL, GREATER, GREATER_OR_EQUAL -> true;
                    default -> false;
                };
        if (isLowerBound
                && condition.operands().get(0) instanceof Operand.Constant constant
                && constant.value().compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a share is at most 1; write 0.95 for 95 %");
        }
    }

    private static void require(Operand.Call call) {
        if (call.function().equals(LAST)) {
            batches(call);
            return;
        }
        Function function = Function.named(call.function())
                .orElseThrow(() -> new IllegalArgumentException("there is no function " + call.function()
                        + "(); take last(n), and avg, min, max, sum, std, median, percentile(…, 0.9) or abs of it"));
        int wanted = function == Function.PERCENTILE ? 2 : 1;
        if (call.arguments().size() != wanted) {
            throw new IllegalArgumentException(call.function() + "() takes "
                    + (wanted == 1
                            ? "one argument, e.g. " + call.function() + "(last(10))"
                            : "two arguments, e.g. percentile(last(10), 0.9)"));
        }
        if (function == Function.PERCENTILE) {
            share(call);
        }
        require(call.arguments().get(0));
    }

    private static double share(Operand.Call percentile) {
        if (percentile.arguments().get(1) instanceof Operand.Constant constant
                && constant.value().signum() >= 0
                && constant.value().compareTo(BigDecimal.ONE) <= 0) {
            return constant.value().doubleValue();
        }
        throw new IllegalArgumentException(
                "the second argument of percentile() is a share between 0 and 1, e.g." + " percentile(last(10), 0.9)");
    }

    private static int batches(Operand.Call last) {
        if (last.arguments().size() == 1
                && last.arguments().get(0) instanceof Operand.Constant constant
                && constant.value().stripTrailingZeros().scale() <= 0
                && constant.value().signum() > 0
                && constant.value().compareTo(BigDecimal.valueOf(MOST_BATCHES)) <= 0) {
            return constant.value().intValueExact();
        }
        throw new IllegalArgumentException(
                "last() takes the number of batches to look back at, 1 to " + MOST_BATCHES + ", e.g. last(10)");
    }

    /**
     * Whether a number fulfils a condition.
     *
     * @param history what was measured before, the newest first
     */
    static boolean fulfils(double value, Condition condition, List<Double> history) throws TooLittleHistory {
        return holds(value, condition.operator(), operands(condition, history));
    }

    /** The numbers that a condition compares with. */
    static double[] operands(Condition condition, List<Double> history) throws TooLittleHistory {
        double[] operands = new double[condition.operands().size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = number((Operand.Numeric) condition.operands().get(i), history);
        }
        return operands;
    }

    /** Whether a number fulfils a comparison. */
    static boolean holds(double value, Operator operator, double... operands) {
        double first = operands[0];
        return switch (operator) {
            case EQUAL -> value == first;
            case NOT_EQUAL -> value != first;
            case GREATER -> value > first;
            case GREATER_OR_EQUAL -> value >= first;
            case LESS -> value < first;
            case LESS_OR_EQUAL -> value <= first;
            case BETWEEN -> value > first && value < operands[1];
            case NOT_BETWEEN -> value <= first || value >= operands[1];
            case IN -> isAmong(value, operands);
            case NOT_IN -> !isAmong(value, operands);
            case MATCHES, NOT_MATCHES -> throw new IllegalArgumentException("A number matches no pattern.");
        };
    }

    private static boolean isAmong(double value, double[] operands) {
        for (double operand : operands) {
            if (value == operand) {
                return true;
            }
        }
        return false;
    }

    private static double number(Operand.Numeric operand, List<Double> history) throws TooLittleHistory {
        List<Double> numbers = numbers(operand, history);
        if (numbers.size() != 1) {
            throw new IllegalArgumentException("A list of " + numbers.size() + " numbers is compared with a number.");
        }
        return numbers.get(0);
    }

    private static List<Double> numbers(Operand.Numeric operand, List<Double> history) throws TooLittleHistory {
        if (operand instanceof Operand.Constant constant) {
            return List.of(constant.value().doubleValue());
        }
        if (operand instanceof Operand.Arithmetic arithmetic) {
            double left = number(arithmetic.left(), history);
            double right = number(arithmetic.right(), history);
            return List.of(
                    switch (arithmetic.sign()) {
                        case '+' -> left + right;
                        case '-' -> left - right;
                        case '*' -> left * right;
                        default -> left / right;
                    });
        }
        Operand.Call call = (Operand.Call) operand;
        if (call.function().equals(LAST)) {
            int wanted = batches(call);
            if (history.size() < Math.min(wanted, FEWEST_VALUES)) {
                throw new TooLittleHistory(wanted, history.size());
            }
            return history.subList(0, Math.min(wanted, history.size()));
        }
        return List.of(apply(call, numbers(call.arguments().get(0), history)));
    }

    private static double apply(Operand.Call call, List<Double> numbers) {
        double sum = numbers.stream().mapToDouble(Double::doubleValue).sum();
        return switch (Function.named(call.function()).orElseThrow()) {
            case AVG, AVERAGE, MEAN -> sum / numbers.size();
            case SUM -> sum;
            case MIN -> numbers.stream().min(Comparator.naturalOrder()).orElseThrow();
            case MAX -> numbers.stream().max(Comparator.naturalOrder()).orElseThrow();
            case STD, STDDEV -> deviation(numbers, sum / numbers.size());
            case MEDIAN -> percentile(numbers, 0.5);
            case PERCENTILE -> percentile(numbers, share(call));
            case ABS -> Math.abs(numbers.get(0));
        };
    }

    /** Of the whole population, as everywhere in DQDL. */
    private static double deviation(List<Double> numbers, double mean) {
        double squares = numbers.stream()
                .mapToDouble(number -> (number - mean) * (number - mean))
                .sum();
        return Math.sqrt(squares / numbers.size());
    }

    /** With straight lines between the numbers, as SQL's percentile. */
    private static double percentile(List<Double> numbers, double share) {
        List<Double> sorted = numbers.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }
}
