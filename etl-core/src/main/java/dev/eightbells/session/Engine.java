package dev.eightbells.session;

import dev.eightbells.write.CoreMemory;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import scala.reflect.ClassTag$;

/** Spark, in a session of its own, so that an expression does not depend on what a cluster has set. */
record Engine(SparkSession session, JavaSparkContext context) {
    /** What could let an expression mean something else. */
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.session.timeZone", "UTC",
            "spark.sql.ansi.enabled", "false",
            "spark.sql.caseSensitive", "false",
            "spark.sql.legacy.timeParserPolicy", "CORRECTED",
            "spark.sql.parser.escapedStringLiterals", "false",
            "spark.sql.adaptive.enabled", "false");

    static Engine of(SparkSession spark) {
        SparkSession session = spark.newSession();
        SETTINGS.forEach(session.conf()::set);
        return new Engine(session, JavaSparkContext.fromSparkContext(spark.sparkContext()));
    }

    /** Understands something under the same settings, without a session. */
    static <T> T understanding(Supplier<T> work) {
        SQLConf conf = new SQLConf();
        SETTINGS.forEach(conf::setConfString);
        return SQLConf$.MODULE$.withExistingConf(conf, work::get);
    }

    /** Does something of which a part is understood where it is written down, under the present session's settings. */
    <T> T within(Supplier<T> work) {
        return session.withActive(work::get);
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

    /** A copy of a row's bytes; Spark's own method can give those of a row that is reused. */
    static byte[] bytes(UnsafeRow row) {
        byte[] bytes = new byte[row.getSizeInBytes()];
        row.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET);
        return bytes;
    }

    /** The row that stands in these bytes. */
    static UnsafeRow row(byte[] bytes, int width) {
        UnsafeRow row = new UnsafeRow(width);
        row.pointTo(bytes, bytes.length);
        return row;
    }
}
