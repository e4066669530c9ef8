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

    private final Connector connector;
    private final Patience patience;
    private WarehouseSession session;

    Transactions(Connector connector, Patience patience) {
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
        return planned("make the table " + target.name() + " ready", new Attempt(), open -> {
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
                    lock(open, lock);
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

    /** A client that died may leave a session that holds the lock until the warehouse notices. */
    private void lock(WarehouseSession open, Statement.LockLedger lock) throws SQLException {
        open.send(new Statement.LimitAnswers(patience.lock()));
        open.send(lock);
        open.send(
                patience.answer() == null
                        ? new Statement.UnlimitAnswers()
                        : new Statement.LimitAnswers(patience.answer()));
    }

    /** With what else the warehouse knows of it. */
    private WarehouseError explained(WarehouseError error, Statement sent) {
        if (session != null && sent instanceof Statement.LockLedger lock && error.isTooLate()) {
            return locked(error, lock.ledger());
        }
        return session != null && sent instanceof Statement.Copy ? enriched(error) : error;
    }

    /** With who holds the lock, as far as it may be seen. */
    private WarehouseError locked(WarehouseError error, TableName ledger) {
        String words =
                ledger + " was locked by somebody else for " + patience.lock().toSeconds() + " seconds";
        try {
            List<List<Object>> holders = session.ask(new Statement.FindLockHolder(ledger));
            if (!holders.isEmpty()) {
                List<Object> holder = holders.get(0);
                return error.saying(
                        words + ", by process " + holder.get(0) + " of user "
                                + holder.get(1).toString().strip() + " since " + holder.get(2),
                        "When that is no load that goes on, end it with SELECT pg_terminate_backend(" + holder.get(0)
                                + "), and run it again.");
            }
        } catch (SQLException e) {
            LOG.debug("Cannot ask who holds a lock", e);
        }
        return error.saying(
                words,
                "Look into svv_transactions who holds it; when that is no load that goes on, end it with"
                        + " pg_terminate_backend, and run it again.");
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

    private void connect() throws SQLException {
        if (session == null) {
            session = new WarehouseSession(connector.open());
            if (patience.answer() != null) {
                session.send(new Statement.LimitAnswers(patience.answer()));
            }
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
