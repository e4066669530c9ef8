package dev.eightbells.quality;

import dev.eightbells.quality.dqdl.Analyzer;
import dev.eightbells.quality.dqdl.Condition;
import dev.eightbells.quality.dqdl.Operand;
import dev.eightbells.quality.dqdl.Place;
import dev.eightbells.quality.dqdl.Rule;
import dev.eightbells.quality.dqdl.RuleType;
import dev.eightbells.quality.dqdl.Ruleset;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.util.TimestampFormatter$;

/**
 * Rules, understood without any data.
 *
 * @param checks what is to be done for each rule, in the order of the rules
 * @param analyzers what is only measured
 * @param problems why some rules cannot be evaluated whatever the data
 */
record Understanding(List<Check> checks, List<Analyzer> analyzers, List<Problem> problems) {
    private static final Pattern AGGREGATE = Pattern.compile("(?i)\\s*(sum|avg)\\(\\s*(.+?)\\s*\\)\\s*");
    private static final Pattern REFERENCE_COLUMNS = Pattern.compile("\\s*([^.{}]+)\\.(?:\\{(.+)}|(.+))\\s*");

    /** Why a rule cannot be evaluated; the sentence has no final period. */
    record Problem(Place place, String sentence) {}

    static Understanding of(Ruleset ruleset) {
        List<Check> checks = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Rule rule : ruleset.rules()) {
            try {
                checks.add(check(rule));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(rule.place(), "'" + rule.text() + "' cannot be evaluated: " + e.getMessage()));
            }
        }
        return new Understanding(List.copyOf(checks), ruleset.analyzers(), List.copyOf(problems));
    }

    /** All checks that are no compositions, those in compositions among them. */
    static Stream<Check> leaves(Check check) {
        return check instanceof Check.OfParts parts
                ? parts.parts().stream().flatMap(Understanding::leaves)
                : Stream.of(check);
    }

    /** The names of other data sets that rules compare with; SQL is not looked into. */
    Set<String> references() {
        Set<String> references = new TreeSet<>();
        checks.stream()
                .flatMap(Understanding::leaves)
                .map(Understanding::referenceOf)
                .filter(Objects::nonNull)
                .forEach(references::add);
        return references;
    }

    /** The SQL that rules ask. */
    List<String> queries() {
        return checks.stream()
                .flatMap(Understanding::leaves)
                .map(Understanding::sqlOf)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The name of the other data set that a check compares with; null when there is none. */
    static String referenceOf(Check check) {
        if (check instanceof Check.OfReference compared) {
            return compared.comparison().reference();
        }
        if (check instanceof Check.OfRows rows && rows.test() instanceof RowTest.Referenced referenced) {
            return referenced.reference();
        }
        return check instanceof Check.OfRows rows && rows.test() instanceof RowTest.Matched matched
                ? matched.reference()
                : null;
    }

    /** The SQL that a check asks; null when it asks none. */
    static String sqlOf(Check check) {
        if (check instanceof Check.OfQuery query) {
            return query.sql();
        }
        return check instanceof Check.OfRows rows && rows.test() instanceof RowTest.Selected selected
                ? selected.sql()
                : null;
    }

    private static Check check(Rule rule) {
        if (rule instanceof Rule.Composite composite) {
            return new Check.OfParts(
                    composite,
                    composite.parts().stream().map(Understanding::check).toList());
        }
        return check((Rule.Simple) rule);
    }

    private static Check check(Rule.Simple rule) {
        List<String> parameters = parameters(rule.parameters());
        if (rule.threshold() != null) {
            Thresholds.requireOfShare(rule.threshold());
        }
        requireKnownTags(rule);
        return switch (rule.type()) {
            case ROW_COUNT,
                    COLUMN_COUNT,
                    COLUMN_CORRELATION,
                    DISTINCT_VALUES_COUNT,
                    DUPLICATE_ROW_COUNT,
                    ENTROPY,
                    INTERQUARTILE_RANGE,
                    KURTOSIS,
                    MEAN,
                    RANGE,
                    SKEWNESS,
                    STANDARD_DEVIATION,
                    SUM,
                    UNIQUE_VALUE_RATIO,
                    VARIANCE,
                    ZEROS_COUNT -> {
                Thresholds.require(rule.condition());
                yield new Check.OfMetric(rule, new Metric(statistic(rule.type()), parameters, rule.where()));
            }
            case COMPLETENESS -> share(rule, new RowTest.NotNull(parameters.get(0)), parameters);
            case UNIQUENESS -> share(rule, new RowTest.Alone(parameters, RowTest.Nulls.IN_SOME), parameters);
            case IS_COMPLETE -> rows(rule, new RowTest.NotNull(parameters.get(0)), parameters);
            case IS_UNIQUE -> rows(rule, new RowTest.Alone(parameters, RowTest.Nulls.IN_SOME), parameters);
            case IS_PRIMARY_KEY -> rows(rule, new RowTest.Alone(parameters, RowTest.Nulls.NOWHERE), parameters);
            case COLUMN_VALUES -> {
                requireValues(rule.condition());
                yield rows(rule, new RowTest.Values(parameters.get(0), rule.condition()), parameters);
            }
            case COLUMN_LENGTH -> {
                requireValues(rule.condition());
                yield rows(rule, new RowTest.Length(parameters.get(0), rule.condition()), parameters);
            }
            case COLUMN_DATA_TYPE -> rows(rule, typed(rule, parameters.get(0)), parameters);
            case DATA_FRESHNESS -> rows(rule, new RowTest.Age(parameters.get(0), rule.condition()), parameters);
            case CUSTOM_SQL -> customSql(rule);
            case REFERENTIAL_INTEGRITY ->
                share(rule, referenced(rule), names(rule.parameters().get(0)));
            case DATASET_MATCH -> share(rule, matched(rule), List.of());
            case ROW_COUNT_MATCH, SCHEMA_MATCH, AGGREGATE_MATCH -> {
                Thresholds.require(rule.condition());
                yield new Check.OfReference(rule, comparison(rule));
            }
            case COLUMN_EXISTS -> new Check.OfColumns(rule);
            case COLUMN_NAMES_MATCH_PATTERN -> {
                requirePattern(rule.parameters().get(0));
                yield new Check.OfColumns(rule);
            }
            case FILE_FRESHNESS, FILE_MATCH, FILE_SIZE, FILE_UNIQUENESS -> {
                FileChecks.require(rule);
                yield new Check.OfFiles(rule);
            }
            case DETECT_ANOMALIES -> anomalies(rule);
            case ALL_STATISTICS -> throw new IllegalArgumentException("AllStatistics stands among the analyzers only");
        };
    }

    /** Without the backticks that Spark would want around a name with a point. */
    static List<String> parameters(List<String> parameters) {
        return parameters.stream().map(Understanding::unquoted).toList();
    }

    private static String unquoted(String name) {
        boolean isQuoted = name.length() > 2 && name.startsWith("`") && name.endsWith("`");
        return isQuoted ? name.substring(1, name.length() - 1).replace("``", "`") : name;
    }

    private static Check rows(Rule.Simple rule, RowTest test, List<String> columns) {
        String condition =
                rule.condition() == null ? "" : " " + rule.condition().text();
        String measure =
                switch (rule.type()) {
                    case IS_COMPLETE -> Metric.name(Statistic.COMPLETENESS.text(), columns);
                    case IS_UNIQUE -> Metric.name(Statistic.UNIQUENESS.text(), columns);
                    default -> Metric.name(rule.type().dqdl() + ".Compliance", columns) + condition;
                };
        return new Check.OfRows(rule, test, rule.threshold(), measure + where(rule));
    }

    /** A rule whose condition is about the share of rows. */
    private static Check share(Rule.Simple rule, RowTest test, List<String> columns) {
        Thresholds.requireOfShare(rule.condition());
        String measured = Metric.name(rule.type().dqdl(), columns);
        String more = rule.type() == RuleType.COMPLETENESS || rule.type() == RuleType.UNIQUENESS
                ? ""
                : " " + String.join(" ", rule.parameters());
        return new Check.OfRows(rule, test, rule.condition(), measured + more + where(rule));
    }

    private static String where(Rule.Simple rule) {
        return rule.where() == null ? "" : " where " + rule.where();
    }

    private static void requireValues(Condition condition) {
        for (Operand operand : condition.operands()) {
            if (operand instanceof Operand.Numeric && !(operand instanceof Operand.Constant)) {
                throw new IllegalArgumentException(
                        "each value is compared with plain numbers; functions can stand behind"
                                + " 'with threshold', or in a rule about a number such as Mean");
            }
            if (operand instanceof Operand.Text pattern
                    && (condition.operator() == Condition.Operator.MATCHES
                            || condition.operator() == Condition.Operator.NOT_MATCHES)) {
                requirePattern(pattern.value());
            }
        }
    }

    private static void requirePattern(String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' is no regular expression (" + e.getDescription() + ")", e);
        }
    }

    private static void requireKnownTags(Rule.Simple rule) {
        String known =
                switch (rule.type()) {
                    case COLUMN_DATA_TYPE -> "format";
                    case FILE_FRESHNESS -> "timeZone";
                    default -> "hashAlgorithm";
                };
        for (String tag : rule.tags().keySet()) {
            if (!tag.equals(known)) {
                throw new IllegalArgumentException(
                        "its tag " + tag + " is not known; " + rule.type().dqdl() + " takes " + known);
            }
        }
    }

    private static RowTest.Typed typed(Rule.Simple rule, String column) {
        List<ReadableType> types = rule.condition().operands().stream()
                .map(operand -> ReadableType.parse(operand instanceof Operand.Text text ? text.value() : "" + operand))
                .toList();
        String format = rule.tags().get("format");
        if (format != null) {
            try {
                TimestampFormatter$.MODULE$.apply(format, ZoneOffset.UTC, true).validatePatternString(false);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        "'" + format + "' is no pattern of times that Spark reads; write e.g. dd-MM-yyyy", e);
            }
        }
        return new RowTest.Typed(column, rule.condition(), types, format);
    }

    private static Check customSql(Rule.Simple rule) {
        String sql = rule.parameters().get(0);
        if (sql.isBlank()) {
            throw new IllegalArgumentException("its SQL is empty");
        }
        if (rule.condition() == null) {
            return new Check.OfRows(
                    rule,
                    new RowTest.Selected(sql),
                    rule.threshold(),
                    Metric.name("CustomSQL.Compliance", List.of()) + " " + sql);
        }
        Thresholds.require(rule.condition());
        return new Check.OfQuery(rule, sql);
    }

    private static RowTest.Referenced referenced(Rule.Simple rule) {
        List<String> own = names(rule.parameters().get(0));
        Matcher other = REFERENCE_COLUMNS.matcher(rule.parameters().get(1));
        if (!other.matches()) {
            throw new IllegalArgumentException("'" + rule.parameters().get(1)
                    + "' names no columns of another data set; write \"reference.column\" or"
                    + " \"reference.{column,column}\"");
        }
        List<String> others = names(other.group(2) == null ? other.group(3) : other.group(2));
        if (own.size() != others.size()) {
            throw new IllegalArgumentException("it compares " + own.size() + " columns with " + others.size());
        }
        return new RowTest.Referenced(own, other.group(1).strip(), others);
    }

    private static RowTest.Matched matched(Rule.Simple rule) {
        return new RowTest.Matched(
                rule.parameters().get(0),
                pairs(rule.parameters().get(1)),
                rule.parameters().size() == 3 ? pairs(rule.parameters().get(2)) : List.of());
    }

    private static List<RowTest.Pair> pairs(String text) {
        return names(text).stream()
                .map(name -> {
                    int arrow = name.indexOf("->");
                    return arrow < 0
                            ? new RowTest.Pair(name, name)
                            : new RowTest.Pair(
                                    name.substring(0, arrow).strip(),
                                    name.substring(arrow + 2).strip());
                })
                .toList();
    }

    private static List<String> names(String text) {
        return parameters(Stream.of(text.split(",", -1)).map(String::strip).toList());
    }

    private static Comparison comparison(Rule.Simple rule) {
        String first = rule.parameters().get(0);
        return switch (rule.type()) {
            case ROW_COUNT_MATCH -> new Comparison.OfRowCounts(first);
            case SCHEMA_MATCH -> new Comparison.OfSchemas(first);
            default -> {
                Comparison.Aggregate own = aggregate(first);
                Comparison.Aggregate other = aggregate(rule.parameters().get(1));
                int point = other.column().indexOf('.');
                yield point < 0
                        ? new Comparison.OfAggregates(own, other, null)
                        : new Comparison.OfAggregates(
                                own,
                                new Comparison.Aggregate(
                                        other.function(),
                                        unquoted(other.column().substring(point + 1))),
                                other.column().substring(0, point));
            }
        };
    }

    private static Comparison.Aggregate aggregate(String text) {
        Matcher matcher = AGGREGATE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no aggregate; write \"sum(column)\" or \"avg(column)\"");
        }
        return new Comparison.Aggregate(
                Comparison.Function.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), unquoted(matcher.group(2)));
    }

    private static Check anomalies(Rule.Simple rule) {
        String name = rule.parameters().get(0);
        RuleType type = Stream.of(RuleType.values())
                .filter(known -> known.dqdl().equals(name) && known.has(RuleType.Part.ANALYZER))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "'" + name
                                        + "' is nothing whose history is kept; take a type that gives a number, e.g. RowCount or Mean"));
        List<String> columns =
                parameters(rule.parameters().subList(1, rule.parameters().size()));
        if (columns.size() < type.leastParameters() || columns.size() > type.mostParameters()) {
            throw new IllegalArgumentException(name + " does not take " + columns.size() + " columns");
        }
        return new Check.OfAnomalies(rule, metrics(type, columns));
    }

    /** What is measured for a type that may be an analyzer, but for AllStatistics, which depends on the column. */
    static List<Metric> metrics(RuleType type, List<String> columns) {
        return switch (type) {
            case COLUMN_VALUES ->
                List.of(new Metric(Statistic.MINIMUM, columns, null), new Metric(Statistic.MAXIMUM, columns, null));
            case COLUMN_LENGTH ->
                List.of(
                        new Metric(Statistic.MINIMUM_LENGTH, columns, null),
                        new Metric(Statistic.MAXIMUM_LENGTH, columns, null));
            default -> List.of(new Metric(statistic(type), columns, null));
        };
    }

    private static Statistic statistic(RuleType type) {
        return Stream.of(Statistic.values())
                .filter(statistic -> statistic.text().equals(type.dqdl()))
                .findFirst()
                .orElseThrow();
    }
}
