package dev.eightbells.quality;

import static dev.eightbells.quality.Fault.ofDataset;
import static dev.eightbells.quality.Fault.ofRows;
import static dev.eightbells.quality.Fault.ofShare;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules in SQL, which sees the rows as {@code primary} and other data sets by their names. */
final class SqlFaults {
    private static final String COLUMNS = "id int, x int, code string";

    private SqlFaults() {}

    static FaultTable table() {
        Surroundings surroundings = new Surroundings(
                MetricHistory.none(),
                Map.of("codes", rows("code string", row("a"), row("b"))),
                null,
                Instant.EPOCH,
                Surroundings.Samples.SHOWN,
                null);
        return new FaultTable(
                "SQL",
                rows(COLUMNS, row(1, 1, "a"), row(2, 2, "b"), row(3, 3, "a")),
                surroundings,
                rows(COLUMNS, row(1, 1, "a"), row(2, -2, "c"), row(3, null, "d"), row(4, 2, "a")),
                surroundings,
                List.of(
                        ofDataset(
                                "CustomSql \"select count(*) from primary where x < 0\" = 0",
                                said("select count(*) from primary where x < 0", "1", "= 0")),
                        ofDataset(
                                "CustomSql \"SELECT avg(x) AS mean FROM primary\" > 1",
                                said("SELECT avg(x) AS mean FROM primary", "0.333333", "> 1")),
                        ofDataset(
                                "CustomSql \"select count(*) from primary left anti join codes using (code)\" = 0",
                                said("select count(*) from primary left anti join codes using (code)", "2", "= 0")),
                        ofRows(
                                "CustomSql \"select id from primary where x > 0\"",
                                "2 of 4 rows do not fulfil it, e.g. ….",
                                Set.of(2, 3),
                                "2",
                                "3"),
                        ofRows(
                                "CustomSql \"select p.ID, p.x from primary p join codes using (code)\"",
                                "2 of 4 rows do not fulfil it, e.g. ….",
                                Set.of(2, 3),
                                "id: 2, x: -2",
                                "id: 3, x: null"),
                        ofShare(
                                "CustomSql \"select x from primary where x > 0\" with threshold > 0.5",
                                "2 of 4 rows do not fulfil it, e.g. …; Dataset.*.CustomSQL.Compliance select x from"
                                        + " primary where x > 0 is 0.5, and should be > 0.5.",
                                2,
                                "-2",
                                "null")));
    }

    private static String said(String sql, String value, String condition) {
        return "Dataset.*.CustomSQL " + sql + " is " + value + ", and should be " + condition + ".";
    }
}
