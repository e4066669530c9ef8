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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The data set beside others. */
final class ReferenceFaults {
    private static final String COLUMNS = "id int, customer int, region string, amount double, total double";

    private ReferenceFaults() {}

    static FaultTable table() {
        Surroundings references = new Surroundings(
                MetricHistory.none(),
                Map.of(
                        "customers", customers(),
                        "copy", copy(),
                        "small", copy().drop("region"),
                        "renamed", copy().toDF("number", "who", "area", "sum")),
                null,
                Instant.EPOCH,
                Surroundings.Samples.SHOWN,
                null);
        return new FaultTable(
                "references",
                rows(COLUMNS, row(1, 7, "eu", 1.5, 2.0), row(2, 8, "us", 2.5, 2.0), row(3, 7, "eu", 4.0, 4.0)),
                references,
                rows(
                        COLUMNS.replace("region string", "region int"),
                        row(1, 7, 0, 1.5, 2.0),
                        row(2, 9, 0, 2.5, 2.0),
                        row(3, null, 0, 5.0, 2.0),
                        row(4, 7, 0, 3.0, 2.0)),
                references,
                List.of(
                        ofRows(
                                "ReferentialIntegrity \"customer\" \"customers.id\" = 1.0",
                                "2 of 4 rows do not fulfil it, e.g. …; Column.customer.ReferentialIntegrity customer"
                                        + " customers.id is 0.5, and should be = 1.0.",
                                Set.of(2, 3),
                                "9",
                                "null"),
                        ofShare(
                                "ReferentialIntegrity \"customer\" \"customers.{id}\" > 0.9",
                                "2 of 4 rows do not fulfil it, e.g. …; Column.customer.ReferentialIntegrity customer"
                                        + " customers.{id} is 0.5, and should be > 0.9.",
                                2,
                                "9",
                                "null"),
                        ofRows(
                                "ReferentialIntegrity \"id,customer\" \"copy.{id,customer}\" = 1.0",
                                "3 of 4 rows do not fulfil it, e.g. …; Multicolumn.[id,customer].ReferentialIntegrity"
                                        + " id,customer copy.{id,customer} is 0.25, and should be = 1.0.",
                                Set.of(2, 3, 4),
                                "id: 2, customer: 9",
                                "id: 3, customer: null",
                                "id: 4, customer: 7"),
                        ofRows(
                                "DatasetMatch \"copy\" \"id\" \"amount\" = 1.0",
                                "2 of 4 rows do not fulfil it, e.g. …; Dataset.*.DatasetMatch copy id amount is 0.5,"
                                        + " and should be = 1.0.",
                                Set.of(3, 4),
                                "id: 3, amount: 5.0",
                                "id: 4, amount: 3.0"),
                        ofShare(
                                "DatasetMatch \"small\" \"id,customer\" >= 0.5",
                                "3 of 4 rows do not fulfil it, e.g. …; Dataset.*.DatasetMatch small id,customer is 0.25,"
                                        + " and should be >= 0.5.",
                                3,
                                "id: 2, customer: 9",
                                "id: 3, customer: null",
                                "id: 4, customer: 7"),
                        ofRows(
                                "DatasetMatch \"renamed\" \"id->number\" \"amount->sum,customer->who\" = 1.0",
                                "3 of 4 rows do not fulfil it, e.g. …; Dataset.*.DatasetMatch renamed id->number"
                                        + " amount->sum,customer->who is 0.25, and should be = 1.0.",
                                Set.of(2, 3, 4),
                                "id: 2, amount: 2.5, customer: 9",
                                "id: 3, amount: 5.0, customer: null",
                                "id: 4, amount: 3.0, customer: 7"),
                        ofDataset("RowCountMatch \"copy\" = 1.0", said("RowCountMatch copy", "1.33333", "= 1.0")),
                        ofDataset("SchemaMatch \"copy\" >= 0.8", said("SchemaMatch copy", "0.6", ">= 0.8")),
                        ofDataset(
                                "AggregateMatch \"sum(amount)\" \"sum(copy.amount)\" = 1.0",
                                said("AggregateMatch sum(amount) sum(copy.amount)", "1.5", "= 1.0")),
                        ofDataset(
                                "AggregateMatch \"avg(amount)\" \"avg(renamed.sum)\" between 0.9 and 1.1",
                                said("AggregateMatch avg(amount) avg(renamed.sum)", "1.125", "between 0.9 and 1.1")),
                        ofDataset(
                                "AggregateMatch \"sum(amount)\" \"sum(total)\" = 1.0",
                                said("AggregateMatch sum(amount) sum(total)", "1.5", "= 1.0"))));
    }

    private static String said(String measured, String value, String condition) {
        return "Dataset.*." + measured + " is " + value + ", and should be " + condition + ".";
    }

    private static Dataset<Row> customers() {
        return rows("id int, name string", row(7, "Ada"), row(8, "Bo"), row(8, "Bo again"), row(10, null));
    }

    private static Dataset<Row> copy() {
        return rows(
                "id int, customer int, region string, amount double",
                row(1, 7, "eu", 1.5),
                row(2, 8, "us", 2.5),
                row(3, 7, "eu", 4.0));
    }
}
