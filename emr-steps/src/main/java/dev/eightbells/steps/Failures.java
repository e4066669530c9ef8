package dev.eightbells.steps;

import dev.eightbells.Failure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What a throwable means for the person who runs the pipeline; frameworks wrap what they throw many times over. */
final class Failures {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

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
        String message = root.getMessage() == null ? "" : ": " + firstLine(root.getMessage());
        return Failure.of(
                Failure.Kind.BUG,
                "Cannot finish " + subject + ": " + root.getClass().getSimpleName() + message
                        + ". This was not expected: run it again with --debug, and report what it prints.",
                thrown);
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
                    "Cannot finish " + subject + ": memory ran out (" + firstLine(cause.getMessage())
                            + "). Give the JVM more, e.g. EIGHTBELLS_JAVA_OPTIONS=-Xmx4g, and run it again.",
                    cause);
        }
        if (cause instanceof CommitStateUnknownException) {
            return Failure.of(
                    Failure.Kind.UNKNOWN,
                    "Cannot tell whether a commit of " + subject + " went through: " + firstLine(cause.getMessage())
                            + ". Run it again; it looks before it commits.",
                    cause);
        }
        if (cause instanceof CommitFailedException) {
            return transientFailure(subject, "the table's catalog refused its commit again and again;", cause);
        }
        if (cause instanceof SdkServiceException service
                && (service.statusCode() >= SERVER_ERROR || service.statusCode() == TOO_MANY_REQUESTS)) {
            return transientFailure(subject, "AWS answered " + firstLine(service.getMessage()) + ";", cause);
        }
        if (cause instanceof SdkClientException) {
            return transientFailure(
                    subject, "AWS could not be reached (" + firstLine(cause.getMessage()) + ");", cause);
        }
        return null;
    }

    private static Failure transientFailure(String subject, String why, Throwable cause) {
        return Failure.transientFailure("Cannot finish " + subject + ": " + why + " run it again.", cause);
    }

    private static Set<Throwable> causes(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        java.util.LinkedHashSet<Throwable> ordered = new java.util.LinkedHashSet<>();
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(thrown);
        while (!open.isEmpty()) {
            Throwable next = open.remove();
            if (seen.add(next)) {
                ordered.add(next);
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
                Collections.addAll(open, next.getSuppressed());
            }
        }
        return ordered;
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLine(String text) {
        return text == null ? "no message" : text.lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }
}
