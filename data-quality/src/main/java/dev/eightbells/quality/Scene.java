package dev.eightbells.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * The rows and the tables beside them, in a Spark session of their own: what a rule says does not depend on the settings
 * of a cluster, and nobody else sees {@code primary}.
 */
final class Scene {
    /** What could let an expression mean something else. */
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.session.timeZone", "UTC",
            "spark.sql.ansi.enabled", "false",
            "spark.sql.caseSensitive", "false",
            "spark.sql.legacy.timeParserPolicy", "CORRECTED",
            "spark.sql.parser.escapedStringLiterals", "false");

    private final SparkSession session;
    private final Dataset<Row> rows;
    private final Columns columns;
    private final Map<String, Dataset<Row>> references = new HashMap<>();
    private final RowPredicates predicates;

    Scene(Dataset<Row> rows, Surroundings surroundings) {
        this.session = rows.sparkSession().newSession();
        SETTINGS.forEach(session.conf()::set);
        this.rows = within(rows);
        Dataset<Row> primary =
                surroundings.fileColumn() == null ? this.rows : this.rows.drop(surroundings.fileColumn());
        primary.createOrReplaceTempView(Surroundings.PRIMARY);
        this.columns = Columns.of(this.rows.schema(), surroundings.fileColumn());
        surroundings.references().forEach((name, reference) -> {
            Dataset<Row> own = within(reference);
            own.createOrReplaceTempView(RowPredicates.quoted(name));
            references.put(name, own);
        });
        this.predicates = new RowPredicates(surroundings.now());
    }

    /** The same rows in the session of this scene. */
    Dataset<Row> within(Dataset<Row> others) {
        return others.sparkSession() == session
                ? others
                : Dataset.ofRows(session, others.queryExecution().analyzed());
    }

    Dataset<Row> rows() {
        return rows;
    }

    RowPredicates predicates() {
        return predicates;
    }

    /**
     * The rows that a query gives.
     *
     * @throws Failure of kind INPUT when it is no query
     */
    Dataset<Row> query(String sql) {
        String problem = RuleQuery.problem(sql);
        if (problem != null) {
            throw Failure.input("Cannot evaluate '" + sql + "': " + problem + ".");
        }
        return session.sql(sql);
    }

    /**
     * Another data set.
     *
     * @throws Failure of kind INPUT when there is none of this name
     */
    Dataset<Row> reference(String name) {
        Dataset<Row> reference = references.get(name);
        if (reference == null) {
            throw Failure.input("Cannot compare with " + name + ": there is no data set of this name. Name its table or"
                    + " place under quality.references.");
        }
        return reference;
    }

    /** The values that let a row fulfil a test. */
    RowMarks.Membership membership(RowTest.Joined test) {
        if (test instanceof RowTest.Referenced referenced) {
            return members(referenced.columns(), reference(referenced.reference()), referenced.referenceColumns());
        }
        if (test instanceof RowTest.Matched matched) {
            Dataset<Row> reference = reference(matched.reference());
            List<RowTest.Pair> values = matched.values().isEmpty() ? shared(matched, reference) : matched.values();
            List<RowTest.Pair> all =
                    Stream.concat(matched.keys().stream(), values.stream()).toList();
            return members(
                    all.stream().map(RowTest.Pair::own).toList(),
                    reference,
                    all.stream().map(RowTest.Pair::other).toList());
        }
        return selected(((RowTest.Selected) test).sql());
    }

    private RowMarks.Membership selected(String sql) {
        Dataset<Row> selected = query(sql);
        LogicalPlan plan = selected.queryExecution().analyzed();
        if (!plan.deterministic() || plan.containsPattern(TreePattern.CURRENT_LIKE())) {
            throw Failure.input(
                    "Cannot tell which rows the query '" + sql + "' selects: it gives something else whenever it"
                            + " is asked. Take out what is random or depends on the present time.");
        }
        List<String> own = new ArrayList<>();
        for (String name : selected.columns()) {
            own.add(columns.find(name)
                    .map(StructField::name)
                    .orElseThrow(() ->
                            Failure.input("Cannot tell which rows the query '" + sql + "' selects: its column " + name
                                    + " is none of primary's. Select columns of primary, or compare a number.")));
        }
        return members(own, selected, List.of(selected.columns()));
    }

    /** The columns that both have, but for those of the key. */
    private List<RowTest.Pair> shared(RowTest.Matched matched, Dataset<Row> reference) {
        return columns.data().stream()
                .filter(name ->
                        matched.keys().stream().noneMatch(key -> key.own().equalsIgnoreCase(name)))
                .flatMap(name -> Arrays.stream(reference.columns())
                        .filter(name::equalsIgnoreCase)
                        .map(other -> new RowTest.Pair(name, other)))
                .toList();
    }

    /** Values of other columns in the types of ours, each once; what cannot be such a value without loss equals none. */
    private RowMarks.Membership members(List<String> own, Dataset<Row> others, List<String> names) {
        String[] places = IntStream.range(0, own.size()).mapToObj(i -> "_" + i).toArray(String[]::new);
        Dataset<Row> values = others.select(
                        names.stream().map(RowPredicates::column).toArray(Column[]::new))
                .toDF(places);
        Column possible = lit(true);
        Column[] ofOwnType = new Column[places.length];
        for (int i = 0; i < places.length; i++) {
            DataType type = columns.find(own.get(i)).orElseThrow().dataType();
            DataType otherType = values.schema().apply(i).dataType();
            Column value = col(places[i]);
            ofOwnType[i] = value.cast(type).as(places[i]);
            if (!type.sameType(otherType)) {
                Column isKept = otherType instanceof StringType
                        ? value.cast(type).isNotNull()
                        : value.cast(type).cast(otherType).equalTo(value);
                possible = possible.and(value.isNull().or(isKept));
            }
        }
        return new RowMarks.Membership(
                own, values.where(possible).select(ofOwnType).distinct());
    }
}
