package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.spark.SparkException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What a throwable means for the person who runs the pipeline; frameworks wrap what they throw many times over. */
final class Failures {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int FORBIDDEN = 403;

    /** Deeper down, expressions only ask for rows. */
    private static final int FRAMES = 12;

    private Failures() {}

    /**
     * The failure behind a throwable.
     *
     * @param subject what was worked on, e.g. {@code batch 20261122T0800Z}
     */
    static Failure of(String subject, Throwable thrown) {
        for (Throwable cause : causes(thrown)) {
            Failure failure = classify(subject, cause);
            if (failure != null) {
                return failure;
            }
        }
        Throwable root = root(thrown);
        String message = root.getMessage() == null ? "" : ": " + firstLine(root);
        // What was read or written at that moment is in a message of ours further out.
        String place = causes(thrown).stream()
                .filter(cause -> cause != root && firstLine(cause).startsWith("Cannot "))
                .map(cause -> firstLine(cause) + ": ")
                .findFirst()
                .orElse("");
        return Failure.of(
                Failure.Kind.BUG,
                "Cannot finish " + subject + ": " + place + root.getClass().getSimpleName() + message
                        + ". This was not expected: run it again with --debug, and report what it prints.",
                thrown);
    }

    /** The failure, if it came out of computing an SQL expression; empty when it did not. */
    static Optional<Failure> ofExpression(String subject, Throwable thrown) {
        List<Throwable> causes = causes(thrown);
        if (causes.stream().anyMatch(Failure.class::isInstance)) {
            return Optional.empty();
        }
        return causes.stream()
                .filter(Failures::isOfExpression)
                .reduce((outer, inner) -> inner)
                .map(cause -> Failure.of(
                        Failure.Kind.DATA,
                        "Cannot make the sessions of " + subject
                                + ": an SQL expression of its pipeline file failed on its events (" + firstLine(cause)
                                + "). Write it so that it says null there, name another session table if this one is in"
                                + " use, and run: eightbells sessionize --pipeline FILE --batch ID --today.",
                        cause));
    }

    /** What a query that was understood failed with. */
    static Failure ofQuery(Throwable thrown) {
        return causes(thrown).stream().anyMatch(Failure.class::isInstance)
                ? of("the query", thrown)
                : causes(thrown).stream()
                        .filter(Failures::isOfExpression)
                        .reduce((outer, inner) -> inner)
                        .map(cause -> Failure.of(
                                Failure.Kind.INPUT,
                                "Cannot answer the query: an expression of it failed on a row ("
                                        + firstLine(cause)
                                                .replaceFirst("^\\[[A-Z0-9_.]+\\] ", "")
                                                // Spark's own numbers of columns tell people nothing.
                                                .replaceAll("#\\d+", "")
                                        + "). Write it so that it says null there.",
                                cause))
                        .orElseGet(() -> of("the query", thrown));
    }

    /** Whether a throwable that nobody foresaw came out of computing an SQL expression. */
    static boolean isOutOfExpression(Throwable thrown) {
        return causes(thrown).stream().anyMatch(Failures::isOfExpression);
    }

    /**
     * Spark's expressions throw out of their own package, or out of the code that is generated there. What that code reads
     * through comes from other packages.
     */
    private static boolean isOfExpression(Throwable cause) {
        return cause instanceof RuntimeException
                && Arrays.stream(cause.getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .takeWhile(
                                name -> !name.startsWith("org.apache.iceberg.") && !name.startsWith("dev.eightbells."))
                        .limit(FRAMES)
                        .anyMatch(name -> name.startsWith("org.apache.spark.sql.catalyst.expressions."));
    }

    private static Failure classify(String subject, Throwable cause) {
        if (cause instanceof Failure failure) {
            return failure;
        }
        if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("No space left on device")) {
            return transientFailure(
                    subject,
                    "a disk is full. Free some space where the lake lies and in " + System.getProperty("java.io.tmpdir")
                            + ", and",
                    cause);
        }
        if (cause instanceof OutOfMemoryError) {
            return Failure.of(
                    Failure.Kind.TRANSIENT,
                    "Cannot finish " + subject + ": memory ran out (" + firstLine(cause)
                            + "). Give the JVM more, e.g. EIGHTBELLS_JAVA_OPTIONS=-Xmx4g, and run it again.",
                    cause);
        }
        if (cause instanceof CommitStateUnknownException) {
            return Failure.of(
                    Failure.Kind.UNKNOWN,
                    "Cannot tell whether a commit of " + subject + " went through: " + firstLine(cause)
                            + ". Run it again; it looks before it commits.",
                    cause);
        }
        if (cause instanceof CommitFailedException) {
            return transientFailure(subject, "the table's catalog refused its commit again and again;", cause);
        }
        if (cause instanceof UncheckedSQLException) {
            return transientFailure(subject, "the catalog's database failed (" + firstLine(root(cause)) + ");", cause);
        }
        if (cause instanceof SocketException || cause instanceof SocketTimeoutException) {
            return transientFailure(subject, "a connection broke (" + firstLine(cause) + ");", cause);
        }
        if (cause instanceof SparkException
                && String.valueOf(cause.getMessage()).contains("ExecutorLostFailure")) {
            return transientFailure(subject, "machines of the cluster were lost again and again;", cause);
        }
        if (cause instanceof AccessDeniedException
                || (cause instanceof SdkServiceException refused && refused.statusCode() == FORBIDDEN)) {
            return Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot finish " + subject + ": access was denied (" + firstLine(cause)
                            + "). Grant it to whom this runs as, and run it again.",
                    cause);
        }
        if (cause instanceof SdkClientException && firstLine(cause).contains("Unable to load credentials")) {
            return Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot finish " + subject + ": there are no credentials for AWS."
                            + " Give it a role, a profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                    cause);
        }
        if (cause instanceof SdkServiceException service
                && (service.statusCode() >= SERVER_ERROR || service.statusCode() == TOO_MANY_REQUESTS)) {
            return transientFailure(subject, "AWS answered " + firstLine(service) + ";", cause);
        }
        if (cause instanceof SdkClientException) {
            return transientFailure(subject, "AWS could not be reached (" + firstLine(cause) + ");", cause);
        }
        return null;
    }

    private static Failure transientFailure(String subject, String why, Throwable cause) {
        return Failure.transientFailure("Cannot finish " + subject + ": " + why + " run it again.", cause);
    }

    /** The throwable and its causes, from the outside in; what closing threw besides explains nothing. */
    static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable next = thrown; next != null && !causes.contains(next); next = next.getCause()) {
            causes.add(next);
        }
        return causes;
    }

    private static Throwable root(Throwable thrown) {
        List<Throwable> causes = causes(thrown);
        return causes.get(causes.size() - 1);
    }

    /** A text to be told within a sentence; rules may be written over several lines. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    static String firstLine(Throwable thrown) {
        String text = thrown.getMessage();
        return text == null ? "no message" : text.lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }
}
