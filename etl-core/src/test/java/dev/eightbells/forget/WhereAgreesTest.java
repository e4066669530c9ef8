package dev.eightbells.forget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The law of conditions: the predicate is true of exactly the rows of which Spark says that the SQL is. */
@ExtendWith(dev.eightbells.LocalSpark.class)
class WhereAgreesTest {
    private static final int CONDITIONS = 200;
    private static final int ROWS = 60;
    private static final List<String> LEAVES = List.of(
            "visitor = 'b'",
            "visitor <> 'b'",
            "'b' <= visitor",
            "visitor in ('a', 'bc')",
            "visitor not in ('a', 'bc')",
            "visitor like 'b%'",
            "visitor not like 'b%'",
            "visitor is null",
            "visitor is not null",
            "count = 1",
            "count <> 1",
            "count between 0 and 1",
            "count not between 0 and 1",
            "count > -1.0",
            "amount >= 1.5",
            "amount in (0, 1.50)",
            "amount is null",
            "day = '2026-03-02'",
            "day < date '2026-03-02'",
            "at >= '2026-03-02 00:00:00'",
            "at <> timestamp '2026-03-02 00:00:00'",
            "paid",
            "not paid",
            "paid = false",
            "items is null");

    private static String condition(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return LEAVES.get(random.nextInt(LEAVES.size()));
        }
        return switch (random.nextInt(3)) {
            case 0 -> "not (" + condition(random, depth - 1) + ")";
            case 1 -> "(" + condition(random, depth - 1) + " and " + condition(random, depth - 1) + ")";
            default -> "(" + condition(random, depth - 1) + " or " + condition(random, depth - 1) + ")";
        };
    }

    private static <T> T orNull(Random random, List<T> values) {
        int which = random.nextInt(values.size() + 1);
        return which == values.size() ? null : values.get(which);
    }

    private static GenericRecord row(Random random) {
        GenericRecord row = GenericRecord.create(WhereTest.SCHEMA);
        row.setField("visitor", orNull(random, List.of("a", "b", "bc", "")));
        row.setField(
                "at",
                orNull(
                        random,
                        List.of(
                                OffsetDateTime.of(2026, 3, 2, 0, 0, 0, 0, ZoneOffset.UTC),
                                OffsetDateTime.of(2026, 3, 1, 23, 59, 59, 999_999_000, ZoneOffset.UTC))));
        row.setField("day", orNull(random, List.of(LocalDate.of(2026, 3, 2), LocalDate.of(2026, 3, 1))));
        row.setField("count", orNull(random, List.of(-1, 0, 1)));
        row.setField("amount", orNull(random, List.of(new BigDecimal("1.50"), new BigDecimal("0.00"))));
        row.setField("paid", orNull(random, List.of(true, false)));
        row.setField("items", orNull(random, List.of(List.of("x"))));
        row.setField("source_object", "o");
        return row;
    }

    private static Row ofSpark(GenericRecord row) {
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = row.get(i);
            if (value instanceof OffsetDateTime time) {
                values[i] = java.sql.Timestamp.from(time.toInstant());
            } else if (value instanceof LocalDate date) {
                values[i] = java.sql.Date.valueOf(date);
            } else {
                values[i] = value instanceof List<?> list ? list.toArray() : value;
            }
        }
        return RowFactory.create(values);
    }

    @Test
    void thePredicateIsTrueOfExactlyTheRowsOfWhichTheSqlIs(SparkSession spark) {
        Random random = new Random(5);
        List<GenericRecord> rows =
                IntStream.range(0, ROWS).mapToObj(i -> row(random)).toList();
        List<String> conditions = new ArrayList<>();
        while (conditions.size() < CONDITIONS) {
            conditions.add(condition(random, 3));
        }
        Dataset<Row> inSpark = spark.createDataFrame(
                rows.stream().map(WhereAgreesTest::ofSpark).toList(), SparkSchemaUtil.convert(WhereTest.SCHEMA));
        List<Row> answers = inSpark.selectExpr(conditions.stream()
                        .map(condition -> "coalesce(" + condition + ", false)")
                        .toArray(String[]::new))
                .collectAsList();
        InternalRecordWrapper wrapper = new InternalRecordWrapper(WhereTest.SCHEMA.asStruct());
        for (int i = 0; i < CONDITIONS; i++) {
            Where where = Where.parse(conditions.get(i), WhereTest.SCHEMA, "analytics.events");
            Evaluator evaluator = new Evaluator(WhereTest.SCHEMA.asStruct(), where.predicate(), true);
            for (int row = 0; row < ROWS; row++) {
                assertThat(evaluator.eval(wrapper.wrap(rows.get(row))))
                        .as("%s of %s", conditions.get(i), rows.get(row))
                        .isEqualTo(answers.get(row).getBoolean(i));
            }
        }
    }
}
