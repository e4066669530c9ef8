package dev.eightbells.localaws;

import java.util.Objects;

/**
 * An error as Redshift reports it.
 *
 * @param severity ERROR, or FATAL when the connection ends with it
 * @param sqlState five characters; Redshift says XX000 for much
 * @param message the sentence, or in some cases only Redshift's number
 * @param detail a sentence more; null when there is none, or when a block stands in its place
 * @param block what Redshift's own engine adds; null for errors of its PostgreSQL part
 */
public record RedshiftError(String severity, String sqlState, String message, String detail, Block block) {
    static final String INTERNAL = "XX000";
    static final String NOT_KNOWN = "0A000";
    private static final String RULE = "-----------------------------------------------";

    /**
     * The block of lines under a message of Redshift's engine.
     *
     * @param error the message again
     * @param code Redshift's number, such as 15007
     * @param context where it happened, often the sentence that matters; may be empty
     * @param location a line of Redshift's source
     * @param process a thread of Redshift's
     */
    public record Block(String error, int code, String context, String location, String process) {
        public Block {
            Objects.requireNonNull(error, "error");
            Objects.requireNonNull(context, "context");
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(process, "process");
        }

        private String text(long query, int session) {
            return "\n  " + RULE + "\n  error:  " + error + "\n  code:      " + code + "\n  context:   " + context
                    + "\n  query:     " + query + "\n  location:  " + location + "\n  process:   " + process + " [pid="
                    + session + "]\n  " + RULE + "\n";
        }
    }

    public RedshiftError {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(sqlState, "sqlState");
        Objects.requireNonNull(message, "message");
        if (sqlState.length() != 5) {
            throw new IllegalArgumentException("Invalid SQLSTATE: " + sqlState + " (five characters).");
        }
    }

    /** An error without detail. */
    public static RedshiftError of(String sqlState, String message) {
        return new RedshiftError("ERROR", sqlState, message, null, null);
    }

    /** An error of Redshift's engine: SQLSTATE XX000 and a block with its number. */
    public static RedshiftError coded(int code, String message, String context, String location) {
        Block block = new Block(message, code, context, location, "padbmaster");
        return new RedshiftError("ERROR", INTERNAL, message, null, block);
    }

    /** Two transactions that cannot have happened one after the other; the whole transaction is to be repeated. */
    public static RedshiftError serializableIsolationViolation() {
        return new RedshiftError(
                "ERROR",
                INTERNAL,
                "1023",
                "Serializable isolation violation on table - 100167, transactions forming the cycle are: 55705701, "
                        + "55705754 (pid:16606)",
                null);
    }

    /** The table is newer than the transaction's view of the database; the whole transaction is to be repeated. */
    public static RedshiftError relationDoesNotExist() {
        return new RedshiftError("ERROR", INTERNAL, "1018", "Relation does not exist.", null);
    }

    /** The whole transaction is to be repeated. */
    public static RedshiftError conflictWithConcurrentTransaction() {
        return of(INTERNAL, "could not complete because of conflict with concurrent transaction");
    }

    public static RedshiftError diskFull() {
        return coded(1016, "Disk Full", "node: 0", "fdisk_api.cpp:532");
    }

    /** The cluster takes no writes, as during a resize. */
    public static RedshiftError readOnly() {
        return of("25006", "transaction is read-only");
    }

    public static RedshiftError tooManyConnections() {
        return fatal("53300", "connection limit \"500\" exceeded for non-bootstrap users");
    }

    /** The cluster is paused, or only just comes up. */
    public static RedshiftError startingUp() {
        return fatal("57P03", "the database system is starting up");
    }

    /** An administrator, or the cluster's maintenance, ends the session. */
    public static RedshiftError adminShutdown() {
        return fatal("57P01", "terminating connection due to administrator command");
    }

    public static RedshiftError permissionDenied(String relation) {
        return of("42501", "permission denied for relation " + relation);
    }

    /** What this stand-in has no answer for, although Redshift may. */
    static RedshiftError notKnown(String what, String instead) {
        return of(NOT_KNOWN, "local Redshift does not know " + what + "; " + instead);
    }

    static RedshiftError syntax(String near) {
        return of("42601", "syntax error at or near \"" + near + "\"");
    }

    static RedshiftError fatal(String sqlState, String message) {
        return new RedshiftError("FATAL", sqlState, message, null, null);
    }

    /** Whether the connection ends with it. */
    boolean isFatal() {
        return severity.equals("FATAL");
    }

    /**
     * As it goes over the wire.
     *
     * @param query the number of the statement that failed
     * @param session the number of the session
     */
    Message message(long query, int session) {
        Message.Composer composer =
                Message.of('E').field('S', severity).field('C', sqlState).field('M', message);
        if (block != null) {
            composer.field('D', block.text(query, session));
        } else if (detail != null) {
            composer.field('D', detail);
        }
        return composer.octet(0).compose();
    }
}
