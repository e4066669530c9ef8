package dev.eightbells.session;

import dev.eightbells.write.CoreMemory;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import scala.reflect.ClassTag$;

/** Spark, in a session of its own in which an expression means the same on every cluster. */
record Engine(SparkSession session, JavaSparkContext context) {

    static Engine of(SparkSession spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        session.conf().set("spark.sql.ansi.enabled", "false");
        session.conf().set("spark.sql.caseSensitive", "false");
        session.conf().set("spark.sql.adaptive.enabled", "false");
        return new Engine(session, JavaSparkContext.fromSparkContext(spark.sparkContext()));
    }

    CoreMemory memory() {
        return CoreMemory.of(context);
    }

    /** The rows of a dataset in Spark's binary form; each may be reused for the next. */
    static JavaRDD<InternalRow> rows(Dataset<Row> dataset) {
        return JavaRDD.fromRDD(dataset.queryExecution().toRdd(), ClassTag$.MODULE$.apply(InternalRow.class));
    }

    /** A dataset of rows in Spark's binary form. */
    Dataset<Row> dataset(JavaRDD<byte[]> rows, StructType columns) {
        int width = columns.length();
        JavaRDD<InternalRow> decoded = rows.map(bytes -> row(bytes, width));
        return session.internalCreateDataFrame(decoded.rdd(), columns, false);
    }

    /** The row that stands in these bytes. */
    static UnsafeRow row(byte[] bytes, int width) {
        UnsafeRow row = new UnsafeRow(width);
        row.pointTo(bytes, bytes.length);
        return row;
    }
}
