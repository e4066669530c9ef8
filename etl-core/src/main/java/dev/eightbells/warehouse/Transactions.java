package dev.eightbells.warehouse;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.TableName;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what was planned over a connection that may break. A transaction is begun again, from its first statement, when
 * others were in its way or the connection broke. Once it holds the lock it looks whether the ledger still stands where
 * it was planned from; so it never happens twice, whatever became of the answer to an earlier COMMIT.
 */
final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final TableName ledger;
    private final Connector connector;
    private final Patience patience;
    private WarehouseSession session;
    private boolean isLimited;

    /**
     * @param ledger which whoever loads keeps locked
     */
    Transactions(TableName ledger, Connector connector, Patience patience) {
        this.ledger = ledger;
        this.connector = connector;
        this.patience = patience;
    }

    /**
     * What became of a transaction.
     *
     * @param overtaken whether it must be planned again, for the warehouse is not what it was planned for
     * @param because what the warehouse said; null when its ledger had moved on, and when nothing went wrong
     */
    record Outcome(boolean overtaken, Failure because) {
        static final Outcome DONE = new Outcome(false, null);
    }

    /** Something to do with a connection, that may be done again and again. */
    interface Work<T> {
        T with(WarehouseSession session) throws SQLException;
    }

    /**
     * Does something that may be done again and again.
     *
     * @param doing what it is, as in "Cannot …"
     */
    <T> T repeatable(String doing, Work<T> work) {
        try {
            return patiently(doing, new Attempt(), work);
        } catch (NotAsFound e) {
            throw e.failure;
        }
    }

    /** Sends statements, each for itself. */
    Outcome run(Target target, List<Statement> growth) {
        Attempt attempt = new Attempt();
        return planned("make the table " + target.name() + " ready", attempt, open -> {
            if (attempt.broke != null) {
                // What was under way may have happened, and not all of it may be said again.
                return new Outcome(true, attempt.broke);
            }
            for (Statement statement : growth) {
                open.send(statement);
            }
            return Outcome.DONE;
        });
    }

    /** Does all of a transaction, or nothing of it. */
    Outcome run(Target target, LoadPlan.Transaction transaction) {
        Attempt attempt = new Attempt();
        return planned(
                "load commit " + transaction.entry().snapshot() + " of " + target.source() + " into " + target.name(),
                attempt,
                open -> attempt.of(open, target, transaction));
    }

    private Outcome planned(String doing, Attempt attempt, Work<Outcome> work) {
        try {
            return patiently(doing, attempt, work);
        } catch (NotAsFound e) {
            return new Outcome(true, e.failure);
        } catch (Failure e) {
            rollBack();
            throw e;
        }
    }

    private <T> T patiently(String doing, Attempt attempt, Work<T> work) {
        while (true) {
            try {
                connect();
            } catch (SQLException e) {
                attempt.failed(e, doing);
                continue;
            } catch (Failure e) {
                attempt.failed(e, doing);
                continue;
            }
            try {
                return work.with(session);
            } catch (SQLException e) {
                attempt.failed(e, doing);
            }
        }
    }

    /** The attempts at one thing. */
    private final class Attempt {
        private int number = 1;
        private Statement sent;

        /** Whether the connection broke; then it may take a while until there is another. */
        private boolean isBroken;

        /** What was said of that; null while it has not. */
        private Failure broke;

        /** Whether the answer to a COMMIT was lost, and nobody has looked since. */
        private boolean isUnknown;

        Outcome of(WarehouseSession open, Target target, LoadPlan.Transaction transaction) throws SQLException {
            for (Statement statement : transaction.statements()) {
                sent = statement;
                if (statement instanceof Statement.FindLastLoad) {
                    FoundTable.LastLoad last = new Look(open).last(target.name(), target.ledger());
                    boolean isOurs = isUnknown && transaction.isNotedAs(last);
                    isUnknown = false;
                    if (isOurs || (last == null ? 0 : last.number()) != transaction.base()) {
                        rollBack();
                        return isOurs ? Outcome.DONE : new Outcome(true, null);
                    }
                } else if (statement instanceof Statement.LockLedger lock) {
                    open.send(lock);
                    unlimit(open);
                } else if (statement instanceof Statement.FindRepeatedKey find) {
                    refuseRepeated(target, open.ask(find));
                } else if (statement instanceof Statement.DeleteKeys delete) {
                    refuseForeign(target, transaction.entry(), open.send(delete));
                } else if (statement instanceof Statement.Insert insert) {
                    requireAll(target, insert, open.send(insert));
                } else {
                    open.send(statement);
                }
            }
            return Outcome.DONE;
        }

        /** Waits, when it is worth trying again. */
        void failed(SQLException e, String doing) {
            WarehouseError error = WarehouseError.of(e);
            if (error.kind() == WarehouseError.Kind.LOST) {
                isBroken = true;
                broke = error.toFailure(doing);
                isUnknown |= sent instanceof Statement.Commit;
                close();
            } else {
                rollBack();
                error = explained(error, sent);
            }
            boolean isWorthRepeating = error.isPassing() || (isBroken && error.kind() == WarehouseError.Kind.TRANSIENT);
            if (!isWorthRepeating || number == patience.attempts()) {
                throw failure(error, doing);
            }
            again(error.message(), doing);
        }

        /** The same when no connection was made, for nobody says as whom. */
        void failed(Failure e, String doing) {
            boolean isWorthRepeating = isBroken && e.kind() == Failure.Kind.TRANSIENT;
            if (!isWorthRepeating || number == patience.attempts()) {
                throw isUnknown ? unknown(doing, e.getMessage(), e) : e;
            }
            again(e.getMessage(), doing);
        }

        private void again(String why, String doing) {
            LOG.info("Cannot {} at attempt {}: {}. Trying again.", doing, number, why);
            patience.pause(number);
            number++;
            sent = null;
        }

        private RuntimeException failure(WarehouseError error, String doing) {
            if (isUnknown) {
                return unknown(doing, error.message(), error.cause());
            }
            Failure failure = error.toFailure(doing);
            // Between look and insert somebody may have changed the table, or made a column narrower.
            boolean isNotAsFound = error.kind() == WarehouseError.Kind.DEFINITION
                    || (sent instanceof Statement.Insert && error.isTooLong());
            return isNotAsFound ? new NotAsFound(failure) : failure;
        }

        private static Failure unknown(String doing, String why, Throwable cause) {
            return Failure.of(
                    Failure.Kind.UNKNOWN,
                    "Cannot tell whether it went through to " + doing + ": the answer to its COMMIT was lost ("
                            + why.replaceFirst("\\.$", "")
                            + "). Run it again; it looks into the warehouse's ledger first.",
                    cause);
        }
    }

    /** Something in the warehouse is not as it was found before. */
    private static final class NotAsFound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        NotAsFound(Failure failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
        }
    }

    private static void refuseRepeated(Target target, List<List<Object>> repeated) {
        if (!repeated.isEmpty()) {
            List<Object> row = repeated.get(0);
            throw Failure.data("Cannot load " + target.source() + " into " + target.name() + ": its files hold "
                    + row.get(0) + " rows with the key " + target.key() + " = " + row.subList(1, row.size())
                    + " in one partition. Take the surplus rows out of the lake's table and run it again, or take them"
                    + " over as they are with eightbells load --reload.");
        }
    }

    /** A batch has judged its keys by those that are in the lake; what others commit may repeat them there. */
    private static void refuseForeign(Target target, Statement.Entry entry, long superseded) {
        if (entry.batch() == null && superseded > 0) {
            throw Failure.data("Cannot load " + target.source() + " into " + target.name() + ": commit "
                    + entry.snapshot() + ", which no batch made, brings rows with keys " + target.key() + " that "
                    + superseded + " rows have already. Take the surplus rows out of the lake's table and run it again,"
                    + " or take them over as they are with eightbells load --reload.");
        }
    }

    private static void requireAll(Target target, Statement.Insert insert, long inserted) {
        if (inserted != insert.rows()) {
            throw Failure.data("Cannot load " + target.source() + " into " + target.name() + ": the warehouse took "
                    + inserted + " rows of files that hold " + insert.rows()
                    + ". Look whether somebody has changed the lake's files, and run it again.");
        }
    }

    /** With what else the warehouse knows of it. */
    private WarehouseError explained(WarehouseError error, Statement sent) {
        if (session == null) {
            return error;
        }
        // Who holds the lock keeps others from looking at the ledger, too.
        if (error.isTooLate() && (sent == null || sent instanceof Statement.LockLedger)) {
            return locked(error);
        }
        return sent instanceof Statement.Copy ? enriched(error) : error;
    }

    /** With who holds the lock, if anybody does. A client that died may leave a session behind that does. */
    private WarehouseError locked(WarehouseError error) {
        try {
            List<List<Object>> holders = session.ask(new Statement.FindLockHolder(ledger));
            if (!holders.isEmpty()) {
                List<Object> holder = holders.get(0);
                return error.saying(
                        ledger + " is locked by another session, process " + holder.get(0) + " of user "
                                + holder.get(1).toString().strip() + " since " + holder.get(2),
                        "Run it again when that load is over; when nobody runs it any more, end its session with SELECT"
                                + " pg_terminate_backend(" + holder.get(0) + ").");
            }
        } catch (SQLException e) {
            LOG.debug("Cannot ask who holds a lock", e);
        }
        return error;
    }

    /** With what the warehouse noted about the file that stopped a COPY, if it did. */
    private WarehouseError enriched(WarehouseError error) {
        for (Statement question : List.of(new Statement.FindLoadError(), new Statement.FindOlderLoadError())) {
            try {
                List<List<Object>> rows = session.ask(question);
                if (!rows.isEmpty()) {
                    return error.saying(LoadError.explaining(error.message(), rows.get(0)));
                }
            } catch (SQLException e) {
                // The next question is of the same session, unless it is gone.
                LOG.debug("Cannot ask for the error of a COPY", e);
                if (WarehouseError.of(e).kind() == WarehouseError.Kind.LOST) {
                    return error;
                }
            }
        }
        return error;
    }

    /** Ends the transaction, if there is one. */
    private void rollBack() {
        if (session == null) {
            return;
        }
        try {
            session.send(new Statement.Rollback());
        } catch (SQLException e) {
            LOG.debug("Rolling back failed; closing the connection does it, too", e);
            close();
        }
    }

    /** Whoever looks or waits for the lock does so for a while only; whoever has it, for as long as it takes. */
    private void connect() throws SQLException {
        if (session == null) {
            session = new WarehouseSession(connector.open());
            isLimited = false;
        }
        if (!isLimited) {
            session.send(new Statement.LimitAnswers(patience.answer() == null ? patience.lock() : patience.answer()));
            isLimited = true;
        }
    }

    private void unlimit(WarehouseSession open) throws SQLException {
        if (patience.answer() == null) {
            isLimited = false;
            open.send(new Statement.UnlimitAnswers());
        }
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
