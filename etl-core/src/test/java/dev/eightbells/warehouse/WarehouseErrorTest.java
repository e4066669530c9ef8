package dev.eightbells.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.redshift.util.RedshiftException;
import com.amazon.redshift.util.ServerErrorMessage;
import dev.eightbells.Failure;
import dev.eightbells.warehouse.WarehouseError.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Redshift says, in the forms it was seen to say it in, and what that means. */
class WarehouseErrorTest {
    @ParameterizedTest
    @CsvSource({
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "55P03, CONFLICT",
        "08003, LOST",
        "08006, LOST",
        "08007, LOST",
        "08S01, LOST",
        "57P01, LOST",
        "57P02, LOST",
        "08001, TRANSIENT",
        "08004, TRANSIENT",
        "57P03, TRANSIENT",
        "57014, TRANSIENT",
        "53000, TRANSIENT",
        "53100, TRANSIENT",
        "53200, TRANSIENT",
        "53300, TRANSIENT",
        "25006, TRANSIENT",
        "42501, PERMISSION",
        "28000, PERMISSION",
        "28P01, PERMISSION",
        "3D000, PERMISSION",
        "22001, DATA",
        "22P02, DATA",
        "23502, DATA",
        "42P01, DEFINITION",
        "42P07, DEFINITION",
        "42701, DEFINITION",
        "42703, DEFINITION",
        "42804, DEFINITION",
        "42809, DEFINITION",
        "3F000, DEFINITION",
        "42601, BUG",
        "42883, BUG",
        "25P02, BUG",
        "0A000, PERMISSION",
        "XX000, BUG"
    })
    void tellsBySqlState(String sqlState, Kind kind) {
        WarehouseError error = WarehouseError.of(new SQLException("ERROR: no", sqlState));

        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.sqlState()).isEqualTo(sqlState);
        assertThat(error.code()).isNull();
        assertThat(error.message()).isEqualTo("no");
    }

    @ParameterizedTest(name = "{0} → {1} {2} {3}")
    @MethodSource("said")
    void tellsByWhatIsSaid(String said, Kind kind, Integer code, String message) {
        WarehouseError error = WarehouseError.of(new SQLException(said, "XX000"));

        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(message);
    }

    static Stream<Arguments> said() {
        return Stream.of(
                Arguments.of(
                        """
                        ERROR: 1023
                          Detail: Serializable isolation violation on table - 142443, transactions forming the cycle are: \
                        54, 67 (pid:3).
                        """,
                        Kind.CONFLICT,
                        1023,
                        "Serializable isolation violation on table - 142443, transactions forming the cycle are: 54, 67"
                                + " (pid:3)"),
                Arguments.of(
                        "ERROR: 1023 DETAIL: Serializable isolation violation on table 7",
                        Kind.CONFLICT,
                        1023,
                        "Serializable isolation violation on table 7"),
                Arguments.of(
                        "ERROR: 1018 DETAIL: Relation does not exist.", Kind.CONFLICT, 1018, "Relation does not exist"),
                Arguments.of(
                        "ERROR: table 108 dropped by concurrent transaction",
                        Kind.CONFLICT,
                        null,
                        "table 108 dropped by concurrent transaction"),
                Arguments.of(
                        "ERROR: Delete failed due to conflict with concurrent transaction.",
                        Kind.CONFLICT,
                        null,
                        "Delete failed due to conflict with concurrent transaction"),
                Arguments.of(
                        "ERROR: could not open relation with OID 142443",
                        Kind.CONFLICT,
                        null,
                        "could not open relation with OID 142443"),
                Arguments.of(block("Disk Full", 1016, "node: 0"), Kind.TRANSIENT, 1016, "Disk Full: node: 0"),
                Arguments.of(
                        "ERROR: Query (1234) cancelled by WLM abort action of Query Monitoring Rule \"long\".",
                        Kind.TRANSIENT,
                        null,
                        "Query (1234) cancelled by WLM abort action of Query Monitoring Rule \"long\""),
                Arguments.of("FATAL: cluster is paused", Kind.TRANSIENT, null, "cluster is paused"),
                Arguments.of(
                        "ERROR: The cluster is being resized and is read-only",
                        Kind.TRANSIENT,
                        null,
                        "The cluster is being resized and is read-only"),
                Arguments.of(
                        block("S3ServiceException:Slow Down,Status 503,Error SlowDown,Rid 1,CanRetry 1", 8001, ""),
                        Kind.TRANSIENT,
                        8001,
                        "no: S3ServiceException:Slow Down,Status 503,Error SlowDown,Rid 1,CanRetry 1"),
                Arguments.of(
                        block(
                                "User arn:aws:redshift:eu-west-1:123456789012:dbuser:acme/etl is not authorized to assume IAM"
                                        + " Role arn:aws:iam::123456789012:role/copy",
                                8001,
                                "IAM Role=arn:aws:iam::123456789012:role/copy"),
                        Kind.PERMISSION,
                        8001,
                        "no: IAM Role=arn:aws:iam::123456789012:role/copy"),
                Arguments.of(
                        block("S3ServiceException:Access Denied,Status 403,Error AccessDenied", 8001, ""),
                        Kind.PERMISSION,
                        8001,
                        "no: S3ServiceException:Access Denied,Status 403,Error AccessDenied"),
                Arguments.of(
                        block(
                                "Spectrum Scan Error",
                                15001,
                                "S3 Query Exception (Fetch). HTTP response error code: 403 Message: AccessDenied File"
                                        + " 'https://s3/a.parquet?X-Amz-Signature=f00&X-Amz-Date=1'"),
                        Kind.PERMISSION,
                        15001,
                        "no: S3 Query Exception (Fetch). HTTP response error code: 403 Message: AccessDenied File"
                                + " 'https://s3/a.parquet'"),
                Arguments.of(
                        "ERROR: S3ServiceException:User is not authorized to perform: kms:Decrypt,Status 403",
                        Kind.PERMISSION,
                        null,
                        "S3ServiceException:User is not authorized to perform: kms:Decrypt,Status 403"),
                Arguments.of(
                        "ERROR: S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket",
                        Kind.PERMISSION,
                        null,
                        "S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket"),
                Arguments.of(
                        "ERROR: S3ServiceException:must be addressed using the specified endpoint,Status 301",
                        Kind.PERMISSION,
                        null,
                        "S3ServiceException:must be addressed using the specified endpoint,Status 301"),
                Arguments.of(
                        "ERROR: S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey",
                        Kind.DATA,
                        null,
                        "S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey"),
                Arguments.of(
                        block(
                                "Spectrum Scan Error",
                                15001,
                                "Error: HTTP response error code: 416 Message: InvalidRange"),
                        Kind.DATA,
                        15001,
                        "no: Error: HTTP response error code: 416 Message: InvalidRange"),
                Arguments.of(
                        block(
                                "Spectrum Scan Error",
                                15007,
                                "File 's3://b/f.parquet' has an incompatible Parquet schema for column\n      's3://b.amount'."
                                        + " Column type: SMALLINT, Parquet schema:\n      optional int32 amount"),
                        Kind.DATA,
                        15007,
                        "no: File 's3://b/f.parquet' has an incompatible Parquet schema for column 's3://b.amount'. Column"
                                + " type: SMALLINT, Parquet schema: optional int32 amount"),
                Arguments.of(
                        "ERROR: no Detail: error: File entry does not have 'meta' key. code: 15003 context: query: 7",
                        Kind.DATA,
                        15003,
                        "no: File entry does not have 'meta' key"),
                Arguments.of(
                        block(
                                "Value too long for character type",
                                8001,
                                "Value too long for type character varying(3)"),
                        Kind.DATA,
                        8001,
                        "no: Value too long for type character varying(3)"),
                Arguments.of(block("Numeric data overflow", 1058, ""), Kind.DATA, 1058, "no: Numeric data overflow"),
                Arguments.of(block("Assert", 1000, "Unreachable"), Kind.BUG, 1000, "no: Unreachable"));
    }

    /** As the driver was seen to pass it on; the error of a compute node is in the detail. */
    private static String block(String error, int code, String context) {
        return """
                ERROR: %s
                  Detail:\s
                  -----------------------------------------------
                  error:  %s
                  code:      %d
                  context:   %s
                  query:     1234
                  location:  dory_util.cpp:1139
                  process:   fetchtask_thread [pid=1234]
                  -----------------------------------------------

                """
                .formatted(error.equals("Disk Full") ? error : "no", error, code, context);
    }

    @Test
    void readsWhatTheServerSent() {
        String sent = String.join(
                "\0",
                "SERROR",
                "CXX000",
                "M1023",
                "DSerializable isolation violation on table - 7",
                "Fa.cpp",
                "L1",
                "");

        WarehouseError error = WarehouseError.of(new RedshiftException(new ServerErrorMessage(sent)));

        assertThat(error.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(error.sqlState()).isEqualTo("XX000");
        assertThat(error.code()).isEqualTo(1023);
        assertThat(error.message()).isEqualTo("Serializable isolation violation on table - 7");
    }

    @Test
    void leavesOutHintAndPosition() {
        String sent = String.join("\0", "SERROR", "C42703", "Mcolumn \"x\" does not exist", "HLook again.", "P7", "");

        assertThat(WarehouseError.of(new RedshiftException(new ServerErrorMessage(sent)))
                        .message())
                .isEqualTo("column \"x\" does not exist");
    }

    @Test
    void believesTheSqlStateBeforeWordsThatMayBeData() {
        SQLException quoting =
                new SQLException("ERROR: invalid input syntax for integer: \"disk full, Access Denied\"", "22P02");

        assertThat(WarehouseError.of(quoting).kind()).isEqualTo(Kind.DATA);
    }

    @Test
    void seesABrokenConnectionInItsCause() {
        WarehouseError ended = WarehouseError.of(new SQLException("The query failed.", new EOFException()));
        WarehouseError reset = WarehouseError.of(new SQLException(
                "An I/O error occurred while sending to the backend.",
                "08006",
                new SocketException("Connection reset")));

        assertThat(ended.kind()).isEqualTo(Kind.LOST);
        assertThat(ended.message()).isEqualTo("The query failed (EOFException: EOFException)");
        assertThat(reset.kind()).isEqualTo(Kind.LOST);
        assertThat(reset.message())
                .isEqualTo("An I/O error occurred while sending to the backend (SocketException: Connection reset)");
    }

    @Test
    void seesAWarehouseThatIsNotThere() {
        WarehouseError refused = WarehouseError.of(new SQLException(
                "Connection to acme:5439 refused.", "08001", new ConnectException("Connection refused")));
        WarehouseError unknown = WarehouseError.of(
                new SQLException("The connection attempt failed.", "08001", new UnknownHostException("acme")));

        assertThat(refused.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(unknown.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(unknown.message()).isEqualTo("The connection attempt failed (UnknownHostException: acme)");
    }

    @Test
    void seesACertificateThatIsNotTrusted() {
        SSLHandshakeException handshake = new SSLHandshakeException("no trusted certificate");
        handshake.initCause(new CertificateException("no trusted certificate"));

        assertThat(WarehouseError.of(new SQLException("SSL error: no trusted certificate", "08006", handshake))
                        .toFailure("connect to acme"))
                .hasMessage(
                        "Cannot connect to acme: SSL error: no trusted certificate (SQLSTATE 08006). Connect by a name"
                                + " that its certificate holds, and let this JVM trust who signed it, or name that certificate with"
                                + " sslrootcert in the URL.")
                .extracting(Failure::kind)
                .isEqualTo(Failure.Kind.INPUT);
    }

    @Test
    void seesWhatAwsRefusedBehindTheDriversWords() {
        RuntimeException refused = new IllegalStateException(
                "User: arn:aws:iam::1:role/etl is not authorized to perform:"
                        + " redshift:GetClusterCredentialsWithIAM (Service: Redshift, Status Code: 400) (SDK Attempt Count: 1)");
        WarehouseError error = WarehouseError.of(new SQLException(
                "Something unusual has occurred to cause the driver to fail. Please report this exception.",
                "99999",
                refused));

        assertThat(error.kind()).isEqualTo(Kind.PERMISSION);
        assertThat(error.sqlState()).isNull();
        assertThat(error.message())
                .isEqualTo("IllegalStateException: User: arn:aws:iam::1:role/etl is not authorized to perform:"
                        + " redshift:GetClusterCredentialsWithIAM (Service: Redshift, Status Code: 400)");
    }

    @Test
    void looksIntoBatches() {
        BatchUpdateException batch = new BatchUpdateException("Batch entry 0 was aborted", "XX000", new int[0]);
        batch.setNextException(new SQLException("ERROR: relation \"t\" does not exist", "42P01"));

        WarehouseError error = WarehouseError.of(batch);

        assertThat(error.kind()).isEqualTo(Kind.DEFINITION);
        assertThat(error.message()).isEqualTo("relation \"t\" does not exist");
        assertThat((Throwable) error.cause()).isSameAs(batch);
    }

    @Test
    void endsForExceptionsThatNameEachOther() {
        SQLException one = new SQLException("one");
        SQLException other = new SQLException("other", one);
        one.initCause(other);

        assertThat(WarehouseError.of(one).kind()).isEqualTo(Kind.BUG);
    }

    @Test
    void survivesExceptionsThatSayNothing() {
        WarehouseError error = WarehouseError.of(new SQLException());

        assertThat(error.kind()).isEqualTo(Kind.BUG);
        assertThat(error.sqlState()).isNull();
        assertThat(error.toFailure("load"))
                .hasMessage(
                        "Cannot load: SQLException. This was not expected: run it again with --debug, and report what it"
                                + " prints.");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(WarehouseError.of(new SQLException("x".repeat(10_000))).message())
                .hasSize(501)
                .endsWith("…");
    }

    @Test
    void makesASentenceOfIt() {
        SQLException full = new SQLException(block("Disk Full", 1016, "node: 0"), "XX000");

        assertThat(WarehouseError.of(full).toFailure("load commit 7"))
                .hasMessage(
                        "Cannot load commit 7: Disk Full: node: 0 (SQLSTATE XX000, code 1016). Free space in the warehouse"
                                + " or resize it, and run it again.")
                .hasCause(full);
        assertThat(WarehouseError.of(new SQLException("ERROR: permission denied for schema web", "42501"))
                        .toFailure("create web.events"))
                .hasMessage(
                        "Cannot create web.events: permission denied for schema web (SQLSTATE 42501). Grant it to the user"
                                + " that the pipeline connects as.");
    }

    @ParameterizedTest
    @EnumSource
    void isAFailureOfAKind(Kind kind) {
        Failure failure = new WarehouseError(kind, null, null, "no", "Do it.", new SQLException("no")).toFailure("go");

        assertThat(failure).hasMessage("Cannot go: no. Do it.");
        assertThat(failure.kind())
                .isEqualTo(
                        switch (kind) {
                            case CONFLICT, LOST, TRANSIENT -> Failure.Kind.TRANSIENT;
                            case PERMISSION, DEFINITION -> Failure.Kind.INPUT;
                            case DATA -> Failure.Kind.DATA;
                            case BUG -> Failure.Kind.BUG;
                        });
    }
}
