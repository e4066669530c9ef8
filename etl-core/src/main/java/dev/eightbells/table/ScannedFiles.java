package dev.eightbells.table;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.ScanTaskSetManager;
import org.apache.iceberg.spark.SparkReadOptions;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/** Some files of a table, as Spark reads them. To be closed when nobody reads them any more. */
public final class ScannedFiles implements AutoCloseable {
    /** The column that names the file that a row lies in. */
    public static final String FILE = MetadataColumns.FILE_PATH.name();

    /** The column that tells a row's place in its file, from 0. */
    public static final String PLACE = MetadataColumns.ROW_POSITION.name();

    private static final long SMALLEST_SPLIT = 4L << 20;
    private static final long LARGEST_SPLIT = 128L << 20;

    /** So that no core waits long for the last one. */
    private static final int SPLITS_FOR_CORE = 2;

    private final Table table;
    private final String name = UUID.randomUUID().toString();
    private final boolean isEmpty;
    private final Dataset<Row> rows;

    private ScannedFiles(SparkSession session, Table table, List<? extends FileScanTask> files) {
        this.table = table;
        this.isEmpty = files.isEmpty();
        if (isEmpty) {
            this.rows = session.createDataFrame(List.of(), SparkSchemaUtil.convert(table.schema()));
            return;
        }
        ScanTaskSetManager.get().stageTasks(table, name, files);
        long bytes = files.stream().mapToLong(FileScanTask::length).sum();
        long share = bytes / ((long) SPLITS_FOR_CORE * session.sparkContext().defaultParallelism());
        CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(Map.of(
                SparkReadOptions.SCAN_TASK_SET_ID,
                name,
                SparkReadOptions.SPLIT_SIZE,
                Long.toString(Math.max(SMALLEST_SPLIT, Math.min(LARGEST_SPLIT, share)))));
        this.rows = rows(session, table, options);
    }

    private static Dataset<Row> rows(SparkSession session, Table table, CaseInsensitiveStringMap options) {
        return rows(session, new SparkTable(table, false), options);
    }

    private static Dataset<Row> rows(SparkSession session, SparkTable table, CaseInsensitiveStringMap options) {
        return Dataset.ofRows(session, DataSourceV2Relation.create(table, Option.empty(), Option.empty(), options));
    }

    /** All rows that are visible in a table as it was last looked at. */
    public static Dataset<Row> all(SparkSession session, Table table) {
        return rows(session, table, CaseInsensitiveStringMap.empty());
    }

    /**
     * All rows that were visible in a table from one of its commits on, with the columns it had then.
     *
     * @param snapshot a commit that has not expired
     */
    public static Dataset<Row> asOf(SparkSession session, Table table, long snapshot) {
        return rows(session, new SparkTable(table, Long.valueOf(snapshot), false), CaseInsensitiveStringMap.empty());
    }

    public static ScannedFiles of(SparkSession session, Table table, List<FileScanTask> files) {
        return new ScannedFiles(session, table, files);
    }

    /** Each file is read by one task from its beginning to its end. */
    public static ScannedFiles whole(SparkSession session, Table table, List<FileScanTask> files) {
        return new ScannedFiles(
                session, table, files.stream().map(WholeFile::new).toList());
    }

    /** Their rows, with the table's columns. */
    public Dataset<Row> rows() {
        return rows;
    }

    /** Their rows, with the table's columns and behind them {@link #FILE} and {@link #PLACE}. */
    public Dataset<Row> placedRows() {
        return isEmpty
                ? rows.selectExpr("*", "cast(null as string) as " + FILE, "cast(null as bigint) as " + PLACE)
                : rows.selectExpr("*", FILE, PLACE);
    }

    @Override
    public void close() {
        ScanTaskSetManager.get().removeTasks(table, name);
    }
}
