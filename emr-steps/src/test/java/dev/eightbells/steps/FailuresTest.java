package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailuresTest {

    private static void assertFailure(Throwable thrown, Failure.Kind kind, String sentence) {
        Failure failure = Failures.of("batch b", thrown);
        assertThat(failure).hasMessage(sentence);
        assertThat(failure.kind()).isEqualTo(kind);
    }

    /** As frameworks throw: what happened is the cause of the cause. */
    private static Throwable wrapped(Throwable thrown) {
        return new SparkException("Job aborted", new RuntimeException(thrown));
    }

    @Test
    void aFailureInATaskIsTheFailureOfTheBatch() {
        Failure gone = Failure.data("It is gone.");
        assertThat(Failures.of("batch b", wrapped(gone))).isSameAs(gone);
    }

    @Test
    void aFullDiskIsWorthARetryOnceThereIsSpace() {
        assertFailure(
                wrapped(new UncheckedIOException(new IOException("/tmp/x: No space left on device"))),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: a disk is full. Free some space where the lake lies and in "
                        + System.getProperty("java.io.tmpdir") + ", and run it again.");
    }

    @Test
    void tooLittleMemorySaysHowToGiveMore() {
        assertFailure(
                wrapped(new OutOfMemoryError("Java heap space")),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: memory ran out (Java heap space). Give the JVM more, e.g."
                        + " EIGHTBELLS_JAVA_OPTIONS=-Xmx4g, and run it again.");
    }

    @Test
    void whatAwsCouldNotDoNowIsWorthARetry() {
        assertFailure(
                wrapped(S3Exception.builder()
                        .statusCode(503)
                        .message("Please reduce your request rate.")
                        .build()),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: AWS answered Please reduce your request rate; run it again.");
        assertFailure(
                wrapped(SdkClientException.create("Unable to execute HTTP request: Connection refused")),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: AWS could not be reached (Unable to execute HTTP request: Connection refused);"
                        + " run it again.");
    }

    @Test
    void whatIsNotAllowedIsForTheUserToGrant() {
        assertFailure(
                wrapped(S3Exception.builder()
                        .statusCode(403)
                        .message("Access Denied")
                        .build()),
                Failure.Kind.INPUT,
                "Cannot finish batch b: access was denied (Access Denied). Grant it to whom this runs as, and run it"
                        + " again.");
        assertFailure(
                SdkClientException.create("Unable to load credentials from any of the providers in the chain"),
                Failure.Kind.INPUT,
                "Cannot finish batch b: there are no credentials for AWS. Give it a role, a profile, or"
                        + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
    }

    /** As Glue refuses, in JSON: always 400. */
    private static Throwable ofGlue(String code, String message) {
        return wrapped(S3Exception.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .serviceName("Glue")
                        .build())
                .message(message)
                .build());
    }

    @Test
    void whatACatalogRefusesIsToldApartByItsCode() {
        assertFailure(
                ofGlue(
                        "AccessDeniedException",
                        "User: me is not authorized to perform: glue:UpdateTable on resource: arn:aws:glue:x"),
                Failure.Kind.INPUT,
                "Cannot finish batch b: access was denied (User: me is not authorized to perform: glue:UpdateTable on"
                        + " resource: arn:aws:glue:x (Service: Glue, Status Code: 400, Request ID: null)). Grant it to"
                        + " whom this runs as, and run it again.");
        assertFailure(
                ofGlue("ThrottlingException", "Rate exceeded"),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: AWS answered Rate exceeded (Service: Glue, Status Code: 400, Request ID: null);"
                        + " run it again.");
        assertFailure(
                SdkClientException.create("Unable to load region from any of the providers in the chain"),
                Failure.Kind.INPUT,
                "Cannot finish batch b: there is no region of AWS. Set AWS_REGION, or give it a profile.");
    }

    @Test
    void aCatalogThatIsDownIsWorthARetry() {
        assertFailure(
                wrapped(new UncheckedSQLException(new SQLException("the database is starting up"), "Failed")),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: the catalog failed (the database is starting up); run it again.");
    }

    @Test
    void brokenConnectionsAndLostMachinesAreWorthARetry() {
        assertFailure(
                wrapped(new java.net.SocketException("Connection reset")),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: a connection broke (Connection reset); run it again.");
        assertFailure(
                new SparkException("Job aborted due to stage failure: ExecutorLostFailure (executor 3 exited)"),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: machines of the cluster were lost again and again; run it again.");
    }

    @Test
    void aBugSaysWhereItHappenedAndAFailingCloseDoesNotHideIt() {
        IllegalStateException bug = new IllegalStateException("odd");
        bug.addSuppressed(SdkClientException.create("closing"));
        assertFailure(
                new RuntimeException("Cannot read s3://raw/a", bug),
                Failure.Kind.BUG,
                "Cannot finish batch b: Cannot read s3://raw/a: IllegalStateException: odd. This was not expected: run"
                        + " it again with --debug, and report what it prints.");
    }

    @Test
    void aCommitThatWasRefusedIsWorthARetryAndOneWithoutAnAnswerALook() {
        assertFailure(
                new CommitFailedException("Version 7 already exists"),
                Failure.Kind.TRANSIENT,
                "Cannot finish batch b: the table's catalog refused its commit again and again; run it again.");
        assertFailure(
                new CommitStateUnknownException("lost", new IOException("timeout")),
                Failure.Kind.UNKNOWN,
                "Cannot tell whether a commit of batch b went through: lost. Run it again; it looks before it commits.");
    }

    @Test
    void anythingElseIsABug() {
        assertFailure(
                wrapped(new NullPointerException()),
                Failure.Kind.BUG,
                "Cannot finish batch b: NullPointerException. This was not expected: run it again with --debug, and"
                        + " report what it prints.");
    }

    private static RuntimeException thrownFrom(String... classes) {
        RuntimeException thrown = new RuntimeException("bad luck");
        thrown.setStackTrace(Stream.of(classes)
                .map(name -> new StackTraceElement(name, "next", "Some.java", 1))
                .toArray(StackTraceElement[]::new));
        return thrown;
    }

    @Test
    void whatAnExpressionThrowsIsToldFromWhatReadingThrowsBelowIt() {
        String generated = "org.apache.spark.sql.catalyst.expressions.GeneratedClass$GeneratedIteratorForCodegenStage1";
        Throwable ofExpression =
                new IllegalStateException(thrownFrom("org.apache.spark.sql.errors.QueryExecutionErrors", generated));
        assertThat(Failures.ofExpression("batch b", ofExpression)).hasValueSatisfying(failure -> assertThat(failure)
                .hasMessage("Cannot make the sessions of batch b: an SQL expression of its pipeline file failed on"
                        + " its events (bad luck). Write it so that it says null there, name another session"
                        + " table if this one is in use, and run: eightbells sessionize --pipeline FILE --batch ID"
                        + " --today."));
        assertThat(Failures.ofExpression(
                        "batch b", thrownFrom("java.io.In", "org.apache.iceberg.parquet.ParquetReader", generated)))
                .isEmpty();
        assertThat(Failures.ofExpression("batch b", Failure.data("known"))).isEmpty();
    }
}
