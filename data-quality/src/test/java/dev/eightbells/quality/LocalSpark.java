package dev.eightbells.quality;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The one Spark session of this module's tests, which ends with the process, and small data sets in it. */
final class LocalSpark {
    private static final SparkSession SESSION = SparkSession.builder()
            .appName("tests")
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            // Hundreds of small plans, each run once: compiling them takes longer than running them.
            .config("spark.sql.codegen.wholeStage", "false")
            .getOrCreate();

    private LocalSpark() {}

    static SparkSession session() {
        return SESSION;
    }

    /**
     * A data set.
     *
     * @param columns names and types, as in SQL: {@code id int, name string}
     */
    static Dataset<Row> rows(String columns, Object[]... rows) {
        List<Row> values = java.util.Arrays.stream(rows).map(RowFactory::create).toList();
        return SESSION.createDataFrame(values, StructType.fromDDL(columns));
    }

    /** One row. */
    static Object[] row(Object... values) {
        return values;
    }
}
