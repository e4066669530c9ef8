package dev.eightbells.quality;

import dev.eightbells.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

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
    private final Map<String, Dataset<Row>> references = new HashMap<>();
    private final RowPredicates predicates;

    Scene(Dataset<Row> rows, Surroundings surroundings) {
        this.session = rows.sparkSession().newSession();
        SETTINGS.forEach(session.conf()::set);
        this.rows = within(rows);
        this.rows.createOrReplaceTempView(Surroundings.PRIMARY);
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
            return new RowMarks.Membership(
                    referenced.columns(), distinct(reference(referenced.reference()), referenced.referenceColumns()));
        }
        if (test instanceof RowTest.Matched matched) {
            return membership(matched);
        }
        Dataset<Row> selected = query(((RowTest.Selected) test).sql());
        List<String> own = new ArrayList<>();
        for (String name : selected.columns()) {
            own.add(Arrays.stream(rows.columns())
                    .filter(name::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow(() -> Failure.input("Cannot tell which rows the query '"
                            + ((RowTest.Selected) test).sql() + "' selects: its column " + name
                            + " is none of primary's. Select columns of primary, or compare a number.")));
        }
        return new RowMarks.Membership(own, selected.distinct());
    }

    private RowMarks.Membership membership(RowTest.Matched matched) {
        Dataset<Row> reference = reference(matched.reference());
        List<RowTest.Pair> values = matched.values().isEmpty() ? shared(matched, reference) : matched.values();
        List<RowTest.Pair> all =
                Stream.concat(matched.keys().stream(), values.stream()).toList();
        return new RowMarks.Membership(
                all.stream().map(RowTest.Pair::own).toList(),
                distinct(reference, all.stream().map(RowTest.Pair::other).toList()));
    }

    /** The columns that both have, but for those of the key. */
    private List<RowTest.Pair> shared(RowTest.Matched matched, Dataset<Row> reference) {
        List<String> keys = matched.keys().stream()
                .map(pair -> pair.own().toLowerCase(Locale.ROOT))
                .toList();
        return Arrays.stream(rows.columns())
                .filter(name -> !keys.contains(name.toLowerCase(Locale.ROOT)))
                .map(name -> Arrays.stream(reference.columns())
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .map(other -> new RowTest.Pair(name, other))
                        .orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Dataset<Row> distinct(Dataset<Row> reference, List<String> columns) {
        return reference
                .select(columns.stream().map(RowPredicates::column).toArray(Column[]::new))
                .distinct();
    }
}
