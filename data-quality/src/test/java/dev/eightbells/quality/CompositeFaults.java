package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.Fault.ofRows;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Rules connected by and, and or: those of rows are judged row by row, others by the verdicts of their parts. */
final class CompositeFaults {
    private static final String COLUMNS = "id int, a int, b int";

    private CompositeFaults() {}

    static FaultTable table() {
        Surroundings nothing = Surroundings.none(Instant.EPOCH);
        return new FaultTable(
                "composites",
                rows(COLUMNS, row(1, 1, null), row(2, null, 2), row(3, 3, 3)),
                nothing,
                rows(COLUMNS, row(1, 1, null), row(2, null, 2), row(3, null, null), row(4, 1, 2)),
                nothing,
                List.of(
                        ofRows(
                                "(IsComplete a) or (IsComplete b)",
                                "1 of 4 rows does not fulfil it, e.g. ….",
                                Set.of(3),
                                "a: null, b: null"),
                        ofRows(
                                "(ColumnValues a in [1, 3, NULL]) and (ColumnValues b != 2 where \"a = 1\")",
                                "1 of 4 rows does not fulfil it, e.g. ….",
                                Set.of(4),
                                "a: 1, b: 2"),
                        ofRows(
                                "((IsComplete a) and (IsUnique a)) or ((IsComplete b) and (IsUnique b))",
                                "4 of 4 rows do not fulfil it, e.g. ….",
                                Set.of(1, 2, 3, 4),
                                "a: 1, b: null",
                                "a: null, b: 2",
                                "a: null, b: null",
                                "a: 1, b: 2"),
                        ofDataset("(RowCount = 3) and (IsComplete id)", "Dataset.*.RowCount is 4, and should be = 3."),
                        ofDataset(
                                "(RowCount > 4) or (Completeness a > 0.6)",
                                "Dataset.*.RowCount is 4, and should be > 4. 2 of 4 rows do not fulfil it;"
                                        + " Column.a.Completeness is 0.5, and should be > 0.6."),
                        ofDataset(
                                "(ColumnExists id) and ((RowCount = 3) or (IsComplete a))",
                                "Dataset.*.RowCount is 4, and should be = 3. 2 of 4 rows do not fulfil it.")));
    }
}
