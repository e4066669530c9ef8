package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {
    private static final Dialect.Session SESSION = new Dialect.Session(7, 11, 13);

    private static String translated(String sql) {
        Translation translation = Dialect.translate(SqlText.of(sql), SESSION);
        if (translation instanceof Translation.Refused refused) {
            return refused.refusal().getMessage();
        }
        return translation instanceof Translation.ForwardAndCommit both
                ? both.sql()
                : ((Translation.Forward) translation).sql();
    }

    @Test
    void leavesOutHowATableIsDistributedSortedAndEncoded() {
        assertThat(translated("CREATE TABLE IF NOT EXISTS \"s\".\"t\" (\"a\" BIGINT NOT NULL ENCODE az64, b TEXT,"
                        + " c TIMESTAMP DEFAULT GETDATE() NOT NULL) BACKUP NO DISTSTYLE KEY DISTKEY(\"a\")"
                        + " COMPOUND SORTKEY(a, \"b\")"))
                .isEqualTo(
                        "CREATE TABLE IF NOT EXISTS \"s\".\"t\" (\"a\" bigint NOT NULL, \"b\" varchar(256) CONSTRAINT"
                                + " \"varchar_bytes_256_62\" CHECK (octet_length(\"b\") <= 256), \"c\" timestamp DEFAULT GETDATE()"
                                + " NOT NULL)");
        assertThat(translated("create temp table t (a int) diststyle auto sortkey auto encode auto"))
                .isEqualTo("CREATE TEMPORARY TABLE \"t\" (\"a\" integer)");
    }

    @Test
    void leavesOutKeysButNotThatTheirColumnsAreRequired() {
        assertThat(translated("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE REFERENCES u(b), c INT, UNIQUE (a, b),"
                        + " PRIMARY KEY (c), FOREIGN KEY (a) REFERENCES u (a))"))
                .isEqualTo("CREATE TABLE \"t\" (\"a\" integer NOT NULL, \"b\" integer, \"c\" integer NOT NULL)");
    }

    @Test
    void holdsCopiesOfATableToTheirBytesToo() {
        assertThat(translated("CREATE TEMP TABLE c (LIKE s.t INCLUDING DEFAULTS)"))
                .isEqualTo("CREATE TEMPORARY TABLE \"c\" (LIKE \"s\".\"t\" INCLUDING CONSTRAINTS INCLUDING DEFAULTS)");
    }

    @Test
    void createsTablesOfQueries() {
        assertThat(translated("CREATE TABLE t (x, y) DISTSTYLE EVEN SORTKEY(x) AS SELECT 1, 'a' AS \"B\""))
                .isEqualTo("CREATE TABLE \"t\" (\"x\", \"y\") AS SELECT 1, 'a' AS \"b\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    VARCHAR(65536) | Length for type character varying can not exceed 65535
                    VARCHAR(0) | length for type character varying must be at least 1
                    CHAR(5000) | Length for type character can not exceed 4096
                    DECIMAL(39,2) | NUMERIC precision 39 must be between 1 and 38
                    DECIMAL(10,11) | NUMERIC scale 11 must be between 0 and precision 10
                    JSONB | local Redshift does not know the type JSONB; use one of the types that COPY from Parquet can fill
                    VARBYTE(3) | local Redshift does not know the type VARBYTE; use one of the types that COPY from Parquet can fill
                    INT IDENTITY(0, 1) | local Redshift does not know IDENTITY of columns; leave it out
                    INT CHECK (a > 1) | syntax error at or near "CHECK"
                    """)
    void refusesTypesThatRedshiftOrItselfLacks(String type, String message) {
        assertThat(translated("CREATE TABLE t (a " + type + ")")).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DISTKEY(b) | distkey column "b" does not exist
                    SORTKEY(a, b) | sortkey column "b" does not exist
                    SORTKEY(s) | column "s" of type super is not supported as sortkey
                    DISTKEY(s) | column "s" of type super is not supported as distkey
                    DISTSTYLE KEY | DISTSTYLE KEY requires a DISTKEY column
                    DISTSTYLE ALL DISTKEY(a) | cannot specify a DISTKEY column with DISTSTYLE ALL
                    DISTSTYLE SOME | syntax error at or near "some"
                    PARTITION BY (a) | syntax error at or near "PARTITION"
                    """)
    void refusesAttributesThatDoNotFitTheTable(String attribute, String message) {
        assertThat(translated("CREATE TABLE t (a INT, s SUPER) " + attribute)).isEqualTo(message);
    }

    @Test
    void addsOneColumnAtATime() {
        assertThat(translated("ALTER TABLE t ADD COLUMN \"c\" VARCHAR(9) DEFAULT '' ENCODE zstd NOT NULL"))
                .isEqualTo("ALTER TABLE \"t\" ADD COLUMN \"c\" varchar(9) DEFAULT '' NOT NULL CONSTRAINT"
                        + " \"varchar_bytes_9_63\" CHECK (octet_length(\"c\") <= 9)");
        assertThat(translated("ALTER TABLE t ADD COLUMN a INT, ADD COLUMN b INT"))
                .isEqualTo("syntax error at or near \",\"");
        assertThat(translated("ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT"))
                .isEqualTo(
                        "local Redshift does not know the type NOT; use one of the types that COPY from Parquet can fill");
        assertThat(translated("ALTER TABLE t ADD COLUMN a INT NOT NULL"))
                .isEqualTo("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression");
    }

    @Test
    void knowsTheFunctionsOfItsSession() {
        assertThat(translated(
                        "SELECT pg_last_copy_id(), PG_LAST_COPY_COUNT ( ), pg_last_query_id(), 'pg_last_copy_id()'"))
                .isEqualTo("SELECT CAST(7 AS bigint), CAST(11 AS bigint), CAST(13 AS bigint), 'pg_last_copy_id()'");
    }

    @Test
    void foldsNamesInQuotesButNoStrings() {
        assertThat(translated("SELECT \"UserId\", 'UserId', SYSDATE, t.sysdate FROM t"))
                .isEqualTo("SELECT \"userid\", 'UserId', pg_catalog.sysdate(), t.sysdate FROM t");
    }

    @Test
    void keepsSettingsThatPostgresLacks() {
        assertThat(translated("SET query_group TO 'loads'")).isEqualTo("SET local_redshift.query_group TO 'loads'");
        assertThat(translated("SHOW query_group")).isEqualTo("SHOW local_redshift.query_group");
        assertThat(translated("SET search_path TO analytics")).isEqualTo("SET search_path TO analytics");
    }

    @Test
    void vacuumsAsPostgresDoes() {
        assertThat(translated("VACUUM DELETE ONLY s.t TO 75 PERCENT BOOST")).isEqualTo("VACUUM \"s\".\"t\"");
        assertThat(translated("VACUUM")).isEqualTo("VACUUM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SAVEPOINT a",
                "ROLLBACK TO a",
                "CREATE INDEX i ON t(a)",
                "CREATE EXTERNAL TABLE t",
                "CREATE MATERIALIZED VIEW v",
                "UNLOAD ('select')",
                "ALTER DATABASE dev",
                "ANALYZE COMPRESSION t",
                "PREPARE p",
                "DO $$ BEGIN END $$",
            })
    void refusesByNameWhatItDoesNotKnow(String sql) {
        assertThat(translated(sql)).startsWith("local Redshift does not know " + sql.split(" ", 2)[0]);
    }

    @Test
    void refusesClausesThatOnlyPostgresHas() {
        assertThat(translated("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING"))
                .isEqualTo("syntax error at or near \"CONFLICT\"");
        assertThat(translated("DELETE FROM t RETURNING a")).isEqualTo("syntax error at or near \"RETURNING\"");
        assertThat(translated("MERGE INTO t USING s ON t.a = s.a REMOVE DUPLICATES"))
                .isEqualTo("local Redshift does not know MERGE … REMOVE DUPLICATES; say WHEN MATCHED instead");
        assertThat(translated("ALTER TABLE t ALTER COLUMN a SET NOT NULL"))
                .isEqualTo("local Redshift does not know ALTER COLUMN … SET; the type is all that can be altered here");
        assertThat(translated("ALTER TABLE t ADD PRIMARY KEY (a)"))
                .isEqualTo(
                        "local Redshift does not know ALTER TABLE … ADD PRIMARY; leave it out, or try it on a cluster");
    }

    @Test
    void refusesNamesThatPostgresWouldCut() {
        String name = "n".repeat(64);
        assertThat(translated("SELECT 1 AS " + name))
                .isEqualTo("local Redshift does not know names of more than 63 bytes: " + name + "; use a shorter one");
        assertThat(translated("SELECT 1 AS " + name.substring(1))).isEqualTo("SELECT 1 AS " + name.substring(1));
    }
}
