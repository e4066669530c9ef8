package dev.eightbells.quality;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.eightbells.quality.dqdl.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Says of each row which tests it fails. Tests that compare rows with each other or with other tables become left joins
 * with a flag; each distinct test is joined once, whatever the number of rules over it.
 */
final class RowMarks {
    private static final String FLAG = "__eightbells_found_";
    private static final String KEY = "__eightbells_key_";

    private final Scene scene;
    private final List<Check> ofRows;
    private final Map<Join, String> flags = new LinkedHashMap<>();

    /**
     * One join.
     *
     * @param where only these rows are compared with each other; null means all
     */
    private record Join(RowTest.Joined test, String where) {
        static Join of(RowTest.Joined test, String where) {
            return new Join(test, test instanceof RowTest.Alone ? where : null);
        }
    }

    /**
     * @param ofRows the checks of rows whose marks are asked for
     */
    RowMarks(Scene scene, List<Check> ofRows) {
        this.scene = scene;
        this.ofRows = List.copyOf(ofRows);
        ofRows.stream().flatMap(Understanding::leaves).forEach(leaf -> {
            Check.OfRows rows = (Check.OfRows) leaf;
            if (rows.test() instanceof RowTest.Joined joined) {
                flags.computeIfAbsent(Join.of(joined, rows.rule().where()), join -> FLAG + flags.size());
            }
        });
    }

    /** As {@link Audit#marked} says. */
    Dataset<Row> marked(Dataset<Row> rows) {
        Dataset<Row> own = scene.within(rows);
        Column[] failed = ofRows.stream()
                .map(check -> when(fails(check), lit(check.rule().text())))
                .toArray(Column[]::new);
        Column rules = failed.length == 0
                ? lit(new String[0]).cast(DataTypes.createArrayType(DataTypes.StringType))
                : filter(array(failed), Column::isNotNull);
        Column[] columns = Stream.concat(
                        Arrays.stream(own.columns()).map(RowPredicates::column),
                        Stream.of(rules.as(Audit.FAILED_RULES)))
                .toArray(Column[]::new);
        return joined(own).select(columns);
    }

    /** The rows with what the tests need beside them. */
    Dataset<Row> joined(Dataset<Row> rows) {
        Dataset<Row> joined = rows;
        for (Map.Entry<Join, String> join : flags.entrySet()) {
            joined = joined(joined, join.getKey(), join.getValue());
        }
        return joined;
    }

    private Dataset<Row> joined(Dataset<Row> rows, Join join, String flag) {
        if (join.test() instanceof RowTest.Alone alone) {
            return joined(rows, alone.columns(), repeated(alone, join.where()), flag);
        }
        Membership membership = scene.membership(join.test());
        return joined(rows, membership.own(), membership.members(), flag);
    }

    /** The values that occur more than once. */
    private Dataset<Row> repeated(RowTest.Alone alone, String where) {
        Column[] columns = columns(alone.columns());
        return scene.rows()
                .where(RowPredicates.counts(where))
                .groupBy(columns)
                .agg(count(lit(1)).as("__eightbells_count"))
                .where(col("__eightbells_count").gt(1))
                .select(columns);
    }

    private static Column[] columns(List<String> names) {
        return names.stream().map(RowPredicates::column).toArray(Column[]::new);
    }

    private static Dataset<Row> joined(Dataset<Row> rows, List<String> own, Dataset<Row> members, String flag) {
        List<Column> renamed = new ArrayList<>();
        Column on = lit(true);
        String[] names = members.columns();
        for (int i = 0; i < names.length; i++) {
            String key = flag + KEY + i;
            renamed.add(RowPredicates.column(names[i]).as(key));
            on = on.and(RowPredicates.column(own.get(i)).eqNullSafe(col(key)));
        }
        renamed.add(lit(true).as(flag));
        return rows.join(members.select(renamed.toArray(Column[]::new)), on, "left");
    }

    /** Whether a row fails a check; over {@link #joined} rows. */
    Column fails(Check check) {
        if (check instanceof Check.OfParts parts) {
            Rule.Connective connective = parts.rule().connective();
            return parts.parts().stream()
                    .map(this::fails)
                    .reduce(connective == Rule.Connective.AND ? Column::or : Column::and)
                    .orElseThrow();
        }
        Check.OfRows rows = (Check.OfRows) check;
        Column fails = rows.test() instanceof RowTest.Plain plain
                ? scene.predicates().fulfils(plain).unary_$bang()
                : fails((RowTest.Joined) rows.test(), rows.rule().where());
        return RowPredicates.counts(rows.rule().where()).and(fails);
    }

    private Column fails(RowTest.Joined test, String where) {
        Column found = coalesce(col(flags.get(Join.of(test, where))), lit(false));
        if (test instanceof RowTest.Alone alone) {
            Stream<Column> nulls = alone.columns().stream()
                    .map(name -> RowPredicates.column(name).isNull());
            return found.or(nulls.reduce(alone.nulls() == RowTest.Nulls.NOWHERE ? Column::or : Column::and)
                    .orElseThrow());
        }
        return found.unary_$bang();
    }

    /**
     * The rows that fulfil a test by their values.
     *
     * @param own the columns of the judged rows
     * @param members the values that are allowed in them, each once, in as many columns
     */
    record Membership(List<String> own, Dataset<Row> members) {}
}
