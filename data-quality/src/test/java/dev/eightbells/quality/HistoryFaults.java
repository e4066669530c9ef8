package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.Fault.ofShare;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is measured, beside what was measured before. */
final class HistoryFaults {
    private static final String COLUMNS = "id int, x double, s string";

    private static final Map<String, List<Double>> BEFORE = Map.of(
            "Dataset.*.RowCount", List.of(4.0, 5.0, 3.0, 8.0),
            "Column.x.Mean", List.of(2.0, 4.0, 3.0, 9.0),
            "Column.s.Completeness", List.of(1.0, 1.0, 0.75),
            "Column.s.MinimumLength", List.of(1.0, 1.0, 1.0, 1.0),
            "Column.s.MaximumLength", List.of(2.0, 3.0, 2.0, 3.0),
            "Column.s.ColumnValues.Compliance in [\"a\"]", List.of(0.5, 1.0, 1.0),
            "Dataset.*.CustomSQL select sum(x) from primary", List.of(10.0, 20.0, 12.0));

    private HistoryFaults() {}

    static FaultTable table() {
        Surroundings surroundings = new Surroundings(
                (metrics, batches) -> BEFORE, Map.of(), null, Instant.EPOCH, Surroundings.Samples.SHOWN, null);
        return new FaultTable(
                "history",
                rows(COLUMNS, row(1, 2.0, "a"), row(2, 3.0, "a"), row(3, 4.0, "a"), row(4, 3.0, "bc")),
                surroundings,
                rows(COLUMNS, row(1, 30.0, null), row(2, 50.0, "much too long")),
                surroundings,
                List.of(
                        rowCount("> avg(last(3)) * 0.8", "3.2"),
                        rowCount(">= min(last(3))", "3"),
                        rowCount("= median(last(3))", "4"),
                        rowCount("> max(last(3)) / 2", "2.5"),
                        rowCount("> avg(last(3)) - 2 * std(last(3))", "2.36701"),
                        rowCount("> sum(last(3)) / 4", "3"),
                        rowCount("> percentile(last(4),0.25) - 1", "2.75"),
                        rowCount("between abs(-3) and max(last(4)) + 1", "3 and 9"),
                        ofDataset(
                                "Mean x between min(last(3)) - 1 and max(last(3)) + 1",
                                "Column.x.Mean is 40, and should be between min(last(3)) - 1 and max(last(3)) + 1 (1 and"
                                        + " 5)."),
                        ofShare(
                                "Completeness s > avg(last(3)) - 0.2",
                                "1 of 2 rows does not fulfil it, e.g. …; Column.s.Completeness is 0.5, and should be"
                                        + " > avg(last(3)) - 0.2 (0.716667).",
                                1,
                                "null"),
                        ofShare(
                                "ColumnValues s in [\"a\"] with threshold >= min(last(3))",
                                "2 of 2 rows do not fulfil it, e.g. …; Column.s.ColumnValues.Compliance in [\"a\"] is 0,"
                                        + " and should be >= min(last(3)) (0.5).",
                                2,
                                "null",
                                "much too long"),
                        ofDataset(
                                "CustomSql \"select sum(x) from primary\" <= max(last(3))",
                                "Dataset.*.CustomSQL select sum(x) from primary is 80, and should be <= max(last(3))"
                                        + " (20)."),
                        ofDataset(
                                "DetectAnomalies \"Mean\" \"x\"",
                                "Column.x.Mean is 40, more than three standard deviations from its mean of the last 4"
                                        + " batches, 4.5."),
                        ofDataset(
                                "DetectAnomalies \"ColumnLength\" \"s\"",
                                "Column.s.MinimumLength is 13, more than three standard deviations from its mean of the"
                                        + " last 4 batches, 1. Column.s.MaximumLength is 13, more than three standard"
                                        + " deviations from its mean of the last 4 batches, 2.5.")));
    }

    private static Fault rowCount(String condition, String numbers) {
        return ofDataset(
                "RowCount " + condition, "Dataset.*.RowCount is 2, and should be " + condition + " (" + numbers + ").");
    }
}
