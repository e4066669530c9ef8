package dev.eightbells.quality;

import static dev.eightbells.quality.Scan.howMany;
import static dev.eightbells.quality.Work.attempt;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Finds out about rows what rules need to know, in as few passes as there are kinds of questions: one scan for all that
 * needs no groups, one aggregation for each set of grouping columns, one query for each SQL, one join for each comparison
 * with another table; and, when rows fail, one pass that looks at those. A query that selects rows, and values that occur
 * more than once, are looked up by the rows: that is one more pass over them for each.
 */
final class Inspection {
    private final QualityRules rules;
    private final Surroundings surroundings;
    private final Scene scene;
    private final Columns columns;
    private final Facts facts = new Facts();
    private final List<Check> leaves;
    private final Set<String> failingFiles = new HashSet<>();
    private long failingRows;

    Inspection(Dataset<Row> rows, QualityRules rules, Surroundings surroundings) {
        this.rules = rules;
        this.surroundings = surroundings;
        this.scene = new Scene(rows, surroundings);
        this.columns = Columns.of(scene.rows().schema(), surroundings.fileColumn());
        this.leaves = rules.understanding().checks().stream()
                .flatMap(Understanding::leaves)
                .toList();
    }

    Audit audit() {
        Set<Metric> metrics = metrics();
        Set<Metric> scanned = new LinkedHashSet<>();
        Map<Metric.Groups, Set<Metric>> grouped = new LinkedHashMap<>();
        metrics.forEach(metric -> {
            if (metric.statistic() == Statistic.COLUMN_COUNT) {
                facts.put(metric, new Measured.Value(columns.data().size()));
            } else if (metric.statistic().isGrouped()) {
                grouped.computeIfAbsent(groups(metric.columns(), metric.where()), groups -> new LinkedHashSet<>())
                        .add(metric);
            } else {
                scanned.add(metric);
            }
        });
        Map<Metric.Groups, List<Check.OfRows>> alone = new LinkedHashMap<>();
        for (Check.OfRows check : of(Check.OfRows.class)) {
            if (check.test() instanceof RowTest.Alone test && facts.error(check) == null) {
                Metric.Groups groups = groups(test.columns(), check.rule().where());
                alone.computeIfAbsent(groups, key -> new ArrayList<>()).add(check);
                grouped.computeIfAbsent(groups, key -> new LinkedHashSet<>());
            }
        }
        scanned.add(Metric.rowCount(null));
        grouped.keySet().forEach(groups -> scanned.add(Metric.rowCount(groups.where())));
        Scan scan = new Scan(scene, facts);
        scanned.forEach(scan::add);
        of(Check.OfRows.class).stream()
                .filter(check -> check.test() instanceof RowTest.Plain && facts.error(check) == null)
                .forEach(scan::add);
        scan.run();
        if (facts.measured(Metric.rowCount(null)) instanceof Measured.Broken unreadable) {
            leaves.forEach(check -> facts.fail(check, unreadable.error()));
        } else {
            lookCloser(grouped, alone);
        }
        List<Check> failing = strict().stream()
                .filter(check -> facts.rows(check).failing() > 0)
                .toList();
        return new Audit(report(), failingFiles, marks(failing));
    }

    /** Answers what the one scan leaves open. */
    private void lookCloser(Map<Metric.Groups, Set<Metric>> grouped, Map<Metric.Groups, List<Check.OfRows>> alone) {
        grouped.forEach((groups, asked) -> group(groups, asked, alone.getOrDefault(groups, List.of())));
        of(Check.OfQuery.class).forEach(this::query);
        compare();
        countMembers();
        lookAtFailingRows();
    }

    private <T extends Check> List<T> of(Class<T> kind) {
        return leaves.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What each check needs; those whose columns do not fit fail here, before they can spoil a scan of others. */
    private Set<Metric> metrics() {
        Set<Metric> metrics = new LinkedHashSet<>();
        for (Check check : leaves) {
            Throwable problem = columns.problem(check);
            if (problem != null) {
                facts.fail(check, problem);
            } else if (check instanceof Check.OfMetric measured) {
                metrics.add(measured.metric());
                metrics.add(Metric.rowCount(measured.metric().where()));
            } else if (check instanceof Check.OfAnomalies anomalies) {
                metrics.addAll(anomalies.metrics());
            } else if (check instanceof Check.OfReference compared) {
                metrics.addAll(ofThisSide(compared.comparison()));
            }
        }
        rules.understanding().analyzers().forEach(analyzer -> metrics.addAll(columns.metrics(analyzer)));
        return metrics;
    }

    /** The groups by some columns, or by all when none are named; the same for the same columns in any order and case. */
    private Metric.Groups groups(List<String> named, String where) {
        List<String> by = named.isEmpty()
                ? columns.data()
                : named.stream()
                        .map(name -> columns.find(name).orElseThrow().name())
                        .distinct()
                        .sorted()
                        .toList();
        return new Metric.Groups(by, where);
    }

    static List<Metric> ofThisSide(Comparison comparison) {
        if (comparison instanceof Comparison.OfRowCounts) {
            return List.of(Metric.rowCount(null));
        }
        if (comparison instanceof Comparison.OfAggregates aggregates) {
            return aggregates.reference() == null
                    ? List.of(metric(aggregates.own()), metric(aggregates.other()))
                    : List.of(metric(aggregates.own()));
        }
        return List.of();
    }

    static Metric metric(Comparison.Aggregate aggregate) {
        Statistic statistic = aggregate.function() == Comparison.Function.SUM ? Statistic.SUM : Statistic.MEAN;
        return new Metric(statistic, List.of(aggregate.column()), null);
    }

    private Column file() {
        return surroundings.fileColumn() == null
                ? lit(null).cast(DataTypes.StringType)
                : RowPredicates.column(surroundings.fileColumn());
    }

    private static long number(Row row, int place) {
        return row.isNullAt(place) ? 0 : row.getLong(place);
    }

    /** One aggregation of groups, for all that looks at the same groups. */
    private void group(Metric.Groups groups, Set<Metric> asked, List<Check.OfRows> alone) {
        attempt(
                () -> {
                    long rows = rows(Metric.rowCount(groups.where()));
                    Column[] by =
                            groups.columns().stream().map(RowPredicates::column).toArray(Column[]::new);
                    Column someValue = Stream.of(by)
                            .map(Column::isNotNull)
                            .reduce(Column::or)
                            .orElseThrow();
                    Column allValues = Stream.of(by)
                            .map(Column::isNotNull)
                            .reduce(Column::and)
                            .orElseThrow();
                    Map<Metric, List<Column>> ofMetrics = new LinkedHashMap<>();
                    asked.forEach(metric -> ofMetrics.put(metric, Deequ.aggregations(metric, rows)));
                    List<Column> all = new ArrayList<>();
                    ofMetrics.values().forEach(all::addAll);
                    int own = all.size();
                    Column size = col(Deequ.sizeColumn());
                    all.add(sum(when(size.equalTo(1), lit(1L))));
                    all.add(sum(when(size.equalTo(1).and(allValues), lit(1L))));
                    Row row = scene.rows()
                            .where(RowPredicates.counts(groups.where()))
                            .where(someValue)
                            .groupBy(by)
                            .agg(count(lit(1)).as(Deequ.sizeColumn()))
                            .agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new))
                            .head();
                    int place = 0;
                    for (Map.Entry<Metric, List<Column>> metric : ofMetrics.entrySet()) {
                        facts.put(metric.getKey(), Deequ.measuredOfGroups(metric.getKey(), row, place));
                        place += metric.getValue().size();
                    }
                    for (Check.OfRows check : alone) {
                        boolean everywhere = ((RowTest.Alone) check.test()).nulls() == RowTest.Nulls.NOWHERE;
                        facts.put(check, new Facts.Rows(rows, rows - number(row, everywhere ? own + 1 : own)));
                    }
                },
                error -> {
                    asked.forEach(metric -> facts.put(metric, new Measured.Broken(error)));
                    alone.forEach(check -> facts.fail(check, error));
                });
    }

    private long rows(Metric rowCount) {
        return facts.measured(rowCount) instanceof Measured.Value value ? (long) value.value() : 0;
    }

    private void query(Check.OfQuery check) {
        attempt(
                () -> {
                    Dataset<Row> result = scene.query(check.sql());
                    if (result.columns().length != 1) {
                        throw Failure.input("Cannot compare the result of '" + check.sql() + "' with a number: it has "
                                + result.columns().length + " columns. Select one number.");
                    }
                    List<Row> rows = result.select(result.col(RowPredicates.quoted(result.columns()[0]))
                                    .cast(DataTypes.DoubleType))
                            .takeAsList(2);
                    if (rows.size() > 1) {
                        throw Failure.input("Cannot compare the result of '" + check.sql()
                                + "' with a number: it has more than one row. Select one number, e.g. count(*).");
                    }
                    facts.put(
                            check,
                            rows.isEmpty() || rows.get(0).isNullAt(0)
                                    ? new Measured.Nothing("the query gives no number")
                                    : Measured.of(rows.get(0).getDouble(0)));
                },
                error -> facts.fail(check, error));
    }

    /** One aggregation of each other data set. */
    private void compare() {
        Map<String, List<Check.OfReference>> byReference = new LinkedHashMap<>();
        References references = new References(scene, facts, columns);
        for (Check.OfReference check : of(Check.OfReference.class)) {
            if (facts.error(check) == null) {
                attempt(
                        () -> {
                            references.require(check);
                            byReference
                                    .computeIfAbsent(
                                            String.valueOf(check.comparison().reference()), name -> new ArrayList<>())
                                    .add(check);
                        },
                        error -> facts.fail(check, error));
            }
        }
        byReference.forEach((name, checks) ->
                attempt(() -> references.compare(checks), error -> checks.forEach(check -> facts.fail(check, error))));
    }

    /** One join for each comparison with other tables. */
    private void countMembers() {
        Map<List<Object>, List<Check.OfRows>> byTest = new LinkedHashMap<>();
        for (Check.OfRows check : of(Check.OfRows.class)) {
            boolean isOfMembers = check.test() instanceof RowTest.Joined && !(check.test() instanceof RowTest.Alone);
            if (isOfMembers && facts.error(check) == null) {
                byTest.computeIfAbsent(
                                List.of(
                                        check.test(),
                                        String.valueOf(check.rule().where())),
                                key -> new ArrayList<>())
                        .add(check);
            }
        }
        byTest.values()
                .forEach(checks -> attempt(
                        () -> {
                            Check.OfRows first = checks.get(0);
                            RowMarks marks = marks(List.of(first));
                            Row row = marks.joined(scene.rows())
                                    .agg(
                                            howMany(RowPredicates.counts(
                                                    first.rule().where())),
                                            howMany(marks.fails(first)))
                                    .head();
                            checks.forEach(check -> facts.put(check, new Facts.Rows(number(row, 0), number(row, 1))));
                        },
                        error -> checks.forEach(check -> facts.fail(check, error))));
    }

    /** One pass over the rows that fail, if any do. */
    private void lookAtFailingRows() {
        List<Check> looked = rules.understanding().checks().stream()
                .filter(check -> check instanceof Check.OfRows || check.isStrict())
                .filter(check -> Understanding.leaves(check).allMatch(leaf -> facts.rows(leaf) != null))
                .toList();
        for (Check check : looked) {
            if (check instanceof Check.OfParts) {
                facts.put(check, new Facts.Rows(rows(Metric.rowCount(null)), 0));
            }
        }
        List<Check> failing = looked.stream()
                .filter(check -> Understanding.leaves(check)
                        .anyMatch(leaf -> facts.rows(leaf).failing() > 0))
                .toList();
        if (failing.isEmpty()) {
            return;
        }
        attempt(
                () -> {
                    FailingRows found =
                            FailingRows.of(scene, marks(failing), failing, strict(), surroundings.samples(), file());
                    for (int i = 0; i < failing.size(); i++) {
                        Check check = failing.get(i);
                        facts.put(check, new Facts.Rows(facts.rows(check).rows(), found.failing(i)));
                        facts.show(check, found.samples(i));
                    }
                    failingRows = found.strictlyFailing();
                    failingFiles.addAll(found.files());
                },
                error -> failing.forEach(check -> facts.fail(check, error)));
    }

    /** The checks of which a row that fails is bad by itself. */
    private List<Check> strict() {
        return rules.understanding().checks().stream()
                .filter(check -> check.isStrict() && facts.error(check) == null)
                .filter(check -> Understanding.leaves(check).allMatch(leaf -> facts.error(leaf) == null))
                .toList();
    }

    private RowMarks marks(List<Check> checks) {
        return new RowMarks(scene, checks);
    }

    private QualityReport report() {
        Judge judge =
                new Judge(facts, columns, surroundings, History.of(rules.understanding(), surroundings.history()));
        List<RuleOutcome> outcomes =
                rules.understanding().checks().stream().map(judge::outcome).toList();
        Map<String, Double> values = new LinkedHashMap<>(facts.values());
        outcomes.forEach(outcome -> values.putAll(outcome.metrics()));
        return new QualityReport(rows(Metric.rowCount(null)), failingRows, outcomes, values);
    }
}
