package dev.eightbells.quality;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** What is to be told of rows that fail: how many, some of their values, and the files they lie in. */
final class FailingRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int MOST_SAMPLES = 5;
    private static final int LONGEST_SAMPLE = 100;

    private final long[] failing;
    private final List<Set<String>> samples;
    private final Set<String> files = new TreeSet<>();
    private long strictlyFailing;

    private FailingRows(int checks) {
        this.failing = new long[checks];
        this.samples =
                Stream.<Set<String>>generate(LinkedHashSet::new).limit(checks).toList();
    }

    /**
     * Looks at the rows that fail, in one pass.
     *
     * @param checks that some rows fail
     * @param strict those of which a failing row is bad by itself
     * @param file the data file of a row
     */
    static FailingRows of(
            Scene scene,
            RowMarks marks,
            List<Check> checks,
            List<Check> strict,
            Surroundings.Samples samples,
            Column file) {
        Column[] fails = checks.stream().map(marks::fails).toArray(Column[]::new);
        Column[] shown = IntStream.range(0, fails.length)
                .mapToObj(i -> samples == Surroundings.Samples.SHOWN
                        ? when(fails[i], sample(scene, checks.get(i)))
                        : lit(null).cast(DataTypes.StringType))
                .toArray(Column[]::new);
        Column isStrict = IntStream.range(0, fails.length)
                .filter(i -> strict.contains(checks.get(i)))
                .mapToObj(i -> fails[i])
                .reduce(Column::or)
                .orElse(lit(false));
        Column any = Stream.of(fails).reduce(Column::or).orElseThrow();
        int width = fails.length;
        return marks
                .joined(scene.rows())
                .where(any)
                .select(array(fails), array(shown), isStrict, file)
                .javaRDD()
                .mapPartitions(rows -> List.of(counted(rows, width)).iterator())
                .collect()
                .stream()
                .reduce(new FailingRows(width), FailingRows::with);
    }

    /** The values that a check looks at, as people read them. */
    private static Column sample(Scene scene, Check check) {
        List<String> columns = Understanding.leaves(check)
                .flatMap(leaf -> {
                    RowTest test = ((Check.OfRows) leaf).test();
                    return test instanceof RowTest.Selected selected
                            ? scene.membership(selected).own().stream()
                            : test.columns().stream();
                })
                .distinct()
                .toList();
        Column text = columns.size() == 1
                ? value(columns.get(0))
                : columns.stream()
                        .map(name -> concat(lit(name + ": "), value(name)))
                        .reduce((left, right) -> concat(left, lit(", "), right))
                        .orElseThrow();
        return substring(regexp_replace(text, "\\p{Cntrl}", " "), 1, LONGEST_SAMPLE);
    }

    private static Column value(String column) {
        return coalesce(RowPredicates.column(column).cast(DataTypes.StringType), lit("null"));
    }

    private static FailingRows counted(Iterator<Row> rows, int width) {
        FailingRows counted = new FailingRows(width);
        while (rows.hasNext()) {
            counted.add(rows.next());
        }
        return counted;
    }

    private void add(Row row) {
        List<Boolean> fails = row.getList(0);
        List<String> shown = row.getList(1);
        for (int i = 0; i < failing.length; i++) {
            if (fails.get(i)) {
                failing[i]++;
                show(i, shown.get(i));
            }
        }
        if (row.getBoolean(2)) {
            strictlyFailing++;
            if (!row.isNullAt(3)) {
                files.add(row.getString(3));
            }
        }
    }

    private void show(int check, String sample) {
        if (sample != null && samples.get(check).size() < MOST_SAMPLES) {
            samples.get(check).add(sample);
        }
    }

    private FailingRows with(FailingRows others) {
        for (int i = 0; i < failing.length; i++) {
            failing[i] += others.failing[i];
            int check = i;
            others.samples.get(i).forEach(sample -> show(check, sample));
        }
        files.addAll(others.files);
        strictlyFailing += others.strictlyFailing;
        return this;
    }

    /** How many rows fail a check, by its place in the list that was given. */
    long failing(int check) {
        return failing[check];
    }

    /** Some of the values with which rows fail a check; empty when they are not to be shown. */
    List<String> samples(int check) {
        return List.copyOf(samples.get(check));
    }

    /** The data files in which rows lie that are bad by themselves. */
    Set<String> files() {
        return files;
    }

    /** How many rows are bad by themselves. */
    long strictlyFailing() {
        return strictlyFailing;
    }
}
