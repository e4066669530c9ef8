package dev.eightbells.quality;

import java.util.List;

/**
 * Something that is measured of the rows.
 *
 * @param statistic what
 * @param columns of which columns; empty means of the data set
 * @param where a predicate in SQL; only rows that fulfil it count; null means all
 */
record Metric(Statistic statistic, List<String> columns, String where) {
    Metric {
        columns = List.copyOf(columns);
    }

    static Metric rowCount(String where) {
        return new Metric(Statistic.ROW_COUNT, List.of(), where);
    }

    /** Its name in reports and in the history, after Glue's pattern. */
    String name() {
        return name(statistic.text(), columns) + (where == null ? "" : " where " + where);
    }

    /** The name of what is measured of these columns, or of the data set when there are none. */
    static String name(String measured, List<String> columns) {
        return switch (columns.size()) {
            case 0 -> "Dataset.*." + measured;
            case 1 -> "Column." + columns.get(0) + "." + measured;
            default -> "Multicolumn.[" + String.join(",", columns) + "]." + measured;
        };
    }

    /**
     * Rows that have the same values in some columns; what asks for the same groups shares the work.
     *
     * @param columns which columns
     * @param where only these rows; null means all
     */
    record Groups(List<String> columns, String where) {}
}
