package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.time.Instant;
import java.util.List;

/** Numbers that are measured of the data set and of its columns, and the names of these. */
final class StatisticFaults {
    private StatisticFaults() {}

    static FaultTable table() {
        Surroundings nothing = Surroundings.none(Instant.EPOCH);
        return new FaultTable(
                "statistics",
                rows(
                        "id int, x double, y int, z decimal(5,1), w string",
                        row(1, 1.0, 2, new java.math.BigDecimal("1.5"), "a"),
                        row(2, 2.0, 4, new java.math.BigDecimal("1.5"), "a"),
                        row(3, 3.0, 6, new java.math.BigDecimal("1.5"), "a"),
                        row(4, 4.0, 8, null, "a"),
                        row(5, 5.0, 10, null, "a")),
                nothing,
                rows(
                        "id int, x double, y int, z decimal(5,1), `Other Name` string, other string",
                        row(1, 1.0, 8, new java.math.BigDecimal("0.0"), "a", "a"),
                        row(2, 2.0, 4, new java.math.BigDecimal("0.0"), "a", "a"),
                        row(3, 3.0, 2, new java.math.BigDecimal("1.5"), "a", "a"),
                        row(4, 100.0, null, null, "a", "a")),
                nothing,
                List.of(
                        ofDataset("RowCount = 5", "Dataset.*.RowCount is 4, and should be = 5."),
                        ofDataset(
                                "RowCount > 3 where \"x < 50\"",
                                "Dataset.*.RowCount where x < 50 is 3, and should be > 3."),
                        ofDataset("ColumnCount = 5", "Dataset.*.ColumnCount is 6, and should be = 5."),
                        ofDataset("ColumnExists w", "There is no column w, only id, x, y, z, Other Name, other."),
                        ofDataset(
                                "ColumnNamesMatchPattern \"[a-z]{1,2}\"",
                                "These names of columns do not match: Other Name, other."),
                        ofDataset("Mean x between 2 and 4", "Column.x.Mean is 26.5, and should be between 2 and 4."),
                        ofDataset("Mean z = 1.5", "Column.z.Mean is 0.5, and should be = 1.5."),
                        ofDataset("Mean y < 4 where \"id < 3\"", "Column.y.Mean where id < 3 is 6, and should be < 4."),
                        ofDataset("Sum y = 30", "Column.y.Sum is 14, and should be = 30."),
                        ofDataset("Sum x in [3, 15]", "Column.x.Sum is 106, and should be in [3,15]."),
                        ofDataset(
                                "StandardDeviation x < 2", "Column.x.StandardDeviation is 42.4411, and should be < 2."),
                        ofDataset("Variance x = 2", "Column.x.Variance is 1801.25, and should be = 2."),
                        ofDataset("Range x <= 4", "Column.x.Range is 99, and should be <= 4."),
                        ofDataset("Range y = 8", "Column.y.Range is 6, and should be = 8."),
                        ofDataset("Skewness x = 0", "Column.x.Skewness is 1.15374, and should be = 0."),
                        ofDataset("Kurtosis x < -1", "Column.x.Kurtosis is -0.667407, and should be < -1."),
                        ofDataset(
                                "InterquartileRange x = 2", "Column.x.InterquartileRange is 25.5, and should be = 2."),
                        ofDataset("ZerosCount z = 0", "Column.z.ZerosCount is 2, and should be = 0."),
                        ofDataset(
                                "ZerosCount z != 1 where \"id > 1\"",
                                "Column.z.ZerosCount where id > 1 is 1, and should be != 1."),
                        ofDataset(
                                "ColumnCorrelation x y > 0.9",
                                "Multicolumn.[x,y].ColumnCorrelation is -0.981981, and should be > 0.9.")));
    }
}
