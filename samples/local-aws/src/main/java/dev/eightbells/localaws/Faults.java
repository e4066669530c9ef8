package dev.eightbells.localaws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is to go wrong, and a record of what the clients asked for. Safe for use by many threads.
 *
 * <p>Statements are counted from 1 since the last {@link #reset}, over all connections, in the order in which they begin.
 * One statement is what is executed once: a statement text with several statements counts each, a prepared statement
 * counts every time that it is executed, and so do the BEGIN and COMMIT that the driver sends itself when auto-commit is
 * off. What a driver sends to connect, to describe, or to see whether a connection is alive is no statement. Each fault
 * happens once.
 */
public final class Faults {
    private final List<String> statements = new ArrayList<>();
    private final Map<Integer, Fault> planned = new HashMap<>();
    private RedshiftError refusal;

    Faults() {}

    /** When a fault happens, and how: without an error the connection is dropped. */
    record Fault(Moment moment, RedshiftError error) {
        enum Moment {
            BEFORE,
            AFTER
        }
    }

    /**
     * Answers a statement with an error instead of executing it. Its transaction is aborted; a COMMIT's is rolled back.
     *
     * @param statement its number, from 1
     */
    public void failBefore(int statement, RedshiftError error) {
        plan(statement, new Fault(Fault.Moment.BEFORE, Objects.requireNonNull(error, "error")));
    }

    /**
     * Executes a statement, and answers with an error. A COMMIT has committed, and so has a statement outside a
     * transaction block; within one the transaction is aborted.
     *
     * @param statement its number, from 1
     */
    public void failAfter(int statement, RedshiftError error) {
        plan(statement, new Fault(Fault.Moment.AFTER, Objects.requireNonNull(error, "error")));
    }

    /**
     * Drops the connection instead of executing a statement; its transaction is rolled back before the client notices.
     *
     * @param statement its number, from 1
     */
    public void dropBefore(int statement) {
        plan(statement, new Fault(Fault.Moment.BEFORE, null));
    }

    /**
     * Executes a statement, and drops the connection before it answers. A COMMIT has committed, and so has a statement
     * outside a transaction block; within one the transaction is rolled back.
     *
     * @param statement its number, from 1
     */
    public void dropAfter(int statement) {
        plan(statement, new Fault(Fault.Moment.AFTER, null));
    }

    /** Answers every new connection with an error; those that are open stay so. */
    public synchronized void refuseConnections(RedshiftError error) {
        refusal = Objects.requireNonNull(error, "error");
    }

    /** Takes connections again. */
    public synchronized void acceptConnections() {
        refusal = null;
    }

    /** Forgets what is to go wrong and what was executed, begins to count again, and takes connections. */
    public synchronized void reset() {
        statements.clear();
        planned.clear();
        refusal = null;
    }

    /** The statements of all clients since the last reset, in order, as they were received. */
    public synchronized List<String> statements() {
        return List.copyOf(statements);
    }

    private synchronized void plan(int statement, Fault fault) {
        if (statement < 1) {
            throw new IllegalArgumentException("Invalid number of a statement: " + statement + " (from 1).");
        }
        planned.put(statement, fault);
    }

    /** Counts a statement; returns what is to go wrong with it, or null. */
    synchronized Fault next(String statement) {
        statements.add(statement);
        return planned.remove(statements.size());
    }

    /** What a new connection is answered with; null when it is welcome. */
    synchronized RedshiftError refusal() {
        return refusal;
    }
}
