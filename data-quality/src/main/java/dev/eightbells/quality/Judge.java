package dev.eightbells.quality;

import dev.eightbells.quality.RuleOutcome.Scope;
import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Rule;
import dev.eightbells.quality.dqdl.RuleType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Facts to verdicts; looks at no rows. */
final class Judge {
    private static final String NO_ROWS = "There are no rows to judge.";

    private final Facts facts;
    private final Columns columns;
    private final FileChecks files;
    private final History history;

    Judge(Facts facts, Columns columns, Surroundings surroundings, History history) {
        this.facts = facts;
        this.columns = columns;
        this.files = surroundings.files() == null ? null : new FileChecks(surroundings.files(), surroundings.now());
        this.history = history;
    }

    /** What came out of a rule. */
    RuleOutcome outcome(Check check) {
        try {
            return judged(check);
        } catch (IOException | RuntimeException | LinkageError e) {
            return error(check, e);
        }
    }

    private RuleOutcome judged(Check check) throws IOException {
        Throwable error = facts.error(check);
        if (error instanceof Columns.MissingColumn) {
            String sentence = sentence(error);
            return outcome(
                    check,
                    Verdict.FAILED,
                    Scope.DATASET,
                    sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1),
                    Map.of());
        }
        if (error != null) {
            return error(check, error);
        }
        if (check instanceof Check.OfMetric metric) {
            return ofNumber(
                    check,
                    facts.measured(metric.metric()),
                    Metric.rowCount(metric.metric().where()));
        }
        if (check instanceof Check.OfQuery || check instanceof Check.OfReference) {
            return ofNumber(check, facts.measured(check), null);
        }
        if (check instanceof Check.OfRows rows) {
            return ofRows(rows);
        }
        if (check instanceof Check.OfColumns named) {
            return ofColumns(named);
        }
        if (check instanceof Check.OfFiles files) {
            return ofFiles(files);
        }
        if (check instanceof Check.OfAnomalies anomalies) {
            return ofAnomalies(anomalies);
        }
        return ofParts((Check.OfParts) check);
    }

    /**
     * @param rows counts the rows that the number is of; null when it is of no rows
     */
    private RuleOutcome ofNumber(Check check, Measured measured, Metric rows) {
        if (measured instanceof Measured.Broken broken) {
            return error(check, broken.error());
        }
        if (measured instanceof Measured.Nothing nothing) {
            boolean isEmpty =
                    rows != null && facts.measured(rows) instanceof Measured.Value counted && counted.value() == 0;
            return isEmpty
                    ? outcome(check, Verdict.PASSED, Scope.DATASET, NO_ROWS, Map.of())
                    : outcome(
                            check,
                            Verdict.FAILED,
                            Scope.DATASET,
                            History.name(check) + " cannot be computed: " + nothing.reason() + ".",
                            Map.of());
        }
        double value = ((Measured.Value) measured).value();
        return compared(check, value, Scope.DATASET, History.name(check) + " is " + text(value));
    }

    /** Compares a number with the condition of a check. */
    private RuleOutcome compared(Check check, double value, Scope scope, String fact) {
        Condition condition = History.condition(check);
        Map<String, Double> metrics = Map.of(History.name(check), value);
        try {
            boolean looksBack = Thresholds.history(condition) > 0;
            double[] operands = Thresholds.operands(condition, looksBack ? history.of(History.name(check)) : List.of());
            boolean holds = Thresholds.holds(value, condition.operator(), operands);
            String numbers = looksBack
                    ? DoubleStream.of(operands).mapToObj(Judge::text).collect(Collectors.joining(" and ", " (", ")"))
                    : "";
            return outcome(
                    check,
                    holds ? Verdict.PASSED : Verdict.FAILED,
                    scope,
                    fact + (holds ? "." : ", and should be " + condition.text() + numbers + "."),
                    metrics);
        } catch (Thresholds.TooLittleHistory e) {
            return outcome(
                    check, Verdict.PASSED, scope, fact + ", and is not judged yet: " + e.getMessage() + ".", metrics);
        }
    }

    private RuleOutcome ofRows(Check.OfRows check) {
        Facts.Rows counted = facts.rows(check);
        Scope scope = check.isStrict() ? Scope.ROWS : Scope.DATASET;
        double share = counted.rows() == 0 ? 1 : (double) (counted.rows() - counted.failing()) / counted.rows();
        if (counted.rows() == 0) {
            return outcome(check, Verdict.PASSED, scope, NO_ROWS, Map.of());
        }
        String fact = fact(check, counted);
        if (check.share() != null) {
            return compared(check, share, scope, fact + "; " + check.measure() + " is " + text(share));
        }
        return outcome(
                check,
                counted.failing() == 0 ? Verdict.PASSED : Verdict.FAILED,
                scope,
                fact + ".",
                Map.of(check.measure(), share));
    }

    private String fact(Check check, Facts.Rows counted) {
        if (counted.failing() == 0) {
            return String.format(Locale.ROOT, "All of %,d rows fulfil it", counted.rows());
        }
        List<String> samples = facts.samples(check);
        return String.format(
                Locale.ROOT,
                "%,d of %,d rows %s not fulfil it%s",
                counted.failing(),
                counted.rows(),
                counted.failing() == 1 ? "does" : "do",
                samples.isEmpty() ? "" : ", e.g. " + String.join(" | ", samples));
    }

    private RuleOutcome ofColumns(Check.OfColumns check) {
        String parameter = Understanding.parameters(check.rule().parameters()).get(0);
        if (check.rule().type() == RuleType.COLUMN_EXISTS) {
            boolean exists = columns.find(parameter).isPresent();
            return outcome(
                    check,
                    exists ? Verdict.PASSED : Verdict.FAILED,
                    Scope.DATASET,
                    exists
                            ? "There is a column " + parameter + "."
                            : "There is no column " + parameter + ", only " + String.join(", ", columns.data()) + ".",
                    Map.of());
        }
        Pattern pattern = Pattern.compile(parameter);
        List<String> others = columns.data().stream()
                .filter(name -> !pattern.matcher(name).matches())
                .toList();
        double share = 1.0 - (double) others.size() / columns.data().size();
        return outcome(
                check,
                others.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                Scope.DATASET,
                others.isEmpty()
                        ? "All names of columns match."
                        : "These names of columns do not match: " + String.join(", ", others) + ".",
                Map.of(Metric.name("ColumnNamesPatternMatchRatio", List.of()), share));
    }

    private RuleOutcome ofFiles(Check.OfFiles check) throws IOException {
        if (files == null) {
            throw new IllegalStateException("It is not known here which files the rows come from.");
        }
        Rule.Simple rule = check.rule();
        FileChecks.Outcome found = files.of(rule);
        if (found.files() == 0) {
            return outcome(
                    check,
                    Verdict.FAILED,
                    Scope.DATASET,
                    "The batch has no file"
                            + (rule.parameters().isEmpty()
                                    ? "."
                                    : " below " + rule.parameters().get(0) + "."),
                    Map.of());
        }
        Condition share = FileChecks.share(rule);
        boolean holds;
        try {
            holds = share == null ? found.failing() == 0 : Thresholds.fulfils(found.share(), share, List.of());
        } catch (Thresholds.TooLittleHistory e) {
            throw new IllegalStateException("Rules about files have no history.", e);
        }
        boolean isOne = found.failing() == 1;
        String what = rule.type() == RuleType.FILE_UNIQUENESS
                ? (isOne ? "has" : "have") + " the content of another one"
                : (isOne ? "does" : "do") + " not fulfil it";
        return outcome(
                check,
                holds ? Verdict.PASSED : Verdict.FAILED,
                Scope.DATASET,
                String.format(
                        Locale.ROOT,
                        "%,d of %,d files %s%s.",
                        found.failing(),
                        found.files(),
                        what,
                        found.example() == null ? "" : ", e.g. " + found.example()),
                Map.of(Metric.name(rule.type().dqdl(), List.of()), found.share()));
    }

    private RuleOutcome ofAnomalies(Check.OfAnomalies check) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        List<String> sentences = new ArrayList<>();
        boolean isAnomalous = false;
        for (Metric metric : check.metrics()) {
            Measured measured = facts.measured(metric);
            if (measured instanceof Measured.Broken broken) {
                return error(check, broken.error());
            }
            if (measured instanceof Measured.Nothing nothing) {
                sentences.add(metric.name() + " cannot be computed: " + nothing.reason() + ".");
                continue;
            }
            double value = ((Measured.Value) measured).value();
            metrics.put(metric.name(), value);
            List<Double> before = history.of(metric.name()).stream()
                    .limit(History.BATCHES_FOR_ANOMALIES)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (before.size() < Thresholds.FEWEST_VALUES) {
                sentences.add(metric.name() + " is " + text(value) + ", and is not judged yet: there are "
                        + before.size() + " earlier batches, and " + Thresholds.FEWEST_VALUES + " are needed.");
                continue;
            }
            Collections.reverse(before);
            boolean isFar = Deequ.isAnomalous(value, before);
            isAnomalous |= isFar;
            double mean =
                    before.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            sentences.add(metric.name() + " is " + text(value)
                    + (isFar ? ", more than three standard deviations from" : ", as usual;")
                    + " its mean of the last " + before.size() + " batches" + (isFar ? ", " : " is ") + text(mean)
                    + ".");
        }
        return outcome(
                check,
                isAnomalous ? Verdict.FAILED : Verdict.PASSED,
                Scope.DATASET,
                String.join(" ", sentences),
                metrics);
    }

    private RuleOutcome ofParts(Check.OfParts check) {
        List<RuleOutcome> parts = check.parts().stream().map(this::outcome).toList();
        Map<String, Double> metrics = new LinkedHashMap<>();
        parts.forEach(part -> metrics.putAll(part.metrics()));
        for (RuleOutcome part : parts) {
            if (part.verdict() == Verdict.ERROR) {
                return error(check, part.error());
            }
        }
        Facts.Rows counted = facts.rows(check);
        if (counted != null && counted.rows() == 0) {
            return outcome(check, Verdict.PASSED, Scope.ROWS, NO_ROWS, metrics);
        }
        if (check.isStrict() && counted != null) {
            return outcome(
                    check,
                    counted.failing() == 0 ? Verdict.PASSED : Verdict.FAILED,
                    Scope.ROWS,
                    fact(check, counted) + ".",
                    metrics);
        }
        boolean isAnd = check.rule().connective() == Rule.Connective.AND;
        boolean holds = isAnd
                ? parts.stream().allMatch(part -> part.verdict() == Verdict.PASSED)
                : parts.stream().anyMatch(part -> part.verdict() == Verdict.PASSED);
        List<String> sentences = parts.stream()
                .filter(part -> holds || part.verdict() == Verdict.FAILED)
                .map(RuleOutcome::sentence)
                .toList();
        return outcome(
                check, holds ? Verdict.PASSED : Verdict.FAILED, Scope.DATASET, String.join(" ", sentences), metrics);
    }

    private RuleOutcome outcome(
            Check check, Verdict verdict, Scope scope, String sentence, Map<String, Double> metrics) {
        Facts.Rows counted = facts.rows(check);
        return new RuleOutcome(
                check.rule().text(),
                verdict,
                scope,
                sentence,
                counted == null ? null : counted.failing(),
                facts.samples(check),
                metrics,
                check.rule().labels(),
                null);
    }

    private static RuleOutcome error(Check check, Throwable error) {
        return new RuleOutcome(
                check.rule().text(),
                Verdict.ERROR,
                Scope.DATASET,
                sentence(error),
                null,
                List.of(),
                Map.of(),
                check.rule().labels(),
                error);
    }

    private static String sentence(Throwable error) {
        boolean isTold = error.getMessage() != null && !(error instanceof LinkageError);
        String message = isTold ? error.getMessage() : error.toString();
        String first = message.strip().lines().findFirst().orElse("");
        return first.matches(".*[.!?]") ? first : first + ".";
    }

    /**
     * A number as people write it: whole numbers without a fraction, others with six digits, and with more where these
     * would make it look whole.
     */
    private static String text(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        String rounded = String.format(Locale.ROOT, "%.6g", value)
                .replaceFirst("(\\.\\d*?)0+$", "$1")
                .replaceFirst("\\.$", "");
        return rounded.matches("-?\\d+") ? String.valueOf(value) : rounded;
    }
}
