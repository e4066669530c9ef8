package dev.eightbells;

import java.util.Objects;

/**
 * An expected failure: one clear sentence for the person who runs the pipeline (what, which value, what to do) and the
 * kind that decides the exit code and whether a retry is worth it. Anything else that is thrown is a bug.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a process ends, in the terms of its exit code. */
    public enum Kind {
        /** A bug or an unclassified failure. */
        BUG(1),
        /** The user's input: arguments, pipeline file, rules. */
        INPUT(2),
        /** The data: quality stopped the batch, or what was planned is gone. */
        DATA(3),
        /** Another attempt holds the lease. */
        CONFLICT(4),
        /** Worth a retry. */
        TRANSIENT(5),
        /** Unknown whether it committed: look before a retry. */
        UNKNOWN(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The process's exit code, 1 to 6. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    private Failure(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public static Failure input(String sentence) {
        return new Failure(Kind.INPUT, sentence, null);
    }

    public static Failure data(String sentence) {
        return new Failure(Kind.DATA, sentence, null);
    }

    public static Failure conflict(String sentence) {
        return new Failure(Kind.CONFLICT, sentence, null);
    }

    public static Failure transientFailure(String sentence, Throwable cause) {
        return new Failure(Kind.TRANSIENT, sentence, cause);
    }

    public static Failure of(Kind kind, String sentence, Throwable cause) {
        return new Failure(kind, sentence, cause);
    }

    public Kind kind() {
        return kind;
    }
}
