package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.Fault.ofRows;
import static dev.eightbells.quality.Fault.ofShare;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Values that occur once, in one column and in several, with values that are missing. */
final class UniquenessFaults {
    private static final String COLUMNS = "id int, s int, a string, b int, p string, q int";

    private UniquenessFaults() {}

    static FaultTable table() {
        Surroundings nothing = Surroundings.none(Instant.EPOCH);
        return new FaultTable(
                "uniqueness",
                rows(
                        COLUMNS,
                        row(1, 1, "x", 1, "x", 1),
                        row(2, 2, "x", 2, "x", 2),
                        row(3, 3, "y", 1, "y", 1),
                        row(4, 4, null, 1, "y", 2),
                        row(5, 5, "x", null, "z", 1)),
                nothing,
                rows(
                        COLUMNS,
                        row(1, 1, "x", 1, "x", 1),
                        row(2, 1, "x", 1, "x", 1),
                        row(3, 2, "y", 1, "y", 1),
                        row(4, null, null, null, null, 1),
                        row(5, 3, "x", null, "z", 1)),
                nothing,
                List.of(
                        ofRows("IsUnique s", "3 of 5 rows do not fulfil it, e.g. ….", Set.of(1, 2, 4), "1", "null"),
                        ofRows(
                                "IsUnique s where \"id > 1\"",
                                "1 of 4 rows does not fulfil it, e.g. ….",
                                Set.of(4),
                                "null"),
                        ofRows(
                                "IsUnique a b",
                                "3 of 5 rows do not fulfil it, e.g. ….",
                                Set.of(1, 2, 4),
                                "a: x, b: 1",
                                "a: null, b: null"),
                        ofRows(
                                "IsUnique a b where \"b is not null\"",
                                "2 of 3 rows do not fulfil it, e.g. ….",
                                Set.of(1, 2),
                                "a: x, b: 1"),
                        ofRows("IsPrimaryKey s", "3 of 5 rows do not fulfil it, e.g. ….", Set.of(1, 2, 4), "1", "null"),
                        ofRows(
                                "IsPrimaryKey p q",
                                "3 of 5 rows do not fulfil it, e.g. ….",
                                Set.of(1, 2, 4),
                                "p: x, q: 1",
                                "p: null, q: 1"),
                        ofRows(
                                "IsPrimaryKey p q where \"id > 1\"",
                                "1 of 4 rows does not fulfil it, e.g. ….",
                                Set.of(4),
                                "p: null, q: 1"),
                        ofShare(
                                "Uniqueness s > 0.4",
                                "3 of 5 rows do not fulfil it, e.g. …; Column.s.Uniqueness is 0.4, and should be > 0.4.",
                                3,
                                "1",
                                "null"),
                        ofShare(
                                "Uniqueness a b > 0.9 where \"id > 1\"",
                                "1 of 4 rows does not fulfil it, e.g. …; Multicolumn.[a,b].Uniqueness where id > 1 is"
                                        + " 0.75, and should be > 0.9.",
                                1,
                                "a: null, b: null"),
                        ofRows(
                                "Uniqueness s = 1.0",
                                "3 of 5 rows do not fulfil it, e.g. …; Column.s.Uniqueness is 0.4, and should be = 1.0.",
                                Set.of(1, 2, 4),
                                "1",
                                "null"),
                        ofDataset(
                                "UniqueValueRatio s > 0.8",
                                "Column.s.UniqueValueRatio is 0.666667, and should be > 0.8."),
                        ofDataset(
                                "UniqueValueRatio p q > 0.8",
                                "Multicolumn.[p,q].UniqueValueRatio is 0.75, and should be > 0.8."),
                        ofDataset("DistinctValuesCount s = 5", "Column.s.DistinctValuesCount is 3, and should be = 5."),
                        ofDataset(
                                "DistinctValuesCount s >= 3 where \"id < 4\"",
                                "Column.s.DistinctValuesCount where id < 4 is 2, and should be >= 3."),
                        ofDataset("Entropy s > 1.5", "Column.s.Entropy is 1.01029, and should be > 1.5."),
                        ofDataset(
                                "DuplicateRowCount p q = 0",
                                "Multicolumn.[p,q].DuplicateRowCount is 2, and should be = 0."),
                        ofDataset(
                                "DuplicateRowCount s < 1 where \"id < 4\"",
                                "Column.s.DuplicateRowCount where id < 4 is 2, and should be < 1.")));
    }
}
