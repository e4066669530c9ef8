package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.RunningRedshift.Session;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningRedshift.Resolver.class)
class CopyTest {
    private static final String EVERY_TYPE =
            """
            optional int32 small (INTEGER(16,true)); optional int32 i; required int64 big; optional float r;
            optional double d; optional boolean b; optional int32 day (DATE);
            optional int64 ts (TIMESTAMP(MICROS,false)); optional int64 tz (TIMESTAMP(MICROS,true)); optional int96 old;
            optional int32 d9 (DECIMAL(9,2)); optional int64 d18 (DECIMAL(18,3));
            optional fixed_len_byte_array(16) d38 (DECIMAL(38,10)); optional binary db (DECIMAL(20,0));
            optional binary text (STRING);
            optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
            optional group scores (MAP) { repeated group key_value { required binary key (STRING); optional int64 value; } }
            optional group place { optional double lat; optional binary name (STRING);
              optional int64 at (TIMESTAMP(MICROS,true)); optional int32 price (DECIMAL(9,2)); }
            """;

    private static final String COLUMNS =
            "small SMALLINT, i INTEGER, big BIGINT NOT NULL, r REAL, d DOUBLE PRECISION, b BOOLEAN, day DATE,"
                    + " ts TIMESTAMP, tz TIMESTAMPTZ, old TIMESTAMP, d9 DECIMAL(9,2), d18 DECIMAL(18,3), d38 DECIMAL(38,10),"
                    + " db DECIMAL(20,0), text VARCHAR(8), tags SUPER, scores SUPER, place SUPER";

    private static void fill(Group row) {
        row.append("small", 1)
                .append("i", -2)
                .append("big", 3L)
                .append("r", 1.5f)
                .append("d", -2.25);
        row.append("b", true).append("day", 19000).append("ts", 1_700_000_000_123_456L);
        row.append("tz", -1L).append("old", Binary.fromConstantByteArray(new byte[] {
            0x40, 0x42, 0x0f, 0, 0, 0, 0, 0, (byte) 0x8c, 0x3d, 0x25, 0
        }));
        row.append("d9", -12345).append("d18", 100_000_000_000_000_001L);
        row.append("d38", Binary.fromConstantByteArray(fixed(new BigInteger("-12345678901234567890123456789"), 16)));
        row.append("db", Binary.fromConstantByteArray(new BigInteger("10000000000000000000").toByteArray()));
        row.append("text", "hällo\\'");
        Group tags = row.addGroup("tags");
        tags.addGroup("list").append("element", "a\"b");
        tags.addGroup("list");
        row.addGroup("scores").addGroup("key_value").append("key", "x").append("value", 7L);
        row.addGroup("place").append("lat", 1.5).append("at", 1_000_000L).append("price", 150);
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length];
        Arrays.fill(fixed, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(bytes, 0, fixed, length - bytes.length, bytes.length);
        return fixed;
    }

    @Test
    void loadsEveryTypeExactly(RunningRedshift running) throws Exception {
        String key = RunningRedshift.name("types");
        String manifest = running.manifest(
                key, ParquetBytes.of(EVERY_TYPE, CopyTest::fill, row -> row.append("big", Long.MIN_VALUE)));
        try (Session session = running.open()) {
            session.execute("CREATE TABLE " + key + " (" + COLUMNS + ")");
            session.execute("COPY \"" + key + "\" FROM '" + manifest
                    + "' IAM_ROLE default FORMAT AS PARQUET SERIALIZETOJSON MANIFEST STATUPDATE OFF");
            assertThat(session.statement().getWarnings().getMessage())
                    .isEqualTo("Load into table '" + key + "' completed, 2 record(s) loaded successfully.");

            assertThat(session.rows("SELECT * FROM " + key + " ORDER BY i"))
                    .containsExactly(
                            "1|-2|3|1.5|-2.25|t|2022-01-08|2023-11-14 22:13:20.123456|1969-12-31 23:59:59.999999+00|"
                                    + "1970-01-01 00:00:00.001|-123.45|100000000000000.001|-1234567890123456789.0123456789|"
                                    + "10000000000000000000|hällo\\'|[\"a\\\"b\", null]|{\"x\": 7}|"
                                    + "{\"at\": \"1970-01-01 00:00:01\", \"lat\": 1.5, \"name\": null, \"price\": 1.50}",
                            "null|null|" + Long.MIN_VALUE + "|null".repeat(15));
            assertThat(session.rows("SELECT pg_last_copy_count(), pg_last_copy_id() > 0, pg_last_query_id() > 0"))
                    .containsExactly("2|t|t");
        }
    }

    @Test
    @Tag("soak")
    void loadsAMillionRowsOfTwentyColumnsInSeconds(RunningRedshift running) throws Exception {
        String key = RunningRedshift.name("many");
        StringBuilder fields = new StringBuilder();
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            fields.append("optional binary s" + i + " (STRING); optional int64 n" + i + ";");
            columns.append(i == 0 ? "" : ", ").append("s" + i + " VARCHAR(40), n" + i + " BIGINT");
        }
        ParquetBytes file = new ParquetBytes(fields.toString());
        for (int row = 0; row < 1_000_000; row++) {
            int number = row;
            file.add(group -> {
                for (int i = 0; i < 10; i++) {
                    group.append("s" + i, "value " + (number % 1000)).append("n" + i, (long) number);
                }
            });
        }
        String manifest = running.manifest(key, file.finish());
        try (Session session = running.open()) {
            session.execute("CREATE TEMP TABLE " + key + " (" + columns + ")");
            long start = System.nanoTime();
            session.execute("COPY " + key + " FROM '" + manifest + "' IAM_ROLE default FORMAT PARQUET MANIFEST");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(session.value("SELECT count(*), sum(n0), max(s9) FROM " + key))
                    .isEqualTo("1000000|499999500000|value 999");
        }
    }
}
