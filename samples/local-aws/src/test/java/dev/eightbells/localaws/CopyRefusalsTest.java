package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eightbells.localaws.RunningRedshift.Session;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(RunningRedshift.Resolver.class)
class CopyRefusalsTest {
    private static final String ONE_COLUMN = "optional int32 a;";

    private RunningRedshift running;
    private Session session;
    private String table;
    private String key;

    @BeforeEach
    void open(RunningRedshift running) throws SQLException {
        this.running = running;
        session = running.open();
        table = RunningRedshift.name("t");
        key = table + "/file.parquet";
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
    }

    private String https() {
        return "https://s3.us-east-1.amazonaws.com/lake/" + key;
    }

    private static void one(Group row) {
        row.append("a", 1);
    }

    private void create(String columns) throws SQLException {
        session.execute("CREATE TABLE " + table + " (" + columns + ")");
    }

    private String copy(String source, String options) {
        return "COPY " + table + " FROM '" + source + "' IAM_ROLE default " + options;
    }

    /** Asserts the answer, and that both views of load errors tell the same. */
    private void assertFails(String sql, String message, int code, String reason) throws SQLException {
        assertThatThrownBy(() -> session.execute(sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(code == 0 ? "0A000" : "XX000"))
                .hasMessageContaining(message)
                .hasMessageContaining(code == 0 ? "" : "code:      " + code)
                .hasMessageContaining(reason);
        assertThat(session.rows("SELECT error_code, trim(error_message) FROM sys_load_error_detail"
                        + " WHERE session_id = pg_backend_pid() ORDER BY start_time DESC LIMIT 1"))
                .containsExactly(code + "|" + reason);
        assertThat(session.value("SELECT err_code || '|' || trim(err_reason) FROM stl_load_errors"
                        + " WHERE session = pg_backend_pid() AND query = (SELECT max(query_id) FROM sys_load_history)"))
                .isEqualTo(code + "|" + cut(reason, 100).strip());
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private void assertScanFails(String sql, String reason) throws SQLException {
        assertFails(sql, "Spectrum Scan Error", 15007, reason);
    }

    @Test
    void refusesAFileOfFewerColumnsUnlessTheyAreFilled() throws Exception {
        create("a INT, b INT DEFAULT 5");
        String manifest = running.manifest(key, ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one));
        assertScanFails(
                copy(manifest, "FORMAT AS PARQUET MANIFEST"),
                "Unmatched number of columns between table and file. Table columns: 2, Data columns: 1, File name: "
                        + https());

        session.execute(copy(manifest, "MANIFEST FILLRECORD FORMAT PARQUET"));
        session.execute("COPY " + table + " (a) FROM '" + manifest + "' MANIFEST FORMAT PARQUET IAM_ROLE '"
                + RunningRedshift.ROLE + "'");
        assertThat(session.rows("SELECT * FROM " + table + " ORDER BY b")).containsExactly("1|5", "1|null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    optional int32 a                           ; SMALLINT      ; SMALLINT         ; optional int32
                    optional int32 a                           ; BIGINT        ; BIGINT           ; optional int32
                    required int64 a                           ; INTEGER       ; INTEGER          ; required int64
                    optional double a                          ; REAL          ; REAL             ; optional double
                    optional float a                           ; FLOAT8        ; DOUBLE PRECISION ; optional float
                    optional double a                          ; DECIMAL(9,2)  ; DECIMAL(9,2)     ; optional double
                    optional binary a                          ; VARCHAR(9)    ; VARCHAR          ; optional byte_array
                    optional binary a (STRING)                 ; DATE          ; DATE             ; optional byte_array
                    optional int64 a (TIMESTAMP(NANOS,true))   ; TIMESTAMP     ; TIMESTAMP        ; optional int64
                    optional int64 a (TIMESTAMP(MILLIS,true))  ; TIMESTAMPTZ   ; TIMESTAMPTZ      ; optional int64
                    optional int64 a (TIMESTAMP(MICROS,true))  ; BIGINT        ; BIGINT           ; optional int64
                    optional boolean a                         ; INTEGER       ; INTEGER          ; optional boolean
                    repeated int32 a                           ; INTEGER       ; INTEGER          ; repeated int32
                    """)
    void refusesTypesOfAnotherWidthOrKind(String field, String type, String shown, String physical) throws Exception {
        create("a " + type);
        String manifest = running.manifest(key, ParquetBytes.of(field + ";"));
        int repetition = physical.startsWith("repeated") ? 1 : 0;
        int definition = physical.startsWith("required") ? 0 : 1;
        assertScanFails(
                copy(manifest, "FORMAT PARQUET MANIFEST"),
                "File '" + https() + "' has an incompatible Parquet schema for column 's3://lake/" + key
                        + ".a'. Column type: " + shown + ", Parquet schema: " + physical + " a [i:0 d:" + definition
                        + " r:" + repetition + "]");
    }

    @Test
    void refusesDecimalsOfOtherDigits() throws Exception {
        create("a DECIMAL(10,2)");
        String options = "FORMAT PARQUET MANIFEST";
        assertScanFails(
                copy(running.manifest(key, ParquetBytes.of("optional int64 a (DECIMAL(12,2));")), options),
                "File '" + https() + "' column 'a' has a precision that does not match the table metadata precision."
                        + " File metadata precision: 12, Table metadata precision: 10");
        assertScanFails(
                copy(running.manifest(key, ParquetBytes.of("optional int64 a (DECIMAL(10,3));")), options),
                "File '" + https() + "' column 'a' has a scale that does not match the table metadata scale."
                        + " File metadata scale: 3, Table metadata scale: 2");
        assertScanFails(
                copy(
                        running.manifest(key, ParquetBytes.of("optional fixed_len_byte_array(13) a (DECIMAL(10,2));")),
                        options),
                "File '" + https() + "' column 'a' has an invalid type length. Expecting: 5 len in file: 13");
    }

    @Test
    void refusesTextsOfMoreBytesThanTheColumnHas() throws Exception {
        create("\"a\" VARCHAR(4)");
        String manifest = running.manifest(
                key,
                ParquetBytes.of(
                        "optional binary text (STRING);",
                        row -> row.append("text", "äö"),
                        row -> row.append("text", "äöü")));
        assertScanFails(
                copy(manifest, "FORMAT PARQUET MANIFEST"),
                "The length of the data column a is longer than the length defined in the table. Table: 4, Data: 6, File"
                        + " name: " + https());
        assertThat(session.rows("SELECT trim(file_name), trim(column_name), trim(column_type), trim(column_length)"
                        + " FROM sys_load_error_detail WHERE session_id = pg_backend_pid()"))
                .containsExactly("s3://lake/" + key + "|a|VARCHAR|4");
    }

    @Test
    void refusesTextsThatAreNoUtf8UnlessTheyAreAccepted() throws Exception {
        create("a VARCHAR(4)");
        String manifest = running.manifest(
                key,
                ParquetBytes.of(
                        "optional binary a (STRING);",
                        row -> row.append("a", Binary.fromConstantByteArray(new byte[] {'x', (byte) 0x80}))));
        String message = "String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: 7880";
        assertFails(copy(manifest, "FORMAT PARQUET MANIFEST"), message, 1220, message);
        session.execute(copy(manifest, "FORMAT PARQUET MANIFEST ACCEPTINVCHARS"));
        assertThat(session.value("SELECT a FROM " + table)).isEqualTo("x?");
    }

    @Test
    void loadsNestedColumnsOnlyIntoDocumentsAndOnlyWhenTold() throws Exception {
        create("a SUPER");
        String nested = running.manifest(key, ParquetBytes.of("optional group a { optional int32 b; }"));
        assertFails(copy(nested, "FORMAT PARQUET MANIFEST"), "Assert", 1000, "Unreachable - Invalid type: 4000");
        String text = running.manifest(
                key, ParquetBytes.of("optional binary a (STRING);", row -> row.append("a", "x".repeat(65536))));
        String needed = "SUPER column in COPY query requires SERIALIZETOJSON option";
        assertFails(copy(text, "FORMAT PARQUET MANIFEST"), needed, 0, needed);
        String tooLong = "String value exceeds the max size of 65535 bytes";
        assertFails(copy(text, "FORMAT PARQUET MANIFEST SERIALIZETOJSON"), tooLong, 1224, tooLong);
    }

    @Test
    void requiresTheLengthOfEachFileInTheManifest() throws Exception {
        create("a INT");
        byte[] file = ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one);
        String url = running.put(key, file);
        String none = manifest("{\"url\": \"" + url + "\", \"mandatory\": true}");
        assertFails(
                copy(none, "FORMAT PARQUET MANIFEST"),
                "File entry does not have 'meta' key.",
                15003,
                "File entry does not have 'meta' key.");
        String wrong = manifest(RunningRedshift.entry(url, file.length + 1));
        assertFails(
                copy(wrong, "FORMAT PARQUET MANIFEST"),
                "Spectrum Scan Error",
                15001,
                "HTTP response error code: 416 Message: InvalidRange The requested range is not satisfiable, File name: "
                        + https());
    }

    private String manifest(String... entries) {
        return running.put(
                table + "/manifest",
                ("{\"entries\": [" + String.join(",", entries) + "]}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void loadsAFileAsOftenAsItIsListedAndAllOrNothing() throws Exception {
        create("a INT");
        byte[] file = ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one, CopyRefusalsTest::one);
        String entry = RunningRedshift.entry(running.put(key, file), file.length);
        byte[] other = ParquetBytes.of("optional int64 a;");
        String bad = RunningRedshift.entry(running.put(key + "2", other), other.length);
        assertThatThrownBy(() -> session.execute(copy(manifest(entry, bad), "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining("has an incompatible Parquet schema for column");
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");

        session.execute(copy(manifest(entry, entry), "FORMAT PARQUET MANIFEST"));
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("4");
        assertThat(session.rows("SELECT status, loaded_rows, source_file_count FROM sys_load_history"
                        + " WHERE session_id = pg_backend_pid() ORDER BY query_id"))
                .containsExactly("aborted|0|0", "completed|4|2");
    }

    @Test
    void missesFilesOnlyWhenTheyAreMandatory() throws Exception {
        create("a INT");
        String missing = "{\"url\": \"s3://lake/" + key + "\", \"mandatory\": %s, \"meta\": {\"content_length\": 9}}";
        String message = "S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,"
                + "Rid LOCAL0000000000,ExtRid local,CanRetry 1";
        assertFails(copy(manifest(missing.formatted(true)), "FORMAT PARQUET MANIFEST"), message, 8001, message);
        byte[] file = ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one);
        String there = RunningRedshift.entry(running.put(key + "2", file), file.length);
        session.execute(copy(manifest(missing.formatted(false), there), "FORMAT PARQUET MANIFEST"));
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("1");
    }

    @Test
    void refusesPlacesThatAreNotThere() throws Exception {
        create("a INT");
        String noBucket = "S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket,"
                + "Rid LOCAL0000000000,ExtRid local,CanRetry 1";
        assertFails(copy("s3://no-such-bucket/k", "FORMAT PARQUET MANIFEST"), noBucket, 8001, noBucket);
        assertFails(copy("s3://no-such-bucket/k", "FORMAT PARQUET"), noBucket, 8001, noBucket);
        String noPrefix = "The specified S3 prefix '" + key + "' does not exist";
        assertFails(copy("s3://lake/" + key, "FORMAT PARQUET"), noPrefix, 8001, noPrefix);
        String malformed = "Manifest file is not in correct json format";
        String text = running.put(key, "entries".getBytes(StandardCharsets.UTF_8));
        assertFails(copy(text, "FORMAT PARQUET MANIFEST"), malformed, 8001, malformed);
        assertThatThrownBy(() -> session.execute("COPY nowhere FROM 's3://lake/k' IAM_ROLE default PARQUET"))
                .hasMessageContaining("Cannot COPY into nonexistent table nowhere");
        assertThatThrownBy(() -> session.execute("COPY " + table + " (z) FROM 's3://lake/k' IAM_ROLE default PARQUET"))
                .hasMessageContaining("column \"z\" of relation \"" + table + "\" does not exist");
    }

    @Test
    void refusesFilesThatAreNoParquet() throws Exception {
        create("a INT");
        String empty = running.manifest(key, new byte[0]);
        assertFails(
                copy(empty, "FORMAT PARQUET MANIFEST"),
                "Spectrum Scan Error",
                15001,
                "Parquet file " + https() + " has an invalid file length: 0");
        String text = running.manifest(key, "no Parquet at all".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> session.execute(copy(text, "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining("File '" + https() + "' is not a valid Parquet file");
        byte[] file = ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one);
        for (int i = 4; i < 20; i++) {
            file[i] = (byte) 0xff;
        }
        String damaged = running.manifest(key, file);
        assertThatThrownBy(() -> session.execute(copy(damaged, "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining("File '" + https() + "' is damaged");
    }

    @Test
    void loadsAllObjectsOfAPrefixWhateverTheyAre() throws Exception {
        create("a INT");
        running.put(key + "-1", ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one));
        running.put(key + "-2", ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one));
        // As from Redshift: how many rows were loaded is another question.
        assertThat(session.statement().executeUpdate(copy("s3://lake/" + key, "FORMAT PARQUET")))
                .isZero();
        assertThat(session.value("SELECT pg_last_copy_count()")).isEqualTo("2");
        running.put(key + "_SUCCESS", new byte[0]);
        assertThatThrownBy(() -> session.execute(copy("s3://lake/" + key, "FORMAT PARQUET")))
                .hasMessageContaining("has an invalid file length: 0");
    }

    @Test
    void refusesRolesThatItWasNotToldOf() throws Exception {
        create("a INT");
        String message = "User arn:aws:redshift:us-east-1:000000000000:dbuser:local/awsuser is not authorized to assume"
                + " IAM Role arn:aws:iam::1:role/other";
        String sql = "COPY " + table + " FROM 's3://lake/k' IAM_ROLE 'arn:aws:iam::1:role/other' FORMAT PARQUET";
        assertFails(sql, message, 8001, message);
    }

    @Test
    void requiresValuesOfColumnsThatAreNotNull() throws Exception {
        create("a INT NOT NULL");
        String manifest = running.manifest(key, ParquetBytes.of(ONE_COLUMN, CopyRefusalsTest::one, row -> {}));
        String message = "Cannot insert a NULL value into column a";
        assertThatThrownBy(() -> session.execute(copy(manifest, "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining(message);
        assertThat(session.rows("SELECT error_code, trim(error_message) FROM sys_load_error_detail"
                        + " WHERE session_id = pg_backend_pid()"))
                .containsExactly("8007|" + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    FORMAT PARQUET REGION 'us-east-1'       ; REGION argument is not supported for PARQUET based COPY
                    FORMAT PARQUET MAXERROR 5               ; MAXERROR argument is not supported for PARQUET based COPY
                    GZIP FORMAT PARQUET                     ; GZIP argument is not supported for PARQUET based COPY
                    FORMAT PARQUET TIMEFORMAT AS 'auto'     ; TIMEFORMAT argument is not supported for PARQUET based COPY
                    FORMAT PARQUET COMPUPDATE OFF           ; COMPUPDATE argument is not supported for PARQUET based COPY
                    FORMAT PARQUET NOLOAD                   ; NOLOAD argument is not supported for PARQUET based COPY
                    FORMAT ORC                              ; local Redshift does not know COPY in the format ORC; say FORMAT AS PARQUET
                    FORMAT JSON 'auto'                      ; local Redshift does not know COPY of lines; say FORMAT AS PARQUET, or JSON 'auto' NOLOAD to try the access
                    DELIMITER ','                           ; local Redshift does not know COPY of lines; say FORMAT AS PARQUET, or JSON 'auto' NOLOAD to try the access
                    FORMAT PARQUET CREDENTIALS 'x'          ; local Redshift does not know COPY by keys (CREDENTIALS); say IAM_ROLE
                    FORMAT PARQUET SOMETHING                ; syntax error at or near "SOMETHING"
                    """)
    void refusesParametersByTheirNames(String options, String message) {
        assertThatThrownBy(() -> session.execute(copy("s3://lake/k", options)))
                .hasMessageContaining("ERROR: " + message);
    }

    @Test
    void triesTheAccessWithoutLoading() throws Exception {
        create("a INT");
        String url = running.put(key, "{}".getBytes(StandardCharsets.UTF_8));
        session.execute(copy(url, "FORMAT AS JSON 'auto' NOLOAD"));
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");
        String message = "The specified S3 prefix '" + key + "/none' does not exist";
        assertFails(copy(url + "/none", "NOLOAD FORMAT JSON 'auto'"), message, 8001, message);
    }

    @Test
    void leavesTheTransactionAbortedAndTheReasonReadable() throws Exception {
        create("a INT");
        String manifest = running.manifest(key, ParquetBytes.of("optional int64 a;"));
        session.execute("BEGIN").execute("INSERT INTO " + table + " VALUES (1)");
        assertThatThrownBy(() -> session.execute(copy(manifest, "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining("Spectrum Scan Error");
        assertThatThrownBy(() -> session.execute(copy(manifest, "FORMAT PARQUET MANIFEST")))
                .hasMessageContaining("current transaction is aborted");
        session.execute("ROLLBACK");
        assertThat(session.value("SELECT count(*) FROM " + table)).isEqualTo("0");
        List<String> reasons = session.rows("SELECT error_message FROM sys_load_error_detail WHERE session_id ="
                + " pg_backend_pid() ORDER BY start_time DESC LIMIT 1");
        assertThat(reasons.get(0)).contains("has an incompatible Parquet schema for column");
    }
}
