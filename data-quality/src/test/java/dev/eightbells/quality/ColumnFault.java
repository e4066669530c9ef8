package dev.eightbells.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A rule about a column of its own, which has three values: one in each row.
 *
 * @param rule in which {@code #} stands for the column
 * @param type of the column, as in SQL
 * @param failing in which rows the fault is, from 1
 * @param samples of them
 * @param share what is said of the share of rows, in which {@code #} stands for the column; null when the rule is about
 *     each row and nothing is said of a share
 * @param scope whether failing rows are marked
 */
record ColumnFault(
        String rule,
        String type,
        List<Object> good,
        List<Object> bad,
        Set<Integer> failing,
        List<String> samples,
        int rows,
        String share,
        RuleOutcome.Scope scope) {
    private static final int ROWS = 3;

    static ColumnFault of(String rule, String type) {
        return new ColumnFault(
                rule, type, List.of(), List.of(), Set.of(), List.of(), ROWS, null, RuleOutcome.Scope.ROWS);
    }

    ColumnFault good(Object... values) {
        return new ColumnFault(rule, type, list(values), bad, failing, samples, rows, share, scope);
    }

    ColumnFault bad(Object... values) {
        return new ColumnFault(rule, type, good, list(values), failing, samples, rows, share, scope);
    }

    ColumnFault fails(Integer... ids) {
        return new ColumnFault(rule, type, good, bad, Set.of(ids), samples, rows, share, scope);
    }

    ColumnFault shown(String... values) {
        return new ColumnFault(rule, type, good, bad, failing, List.of(values), rows, share, scope);
    }

    /** How many rows the where clause lets through. */
    ColumnFault ofRows(int counted) {
        return new ColumnFault(rule, type, good, bad, failing, samples, counted, share, scope);
    }

    /** The rule is strict, and says so by its share. */
    ColumnFault strict(String told) {
        return new ColumnFault(rule, type, good, bad, failing, samples, rows, told, scope);
    }

    /** The rule allows some rows to fail. */
    ColumnFault lenient(String told) {
        return new ColumnFault(rule, type, good, bad, failing, samples, rows, told, RuleOutcome.Scope.DATASET);
    }

    private static List<Object> list(Object... values) {
        return new ArrayList<>(java.util.Arrays.asList(values));
    }

    /** All of them side by side in one data set. */
    static FaultTable table(String name, Instant now, List<ColumnFault> columns) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            faults.add(columns.get(i).fault(column(i)));
        }
        Surroundings nothing = Surroundings.none(now);
        return new FaultTable(
                name,
                rows(columns, columns.stream().map(ColumnFault::good).toList()),
                nothing,
                rows(columns, columns.stream().map(ColumnFault::bad).toList()),
                nothing,
                faults);
    }

    private static String column(int place) {
        return "c" + place;
    }

    private static Dataset<Row> rows(List<ColumnFault> columns, List<List<Object>> values) {
        List<String> types = new ArrayList<>(List.of("id int"));
        for (int i = 0; i < columns.size(); i++) {
            types.add(column(i) + " " + columns.get(i).type());
        }
        Object[][] rows = new Object[ROWS][columns.size() + 1];
        for (int row = 0; row < ROWS; row++) {
            rows[row][0] = row + 1;
            for (int i = 0; i < columns.size(); i++) {
                rows[row][i + 1] = values.get(i).get(row);
            }
        }
        return LocalSpark.rows(types.stream().collect(Collectors.joining(", ")), rows);
    }

    private Fault fault(String column) {
        String sentence = failing.size() + " of " + rows + " rows " + (failing.size() == 1 ? "does" : "do")
                + " not fulfil it, e.g. …" + (share == null ? "." : "; " + share.replace("#", column));
        return new Fault(
                rule.replace("#", column),
                scope,
                sentence,
                (long) failing.size(),
                samples,
                scope == RuleOutcome.Scope.ROWS ? failing : Set.of());
    }
}
